//! What Prometheus reads.

use restruct_tests::{Client, Database, both_databases, process::Program};
use serde_json::json;

use crate::KANBAN;

both_databases!(requests_are_counted_by_their_pattern, there_are_none_unless_asked_for);

/// The address that the banner names.
fn address(banner: &str) -> String {
    let line = banner.lines().find(|line| line.trim_start().starts_with("metrics")).expect("a line about metrics");
    line.split("http://").nth(1).and_then(|rest| rest.strip_suffix("/metrics")).expect("a URL").to_owned()
}

/// The value of the line that starts with `name`.
fn value<'a>(page: &'a str, name: &str) -> &'a str {
    let value = page.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    value.unwrap_or_else(|| panic!("{name} is not in\n{page}"))
}

fn number(page: &str, name: &str) -> f64 {
    value(page, name).parse().expect("a number")
}

async fn requests_are_counted_by_their_pattern(database: Database) {
    let running = Program::new(KANBAN, &database).serve(&["--metrics-listen", "127.0.0.1:0"]).await;
    for path in ["/cards/1", "/cards/2", "/cards/4711", "/nothing/4711"] {
        running.client.get(path).send().await;
    }
    running.client.call("BREW", "/cards").send().await.assert_status(405);
    running.client.post("/auth/login").json(&json!({"email": "x", "password": "y"})).send().await.assert_status(401);
    // The API itself has no such path: its port is everybody's.
    running.client.get("/metrics").send().await.assert_problem(404, "PGRST125");
    let monitor = Client::new(address(&running.output()));
    let answer = monitor.get("/metrics").try_send().await.expect("an answer");
    assert!(answer.header("content-type").is_some_and(|kind| kind.starts_with("text/plain; version=0.0.4")));
    let page = answer.assert_status(200).text().to_owned();
    let count = |labels: &str| value(&page, &format!("http_requests_total{{{labels}}}"));
    assert_eq!(count(r#"method="GET",route="/cards/{id}",status="200""#), "2", "{page}");
    assert_eq!(count(r#"method="GET",route="/cards/{id}",status="404""#), "1");
    assert_eq!(count(r#"method="other",route="/cards",status="405""#), "1");
    assert_eq!(count(r#"method="POST",route="/auth/login",status="401""#), "1");
    assert_eq!(count(r#"method="GET",route="-",status="404""#), "2");
    let labels = r#"{method="GET",route="/cards/{id}",status="200"}"#;
    assert_eq!(value(&page, &format!("http_request_duration_seconds_count{labels}")), "2");
    assert!(number(&page, &format!("http_request_duration_seconds_sum{labels}")) > 0.0);
    assert_eq!(value(&page, "http_requests_in_flight"), "0");
    assert!(number(&page, "db_statements_total") >= 5.0);
    assert!(number(&page, "process_start_time_seconds") > 1.7e9);
    let mut labels = page.lines().filter_map(|line| Some(line.split_once('}')?.0));
    assert!(
        labels.all(|labels| !labels.contains("4711") && !labels.contains("BREW")),
        "a client made up labels\n{page}"
    );
    assert_eq!(monitor.get("/cards").try_send().await.expect("an answer").status, 404);
    running.stop().await;
}

async fn there_are_none_unless_asked_for(database: Database) {
    let running = Program::new(KANBAN, &database).serve(&[]).await;
    running.client.get("/metrics").send().await.assert_problem(404, "PGRST125");
    assert!(!running.stop().await.contains("/metrics"));
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = taken.local_addr().expect("an address").to_string();
    let refused = Program::new(KANBAN, &database).env("METRICS_LISTEN", &address);
    refused.run(&["serve", "--port", "0"]).await.assert_code(1).assert_says(&address).assert_says("METRICS_LISTEN");
}
