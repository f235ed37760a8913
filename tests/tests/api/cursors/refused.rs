//! What is no cursor of a list, and what has none.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use restruct_tests::{
    Server, both,
    client::encode,
    resources::{kanban, travels},
};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::next;

both!(travels; pieces_of_a_cursor_are_none, what_is_huge_is_refused, hidden_columns_have_no_cursors, relations_have_no_cursors);
both!(travels; what_is_made_up_breaks_nothing);
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

/// A cursor of the trips in an order, by its columns and whether each descends, as the server would make it.
fn forged(keys: &[(&str, bool)], position: u64, values: &Value) -> String {
    let content = json!([position, values]).to_string();
    let mut hash = Sha256::new();
    hash.update("trips");
    for (column, descending) in keys {
        hash.update([0, u8::from(*descending), u8::from(*descending)]);
        hash.update(column);
    }
    hash.update([0, 2]);
    hash.update(&content);
    URL_SAFE_NO_PAD.encode([&hash.finalize()[..8], content.as_bytes()].concat())
}

/// Nobody signs cursors. Whatever one says, there is a page or a refusal, and where there is a link it leads on.
async fn what_is_made_up_breaks_nothing(server: Server) {
    let cursor = cursor(&server, "stage").await;
    assert_eq!(forged(&[("stage", false), ("id", false)], 2, &json!(["0", "3"])), cursor, "it is made as it is");
    let most = i64::MAX.unsigned_abs();
    let (least, great) = (i64::MIN.to_string(), i64::MAX.to_string());
    let mut pages = 0;
    for position in [0, 1, most - 1001, most - 2, most - 1, most, most + 1, u64::MAX - 1, u64::MAX] {
        for (order, keys, values) in [
            ("start", &[("start", false), ("id", false)][..], json!([least, "0"])),
            ("start", &[("start", false), ("id", false)], json!([great, great])),
            ("start.desc", &[("start", true), ("id", false)], json!([great, least])),
            ("id", &[("id", false)], json!([least])),
            ("id.desc", &[("id", true)], json!([great])),
            ("score", &[("score", false), ("id", false)], json!([null, "1"])),
            ("note", &[("note", false), ("id", false)], json!(["\u{10ffff}", "1"])),
            ("note", &[("note", false), ("id", false)], json!(["\0", "1"])),
            ("stage", &[("stage", false), ("id", false)], json!([great, "1"])),
            ("start", &[("start", false), ("id", false)], json!(["9223372036854775808", "1"])),
            ("start", &[("start", false), ("id", false)], json!(["1e999", "1"])),
        ] {
            for limit in [1, 3, 1000] {
                let path = format!("/trips?order={order}&limit={limit}&after={}", forged(keys, position, &values));
                for prefer in ["count=exact", ""] {
                    let answer = server.get(&path).header("prefer", prefer).send().await;
                    if answer.status == 400 {
                        answer.assert_problem(400, "PGRST100");
                        continue;
                    }
                    assert!(position <= most, "{position}: {answer:?}");
                    answer.assert_status(200);
                    if let Some(path) = next(&answer) {
                        server.get(&path).send().await.assert_status(200);
                        pages += 1;
                    }
                }
            }
        }
    }
    assert!(pages > 50, "{pages} led on");
}
