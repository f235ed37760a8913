//! What every answer has, whoever makes it: failures of one shape, nothing internal, references that no header bends.

use restruct::{
    App, Code, Error,
    axum::{Router, routing::get},
};
use restruct_tests::{Server, both, resources::kanban};
use serde_json::json;

both!(with_failures; hand_written_failures_have_the_one_shape, what_is_ours_stays_in_the_log);
both!(kanban; references_follow_no_header);

fn with_failures() -> App {
    let routes = Router::new()
        .route("/busy", get(async || Error::new(Code::TooMany, "one export at a time").hint("wait for the first")))
        .route("/away", get(async || Error::new(Code::Unavailable, "the printer is away")))
        .route("/odd", get(async || Error::invalid([("size".to_owned(), "must be even".to_owned())])))
        .route("/broken", get(async || Error::internal("SELECT secret FROM vault: no such table")));
    kanban().routes(routes)
}

async fn hand_written_failures_have_the_one_shape(server: Server) {
    let busy = server.get("/busy").send().await;
    let problem = busy.assert_problem(429, "PT429");
    assert_eq!(problem["detail"], "one export at a time");
    assert_eq!(problem["hint"], "wait for the first");
    let away = server.get("/away").send().await;
    away.assert_problem(503, "PT503");
    for answer in [busy, away] {
        let seconds = answer.header("retry-after").map(str::parse::<u32>);
        assert!(matches!(seconds, Some(Ok(1..))), "{answer:?}");
    }
    let errors = server.get("/odd").send().await.assert_invalid(&["size"]);
    assert_eq!(errors["size"], "must be even");
}

async fn what_is_ours_stays_in_the_log(server: Server) {
    let broken = server.get("/broken").send().await;
    // Holds the whole text against what no client may read, and the instance against the request's id.
    let problem = broken.assert_problem(500, "XX000");
    assert!(!broken.text().contains("vault"), "{broken:?}");
    assert_eq!((&problem["details"], problem.get("errors")), (&json!(null), None));
}

/// Whoever can make a client or a proxy send a header must not choose where an answer points.
async fn references_follow_no_header(server: Server) {
    let ann = server.register("Ann").await;
    let forged = [
        ("host", "evil.example"),
        ("x-forwarded-host", "evil.example"),
        ("x-forwarded-proto", "gopher"),
        ("x-forwarded-prefix", "/evil"),
        ("forwarded", "host=evil.example;proto=gopher"),
        ("x-original-url", "/evil"),
    ];
    for (name, value) in forged {
        let call = server.post("/cards").token(&ann.token).json(&json!({"title": "x"})).header(name, value);
        let made = call.send().await;
        let id = made.assert_status(201).id();
        made.assert_header("location", &format!("/cards/{id}"));
        let listed = server.get("/cards?limit=1").header(name, value).send().await;
        let whole = format!("{:?}", listed.assert_status(200).headers);
        assert!(!whole.contains("evil") && !whole.contains("gopher"), "{name}\n{listed:?}");
    }
    let nowhere = server.get("/nothing").header("host", "evil.example").send().await;
    nowhere.assert_problem(404, "PGRST125");
    assert!(!format!("{nowhere:?}").contains("evil"), "{nowhere:?}");
}
