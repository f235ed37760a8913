//! `GET /openapi.json`, `GET /docs`, and whether what they say is so.

mod bodies;
mod docs;
mod paths;
mod provoked;
mod rows;

use restruct::App;
use restruct_tests::{Client, Database, Document, Server, both, both_databases, process::Program, resources::kanban};
use serde_json::{Value, json};

use crate::KANBAN;

both!(kanban; is_asked_for_again, is_relative_to_where_it_is);
both!(undescribed; can_be_turned_off);
both_databases!(a_command_prints_it, a_setting_turns_it_off);

/// What a server says of itself.
async fn document(client: &Client) -> Document {
    Document(client.get("/openapi.json").send().await.ok(200))
}

async fn is_asked_for_again(server: Server) {
    let whole = server.get("/openapi.json").send().await;
    whole
        .assert_status(200)
        .assert_header("cache-control", "no-cache")
        .assert_header("content-type", "application/json");
    assert_eq!(server.get("/openapi.json").send().await.body, whole.body, "twice the same");
    let tag = whole.header("etag").expect("a tag").to_owned();
    assert!(
        tag.starts_with("W/\"") && whole.header("vary").is_some_and(|vary| vary.contains("Accept-Encoding")),
        "{whole:?}"
    );
    for listed in [tag.clone(), format!("\"other\", {tag}"), "*".into(), tag[2..].to_owned()] {
        let known = server.get("/openapi.json").header("if-none-match", &listed).send().await;
        known.assert_status(304).assert_empty().assert_header("etag", &tag).assert_header("cache-control", "no-cache");
        assert_eq!(known.header("vary"), whole.header("vary"), "as the answer that it stands for\n{known:?}");
    }
    for listed in ["\"other\"", "nonsense", ""] {
        server.get("/openapi.json").header("if-none-match", listed).send().await.assert_status(200);
    }
    let packed = server.get("/openapi.json").header("accept-encoding", "gzip").send().await;
    packed.assert_status(200).assert_header("content-encoding", "gzip").assert_header("etag", &tag);
    assert!(packed.body.len() * 4 < whole.body.len(), "{} of {}", packed.body.len(), whole.body.len());
    let info = &whole.json()["info"];
    assert_eq!((&info["title"], info["version"].as_str().map(str::len)), (&json!("kanban"), Some(12)), "{info}");
}

async fn is_relative_to_where_it_is(server: Server) {
    let document = document(&server).await;
    assert_eq!(document.0["servers"], json!([{"url": "."}]));
    let app = kanban().jwt_secret(restruct_tests::process::SECRET);
    let nested = axum::Router::new().nest("/api/v1", app.router(server.db.clone()).expect("a router"));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let client = Client::new(listener.local_addr().expect("an address").to_string());
    let task = tokio::spawn(async move { axum::serve(listener, nested).await });
    let below = client.get("/api/v1/openapi.json").send().await.ok(200);
    assert_eq!(below, document.0, "it is the same wherever it is mounted");
    docs::assert_page(&client, "/api/v1/docs").await;
    task.abort();
}

fn undescribed() -> App {
    kanban().openapi(false)
}

async fn can_be_turned_off(server: Server) {
    for path in ["/openapi.json", "/docs", "/docs/start.js", "/docs/swagger-ui.css"] {
        server.get(path).send().await.assert_problem(404, "PGRST125");
        server.call("OPTIONS", path).send().await.assert_problem(404, "PGRST125");
    }
    server.get("/cards").send().await.assert_status(200);
}

async fn a_setting_turns_it_off(database: Database) {
    let program = Program::new(KANBAN, &database);
    let running = program.serve(&[]).await;
    let described = document(&running.client).await;
    let banner = running.stop().await;
    assert!(banner.contains("/docs\n"), "{banner}");
    let quiet = Program::new(KANBAN, &database).env("OPENAPI", "false");
    let running = quiet.serve(&[]).await;
    running.client.get("/openapi.json").send().await.assert_problem(404, "PGRST125");
    running.client.get("/docs").send().await.assert_problem(404, "PGRST125");
    let banner = running.stop().await;
    assert!(!banner.contains("/docs"), "{banner}");
    let running = quiet.serve(&["--openapi", "true"]).await;
    assert_eq!(document(&running.client).await.0, described.0);
    running.stop().await;
    let printed = quiet.run(&["openapi"]).await;
    printed.assert_code(0);
    assert_eq!(
        serde_json::from_str::<Value>(&printed.stdout).expect("JSON"),
        described.0,
        "whoever can run it may see it"
    );
    quiet.run(&["serve", "--openapi", "off"]).await.assert_code(2).assert_says("must be `true` or `false`");
}

async fn a_command_prints_it(database: Database) {
    let running = Program::new(KANBAN, &database).serve(&[]).await;
    let served = document(&running.client).await.0;
    running.stop().await;
    // There is nothing behind this URL, and it takes nothing else either.
    let printed = Program::bare(KANBAN).env("DATABASE_URL", "sqlite:/nonexistent/x.db").run(&["openapi"]).await;
    printed.assert_code(0);
    assert_eq!(printed.stderr, "");
    assert_eq!(serde_json::from_str::<Value>(&printed.stdout).expect("JSON"), served);
    let again = Program::bare(KANBAN).run(&["openapi"]).await;
    assert_eq!(again.stdout, printed.stdout, "the same structs are the same text");
}
