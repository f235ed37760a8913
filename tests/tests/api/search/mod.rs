//! Full-text search: the same words, and the same answers to questions about them, on both databases.

mod kept;
mod random;
mod refused;
mod words;

use restruct_tests::{Backend, Server, client::encode};
use serde_json::{Value, json};

/// Books of these titles, which get the ids from 1.
async fn titled(server: &Server, titles: &[&str]) {
    let books: Vec<_> = titles.iter().map(|title| json!({"title": title})).collect();
    server.post("/books").json(&Value::Array(books)).send().await.assert_status(201);
}

/// The ids that a filter of one resource's texts finds, in order.
async fn found(server: &Server, path: &str, column: &str, filter: &str) -> Vec<Value> {
    let answer = server.get(&format!("{path}?{column}={}&limit=1000", encode(filter))).send().await;
    assert_eq!(answer.status, 200, "{filter}: {answer:?}");
    answer.each("id")
}

/// The ids of the books whose titles a question finds.
async fn books(server: &Server, question: &str) -> Vec<Value> {
    found(server, "/books", "title", &format!("fts.{question}")).await
}

/// That SQLite has the words of the rows as they are, by its own account.
async fn assert_kept(server: &Server) {
    if server.backend() == Backend::Sqlite {
        for table in ["books", "leaves"] {
            let index = format!("_restruct_{table}_search");
            server
                .database
                .execute(&format!("INSERT INTO {index} ({index}, rank) VALUES ('integrity-check', 1)"))
                .await;
        }
    }
}
