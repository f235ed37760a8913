//! How many statements a request costs: authorization has no round trip of its own.

use restruct::__private::statements;
use restruct_tests::{Call, Server, both, resources::kanban, server::PASSWORD};
use serde_json::{Value, json};

both!(kanban; one_statement_a_request, a_refusal_costs_one_more, nothing_for_nothing);

async fn cost(server: &Server, call: Call, status: u16) -> u64 {
    let before = statements(&server.db);
    call.send().await.assert_status(status);
    statements(&server.db) - before
}

async fn one_statement_a_request(server: Server) {
    let (ann, root) = (server.register("Ann").await, server.admin("Root").await);
    let card = server.create("/cards", &ann.token, &json!({"title": "x"})).await;
    let (path, me) = (format!("/cards/{}", card["id"]), format!("/users/{}", ann.id));
    let title = json!({"title": "y"});
    for call in [
        server.get(&path),
        server.get(&path).token(&ann.token),
        server.get("/cards"),
        server.get("/cards?status=neq.Done&order=date").token(&root.token),
        server.get(&me).token(&ann.token),
        server.get(&me).token(&root.token),
        server.get("/users").token(&root.token),
        server.get("/auth/me").token(&ann.token),
        server.patch(&path).token(&ann.token).json(&title),
        server.patch(&path).token(&root.token).json(&title),
        server.put(&path).token(&ann.token).json(&title),
        server.patch(&me).token(&ann.token).json(&json!({"name": "x", "is_admin": false})),
    ] {
        assert_eq!(cost(&server, call.clone(), 200).await, 1, "{call:?}");
    }
    assert_eq!(cost(&server, server.post("/cards").token(&ann.token).json(&title), 201).await, 1);
    let comment = json!({"message": "x", "card_id": card["id"]});
    let call = server.post("/comments").token(&ann.token).json(&comment);
    assert_eq!(cost(&server, call, 201).await, 1, "the reference is checked in the same statement");
    assert_eq!(cost(&server, server.delete(&path).token(&ann.token), 200).await, 1);
    // That nothing is left is told from a dead token by asking once more.
    assert_eq!(cost(&server, server.get("/comments").token(&ann.token), 200).await, 2);
    assert_eq!(cost(&server, server.get("/comments"), 200).await, 1, "nobody has no token to die");
    let counted = server.get("/cards").header("prefer", "count=exact");
    assert!(cost(&server, counted, 200).await <= 2);
}

async fn a_refusal_costs_one_more(server: Server) {
    let (ann, bob) = (server.register("Ann").await, server.register("Bob").await);
    let card = server.create("/cards", &ann.token, &json!({"title": "x"})).await;
    let path = format!("/cards/{}", card["id"]);
    for (call, status) in [
        (server.patch(&path).token(&bob.token).json(&json!({"title": "y"})), 404),
        (server.delete(&path).token(&bob.token), 404),
        (server.get("/cards/4711"), 404),
        (server.get(&format!("/users/{}", ann.id)).token(&bob.token), 404),
        (server.patch(&format!("/users/{}", bob.id)).token(&bob.token).json(&json!({"is_admin": true})), 403),
        (
            server
                .post("/users")
                .token(&bob.token)
                .json(&json!({"name": "x", "email": "x@example.com", "password": PASSWORD})),
            403,
        ),
    ] {
        assert!(cost(&server, call.clone(), status).await <= 2, "{call:?}");
    }
}

async fn nothing_for_nothing(server: Server) {
    for (call, status) in [
        (server.get("/cards").token("x.y.z"), 401),
        (server.post("/cards").json(&json!({"title": "x"})), 401),
        (server.get("/users"), 401),
        (server.get("/cards?nothing=eq.1"), 400),
        (server.post("/cards").body("application/json", "{"), 401),
        (server.post("/auth/login").body("application/json", "{"), 400),
        (server.post("/auth/login").body("text/plain", "x"), 415),
        (server.get("/nothing"), 404),
        (server.get("/cards/007"), 404),
        (server.put("/cards"), 405),
        (server.delete("/cards?id=gt.0"), 401),
        (server.get("/auth/me?nothing=1"), 401),
        (server.call("OPTIONS", "/cards"), 204),
        (server.post("/auth/register").json(&Value::Object(serde_json::Map::new())), 422),
        (server.get("/healthz"), 200),
    ] {
        assert_eq!(cost(&server, call.clone(), status).await, 0, "{call:?}");
    }
}
