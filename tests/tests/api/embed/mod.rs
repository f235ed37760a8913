//! `select`: columns, and the rows that relations lead to.

mod access;
mod joined;
mod limits;
mod related;
mod select;
mod written;

use restruct_tests::Server;
use serde_json::{Value, json};

/// The body of an answer to a caller, or to nobody where the token is empty.
async fn list(server: &Server, path: &str, token: &str) -> Value {
    let call = server.get(path);
    let call = if token.is_empty() { call } else { call.token(token) };
    call.send().await.ok(200)
}

/// A caller, and two cards of theirs of which the first has some comments.
async fn board(server: &Server, comments: usize) -> (String, [i64; 2]) {
    let ann = server.register("Ann").await;
    let mut ids = [0; 2];
    for (id, title) in ids.iter_mut().zip(["first", "second"]) {
        *id = server.create("/cards", &ann.token, &json!({"title": title})).await["id"].as_i64().expect("an id");
    }
    for n in 1..=comments {
        let comment = json!({"message": format!("m{n}"), "card_id": ids[0]});
        server.create("/comments", &ann.token, &comment).await;
    }
    (ann.token, ids)
}
