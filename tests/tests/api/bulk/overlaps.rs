//! Writes of many rows that meet on the same rows: whatever order they name them in, each is made, and as a whole.

use restruct_tests::{
    Answer, Call, Server, both,
    resources::{kanban, marked},
};
use serde_json::{Value, json};

use crate::concurrency::all;

both!(kanban; arrays_in_every_order, filters_that_overlap, arrays_and_filters, deletions_and_changes);
both!(kanban; rows_of_several_shapes);
both!(marked; upserts_in_every_order);

/// How many rows they meet on, and how many they are.
const ROWS: usize = 40;
const WRITES: usize = 32;

/// Somebody with cards that lie in the table in another order than that of their keys.
async fn cards(server: &Server) -> (String, Vec<Value>) {
    let ann = server.register("Ann").await;
    let rows: Value = (0..ROWS).map(|n| json!({"title": format!("d{n}")})).collect();
    let made = server.post("/cards").token(&ann.token).json(&rows).send().await.ok(201);
    let ids: Vec<_> = made.as_array().expect("an array").iter().map(|card| card["id"].clone()).collect();
    for id in ids.iter().rev() {
        let card = server.patch(&format!("/cards/{id}")).token(&ann.token).json(&json!({"status": "To Do"}));
        card.send().await.assert_status(200);
    }
    (ann.token, ids)
}

/// A PATCH of all of them by their ids.
fn each(server: &Server, token: &str, ids: &[Value], change: impl Fn(usize) -> Value) -> Call {
    let row = |(n, id): (usize, &Value)| {
        let mut row = change(n);
        row["id"] = id.clone();
        row
    };
    server.patch("/cards").token(token).json(&ids.iter().enumerate().map(row).collect())
}

fn backwards(ids: &[Value]) -> Vec<Value> {
    ids.iter().rev().cloned().collect()
}

/// That each was answered all of the rows, and that the last of them shows on every row.
async fn all_or_nothing(server: &Server, answers: &[Answer], member: &str) {
    for answer in answers {
        assert_eq!(answer.rows().len(), ROWS, "{answer:?}");
    }
    let cards = server.get("/cards").send().await.rows();
    let (first, version) = (&cards[0], 2 + answers.len());
    for card in &cards {
        assert_eq!((&card[member], &card["version"]), (&first[member], &json!(version)), "{card}");
    }
}

async fn arrays_in_every_order(server: Server) {
    let (token, ids) = cards(&server).await;
    let orders = [ids.clone(), backwards(&ids)];
    let calls = (0..WRITES).map(|n| each(&server, &token, &orders[n % 2], |_| json!({"description": n.to_string()})));
    all_or_nothing(&server, &all(calls).await, "description").await;
}

/// What a filter that means all of the cards changes, by different ways to them.
fn filtered(server: &Server, token: &str, n: usize) -> Call {
    let filters = ["id=gte.1", "title=like.d*&status=eq.To%20Do", "user_id=gte.1"];
    let filter = filters[n % filters.len()];
    server.patch(&format!("/cards?{filter}")).token(token).json(&json!({"description": n.to_string()}))
}

async fn filters_that_overlap(server: Server) {
    let (token, _) = cards(&server).await;
    let calls = (0..WRITES).map(|n| filtered(&server, &token, n));
    all_or_nothing(&server, &all(calls).await, "description").await;
}

async fn arrays_and_filters(server: Server) {
    let (token, ids) = cards(&server).await;
    let orders = [ids.clone(), backwards(&ids)];
    let calls = (0..WRITES).map(|n| match n % 4 {
        0 => each(&server, &token, &orders[0], |_| json!({"description": n.to_string()})),
        2 => each(&server, &token, &orders[1], |_| json!({"description": n.to_string()})),
        _ => filtered(&server, &token, n / 2),
    });
    all_or_nothing(&server, &all(calls).await, "description").await;
}

async fn deletions_and_changes(server: Server) {
    let (token, _) = cards(&server).await;
    let delete = |filter: &str| server.delete(&format!("/cards?{filter}")).token(&token);
    let calls = (0..WRITES).map(|n| match n {
        20 => delete("title=like.d*"),
        24 => delete("id=gte.1"),
        _ => filtered(&server, &token, n),
    });
    let answers = all(calls).await;
    let mut gone = 0;
    for answer in &answers {
        let rows = answer.rows().len();
        assert!(rows == ROWS || rows == 0, "{answer:?}");
        gone += if answer.request.starts_with("DELETE") { rows } else { 0 };
    }
    assert_eq!(gone, ROWS, "one of two deletes all of them");
    assert!(server.get("/cards").send().await.rows().is_empty());
}

/// Rows that name different fields go in a statement for each set of them.
async fn rows_of_several_shapes(server: Server) {
    let (token, ids) = cards(&server).await;
    let orders = [ids.clone(), backwards(&ids)];
    let calls = (0..WRITES).map(|n| {
        let change = move |at: usize| match (at + n) % 3 {
            0 => json!({"description": n.to_string()}),
            1 => json!({"description": n.to_string(), "status": "To Do"}),
            _ => json!({"description": n.to_string(), "date": null}),
        };
        each(&server, &token, &orders[n % 2], change)
    });
    all_or_nothing(&server, &all(calls).await, "description").await;
}

async fn upserts_in_every_order(server: Server) {
    let ann = server.register("Ann").await;
    let slugs: Vec<_> = (0..ROWS).map(|n| format!("s{n}")).collect();
    let calls = (0..WRITES).map(|n| {
        let mut slugs = slugs.clone();
        slugs.rotate_left(n * 7 % ROWS);
        if n % 2 == 0 {
            slugs.reverse();
        }
        let rows: Value = slugs.iter().map(|slug| json!({"slug": slug, "note": n.to_string()})).collect();
        let call = server.post("/marks?on_conflict=slug").token(&ann.token).json(&rows);
        call.header("prefer", "resolution=merge-duplicates")
    });
    let answers = all(calls).await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 201).count(), 1, "one makes all of them");
    for answer in &answers {
        assert!(matches!(answer.status, 200 | 201), "{answer:?}");
        assert_eq!(answer.json().as_array().map(Vec::len), Some(ROWS));
    }
    let marks = server.get("/marks").token(&ann.token).send().await.rows();
    assert_eq!(marks.len(), ROWS);
    for mark in &marks {
        assert_eq!((&mark["note"], &mark["version"]), (&marks[0]["note"], &json!(WRITES)), "{mark}");
    }
}
