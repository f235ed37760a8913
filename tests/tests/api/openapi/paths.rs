//! What is described is mounted, what is mounted is described, and everything is called something else.

use std::collections::{BTreeMap, BTreeSet};

use restruct_tests::{
    Database, Document, Server, both, both_databases,
    process::Program,
    resources::{RULED, closed, families, kanban, kept, odd, related, ruled},
};
use serde_json::{Value, json};

use super::document;
use crate::KANBAN;

both_databases!(describes_every_route_and_no_other);
both!(ruled; follows_the_rules);
both!(kanban; paths_take_what_is_described, says_who_may);
both!(closed; nobody_registers_where_that_is_closed);

/// Everything at once that can be named twice.
mod all {
    use super::*;

    both!(odd; refers_to_what_is_there);
    both!(kept; refers_to_what_is_there_too);
    both!(related; refers_to_what_is_there_as_well);
    both!(families; refers_to_what_comes_along);

    async fn refers_to_what_is_there(server: Server) {
        assert_whole(&document(&server).await);
    }

    async fn refers_to_what_is_there_too(server: Server) {
        assert_whole(&document(&server).await);
    }

    async fn refers_to_what_is_there_as_well(server: Server) {
        assert_whole(&document(&server).await);
    }

    async fn refers_to_what_comes_along(server: Server) {
        assert_whole(&document(&server).await);
    }
}

async fn describes_every_route_and_no_other(database: Database) {
    let program = Program::new(KANBAN, &database);
    let listed = program.run(&["routes", "--json"]).await;
    let listed: Vec<Value> = serde_json::from_str(&listed.stdout).expect("routes --json prints JSON");
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    let mut routes: BTreeSet<_> =
        listed.iter().map(|route| (text(&route["method"]).to_lowercase(), text(&route["path"]))).collect();
    routes.extend(["/healthz", "/readyz"].map(|path| ("get".to_owned(), path.to_owned())));
    let running = program.serve(&[]).await;
    let document = document(&running.client).await;
    running.stop().await;
    let described: BTreeSet<_> =
        document.operations().map(|(method, path, _)| (method.to_owned(), path.to_owned())).collect();
    assert_eq!(described, routes);
    assert!(described.len() > 28, "{described:?}");
    assert_whole(&document);
}

async fn follows_the_rules(server: Server) {
    let document = document(&server).await;
    for ruled in RULED {
        let expected = |operations: &[(&'static str, &str)]| -> BTreeSet<&str> {
            operations.iter().filter(|(_, rule)| *rule != "none").map(|(method, _)| *method).collect()
        };
        let [read, create, update, delete] = [ruled.read, ruled.create, ruled.update, ruled.delete];
        let list = expected(&[("get", read), ("post", create), ("patch", update), ("delete", delete)]);
        let item = expected(&[("get", read), ("put", update), ("patch", update), ("delete", delete)]);
        let described = |path: &str| -> BTreeSet<&str> {
            document.operations().filter(|(_, at, _)| *at == path).map(|(method, ..)| method).collect()
        };
        assert_eq!(described(ruled.path), list, "{ruled:?}");
        assert_eq!(described(&format!("{}/{{id}}", ruled.path)), item, "{ruled:?}");
    }
    // What nobody reads is in no answer.
    assert!(document.0["components"]["schemas"].get("Trace").is_none());
    let made = &document.operation("post", "/traces")["responses"]["201"];
    assert!(made.get("content").is_none(), "{made}");
    assert_whole(&document);
}

async fn paths_take_what_is_described(server: Server) {
    let document = document(&server).await;
    let mut paths: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for (method, path, _) in document.operations() {
        paths.entry(path).or_default().push(method.to_uppercase());
    }
    for (path, mut methods) in paths {
        methods.push("OPTIONS".into());
        if methods.iter().any(|method| method == "GET") {
            methods.push("HEAD".into());
        }
        let methods: Vec<_> = methods.iter().map(String::as_str).collect();
        server.call("OPTIONS", &path.replace("{id}", "1")).send().await.assert_status(204).assert_allow(&methods);
    }
}

async fn says_who_may(server: Server) {
    let document = document(&server).await;
    let bearer = json!([{"bearer": []}]);
    for (method, path, security) in [
        ("get", "/cards", json!([{}, {"bearer": []}])),
        ("post", "/cards", bearer.clone()),
        ("get", "/users", bearer.clone()),
        ("delete", "/users/{id}", bearer.clone()),
        ("get", "/auth/me", bearer.clone()),
        ("post", "/auth/password", bearer),
        ("post", "/auth/login", json!([])),
        ("post", "/auth/register", json!([])),
        ("get", "/healthz", json!([])),
    ] {
        assert_eq!(document.operation(method, path)["security"], security, "{method} {path}");
    }
    let words = |method: &str, path: &str| document.operation(method, path)["description"].to_string();
    for (path, who) in [("/cards", "authenticated"), ("/comments", "authenticated"), ("/users", "admin")] {
        let text = words("post", path);
        assert!(text.contains(&format!("Who may: {who}")), "{path}: {text}");
        assert_eq!(text.contains("The row is its maker's"), who == "authenticated", "{path}: {text}");
    }
    assert!(words("patch", "/cards/{id}").contains("Who may: owner, admin"));
    let ann = server.register("Ann").await;
    server.create("/cards", &ann.token, &json!({"title": "x"})).await;
    server.post("/users").token(&ann.token).json(&json!({})).send().await.assert_problem(403, "42501");
    for (method, path, operation) in document.operations() {
        // Without a token it is refused where one is described, and only there.
        let call = server.call(&method.to_uppercase(), &path.replace("{id}", "1")).json(&json!({}));
        let refused = call.send().await.status == 401;
        let open = operation["security"].as_array().is_some_and(|all| all.is_empty() || all.contains(&json!({})));
        // A login that does not say who is another failure.
        assert_eq!(refused, !open, "{method} {path}");
        assert!(operation["responses"].get("401").is_some() || path.ends_with("healthz") || path.ends_with("readyz"));
    }
}

async fn nobody_registers_where_that_is_closed(server: Server) {
    let document = document(&server).await;
    assert!(document.0["paths"].get("/auth/register").is_none());
    assert!(document.0["components"]["schemas"].get("Member.register").is_none());
    let login = document.body("post", "/auth/login");
    assert_eq!(login["required"], json!(["handle", "secret"]));
    assert_whole(&document);
}

/// Every reference leads somewhere, every schema is referred to, and no two operations or parameters have one name.
#[track_caller]
fn assert_whole(document: &Document) {
    let mut references = BTreeSet::new();
    walk(&document.0, &mut |value| {
        if let Some(reference) = value["$ref"].as_str() {
            let target = document.0.pointer(reference.trim_start_matches('#'));
            assert!(target.is_some(), "{reference} leads to nothing");
            references.insert(reference.to_owned());
        }
    });
    for kind in ["schemas", "parameters", "headers", "responses"] {
        for name in document.0["components"][kind].as_object().expect("components").keys() {
            assert!(references.contains(&format!("#/components/{kind}/{name}")), "nothing refers to {name}");
            assert!(name.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b)), "{name}");
        }
    }
    let mut ids = BTreeSet::new();
    for (method, path, operation) in document.operations() {
        let id = operation["operationId"].as_str().expect("an id");
        assert!(ids.insert(id), "{id} is there twice");
        let mut parameters = BTreeSet::new();
        for parameter in document.parameters(method, path) {
            let name = (parameter["in"].to_string(), parameter["name"].to_string());
            assert!(parameters.insert(name.clone()), "{method} {path} has {name:?} twice");
        }
        let tag = &operation["tags"][0];
        let tags = document.0["tags"].as_array().expect("tags");
        assert!(tags.iter().any(|known| &known["name"] == tag), "{tag} is not described");
        assert!(operation["responses"].get("default").is_some(), "{method} {path}");
    }
}

fn walk(value: &Value, see: &mut dyn FnMut(&Value)) {
    see(value);
    match value {
        Value::Array(items) => items.iter().for_each(|item| walk(item, see)),
        Value::Object(members) => members.values().for_each(|member| walk(member, see)),
        _ => {}
    }
}
