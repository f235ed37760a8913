//! Random texts and random questions, and what a search by hand finds.

use proptest::{
    collection::vec,
    prelude::*,
    sample::select,
    strategy::ValueTree as _,
    test_runner::{TestRng, TestRunner},
};
use restruct_tests::{Server, both, resources::library};
use serde_json::{Value, json};

use super::{assert_kept, found};

both!(library; finds_what_a_search_by_hand_finds);

const TEXTS: usize = 120;
const QUESTIONS: usize = 250;

#[derive(Clone, Debug)]
enum Question {
    /// As it is written; in quotes, or bare; whether the last word may go on.
    Words(String, bool),
    Not(Box<Self>),
    All(Vec<Self>),
    Any(Vec<Self>),
}

async fn finds_what_a_search_by_hand_finds(server: Server) {
    let mut runner = TestRunner::new_with_rng(
        ProptestConfig::default(),
        TestRng::deterministic_rng(ProptestConfig::default().rng_algorithm),
    );
    let texts = draw(&mut runner, &vec((text(), proptest::option::weighted(0.8, text())), TEXTS));
    let rows: Vec<_> = texts.iter().map(|(title, about)| json!({"title": title, "about": about})).collect();
    server.post("/books").json(&Value::Array(rows)).send().await.assert_status(201);
    let questions = draw(&mut runner, &vec(question(), QUESTIONS));
    let ids = |keep: &dyn Fn(&str, Option<&str>) -> bool| -> Vec<Value> {
        let kept = texts.iter().enumerate().filter(|(_, (title, about))| keep(title, about.as_deref()));
        kept.map(|(at, _)| json!(at + 1)).collect()
    };
    let mut answers = 0;
    for question in &questions {
        let asked = written(question);
        let expected = ids(&|title, _| holds(question, title));
        answers += expected.len();
        assert_eq!(found(&server, "/books", "title", &format!("fts.{asked}")).await, expected, "{asked}");
        let expected = ids(&|_, about| about.is_some_and(|about| holds(question, about)));
        assert_eq!(found(&server, "/books", "about", &format!("fts.{asked}")).await, expected, "{asked}");
        let expected = ids(&|_, about| about.is_some_and(|about| !holds(question, about)));
        assert_eq!(found(&server, "/books", "about", &format!("not.fts.{asked}")).await, expected, "not {asked}");
    }
    assert!(answers > QUESTIONS, "the questions find next to nothing");
    for words in draw(&mut runner, &vec(text(), 60)) {
        let begins = |word: &String, text: &str| tokens(text).iter().any(|token| token.starts_with(word));
        let expected = ids(&|title, about| {
            tokens(&words).iter().all(|word| begins(word, title) || about.is_some_and(|about| begins(word, about)))
        });
        assert_eq!(found(&server, "/books", "q", &words).await, expected, "q={words:?}");
    }
    assert_kept(&server).await;
}

fn draw<S: Strategy>(runner: &mut TestRunner, strategy: &S) -> S::Value {
    strategy.new_tree(runner).expect("a value").current()
}

/// A few words with signs between them; there are few words, so that they meet again.
fn text() -> impl Strategy<Value = String> {
    let signs =
        select(vec![" ", "  ", "-", ", ", "\n", "_", ".\"", "'", " \\ ", ":", "*", " & ", "|!", "(", ")", "\u{7f}"]);
    (vec((word(), signs), 1..7), word())
        .prop_map(|(parts, last)| parts.into_iter().map(|(word, sign)| word + sign).chain([last]).collect::<String>())
}

fn word() -> impl Strategy<Value = String> {
    let of = select(vec!["a", "A", "b", "ab", "ä", "Ä", "1", "東", "\u{1f600}"]);
    vec(of, 1..3).prop_map(|parts| parts.concat())
}

fn question() -> impl Strategy<Value = Question> {
    let words = prop_oneof![
        word(),
        (word(), word()).prop_map(|(one, other)| format!("{one}-{other}")),
        text()
            .prop_filter("short", |text| text.len() < 12)
            .prop_map(|text| format!("'{}'", text.replace('\\', "\\\\").replace('\'', "''"))),
    ];
    let words = (words, any::<bool>()).prop_map(|(text, open)| Question::Words(text, open));
    words.prop_recursive(3, 8, 3, |inner| {
        let some = || vec(inner.clone(), 2..4);
        prop_oneof![
            inner.clone().prop_map(|one| Question::Not(Box::new(one))),
            some().prop_map(Question::All),
            some().prop_map(Question::Any),
        ]
    })
}

fn written(question: &Question) -> String {
    let each = |parts: &[Question], sign: &str| parts.iter().map(written).collect::<Vec<_>>().join(sign);
    match question {
        Question::Words(text, open) => format!("{text}{}", if *open { ":*" } else { "" }),
        Question::Not(inner) => format!("!({})", written(inner)),
        Question::All(parts) => format!("({})", each(parts, " ")),
        Question::Any(parts) => format!("({})", each(parts, "|")),
    }
}

fn holds(question: &Question, text: &str) -> bool {
    match question {
        Question::Words(words, open) => follow(&tokens(words), *open, &tokens(text)),
        Question::Not(inner) => !holds(inner, text),
        Question::All(parts) => parts.iter().all(|part| holds(part, text)),
        Question::Any(parts) => parts.iter().any(|part| holds(part, text)),
    }
}

fn follow(words: &[String], open: bool, text: &[String]) -> bool {
    let (last, before) = words.split_last().expect("a word");
    text.windows(words.len()).any(|window| {
        let (end, start) = window.split_last().expect("as many");
        start == before && (end == last || (open && end.starts_with(last.as_str())))
    })
}

fn tokens(text: &str) -> Vec<String> {
    let mut tokens = vec![String::new()];
    for c in text.chars() {
        match c {
            '0'..='9' | 'a'..='z' | '\u{80}'.. => tokens.last_mut().expect("one").push(c),
            'A'..='Z' => tokens.last_mut().expect("one").push(c.to_ascii_lowercase()),
            _ => tokens.push(String::new()),
        }
    }
    tokens.retain(|token| !token.is_empty());
    tokens
}
