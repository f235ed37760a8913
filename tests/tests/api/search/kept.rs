//! The index follows the rows, however they change.

use restruct_tests::{Backend, Server, both, resources::library};
use serde_json::{Value, json};
use tokio::task::JoinSet;

use super::{assert_kept, books, found, titled};

both!(library; follows_changes, goes_with_what_it_belongs_to, what_fails_leaves_no_words, many_at_once, outlives_vacuum);

async fn follows_changes(server: Server) {
    titled(&server, &["one", "two"]).await;
    server.patch("/books/1").json(&json!({"title": "Three four"})).send().await.assert_status(200);
    server.patch("/books/2").json(&json!({"language": "en"})).send().await.assert_status(200);
    for (question, expected) in [("one", vec![]), ("two", vec![2]), ("three", vec![1]), ("four", vec![1])] {
        assert_eq!(books(&server, question).await, expected, "{question}");
    }
    server.put("/books/1").json(&json!({"title": "four", "about": "five"})).send().await.assert_status(200);
    assert_eq!(books(&server, "three").await, [] as [Value; 0]);
    assert_eq!(found(&server, "/books", "about", "fts.five").await, [1]);
    server.patch("/books/1").json(&json!({"about": null})).send().await.assert_status(200);
    assert_eq!(found(&server, "/books", "about", "fts.five").await, [] as [Value; 0]);
    server.delete("/books/1").send().await.assert_status(200);
    assert_eq!(books(&server, "four").await, [] as [Value; 0]);
    assert_kept(&server).await;
}

async fn goes_with_what_it_belongs_to(server: Server) {
    server.post("/shelves").json(&json!([{}, {}])).send().await.assert_status(201);
    let rows = json!([{"title": "red", "shelf_id": 1}, {"title": "red", "shelf_id": 2}, {"title": "red"}]);
    server.post("/books").json(&rows).send().await.assert_status(201);
    let leaves = json!([{"text": "red", "book_id": 1}, {"text": "red", "book_id": 2}, {"text": "red", "book_id": 1}]);
    server.post("/leaves").json(&leaves).send().await.assert_status(201);
    assert_eq!(found(&server, "/leaves", "text", "fts.red").await.len(), 3);
    server.delete("/shelves/1").send().await.assert_status(200);
    assert_eq!(books(&server, "red").await, [2, 3]);
    assert_eq!(found(&server, "/leaves", "text", "fts.red").await.len(), 1);
    assert_kept(&server).await;
}

async fn what_fails_leaves_no_words(server: Server) {
    let rows = json!([{"title": "red", "code": "1"}, {"title": "blue", "code": "2"}]);
    server.post("/books").json(&rows).send().await.assert_status(201);
    let rows = json!([{"title": "green"}, {"title": "green", "code": "1"}]);
    server.post("/books").json(&rows).send().await.assert_problem(409, "23505");
    let change = json!({"title": "green", "code": "2"});
    server.patch("/books/1").json(&change).send().await.assert_problem(409, "23505");
    let change = json!({"title": "green", "shelf_id": 4711});
    server.patch("/books/1").json(&change).send().await.assert_problem(409, "23503");
    assert_eq!(books(&server, "green").await, [] as [Value; 0]);
    assert_eq!(books(&server, "red").await, [1]);
    assert_kept(&server).await;
}

async fn many_at_once(server: Server) {
    titled(&server, &["red"; 32]).await;
    let mut calls = JoinSet::new();
    for at in 1..=32 {
        let path = format!("/books/{at}");
        let (change, taken) = (json!({"title": format!("blue n{at}")}), json!({"title": "green", "code": "1"}));
        calls.spawn(server.patch(&path).json(&change).send());
        calls.spawn(server.post("/books").json(&taken).send());
        calls.spawn(server.post("/books").json(&json!({"title": format!("fresh n{at}")})).send());
        calls.spawn(server.post("/leaves").json(&json!({"text": format!("fresh n{at}")})).send());
    }
    let answers = calls.join_all().await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 409).count(), 31);
    assert_eq!(answers.iter().filter(|answer| answer.status < 300).count(), 97);
    for (question, count) in [("red", 0), ("blue", 32), ("fresh", 32), ("green", 1), ("n7", 2), ("'blue n7'", 1)] {
        assert_eq!(books(&server, question).await.len(), count, "{question}");
    }
    assert_eq!(found(&server, "/leaves", "text", "fts.fresh").await.len(), 32);
    assert_kept(&server).await;
}

async fn outlives_vacuum(server: Server) {
    let leaves: Vec<_> = (0..9).map(|at| json!({"text": format!("n{at}")})).collect();
    let made = server.post("/leaves").json(&Value::Array(leaves)).send().await.ok(201);
    let made: Vec<_> = made.as_array().expect("leaves").iter().map(|leaf| leaf["id"].clone()).collect();
    for at in [0, 3, 4] {
        server.delete(&format!("/leaves/{}", made[at].as_str().expect("an id"))).send().await.assert_status(200);
    }
    if server.backend() == Backend::Sqlite {
        server.database.execute("VACUUM").await;
    }
    for (at, id) in made.iter().enumerate() {
        let expected: &[_] = if [0, 3, 4].contains(&at) { &[] } else { std::slice::from_ref(id) };
        assert_eq!(found(&server, "/leaves", "text", &format!("fts.n{at}")).await, expected, "n{at}");
    }
    assert_kept(&server).await;
}
