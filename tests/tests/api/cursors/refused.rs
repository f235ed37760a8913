//! What is no cursor of a list, and what has none.

use restruct_tests::{
    Server, both,
    client::encode,
    resources::{kanban, travels},
};
use serde_json::{Value, json};

use super::next;

both!(travels; pieces_of_a_cursor_are_none, what_is_huge_is_refused, hidden_columns_have_no_cursors, relations_have_no_cursors);
both!(kanban; a_cursor_shows_nothing_more);

/// A cursor of the trips in an order.
async fn cursor(server: &Server, order: &str) -> String {
    let rows: Vec<_> = (0..6).map(|i| json!({"start": i, "stage": i % 2, "note": "n", "code": "c"})).collect();
    server.post("/trips").json(&Value::Array(rows)).send().await.assert_status(201);
    let path = next(&server.get(&format!("/trips?order={order}&limit=2")).send().await).expect("a next page");
    path.split_once("after=").expect("a cursor").1.to_owned()
}

async fn pieces_of_a_cursor_are_none(server: Server) {
    let cursor = cursor(&server, "stage").await;
    for length in 0..cursor.len() {
        let query = format!("/trips?order=stage&after={}", &cursor[..length]);
        server.get(&query).send().await.assert_problem(400, "PGRST100");
    }
    for odd in [format!("{cursor}{cursor}"), format!("{cursor}="), format!(" {cursor}"), cursor.to_lowercase()] {
        let query = format!("/trips?order=stage&after={}", encode(&odd));
        server.get(&query).send().await.assert_problem(400, "PGRST100");
    }
    // Of the same order by other words it is one.
    for order in ["stage", "stage.asc", "stage.nullslast", "stage,id", "stage,id.asc,note"] {
        let answer = server.get(&format!("/trips?order={order}&after={cursor}")).send().await;
        assert_eq!(answer.each("id"), [5, 2, 4, 6], "{order}");
    }
    for path in ["/stops?order=id", "/users?order=id"] {
        let answer = server.get(&format!("{path}&after={cursor}")).send().await;
        assert!(matches!(answer.status, 400 | 401), "{answer:?}");
    }
}

async fn what_is_huge_is_refused(server: Server) {
    for length in [1_400, 8_000, 9_000] {
        let query = format!("/trips?after={}", "A".repeat(length));
        server.get(&query).send().await.assert_problem(400, "PGRST100");
    }
}

async fn hidden_columns_have_no_cursors(server: Server) {
    let cursor = cursor(&server, "note").await;
    let mut texts = Vec::new();
    for name in ["code", "nowhere"] {
        let query = format!("/trips?order={name}&after={cursor}");
        let problem = server.get(&query).send().await.assert_problem(400, "PGRST100");
        texts.push(problem["message"].as_str().expect("a text").replace(name, "it"));
    }
    assert_eq!(texts[0], texts[1]);
}

async fn relations_have_no_cursors(server: Server) {
    let cursor = cursor(&server, "id").await;
    let query = format!("/trips?select=id,stops(id)&stops.after={cursor}");
    let problem = server.get(&query).send().await.assert_problem(400, "PGRST100");
    assert_eq!(problem["message"], "`stops.after`: a relation has no cursors");
    assert_eq!(problem["hint"], "write stops.offset");
}

async fn a_cursor_shows_nothing_more(server: Server) {
    let (ann, root) = (server.register("Ann").await, server.admin("Root").await);
    for name in ["Bob", "Cid"] {
        server.register(name).await;
    }
    let first = server.get("/users?limit=1&order=email.desc").token(&root.token).send().await;
    let path = next(&first).expect("a next page");
    assert_eq!(server.get(&path).token(&root.token).send().await.rows().len(), 1);
    let all = path.replace("limit=1", "limit=9");
    assert_eq!(server.get(&all).token(&root.token).send().await.rows().len(), 3);
    // The same place in what others may see: nobody but themselves.
    let own = server.get(&all).token(&ann.token).send().await;
    assert_eq!(own.each("id"), [ann.id]);
    server.get(&all).send().await.assert_problem(401, "PGRST302");
    server.delete(&format!("/users/{}", ann.id)).token(&root.token).send().await.assert_status(200);
    server.get(&all).token(&ann.token).send().await.assert_problem(401, "PGRST301");
}
