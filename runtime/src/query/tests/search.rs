use proptest::prelude::*;

use super::{filter, refusal};
use crate::{
    filter::{Node, Search},
    fixture::{THINGS, USERS, named},
    query::parse,
};

fn word(text: &str) -> Search {
    Search::Words { words: text.split(' ').map(str::to_owned).collect(), open: false }
}

fn beginning(text: &str) -> Search {
    Search::Words { words: text.split(' ').map(str::to_owned).collect(), open: true }
}

fn not(query: Search) -> Search {
    Search::Not(Box::new(query))
}

fn fts(text: &str) -> Search {
    let text = percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC);
    match filter(&format!("title=fts.{text}")) {
        Node::Search(columns, query) if columns == [named(&THINGS, "title")] => query,
        node => panic!("{text} is not a search of the title: {node:?}"),
    }
}

#[test]
fn words_are_put_together_as_to_tsquery_does() {
    let (a, b, c) = (|| word("a"), || word("b"), || word("c"));
    for (text, query) in [
        ("A", a()),
        (" a\t", a()),
        ("a b", Search::And(vec![a(), b()])),
        ("a & b&c", Search::And(vec![a(), b(), c()])),
        ("a | b", Search::Or(vec![a(), b()])),
        ("a b|c", Search::Or(vec![Search::And(vec![a(), b()]), c()])),
        ("a (b | c)", Search::And(vec![a(), Search::Or(vec![b(), c()])])),
        ("((a))", a()),
        ("!a", not(a())),
        ("! a !b", Search::And(vec![not(a()), not(b())])),
        ("!!a", a()),
        ("!(a|b)", not(Search::Or(vec![a(), b()]))),
        ("a:*", beginning("a")),
        ("a:* b", Search::And(vec![beginning("a"), b()])),
        ("a:*&b:*|c", Search::Or(vec![Search::And(vec![beginning("a"), beginning("b")]), c()])),
        ("a:*'b'", Search::And(vec![beginning("a"), b()])),
        ("'a b'", word("a b")),
        ("'a & (b | !c:*'", word("a b c")),
        ("'a b':*", beginning("a b")),
        ("'don''t'", word("don t")),
        ("'a\\'b\\\\c'", word("a b c")),
        ("e-mail", word("e mail")),
        ("e-m:*", beginning("e m")),
        ("a'b'", Search::And(vec![a(), b()])),
        ("ÄRGER_東京", word("Ärger 東京")),
    ] {
        assert_eq!(fts(text), query, "{text}");
    }
    assert_eq!(filter("title=not.fts.a"), Node::Not(Box::new(Node::Search(vec![named(&THINGS, "title")], a()))));
}

#[test]
fn what_is_no_query_is_refused_with_its_reason() {
    let long = "x".repeat(255);
    let many = vec!["a"; 33].join(" ");
    let deep = format!("{}a{}", "(".repeat(17), ")".repeat(17));
    for (text, reason) in [
        ("", "ends where a word is missing"),
        ("  ", "ends where a word is missing"),
        ("a &", "ends where a word is missing"),
        ("!", "ends where a word is missing"),
        ("a | | b", "`|` where a word is missing"),
        ("& a", "`&` where a word is missing"),
        ("()", "`)` where a word is missing"),
        ("(a", "a `(` that nothing closes"),
        ("a)", "a `)` that closes nothing"),
        ("'a", "a `'` that nothing closes"),
        ("'a\\", "a `'` that nothing closes"),
        ("'a''b", "a `'` that nothing closes"),
        ("''", "no word"),
        ("-", "no word"),
        ("a & '.'", "no word"),
        ("a:", "a `:` that is not"),
        ("a:b", "a `:` that is not"),
        ("a:*b", "a `:` that is not"),
        (":*", "`:` where a word is missing"),
        ("a*", "a `*` in it"),
        ("*", "a `*` in it"),
        ("a <-> b", "a `<` in it"),
        ("\"a b\"", "a `\"` in it"),
        (&long, "a word of more than 254 characters"),
        (&many, "more than 32 words"),
        (&deep, "more than 16 parentheses"),
    ] {
        let text = percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC);
        let refused = refusal(&format!("title=fts.{text}"));
        assert!(refused.starts_with("`title` has ") && refused.contains(reason), "{text}: {refused}");
    }
    assert!(refusal("code=fts.a").contains("`code` is not marked `search`"));
    assert!(refusal("count=fts.1").contains("`count` is not marked `search`"));
    assert_eq!(refusal("note=fts.a").replace("note", "xxxx"), refusal("xxxx=fts.a"));
    assert!(refusal("title=fts(english).a").contains("a configuration of `fts` is not supported"));
    for other in ["plfts", "phfts", "wfts", "plfts(simple)"] {
        assert!(refusal(&format!("title={other}.a")).contains("write fts.<words>"), "{other}");
    }
}

#[test]
fn q_asks_every_searchable_column_for_what_begins_with_its_words() {
    let columns = || vec![named(&THINGS, "title"), named(&THINGS, "site")];
    assert_eq!(filter("q=Big"), Node::Search(columns(), beginning("big")));
    let both = Search::And(vec![beginning("big"), beginning("deal")]);
    assert_eq!(filter("q=big%20!deal:*"), Node::Search(columns(), both));
    for (raw, reason) in [
        ("q=", "`q` holds no word"),
        ("q=%20-", "`q` holds no word"),
        ("q=a&q=b", "`q` is given twice"),
        (&*format!("q={}", "x".repeat(255)), "`q` has a word of more than 254"),
        (&*format!("q={}", vec!["a"; 33].join("+")), "`q` has more than 32 words"),
    ] {
        assert!(refusal(raw).contains(reason), "{raw}: {}", refusal(raw));
    }
    let none = parse(&USERS, Some("q=a")).expect_err("users have nothing to search").to_string();
    assert!(none.contains("no column of users is marked `search`"), "{none}");
}

proptest! {
    #[test]
    fn no_question_makes_it_panic(text in "[abÄ '&|!():*\\\\-]{0,24}") {
        let text = percent_encoding::utf8_percent_encode(&text, percent_encoding::NON_ALPHANUMERIC);
        let _ = parse(&THINGS, Some(&format!("title=fts.{text}&q={text}")));
    }
}
