//! OPTIONS, HEAD and methods that a path does not have, on every path there is; hand-written routes beside them.

use axum::{
    Router,
    routing::{any, delete, get, post},
};
use restruct::App;
use restruct_tests::{Database, Server, both, both_databases, process::SECRET, resources::kanban};
use serde_json::json;

both!(kanban; every_path_says_what_it_takes, every_get_can_be_asked_for_its_head, odd_methods_are_refused);
both!(extended; methods_by_hand_stand_beside_generated_ones, refusals_of_another_kind_allow_nothing);
both_databases!(routes_that_collide_are_named);

const LIST: &[&str] = &["GET", "HEAD", "POST", "PATCH", "DELETE", "OPTIONS"];
const ROW: &[&str] = &["GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS"];
const POST: &[&str] = &["POST", "OPTIONS"];
const GET: &[&str] = &["GET", "HEAD", "OPTIONS"];

const PATHS: &[(&str, &[&str])] = &[
    ("/users", LIST),
    ("/users/1", ROW),
    ("/cards", LIST),
    ("/cards/1", ROW),
    ("/comments", LIST),
    ("/comments/1", ROW),
    ("/auth/register", POST),
    ("/auth/login", POST),
    ("/auth/password", POST),
    ("/auth/me", GET),
    ("/healthz", GET),
    ("/readyz", GET),
    ("/openapi.json", GET),
    ("/docs", GET),
];

async fn every_path_says_what_it_takes(server: Server) {
    for (path, methods) in PATHS {
        let options = server.call("OPTIONS", path).send().await;
        options.assert_status(204).assert_empty().assert_allow(methods);
        for method in ["GET", "POST", "PUT", "PATCH", "DELETE", "TRACE", "BREW"] {
            if !methods.contains(&method) {
                let refused = server.call(method, path).send().await;
                refused.assert_allow(methods).assert_problem(405, "PGRST117");
            }
        }
        server.get(&format!("{path}/")).send().await.assert_problem(404, "PGRST125");
    }
}

async fn every_get_can_be_asked_for_its_head(server: Server) {
    let ann = server.register("Ann").await;
    server.create("/cards", &ann.token, &json!({"title": "x"})).await;
    for (path, methods) in PATHS.iter().filter(|(_, methods)| methods.contains(&"GET")) {
        let path = if *path == "/users/1" { format!("/users/{}", ann.id) } else { (*path).to_owned() };
        let whole = server.get(&path).token(&ann.token).send().await;
        let head = server.call("HEAD", &path).token(&ann.token).send().await;
        head.assert_empty();
        assert_eq!(head.status, whole.status, "{methods:?}");
        let (mut asked, mut got) = (head.headers.clone(), whole.headers.clone());
        assert_eq!(asked["content-length"], whole.body.len().to_string(), "{head:?}");
        for own in ["x-request-id", "date"] {
            asked.remove(own);
            got.remove(own);
        }
        // The problem of a missing row names its request by an id of one length.
        assert_eq!(asked, got, "{path}");
    }
}

async fn odd_methods_are_refused(server: Server) {
    // A tunnel is no path of ours.
    let answer =
        server.raw(b"CONNECT example.com:443 HTTP/1.1\r\nhost: example.com\r\nconnection: close\r\n\r\n").await;
    assert!(answer.starts_with("HTTP/1.1 404 ") || answer.starts_with("HTTP/1.1 405 "), "{answer}");
    let answer = server.raw(b"OPTIONS * HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").await;
    assert!(answer.starts_with("HTTP/1.1 404 "), "{answer}");
    server.get("/cards").send().await.assert_status(200);
}

fn extended() -> App {
    let routes = Router::new()
        .route("/cards", axum::routing::put(|| async { "put" }))
        .route("/auth/me", delete(|| async { "gone" }))
        .route("/healthz", post(|| async { "healed" }))
        .route("/cards/newest", get(|| async { "none" }));
    kanban().routes(routes)
}

async fn methods_by_hand_stand_beside_generated_ones(server: Server) {
    for (method, path, text) in [
        ("PUT", "/cards", "put"),
        ("DELETE", "/auth/me", "gone"),
        ("POST", "/healthz", "healed"),
        ("GET", "/cards/newest", "none"),
    ] {
        assert_eq!(server.call(method, path).send().await.assert_status(200).text(), text);
    }
    server.get("/cards").send().await.assert_status(200);
    server.get("/cards/4711").send().await.assert_problem(404, "PGRST116");
    for (path, methods) in [("/cards", LIST), ("/auth/me", GET), ("/healthz", GET)] {
        let by_hand = match path {
            "/cards" => "PUT",
            "/auth/me" => "DELETE",
            _ => "POST",
        };
        let all: Vec<_> = methods.iter().copied().chain([by_hand]).collect();
        server.call("OPTIONS", path).send().await.assert_status(204).assert_allow(&all);
        server.call("TRACE", path).send().await.assert_allow(&all).assert_problem(405, "PGRST117");
    }
    server.call("OPTIONS", "/cards/1").send().await.assert_allow(ROW);
}

/// What a path takes is told to whoever asks that, and where a method is the reason.
async fn refusals_of_another_kind_allow_nothing(server: Server) {
    for (path, _) in PATHS.iter().copied().chain([("/cards/newest", GET)]).filter(|(path, _)| !open(path)) {
        for method in ["GET", "POST", "PUT", "OPTIONS", "TRACE"] {
            let refused = server.call(method, path).token("x.y.z").send().await;
            assert_eq!(refused.header("allow"), None, "{refused:?}");
            refused.assert_problem(401, "PGRST301");
        }
    }
}

/// Whether it is the same for everybody, so that no token is looked at.
fn open(path: &str) -> bool {
    matches!(path, "/healthz" | "/readyz" | "/openapi.json" | "/docs")
}

async fn routes_that_collide_are_named(database: Database) {
    let db = restruct::Db::connect(&database.url).await.expect("a connection");
    let start = |routes: Router| kanban().jwt_secret(SECRET).routes(routes).router(db.clone()).map(drop);
    for (routes, named) in [
        (Router::new().route("/cards", get(|| async {})), ["`GET /cards` that", "generated `GET /cards`"]),
        (Router::new().route("/users", any(|| async {})), ["`GET /users` that", "generated `GET /users`"]),
        (
            Router::new().route("/cards/{slug}", get(|| async {})),
            ["`GET /cards/{slug}`", "generated `GET /cards/{id}`"],
        ),
        (Router::new().route("/cards/{slug}", post(|| async {})), ["`/cards/{slug}`", "generated `/cards/{id}`"]),
        (Router::new().route("/cards/{*rest}", post(|| async {})), ["`/cards/{*rest}`", "generated `/cards/{id}`"]),
        (
            Router::new().route("/auth/login", post(|| async {})),
            ["`POST /auth/login` that", "generated `POST /auth/login`"],
        ),
        (Router::new().route("/healthz", get(|| async {})), ["`GET /healthz` that", "generated `GET /healthz`"]),
        (
            Router::new().route("/openapi.json", get(|| async {})),
            ["`GET /openapi.json` that", "generated `GET /openapi.json`"],
        ),
        (Router::new().route("/docs", get(|| async {})), ["`GET /docs` that", "generated `GET /docs`"]),
    ] {
        let told = start(routes).expect_err("they collide").to_string();
        assert!(named.iter().all(|name| told.contains(name)), "{told}");
        assert!(told.contains("hint: "), "{told}");
    }
    start(Router::new().route("/{page}", get(|| async {}))).expect("a fixed path comes before a parameter");
    db.close().await;
}
