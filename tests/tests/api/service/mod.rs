//! What surrounds the routes: health, readiness, headers, limits; caches, compression, pages of other origins, metrics.

mod caches;
mod compression;
mod cors;
mod methods;
mod metrics;

use restruct_tests::{
    Backend, Database, Server, backend, both, both_databases,
    process::{Program, SECRET},
    resources::{kanban, odd},
};
use serde_json::json;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

use crate::{KANBAN, VARIANTS};

both!(kanban; says_that_it_lives, answers_carry_an_id, nests_under_a_prefix, unread_bodies_are_taken_in_or_close);
both!(odd; a_panic_leaves_the_connection_usable);
both_databases!(is_not_ready_when_the_schema_is_another, logs_as_it_is_told, an_endless_request_is_answered);

async fn says_that_it_lives(server: Server) {
    server.get("/healthz").send().await.assert_status(200);
    server.get("/readyz").send().await.assert_status(200);
    server.call("HEAD", "/healthz").send().await.assert_status(200).assert_empty();
    for path in ["/healthz", "/readyz"] {
        server.call("OPTIONS", path).send().await.assert_status(204).assert_allow(&["GET", "HEAD", "OPTIONS"]);
        let refused = server.post(path).send().await;
        refused.assert_allow(&["GET", "HEAD", "OPTIONS"]).assert_problem(405, "PGRST117");
    }
}

async fn answers_carry_an_id(server: Server) {
    let ann = server.register("Ann").await;
    let made = server.post("/cards").token(&ann.token).json(&json!({"title": "x"})).send().await;
    for answer in [
        made,
        server.get("/cards").header("origin", "https://elsewhere.example").send().await,
        server.get("/nothing").send().await,
        server.get("/healthz").send().await,
    ] {
        let id = answer.header("x-request-id").unwrap_or_default();
        assert_eq!(id.len(), 36, "{answer:?}");
        answer.assert_header("x-content-type-options", "nosniff");
        assert_eq!(answer.header("access-control-allow-origin"), None, "closed unless origins are named\n{answer:?}");
    }
}

async fn nests_under_a_prefix(server: Server) {
    let app = kanban().jwt_secret(SECRET);
    let router = app.router(server.db.clone()).expect("a router");
    let nested = axum::Router::new().nest("/api/v1", router);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let client = restruct_tests::Client::new(listener.local_addr().expect("an address").to_string());
    let task = tokio::spawn(async move { axum::serve(listener, nested).await });
    let body = json!({"name": "x", "email": "x@example.com", "password": "long enough"});
    let made = client.post("/api/v1/auth/register").json(&body).send().await.ok(201);
    let token = made["access_token"].as_str().expect("a token");
    let card = client.post("/api/v1/cards").token(token).json(&json!({"title": "x"})).send().await;
    let id = card.assert_status(201).id();
    card.assert_header("location", &format!("/api/v1/cards/{id}"));
    client.get(&format!("/api/v1/cards/{id}")).send().await.assert_status(200);
    client.get("/api/v1/nothing").send().await.assert_problem(404, "PGRST125");
    task.abort();
}

/// Whether another request can follow does not depend on how much of the body came along with the head.
async fn unread_bodies_are_taken_in_or_close(server: Server) {
    let next = "GET /healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";
    let chunked = "transfer-encoding: chunked\r\n\r\n1\r\n{\r\n1\r\n}\r\n1\r\n \r\n0\r\n\r\n";
    for (head, status) in [
        ("POST /cards HTTP/1.1\r\nauthorization: Bearer x.y.z", 401),
        ("POST /cards HTTP/1.1", 401),
        ("POST /nothing HTTP/1.1", 404),
        ("PUT /cards HTTP/1.1", 405),
        ("POST /auth/login HTTP/1.1\r\ncontent-type: text/plain", 415),
        ("GET /cards HTTP/1.1", 200),
    ] {
        let head = format!("{head}\r\nhost: x\r\n");
        let both = server.raw(format!("{head}{chunked}{next}").as_bytes()).await;
        assert!(both.starts_with(&format!("HTTP/1.1 {status} ")), "{both}");
        let (first, second) = both.split_at(both.rfind("HTTP/1.1 ").expect("an answer"));
        assert!(second.starts_with("HTTP/1.1 200 "), "{both}");
        assert!(!first.contains("connection: close"), "{first}");
        // Nothing of these has come when they are answered.
        for length in ["content-length: 65537", "content-length: 2\r\nexpect: 100-continue"] {
            let alone = server.raw(format!("{head}{length}\r\n\r\n").as_bytes()).await;
            assert!(alone.starts_with(&format!("HTTP/1.1 {status} ")), "{alone}");
            assert!(alone.contains("\r\nconnection: close\r\n"), "{alone}");
        }
    }
}

async fn a_panic_leaves_the_connection_usable(server: Server) {
    let body =
        json!({"word": "four", "grade": 1, "share": 0, "code": "AB1", "even": restruct_tests::resources::EXPLOSIVE});
    for _ in 0..3 {
        server.post("/forms").json(&body).send().await.assert_problem(500, "XX000");
        server.get("/forms").send().await.assert_status(200);
    }
}

async fn is_not_ready_when_the_schema_is_another(database: Database) {
    let before = Program::new(VARIANTS, &database).env("VARIANT", "before");
    let running = before.serve(&[]).await;
    running.client.get("/readyz").send().await.assert_status(200);
    let after = Program::new(VARIANTS, &database).env("VARIANT", "after");
    after.run(&["db", "reset", "--yes"]).await.assert_code(0);
    running.client.get("/readyz").send().await.assert_problem(503, "PT503");
    running.client.get("/healthz").send().await.assert_status(200);
    running.stop().await;
}

/// No database has a part in it, and it takes as long as the timeouts do.
#[test]
fn slow_clients_are_cut_off() {
    backend::run(Backend::Sqlite, cut_off);
}

async fn an_endless_request_is_answered(database: Database) {
    let program = Program::new(VARIANTS, &database).env("VARIANT", "endless");
    let running = program.serve(&["--request-timeout", "1"]).await;
    let answer = running.client.get("/endless").send().await;
    answer.assert_header("cache-control", "no-store").assert_problem(503, "PT503");
    assert!(answer.header("retry-after").is_some(), "{answer:?}");
    running.client.get("/notes").send().await.assert_status(200);
    running.stop().await;
}

async fn cut_off(database: Database) {
    let running = Program::new(KANBAN, &database).serve(&[]).await;
    let mut stream = TcpStream::connect(&running.client.authority).await.expect("a connection");
    stream.write_all(b"GET /cards HTTP/1.1\r\nhost: x\r\n").await.expect("the server reads");
    let mut answer = String::new();
    // It is the server that ends this; the test would wait.
    stream.read_to_string(&mut answer).await.expect("the end");
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 408"), "{answer}");
    let body = "POST /auth/login HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{";
    let mut stream = TcpStream::connect(&running.client.authority).await.expect("a connection");
    stream.write_all(body.as_bytes()).await.expect("the server reads");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.expect("the end");
    assert!(answer.starts_with("HTTP/1.1 408") || answer.starts_with("HTTP/1.1 503"), "{answer}");
    running.stop().await;
}

async fn logs_as_it_is_told(database: Database) {
    let program = Program::new(KANBAN, &database).env("RUST_LOG", "info");
    let running = program.serve(&["--log-format", "json"]).await;
    running.client.get("/cards").send().await.assert_status(200);
    let output = running.stop().await;
    let lines: Vec<_> = output.lines().filter(|line| line.starts_with('{')).collect();
    assert!(!lines.is_empty(), "{output}");
    for line in lines {
        let line: serde_json::Value = serde_json::from_str(line).unwrap_or_else(|e| panic!("{e}: {line}"));
        assert!(line.get("level").is_some(), "{line}");
    }
    assert!(!output.contains('\u{1b}'), "no colours into a pipe: {output}");
}
