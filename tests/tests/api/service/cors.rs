//! Pages of other origins.

use axum::routing::{any, get};
use restruct::{__private::statements, App};
use restruct_tests::{Answer, Call, Database, Server, both, both_databases, process::Program, resources::kanban};
use serde_json::json;

use crate::KANBAN;

both!(named; a_page_of_a_named_origin_may_read, a_preflight_says_what_the_path_takes, others_are_told_nothing);
both!(open; every_page_may_read_where_the_star_is_named);
both!(kanban; no_page_may_read_unless_named);
both_databases!(origins_are_a_setting);

const PAGE: &str = "https://app.example.com";

fn named() -> App {
    let routes = axum::Router::new()
        .route("/motd", get(|| async { "Be kind." }).put(|| async { "Done." }))
        .route("/all", any(|| async { "Anything." }));
    kanban().cors_origins([PAGE, "http://localhost:5173"]).routes(routes)
}

fn open() -> App {
    kanban().cors_origins(["*"])
}

fn names(answer: &Answer, header: &str) -> Vec<String> {
    let text = answer.header(header).unwrap_or_else(|| panic!("no {header}\n{answer:?}"));
    text.split(',').map(|name| name.trim().to_ascii_lowercase()).collect()
}

#[track_caller]
fn assert_closed(answer: &Answer) {
    for name in answer.headers.keys() {
        assert!(!name.as_str().starts_with("access-control-"), "{answer:?}");
    }
}

fn preflight(server: &Server, path: &str, origin: &str) -> Call {
    let asked = server.call("OPTIONS", path).header("origin", origin);
    asked.header("access-control-request-method", "PATCH").header("access-control-request-headers", "authorization")
}

async fn a_page_of_a_named_origin_may_read(server: Server) {
    let ann = server.register("Ann").await;
    for (call, status) in [
        (server.get("/cards"), 200),
        (server.get("/users").token(&ann.token), 200),
        (server.post("/cards").token(&ann.token).json(&json!({"title": "x"})), 201),
        (server.get("/auth/me"), 401),
        (server.get("/auth/me").token("nonsense"), 401),
        (server.get("/nothing"), 404),
        (server.call("TRACE", "/cards"), 405),
        (server.post("/cards").token(&ann.token).json(&json!({})), 422),
        (server.get("/motd"), 200),
        (server.post("/motd"), 405),
        (server.get("/healthz"), 200),
    ] {
        let answer = call.header("origin", PAGE).send().await;
        answer.assert_status(status).assert_header("access-control-allow-origin", PAGE);
        assert!(names(&answer, "vary").contains(&"origin".to_owned()), "{answer:?}");
        let shown = names(&answer, "access-control-expose-headers");
        for name in ["content-range", "x-total-count", "link", "location", "etag", "preference-applied", "x-request-id"]
        {
            assert!(shown.iter().any(|header| header == name), "{name}\n{answer:?}");
        }
        // A page has its token, and no cookie of ours to be used against anybody.
        assert_eq!(answer.header("access-control-allow-credentials"), None);
    }
    server.get("/cards").header("origin", "http://localhost:5173").send().await.assert_status(200);
}

async fn a_preflight_says_what_the_path_takes(server: Server) {
    let before = statements(&server.db);
    for (path, methods) in [
        ("/cards/1", &["get", "head", "put", "patch", "delete", "options"][..]),
        ("/auth/login", &["post", "options"]),
        ("/healthz", &["get", "head", "options"]),
        ("/motd", &["get", "head", "put", "options"]),
    ] {
        let answer = preflight(&server, path, PAGE).send().await;
        answer.assert_status(204).assert_empty().assert_header("access-control-allow-origin", PAGE);
        let (mut found, mut expected) = (names(&answer, "access-control-allow-methods"), methods.to_vec());
        assert_eq!(found, names(&answer, "allow"), "{answer:?}");
        found.sort();
        expected.sort_unstable();
        assert_eq!(found, expected, "{answer:?}");
        let sent = names(&answer, "access-control-allow-headers");
        for name in [
            "authorization",
            "content-type",
            "prefer",
            "range",
            "range-unit",
            "if-match",
            "if-none-match",
            "idempotency-key",
            "x-request-id",
        ] {
            assert!(sent.iter().any(|header| header == name), "{name}\n{answer:?}");
        }
        assert!(answer.header("access-control-max-age").is_some(), "{answer:?}");
    }
    let any = preflight(&server, "/all", PAGE).send().await;
    any.assert_header("access-control-allow-methods", "*");
    let nothing = preflight(&server, "/nothing", PAGE).send().await;
    nothing.assert_header("access-control-allow-origin", PAGE).assert_problem(404, "PGRST125");
    assert_eq!(statements(&server.db), before, "a preflight costs no statement");
    // Without an origin it is nobody's preflight.
    let plain = server.call("OPTIONS", "/cards/1").send().await;
    plain.assert_status(204).assert_allow(&["GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS"]);
    assert_closed(&plain);
}

async fn others_are_told_nothing(server: Server) {
    for origin in
        ["https://elsewhere.example", "https://app.example.com.evil.example", "http://app.example.com", "null"]
    {
        for call in [preflight(&server, "/cards/1", origin), server.get("/cards").header("origin", origin)] {
            let answer = call.send().await;
            assert_closed(&answer);
            // Or a cache gives the one answer to the other.
            assert!(names(&answer, "vary").contains(&"origin".to_owned()), "{answer:?}");
        }
    }
    let without = server.get("/cards").send().await;
    assert_closed(&without);
    assert!(names(&without, "vary").contains(&"origin".to_owned()), "{without:?}");
}

async fn every_page_may_read_where_the_star_is_named(server: Server) {
    let answer = server.get("/cards").header("origin", "https://elsewhere.example").send().await;
    answer.assert_status(200).assert_header("access-control-allow-origin", "*");
    assert_eq!(answer.header("access-control-allow-credentials"), None);
    assert!(!names(&answer, "vary").contains(&"origin".to_owned()), "it is the same for all\n{answer:?}");
    preflight(&server, "/cards/1", "null").send().await.assert_header("access-control-allow-origin", "*");
}

async fn no_page_may_read_unless_named(server: Server) {
    assert_closed(&preflight(&server, "/cards/1", PAGE).send().await);
    assert_closed(&server.get("/cards").header("origin", PAGE).send().await);
}

async fn origins_are_a_setting(database: Database) {
    let program = Program::new(KANBAN, &database);
    let running = program.serve(&["--cors-origins", "https://a.example, https://b.example"]).await;
    let answer = running.client.get("/cards").header("origin", "https://b.example").send().await;
    answer.assert_header("access-control-allow-origin", "https://b.example");
    running.stop().await;
    let wrong = program.env("CORS_ORIGINS", "https://a.example/");
    wrong.run(&["serve", "--port", "0"]).await.assert_code(2).assert_says("write `https://a.example`");
}
