//! What is no question, and what nobody can ask.

use restruct_tests::{Server, both, client::encode, resources::library};
use serde_json::{Value, json};

use super::{books, titled};

both!(library; what_cannot_be_read_is_refused, only_marked_columns_are_searched, no_question_is_a_statement);
both!(library; an_emptied_box_asks_nothing);

async fn refused(server: &Server, query: &str) -> String {
    let problem = server.get(&format!("/books?{query}")).send().await.assert_problem(400, "PGRST100");
    format!("{} {}", problem["message"].as_str().expect("a message"), problem["hint"].as_str().unwrap_or_default())
}

async fn what_cannot_be_read_is_refused(server: Server) {
    titled(&server, &["a"]).await;
    for (question, reason) in [
        ("", "a word is missing"),
        ("a |", "a word is missing"),
        ("(a", "nothing closes"),
        ("a)", "closes nothing"),
        ("'a", "nothing closes"),
        ("-", "no word"),
        ("a\0", "must not hold U+0000"),
        ("'a\0'", "must not hold U+0000"),
        ("a*", "`word:*`"),
        ("a:b", "`word:*`"),
        ("a <-> b", "in quotes"),
        (&"x".repeat(255), "more than 254 characters"),
        (&vec!["a"; 33].join(" "), "more than 32 words"),
        (&format!("{}a{}", "(".repeat(17), ")".repeat(17)), "more than 16 parentheses"),
    ] {
        let text = refused(&server, &format!("title=fts.{}", encode(question))).await;
        assert!(text.starts_with("`title` ") && text.contains(reason), "{question}: {text}");
    }
    for (filter, reason) in [
        ("fts(english).a", "a configuration of `fts`"),
        ("not.fts(simple).a", "a configuration of `fts`"),
        ("plfts.a", "write fts.<words>"),
        ("phfts.a", "write fts.<words>"),
        ("wfts(english).a", "write fts.<words>"),
        ("ftss.a", "not an operator"),
    ] {
        let text = refused(&server, &format!("title={}", encode(filter))).await;
        assert!(text.contains(reason), "{filter}: {text}");
    }
    assert!(refused(&server, "q=").await.contains("`q` holds no word"));
    assert!(refused(&server, "q=a%00").await.contains("`q` must not hold U+0000"));
    assert!(refused(&server, "q=a&q=b").await.contains("given twice"));
}

/// A front end sends the search box that its user has emptied.
async fn an_emptied_box_asks_nothing(server: Server) {
    titled(&server, &["a", "b"]).await;
    for query in [
        "_start=0&_end=5&q=".to_owned(),
        "q=&_start=0".to_owned(),
        "_sort=id&_order=ASC&q=%20".to_owned(),
        format!("filter={}", encode(r#"{"q":""}"#)),
        format!("filter={}&range={}", encode(r#"{"q":" ","id_gte":1}"#), encode("[0,4]")),
    ] {
        assert_eq!(server.get(&format!("/books?{query}")).send().await.each("id"), [1, 2], "{query}");
        // Where nothing can be searched a box has no meaning, and nothing in it does no harm.
        let shelves = server.get(&format!("/shelves?{query}")).send().await;
        assert!(shelves.rows().is_empty(), "{query}");
    }
    let boxed = format!("/books?filter={}", encode(r#"{"q":""}"#));
    for call in [server.delete(&boxed), server.patch(&boxed)] {
        let refused = call.json(&json!({"title": "c"})).send().await.assert_problem(400, "PGRST100");
        assert_eq!(refused["detail"], "this would touch every row; a filter must say which are meant");
    }
    assert_eq!(server.get("/books").send().await.each("title"), ["a", "b"]);
}

async fn only_marked_columns_are_searched(server: Server) {
    let book = json!({"title": "a", "language": "secret", "price": "secret"});
    server.post("/books").json(&book).send().await.assert_status(201);
    let text = refused(&server, "language=fts.secret").await;
    assert!(text.contains("`language` is not marked `search`"), "{text}");
    assert!(refused(&server, "id=fts.1").await.contains("`id` is not marked `search`"));
    // What is hidden is what is unknown.
    assert_eq!(
        refused(&server, "price=fts.secret").await.replace("price", "xxxxx"),
        refused(&server, "xxxxx=fts.secret").await
    );
    assert_eq!(server.get("/books?q=secret").send().await.each("id"), [] as [Value; 0]);
    let problem = server.get("/shelves?q=a").send().await.assert_problem(400, "PGRST100");
    assert!(problem["message"].as_str().is_some_and(|text| text.contains("marked `search`")), "{problem}");
}

async fn no_question_is_a_statement(server: Server) {
    titled(&server, &["price secret", "NEAR(a b, 2)", "title : a", "rank"]).await;
    for question in [
        "'\" OR \"a'",
        "'a\") OR (\"b'",
        "'title : a'",
        "'{price} : secret'",
        "'NEAR(a b, 2)'",
        "'^a'",
        "'a + b'",
        "'''; DROP TABLE books; --'",
        "'\\'::tsquery'",
        "'a'' & ''b'",
        "'$1 ?1 %s'",
        "'rank:desc'",
        "\u{201d}a\u{201d}",
        "a\u{ff07}b",
    ] {
        let ids = books(&server, question).await;
        assert!(ids.len() < 3, "{question}: {ids:?}");
    }
    assert_eq!(books(&server, "'NEAR(a b'").await, [2]);
    assert_eq!(server.get("/books").send().await.each("id"), [1, 2, 3, 4]);
}
