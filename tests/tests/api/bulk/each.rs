//! `PATCH` of an array of rows with their keys: each in its own way, all of them or none.

use restruct::__private::statements;
use restruct_tests::{
    Server, both,
    resources::{kanban, marked, odd},
    server::PASSWORD,
};
use serde_json::{Value, json};

both!(kanban; each_changes_in_its_own_way, one_that_is_out_of_scope_stops_all, errors_have_the_number_of_their_row);
both!(kanban; a_thousand_rows_cost_a_handful_of_statements, passwords_and_guards);
both!(odd; uuids_and_conflicts);
both!(marked; what_rows_want_of_each_other);

async fn cards(server: &Server, token: &str, count: usize) -> Vec<Value> {
    let rows: Value = (0..count).map(|n| json!({"title": n.to_string()})).collect();
    server.post("/cards").token(token).json(&rows).send().await.ok(201).as_array().expect("an array").clone()
}

async fn each_changes_in_its_own_way(server: Server) {
    let ann = server.register("Ann").await;
    let made = cards(&server, &ann.token, 3).await;
    let rows = json!([
        {"id": made[2]["id"], "title": "x"},
        {"id": made[0]["id"], "status": "Done", "date": null, "version": 99, "user_id": 99},
        {"id": made[1]["id"]}
    ]);
    let changed = server.patch("/cards").token(&ann.token).json(&rows).send().await.rows();
    let seen: Vec<_> = changed.iter().map(|card| (&card["id"], &card["title"], &card["version"])).collect();
    let (x, zero, one) = (json!("x"), json!("0"), json!("1"));
    let (first, second) = (json!(1), json!(2));
    assert_eq!(seen, [(&made[2]["id"], &x, &second), (&made[0]["id"], &zero, &second), (&made[1]["id"], &one, &first)]);
    assert_eq!(changed[2], made[1], "nothing to change changes nothing");
    let minimal = server.patch("/cards").token(&ann.token).json(&rows).header("prefer", "return=minimal, count=exact");
    minimal.send().await.assert_status(204).assert_empty().assert_header("content-range", "*/3");
    assert!(server.patch("/cards").token(&ann.token).json(&json!([])).send().await.rows().is_empty());
    let few = server.patch("/cards").token(&ann.token).json(&rows).header("prefer", "max-affected=2").send().await;
    few.assert_problem(400, "PGRST124");
}

async fn one_that_is_out_of_scope_stops_all(server: Server) {
    let (ann, bob) = (server.register("Ann").await, server.register("Bob").await);
    let (mine, theirs) = (cards(&server, &ann.token, 2).await, cards(&server, &bob.token, 1).await);
    let rows = json!([
        {"id": mine[0]["id"], "title": "x"}, {"id": theirs[0]["id"], "title": "x"}, {"id": 4711, "title": "x"},
        {"id": mine[1]["id"]}, {"id": 4712}
    ]);
    let answer = server.patch("/cards").token(&ann.token).json(&rows).send().await;
    answer.assert_fields(404, "PGRST116", &["1.id", "2.id", "4.id"]);
    assert!(!server.get("/cards").send().await.each("title").contains(&json!("x")), "nothing was changed");
    server.patch("/cards").json(&rows).send().await.assert_problem(401, "PGRST302");
    let comment = |n: usize, card: &Value| json!({"message": n.to_string(), "card_id": card["id"]});
    let comments: Value = (0..60).map(|n| comment(n, &mine[0])).collect();
    let comments = server.post("/comments").token(&ann.token).json(&comments).send().await.ok(201);
    let moved: Value = (0..60)
        .map(|n| json!({"id": comments[n]["id"], "card_id": if n == 57 { json!(4711) } else { theirs[0]["id"].clone() }}))
        .collect();
    let answer = server.patch("/comments").token(&ann.token).json(&moved).send().await;
    answer.assert_fields(409, "23503", &["57.card_id"]);
    let left = format!("/comments?card_id=eq.{}", mine[0]["id"]);
    assert_eq!(server.get(&left).send().await.rows().len(), 60);
}

async fn errors_have_the_number_of_their_row(server: Server) {
    let ann = server.register("Ann").await;
    let made = cards(&server, &ann.token, 2).await;
    let rows = json!([
        {"id": made[0]["id"], "title": ""}, {"title": "x", "colour": 1}, {"id": made[0]["id"], "title": "x"}, {"id": "x"},
        {"id": null}, 7, {"id": 9_223_372_036_854_775_808_u64}
    ]);
    let answer = server.patch("/cards").token(&ann.token).json(&rows).send().await;
    answer.assert_invalid(&["0.title", "1.id", "1.colour", "2.id", "3.id", "4.id", "5", "6.id"]);
    let many: Value = (0..1001).map(|id| json!({"id": id})).collect();
    server.patch("/cards").token(&ann.token).json(&many).send().await.assert_problem(422, "23514");
}

async fn a_thousand_rows_cost_a_handful_of_statements(server: Server) {
    let ann = server.register("Ann").await;
    let made = cards(&server, &ann.token, 1000).await;
    let rows: Value =
        made.iter().rev().map(|card| json!({"id": card["id"], "title": format!("t{}", card["id"])})).collect();
    let before = statements(&server.db);
    let changed = server.patch("/cards").token(&ann.token).json(&rows).send().await.rows();
    let cost = statements(&server.db) - before;
    assert!(cost <= 6, "{cost} statements");
    assert_eq!(changed.len(), 1000);
    for (card, sent) in std::iter::zip(&changed, rows.as_array().expect("an array")) {
        assert_eq!((&card["id"], &card["title"]), (&sent["id"], &sent["title"]));
    }
}

async fn passwords_and_guards(server: Server) {
    let (ann, bob, root) = (server.register("Ann").await, server.register("Bob").await, server.admin("Root").await);
    let new = "another password";
    let rows = |who: &[i64]| who.iter().map(|id| json!({"id": id, "password": new})).collect::<Value>();
    let patch = |token: &str, body: &Value| server.patch("/users").token(token).json(body);
    patch(&root.token, &rows(&[ann.id, root.id])).send().await.assert_invalid(&["1.password"]);
    patch(&ann.token, &rows(&[bob.id])).send().await.assert_fields(404, "PGRST116", &["0.id"]);
    let promotion = json!([{"id": ann.id, "name": "x", "is_admin": true}]);
    patch(&ann.token, &promotion).send().await.assert_fields(403, "42501", &["0.is_admin"]);
    server.login("ann@example.com", PASSWORD).await;
    assert_eq!(patch(&root.token, &rows(&[ann.id, bob.id])).send().await.rows().len(), 2);
    for session in [&ann, &bob] {
        server.get("/auth/me").token(&session.token).send().await.assert_problem(401, "PGRST301");
        server.login(&session.email, new).await;
    }
}

async fn uuids_and_conflicts(server: Server) {
    let made = server.post("/parcels").json(&json!([{"content": "a"}, {"content": "b"}])).send().await.ok(201);
    let rows = json!([{"id": made[1]["id"], "content": "y"}, {"id": made[0]["id"], "content": "x"}]);
    assert_eq!(server.patch("/parcels").json(&rows).send().await.each("content"), ["y", "x"]);
    let seat = |hall: &str, number: i32, code: Option<&str>| json!({"hall": hall, "number": number, "code": code});
    let rows = json!([seat("A", 1, None), seat("A", 2, None), seat("A", 3, Some("x"))]);
    server.post("/seats").json(&rows).send().await.assert_status(201);
    let answer = server.patch("/seats").json(&json!([{"id": 1, "code": "y"}, {"id": 2, "code": "x"}])).send().await;
    answer.assert_fields(409, "23505", &["1.code"]);
    assert_eq!(server.get("/seats/1").send().await.ok(200)["code"], Value::Null);
}

async fn what_rows_want_of_each_other(server: Server) {
    let ann = server.register("Ann").await;
    let made =
        server.post("/marks").token(&ann.token).json(&json!([{"slug": "a"}, {"slug": "b"}])).send().await.ok(201);
    let rows = json!([{"id": made[0]["id"], "slug": "c"}, {"id": made[1]["id"], "slug": "c"}]);
    let answer = server.patch("/marks").token(&ann.token).json(&rows).send().await;
    answer.assert_fields(409, "23505", &["1.slug"]);
    let kind = json!([{"id": made[0]["id"], "kind": 0}, {"id": made[1]["id"], "kind": 1, "note": "x"}]);
    server.patch("/marks").token(&ann.token).json(&kind).send().await.assert_invalid(&["1.kind"]);
    assert_eq!(server.get("/marks").token(&ann.token).send().await.each("version"), [1, 1]);
}
