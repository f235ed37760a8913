//! Bodies are taken and refused as they are described.

use restruct_tests::{
    Document, Server, both,
    resources::{kanban, kept, odd, related},
};
use serde_json::{Map, Value, json};

use super::document;

both!(odd; what_is_required_is_missed, what_is_not_described_is_refused, every_check_is_described);
both!(kept; what_is_required_is_missed_where_states_are_kept);
both!(related; what_is_required_is_missed_between_relations);
both!(kanban; what_the_server_keeps_can_be_sent_back);

async fn what_is_required_is_missed(server: Server) {
    assert_required(&server).await;
}

async fn what_is_required_is_missed_where_states_are_kept(server: Server) {
    assert_required(&server).await;
}

async fn what_is_required_is_missed_between_relations(server: Server) {
    assert_required(&server).await;
}

/// An empty row misses all that is required, and nothing else.
async fn assert_required(server: &Server) {
    let document = document(server).await;
    let root = server.admin("Root").await;
    for (method, path, operation) in document.operations() {
        if method != "post" || !operation["operationId"].as_str().is_some_and(|id| id.ends_with("_create")) {
            continue;
        }
        let required = required(&document, &document.body(method, path)["oneOf"][0]);
        let answer = server.post(path).token(&root.token).json(&json!({})).send().await;
        if required.is_empty() {
            answer.assert_status(201);
        } else {
            answer.assert_invalid(&required.iter().map(String::as_str).collect::<Vec<_>>());
        }
    }
}

fn required(document: &Document, schema: &Value) -> Vec<String> {
    let names = document.resolved(schema)["required"].as_array().into_iter().flatten();
    names.map(|name| name.as_str().expect("a name").to_owned()).collect()
}

async fn what_is_not_described_is_refused(server: Server) {
    let document = document(&server).await;
    let made = server.post("/tickets").json(&json!({"number": 1, "pin": "x"})).send().await.ok(201);
    let path = format!("/tickets/{}", made["id"]);
    for (call, method, at) in [
        (server.post("/tickets"), "post", "/tickets"),
        (server.put(&path), "put", "/tickets/{id}"),
        (server.patch(&path), "patch", "/tickets/{id}"),
    ] {
        let body = json!({"number": 1, "pin": "x", "nonsense": true});
        assert!(!document.fits(document.body(method, at), &body), "{method} {at}");
        call.json(&body).send().await.assert_invalid(&["nonsense"]);
    }
    let login = json!({"email": "ann@example.com", "password": "x", "nonsense": true});
    assert!(!document.fits(document.body("post", "/auth/login"), &login));
    server.post("/auth/login").json(&login).send().await.assert_invalid(&["nonsense"]);
    // PUT leaves alone what it cannot know, so that it need not be sent.
    assert_eq!(required(&document, document.body("put", "/tickets/{id}")), Vec::<String>::new());
    server.put(&path).json(&json!({})).send().await.assert_status(200);
    let default = |name: &str| document.schema(name)["properties"]["chosenOne"].get("default").cloned();
    assert_eq!(["Group.create", "Group.replace"].map(default), [(); 2].map(|()| Some(json!("none"))));
    assert_eq!(default("Group.change"), None, "what is absent stays");
    server.post("/forms").json(&form()).send().await.assert_status(201);
    let replaced = required(&document, document.body("put", "/forms/{id}"));
    let replaced: Vec<_> = replaced.iter().map(String::as_str).collect();
    server.put("/forms/1").json(&json!({})).send().await.assert_invalid(&replaced);
}

fn form() -> Value {
    json!({"word": "four", "grade": 1, "share": 0.5, "code": "AB1"})
}

/// What the document refuses, the server refuses; what it takes, the server takes.
async fn every_check_is_described(server: Server) {
    let document = document(&server).await;
    let schema = document.body("post", "/forms");
    let body = |name: &str, value: &Value| {
        let mut body = form();
        body[name] = value.clone();
        body
    };
    for (name, value, fits) in [
        ("word", json!("ab"), false),
        ("word", json!("abc"), true),
        ("word", json!("äöüßé"), true),
        ("word", json!("abcdef"), false),
        ("word", json!(null), false),
        ("grade", json!(0), false),
        ("grade", json!(10), true),
        ("grade", json!(11), false),
        ("grade", json!(1.5), false),
        ("share", json!(1), true),
        ("share", json!(1.01), false),
        ("mail", json!(null), true),
        ("mail", json!("nobody"), false),
        ("site", json!("https://example.com"), true),
        ("site", json!("example.com"), false),
        ("raw", json!("AAA="), true),
        ("raw", json!("AAAAAAAA"), false),
        ("raw", json!("?"), false),
        ("percent", json!(100_000), false),
        ("even", json!("2"), false),
    ] {
        let body = body(name, &value);
        assert_eq!(document.fits(schema, &body), fits, "{name}: {value}");
        let answer = server.post("/forms").json(&body).send().await;
        assert_eq!(answer.status, if fits { 201 } else { 422 }, "{answer:?}");
    }
    let form = &document.schema("Form.create")["properties"];
    assert_eq!(form["code"]["pattern"], "^[A-Z]{2}[0-9]+$");
    assert_eq!(form["mail"]["type"], json!(["string", "null"]));
    assert_eq!((&form["mail"]["format"], &form["site"]["format"]), (&json!("email"), &json!("uri")));
    let sample = &document.schema("Sample")["properties"];
    assert_eq!(sample["shade"]["enum"], json!(["light", "very_dark"]));
    assert_eq!((&sample["medium"]["format"], &sample["large"]["format"]), (&json!("int32"), &json!("int64")));
    assert_eq!(sample["bytes"]["contentEncoding"], "base64");
    assert_eq!(document.schema("Maybe")["properties"]["shade"]["enum"], json!(["light", "very_dark", null]));
    assert_eq!(sample["flag"]["description"], "`bool`", "what the doc comment says");
    assert_eq!(document.schema("Sample")["description"], "One field of every type.");
}

async fn what_the_server_keeps_can_be_sent_back(server: Server) {
    let document = document(&server).await;
    let ann = server.register("Ann").await;
    let card = server.create("/cards", &ann.token, &json!({"title": "x"})).await;
    let kept = ["id", "user_id", "created_at", "updated_at", "version"];
    for name in ["Card", "Card.create", "Card.replace", "Card.change"] {
        let properties = &document.schema(name)["properties"];
        let marked: Map<_, _> = properties.as_object().expect("properties").clone();
        let marked = marked.iter().filter(|(name, schema)| schema["readOnly"] == true && kept.contains(&name.as_str()));
        assert_eq!(marked.count(), kept.len(), "{name}: {properties}");
        document.assert_fits(document.schema(name), &card);
    }
    let path = format!("/cards/{}", card["id"]);
    server.put(&path).token(&ann.token).json(&card).send().await.assert_status(200);
    let each = document.schema("Card.each");
    assert_eq!((each["required"].clone(), each["properties"]["id"].get("readOnly")), (json!(["id"]), None));
    assert_eq!(
        document.schema("User.change")["properties"]["is_admin"]["description"],
        "The Boolean that authorizes.\n\nOnly an administrator may give it another value"
    );
    assert_eq!(document.schema("User.create")["properties"]["is_admin"]["default"], false);
}
