//! Every operation is asked in ways that it refuses, and some that it does not: whatever comes back is described.

use restruct_tests::{
    Answer, Call, Document, Server, both,
    client::encode,
    resources::{families, kept, odd},
};
use serde_json::{Value, json};

use super::document;

both!(kept; whatever_comes_back_is_described, conditions_are_those_that_hold, keys_of_requests_are_as_described);
both!(odd; whatever_comes_back_is_described_of_odd_resources);
both!(families; whatever_comes_back_is_described_of_families, rows_that_come_along_are_as_many_as_described);
both!(families; resolutions_are_those_that_are_taken);

/// Rows with the key 1, where the resource has such keys.
const KEPT: [(&str, &str); 8] = [
    ("/cards", r#"{"title": "x"}"#),
    ("/comments", r#"{"message": "x", "card_id": 1}"#),
    ("/shelves", r#"{"label": "x"}"#),
    ("/books", r#"{"title": "x"}"#),
    ("/accounts", "{}"),
    ("/profiles", r#"{"name": "x"}"#),
    ("/relics", r#"{"name": "x"}"#),
    ("/purchases", r#"{"customer": "x", "price": 1}"#),
];

async fn whatever_comes_back_is_described(server: Server) {
    assert_described(&server, &KEPT).await;
}

async fn whatever_comes_back_is_described_of_odd_resources(server: Server) {
    let rows = [
        ("/tickets", r#"{"number": 1, "pin": "x"}"#),
        ("/readings", r#"{"count": 1}"#),
        ("/gadgets", r#"{"label": "x"}"#),
    ];
    assert_described(&server, &rows).await;
}

async fn whatever_comes_back_is_described_of_families(server: Server) {
    let shop = r#"{"name": "x", "offers": [{"code": "a"}], "letters": [{"text": "x"}]}"#;
    assert_described(&server, &[("/shops", shop)]).await;
}

async fn assert_described(server: &Server, rows: &[(&str, &str)]) {
    let document = document(server).await;
    let (ann, root) = (server.register("Ann").await, server.admin("Root").await);
    for (path, row) in rows {
        let made = server.post(path).token(&ann.token).body("application/json", (*row).to_owned()).send().await;
        document.assert_answers("post", path, made.assert_status(201));
    }
    let mut operations: Vec<_> = document.operations().map(|(method, path, _)| (method, path)).collect();
    // What is deleted answers nothing more.
    operations.sort_by_key(|(method, _)| *method == "delete");
    let mut seen = std::collections::BTreeSet::new();
    for (method, path) in operations {
        let mut answers = Vec::new();
        for token in [None, Some(ann.token.as_str()), Some(root.token.as_str())] {
            for call in provoked(server, method, path) {
                answers.push(call.maybe_token(token).send().await);
            }
        }
        let call = server.call(&method.to_uppercase(), &path.replace("{id}", "1"));
        answers.push(call.clone().token("nonsense").json(&json!({})).send().await);
        // Whoever refuses a request for its path does not wait for its body.
        if method == "post" {
            answers.push(call.token(&root.token).json(&json!({"title": "x".repeat(1 << 20)})).send().await);
        }
        for answer in &answers {
            document.assert_answers(method, path, answer);
            seen.insert(answer.status);
        }
    }
    for status in [200, 304, 400, 401, 403, 404, 412, 413, 415, 422] {
        assert!(seen.contains(&status), "{status} was not provoked: {seen:?}");
    }
}

/// Requests for the row 1 or for all rows, each with something about it.
fn provoked(server: &Server, method: &str, path: &str) -> Vec<Call> {
    let path = path.replace("{id}", "1");
    let ask = |query: &str| server.call(&method.to_uppercase(), &format!("{path}{query}"));
    let plain = || ask("").json(&json!({}));
    let mut calls = vec![
        plain(),
        ask("?nonsense=1").json(&json!({})),
        ask("?select=*").json(&json!({})),
        ask("?select=nonsense").json(&json!({})),
        ask("?id=eq.4711").json(&json!({})),
        plain().header("if-match", "\"x\""),
        plain().header("if-match", "*"),
        plain().header("if-match", "x"),
        plain().header("if-none-match", "*"),
        plain().header("if-none-match", "\"x\""),
        plain().header("prefer", "handling=strict, nonsense"),
        plain().header("prefer", "handling=strict"),
        plain().header("prefer", "return=minimal, count=exact, resolution=merge-duplicates"),
        plain().header("prefer", "count=exact").header("range", "items=4000-"),
        plain().header("idempotency-key", "a b"),
        plain().header("content-encoding", "gzip"),
        ask("").json(&json!({"nonsense": 1})),
        ask("").json(&json!([{}])),
        ask("").body("application/json", "{"),
        ask("").body("application/json; charset=utf-16", "{}"),
        ask("").body("text/plain", "x"),
    ];
    if method == "post" {
        calls.push(
            ask("?on_conflict=name").json(&json!({"name": "x"})).header("prefer", "resolution=ignore-duplicates"),
        );
    }
    calls
}

/// The parameters of an operation in its headers.
fn headers(document: &Document, method: &str, path: &str) -> Vec<String> {
    let all = document.parameters(method, path).into_iter().filter(|parameter| parameter["in"] == "header");
    all.map(|parameter| parameter["name"].as_str().expect("a name").to_owned()).collect()
}

/// What asks for a state is described where there are some, and what it is answered everywhere.
async fn conditions_are_those_that_hold(server: Server) {
    let document = document(&server).await;
    let ann = server.register("Ann").await;
    for (path, row) in KEPT {
        server.post(path).token(&ann.token).body("application/json", row).send().await.assert_status(201);
    }
    for (path, tagged) in [("/books", true), ("/shelves", false), ("/comments", false), ("/relics", true)] {
        let (_, row) = KEPT.into_iter().find(|(known, _)| *known == path).expect("a row");
        let (one, at) = (format!("{path}/{{id}}"), format!("{path}/1"));
        for method in ["get", "patch", "put", "delete"] {
            let described = headers(&document, method, &one);
            assert_eq!(described.iter().filter(|name| name.starts_with("If-")).count(), if tagged { 2 } else { 0 });
            let call = server.call(&method.to_uppercase(), &at).token(&ann.token).body("application/json", row);
            let stale = call.header("if-match", "\"x\"").send().await;
            document.assert_answers(method, &one, stale.assert_status(412));
        }
        let known = server.get(&at).header("if-none-match", "*").send().await;
        document.assert_answers("get", &one, known.assert_status(304));
        let told = document.operation("get", &one)["responses"]["304"]["headers"].get("ETag").is_some();
        assert_eq!((told, known.header("etag").is_some()), (tagged, tagged), "{path}");
        // A list has no tag.
        for method in ["post", "patch", "delete"] {
            let described = headers(&document, method, path);
            assert!(described.iter().all(|name| !name.starts_with("If-")), "{method} {path}: {described:?}");
            let call = server.call(&method.to_uppercase(), &format!("{path}?select=id")).token(&ann.token);
            let any = call.json(&json!({})).header("if-none-match", "*").send().await;
            document.assert_answers(method, path, any.assert_status(412));
        }
        let listed = headers(&document, "get", path);
        assert!(listed.iter().all(|name| !name.starts_with("If-")), "{path}: {listed:?}");
        for (name, value, status) in [("if-match", "\"x\"", 412), ("if-none-match", "*", 304)] {
            let answer = server.get(path).header(name, value).send().await;
            document.assert_answers("get", path, answer.assert_status(status));
        }
    }
}

async fn keys_of_requests_are_as_described(server: Server) {
    let document = document(&server).await;
    let ann = server.register("Ann").await;
    let key = document.parameters("post", "/cards").into_iter().find(|known| known["name"] == "Idempotency-Key");
    let schema = &key.expect("the parameter")["schema"];
    assert_eq!(*schema, json!({"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"}));
    for (key, status) in
        [("k".repeat(255), 201), ("k".repeat(256), 400), ("!~".into(), 201), ("a b".into(), 400), ("é".into(), 400)]
    {
        let call = server.post("/cards").token(&ann.token).json(&json!({"title": "x"}));
        let answer = call.header("idempotency-key", &key).send().await;
        document.assert_answers("post", "/cards", answer.assert_status(status));
        let visible = key.bytes().all(|byte| byte.is_ascii_graphic());
        assert_eq!(document.fits(schema, &json!(key)) && visible, status == 201, "{key}");
    }
}

async fn rows_that_come_along_are_as_many_as_described(server: Server) {
    let document = document(&server).await;
    let most = &document.schema("Shop.create")["properties"]["offers"]["maxItems"];
    let offers = |count: usize| (0..count).map(|n| json!({"code": n.to_string()})).collect::<Value>();
    for (count, status) in [(999, 201), (1000, 422)] {
        let shop = json!({"name": count.to_string(), "offers": offers(count)});
        server.post("/shops").json(&shop).send().await.assert_status(status);
    }
    assert_eq!(*most, json!(999), "the shop is a row as well");
    assert_eq!(document.body("post", "/shops")["oneOf"][1]["maxItems"], 1000);
}

/// What can be there already is asked where a client gives something unique.
async fn resolutions_are_those_that_are_taken(server: Server) {
    let document = document(&server).await;
    let root = server.admin("Root").await;
    for (path, row, target) in [
        ("/shops", json!({"name": "a"}), Some("name")),
        ("/offers", json!({"code": "a", "shop_id": 1}), Some("shop_id,code")),
        ("/complaints", json!({"text": "a"}), None),
        ("/remarks", json!({"offer_id": 1}), None),
    ] {
        let parameters = document.parameters("post", path);
        let text = |name: &str| {
            let found = parameters.iter().find(|parameter| parameter["name"] == name);
            found.map(|parameter| parameter["description"].to_string()).unwrap_or_default()
        };
        let offered = text("Prefer").contains("resolution=");
        assert_eq!((offered, !text("on_conflict").is_empty()), (target.is_some(), target.is_some()), "{path}");
        assert_eq!(document.operation("post", path)["responses"].get("200").is_some(), target.is_some(), "{path}");
        let asked = format!("{path}?on_conflict={}", encode(target.unwrap_or("id")));
        let call = server.post(&asked).token(&root.token).json(&row).header("prefer", "resolution=merge-duplicates");
        let answer: Answer = call.send().await;
        document.assert_answers("post", path, answer.assert_status(if target.is_some() { 201 } else { 400 }));
    }
}
