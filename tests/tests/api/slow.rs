//! Statements that take too long, of which every step does: given up, with nothing done and nobody held up.

use std::time::Duration;

use restruct::{Db, DbOptions};
use restruct_tests::{Backend, Call, Database, Server, both_databases, process::SECRET, resources::kanban};
use serde_json::{Value, json};

both_databases!(is_given_up_and_leaves_nothing_behind, is_given_up_in_a_transaction_too);

/// After so long; a server has seconds.
const PATIENCE: Duration = Duration::from_millis(500);

/// Long texts, of which each takes a while to be found not to hold a pattern.
const ROWS: usize = 20;

/// The kanban with long texts, over each of the ways to the database, and a token that may change them.
async fn each(database: Database, test: impl AsyncFn(&Server, &str)) {
    let server = Server::start(kanban(), database.clone()).await;
    let token = server.register("Ann").await.token;
    let heavy = vec![json!({"title": "heavy", "description": "d".repeat(50_000)}); ROWS];
    server.post("/cards").token(&token).json(&Value::Array(heavy)).send().await.assert_status(201);
    let mut urls = vec![database.url.clone()];
    if database.backend == Backend::Sqlite {
        // What parameters say is for sqlx to read, so that is what runs statements.
        urls.push(format!("{}&cache=private", database.url));
    }
    for url in urls {
        let options = DbOptions { statement_timeout: Some(PATIENCE), ..DbOptions::default() };
        let db = Db::connect_with(&url, options).await.expect("a connection");
        test(&Server::resume(kanban().jwt_secret(SECRET), db, database.clone()).await, &token).await;
    }
}

/// Means every heavy row, after seconds.
fn meant() -> String {
    let pattern = format!("description.like.*{}z*", "d".repeat(200));
    format!("/cards?title=eq.heavy&or=({},title.eq.heavy)", vec![pattern; 28].join(","))
}

/// That a call is given up, while and after others are answered.
async fn assert_given_up(server: &Server, token: &str, slow: Call) {
    let other = || server.post("/cards").token(token).json(&json!({"title": "light"})).send();
    let (slow, beside) = tokio::join!(slow.token(token).send(), other());
    slow.assert_problem(503, "PT503");
    assert!(slow.header("retry-after").is_some());
    beside.assert_status(201);
    other().await.assert_status(201);
    let heavy = server.get("/cards?title=eq.heavy&select=description").send().await;
    assert_eq!(heavy.each("description").len(), ROWS, "nothing is deleted");
    assert!(heavy.each("description").iter().all(|text| text.as_str().is_some_and(|text| text.len() == 50_000)));
}

async fn is_given_up_and_leaves_nothing_behind(database: Database) {
    each(database, async |server, token| {
        assert_given_up(server, token, server.delete(&meant())).await;
        assert_given_up(server, token, server.patch(&meant()).json(&json!({"description": null}))).await;
        assert_given_up(server, token, server.get(&meant())).await;
    })
    .await;
}

/// What may touch no more than so many rows is undone when it does, and so has a transaction.
async fn is_given_up_in_a_transaction_too(database: Database) {
    each(database, async |server, token| {
        for call in [server.delete(&meant()), server.patch(&meant()).json(&json!({"description": null}))] {
            assert_given_up(server, token, call.header("prefer", "max-affected=1000")).await;
        }
    })
    .await;
}
