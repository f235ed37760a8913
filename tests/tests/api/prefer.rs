//! `Prefer` (RFC 7240): what a write answers, and what is said of it.

use restruct_tests::{
    Call, Server, both,
    resources::{kanban, odd},
};
use serde_json::{Value, json};

both!(kanban; minimal_writes_answer_nothing, strict_handling_refuses_what_is_not_honoured, refusals_come_in_order);
both!(odd; a_count_is_exact, says_what_it_honours);

async fn minimal_writes_answer_nothing(server: Server) {
    let ann = server.register("Ann").await;
    let minimal = |call: Call| call.token(&ann.token).header("prefer", "return=minimal");
    let made = minimal(server.post("/cards")).json(&json!({"title": "x"})).send().await;
    made.assert_status(201).assert_empty().assert_header("preference-applied", "return=minimal");
    let path = made.header("location").expect("where it is").to_owned();
    assert_eq!(made.header("content-type"), None, "{made:?}");
    for (call, title) in [
        (server.patch(&path).json(&json!({"title": "y"})), "y"),
        (server.put(&path).json(&json!({"title": "z"})), "z"),
        (server.patch(&path).json(&json!({})), "z"),
    ] {
        let answer = minimal(call).send().await;
        answer.assert_status(204).assert_empty().assert_header("preference-applied", "return=minimal");
        assert_eq!(server.get(&path).send().await.ok(200)["title"], title);
    }
    minimal(server.patch(&path)).json(&json!({"title": ""})).send().await.assert_invalid(&["title"]);
    minimal(server.delete(&path)).send().await.assert_status(204).assert_empty();
    minimal(server.delete(&path)).send().await.assert_problem(404, "PGRST116");
    for rows in [json!([]), json!([{"title": "a"}, {"title": "b"}])] {
        let many = minimal(server.post("/cards")).json(&rows).send().await;
        many.assert_status(201).assert_empty().assert_header("preference-applied", "return=minimal");
        assert_eq!(many.header("location"), None, "{many:?}");
    }
    assert_eq!(server.get("/cards").send().await.rows().len(), 2);
}

async fn says_what_it_honours(server: Server) {
    let said = async |call: Call, prefer: &[&str]| {
        let call = prefer.iter().fold(call, |call, value| call.header("prefer", value));
        let answer = call.send().await;
        assert!((200..300).contains(&answer.status), "{answer:?}");
        let vary = answer.header("vary").unwrap_or_default().to_lowercase();
        assert!(vary.split(", ").any(|name| name == "prefer"), "{answer:?}");
        answer.header("preference-applied").map(str::to_owned)
    };
    let post = || server.post("/gadgets").json(&json!({"label": "x"}));
    assert_eq!(said(post(), &[]).await, None);
    assert_eq!(said(post(), &["return=representation"]).await.as_deref(), Some("return=representation"));
    assert_eq!(said(post(), &["RETURN=\"Minimal\""]).await.as_deref(), Some("return=minimal"));
    assert_eq!(said(post(), &["return=headers-only"]).await.as_deref(), Some("return=headers-only"));
    assert_eq!(said(post(), &["respond-async, wait=5", "x"]).await, None);
    assert_eq!(said(post(), &["return=half", "handling=lenient"]).await.as_deref(), Some("handling=lenient"));
    assert_eq!(
        said(post(), &["handling=strict", "return=minimal"]).await.as_deref(),
        Some("handling=strict, return=minimal")
    );
    assert_eq!(said(server.get("/gadgets/1"), &["return=minimal, count=exact"]).await, None);
    assert_eq!(said(server.get("/gadgets"), &["return=minimal, count=exact"]).await.as_deref(), Some("count=exact"));
}

async fn a_count_is_exact(server: Server) {
    let rows: Vec<_> = (0..5).map(|n| json!({"label": format!("g{n}")})).collect();
    server.post("/gadgets").json(&Value::Array(rows)).send().await.assert_status(201);
    for count in ["exact", "planned", "estimated"] {
        let list = server.get("/gadgets").header("prefer", &format!("count={count}")).send().await;
        list.assert_status(200).assert_header("content-range", "0-2/5");
        list.assert_header("preference-applied", "count=exact");
    }
    let uncounted = server.get("/gadgets").header("prefer", "return=minimal; count=exact").send().await;
    uncounted.assert_header("content-range", "0-2/*");
}

async fn strict_handling_refuses_what_is_not_honoured(server: Server) {
    let ann = server.register("Ann").await;
    let card = json!({"title": "x"});
    let made = server.create("/cards", &ann.token, &card).await;
    let path = format!("/cards/{}", made["id"]);
    let post = || server.post("/cards").token(&ann.token).json(&card);
    for (call, prefer, named) in [
        (post(), "handling=strict, foo, bar=1", "foo, bar=1"),
        (post(), "tx=rollback, handling=strict", "tx=rollback"),
        (post(), "handling=strict, return=half", "return=half"),
        (server.get("/cards"), "handling=strict, return=minimal", "return=minimal"),
        (server.get("/cards/1"), "handling=strict, count=exact", "count=exact"),
        (server.delete(&path).token(&ann.token), "handling=strict, count=exact", "count=exact"),
        (server.patch(&path).token(&ann.token).json(&card), "handling=strict, count=exact", "count=exact"),
    ] {
        let problem = call.header("prefer", prefer).send().await.assert_problem(400, "PGRST122");
        let details = problem["details"].as_str().expect("details").to_owned();
        assert!(details.ends_with(&format!(": {named}")), "{details}");
    }
    assert_eq!(server.get("/cards").send().await.rows(), [made], "nothing was made, changed or deleted");
}

async fn refusals_come_in_order(server: Server) {
    let strict = |call: Call| call.header("prefer", "handling=strict, foo");
    strict(server.post("/cards")).json(&json!({"title": "x"})).send().await.assert_problem(401, "PGRST302");
    strict(server.get("/nothing")).send().await.assert_problem(404, "PGRST125");
    strict(server.put("/users")).send().await.assert_status(405);
}
