//! What caches and browsers are told of every answer.

use restruct::{
    App,
    axum::{Router, routing::get},
};
use restruct_tests::{Server, both, resources::kanban};
use serde_json::json;

both!(kanban; rows_are_asked_for_again_and_a_callers_are_private, sessions_and_failures_are_not_stored);
both!(kanban; every_answer_says_what_it_depends_on);
both!(with_a_route; what_is_written_by_hand_is_private_too);

fn with_a_route() -> App {
    let kept = || async { ([("cache-control", "max-age=60")], "x") };
    kanban().routes(Router::new().route("/motd", get(|| async { "x" })).route("/kept", get(kept)))
}

async fn what_is_written_by_hand_is_private_too(server: Server) {
    let ann = server.register("Ann").await;
    let known = server.get("/motd").token(&ann.token).send().await;
    known.assert_status(200).assert_header("cache-control", "private, no-cache").assert_header("vary", "Authorization");
    let anybody = server.get("/motd").send().await;
    assert_eq!(anybody.assert_header("vary", "Authorization").header("cache-control"), None);
    server.get("/kept").token(&ann.token).send().await.assert_header("cache-control", "max-age=60");
}

async fn rows_are_asked_for_again_and_a_callers_are_private(server: Server) {
    let ann = server.register("Ann").await;
    let card = server.create("/cards", &ann.token, &json!({"title": "x"})).await;
    for path in ["/cards".to_owned(), format!("/cards/{}", card["id"]), "/cards?title=eq.nothing".to_owned()] {
        for method in ["GET", "HEAD"] {
            server.call(method, &path).send().await.assert_status(200).assert_header("cache-control", "no-cache");
            let known = server.call(method, &path).token(&ann.token).send().await;
            known.assert_status(200).assert_header("cache-control", "private, no-cache");
        }
    }
    let path = format!("/cards/{}", card["id"]);
    let changed = server.patch(&path).token(&ann.token).json(&json!({"title": "y"})).send().await;
    changed.assert_status(200).assert_header("cache-control", "private, no-cache");
}

async fn sessions_and_failures_are_not_stored(server: Server) {
    let ann = server.register("Ann").await;
    let login = json!({"email": ann.email, "password": ann.password});
    for (call, status) in [
        (server.post("/auth/login").json(&login), 200),
        (server.get("/auth/me").token(&ann.token), 200),
        (server.post("/auth/login").json(&json!({"email": ann.email, "password": "wrong"})), 401),
        (server.get("/auth/me"), 401),
        (server.get("/cards?nothing=1"), 400),
        (server.post("/cards").json(&json!({"title": "x"})), 401),
        (server.get("/cards").token("nonsense"), 401),
        (server.get("/cards/4711"), 404),
        (server.get("/nothing"), 404),
        (server.get("/cards/"), 404),
        (server.call("TRACE", "/cards"), 405),
        (server.post("/healthz"), 405),
        (server.post("/auth/me"), 405),
        (server.post("/cards").token(&ann.token).json(&json!({})), 422),
        (server.get("/healthz"), 200),
        (server.get("/readyz"), 200),
    ] {
        call.send().await.assert_status(status).assert_header("cache-control", "no-store");
    }
}

async fn every_answer_says_what_it_depends_on(server: Server) {
    let ann = server.register("Ann").await;
    for call in [server.get("/cards"), server.get("/cards").token(&ann.token), server.get("/users").token(&ann.token)] {
        let answer = call.send().await;
        let vary = answer.header("vary").unwrap_or_default().to_owned();
        // One representation is all there is, so nothing depends on Accept.
        for name in ["Authorization", "Prefer"] {
            assert_eq!(vary.split(", ").filter(|named| *named == name).count(), 1, "{answer:?}");
        }
    }
    for call in [
        server.get("/cards"),
        server.get("/nothing"),
        server.call("TRACE", "/cards"),
        server.call("OPTIONS", "/cards"),
        server.post("/cards"),
        server.get("/cards?limit=x"),
        server.get("/auth/me"),
        server.get("/healthz"),
    ] {
        call.send().await.assert_header("x-content-type-options", "nosniff");
    }
}
