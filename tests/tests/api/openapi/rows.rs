//! Answers are what is described, and hold nothing that is hidden.

use std::collections::BTreeSet;

use restruct::App;
use restruct_tests::{
    Answer, Document, Server, both,
    resources::{families, guests, kanban, kept, odd, related},
};
use serde_json::{Value, json};

use super::document;
use crate::types::sample;

both!(kanban; answers_are_as_described, failures_are_as_described);
both!(odd; every_type_is_as_described, what_is_hidden_is_in_no_answer, limits_are_those_that_hold);
both!(odd; filters_are_those_that_are_understood);
both!(kept; states_are_described_where_there_are_some);
both!(families; what_comes_along_is_as_described);
both!(hidden; what_is_gone_or_secret_is_not_described);
both!(related; relations_are_as_described);

async fn answers_are_as_described(server: Server) {
    let document = document(&server).await;
    let fits = |answer: &Answer, method: &str, path: &str| document.assert_answers(method, path, answer);
    let ann = json!({"name": "Ann", "email": "ann@example.com", "password": "correct horse battery"});
    let session = server.post("/auth/register").json(&ann).send().await;
    fits(&session, "post", "/auth/register");
    document.assert_fits(document.body("post", "/auth/register"), &ann);
    let login = json!({"email": "ann@example.com", "password": "correct horse battery"});
    document.assert_fits(document.body("post", "/auth/login"), &login);
    fits(&server.post("/auth/login").json(&login).send().await, "post", "/auth/login");
    let token = session.json()["access_token"].as_str().expect("a token").to_owned();
    fits(&server.get("/auth/me").token(&token).send().await, "get", "/auth/me");
    let made = server.post("/cards").token(&token).json(&json!({"title": "one"})).send().await;
    fits(made.assert_status(201), "post", "/cards");
    let path = format!("/cards/{}", made.id());
    let many = json!([{"title": "two", "date": "2026-01-31"}, {"title": "three", "comments": [{"message": "x"}]}]);
    document.assert_fits(document.body("post", "/cards"), &many);
    fits(server.post("/cards").token(&token).json(&many).send().await.assert_status(201), "post", "/cards");
    for query in ["", "?limit=1", "?offset=1", "?select=*,user(*),comments(*)", "?title=like.t*&order=date.desc"] {
        let list = server.get(&format!("/cards{query}")).header("prefer", "count=exact").send().await;
        fits(list.assert_status(200), "get", "/cards");
    }
    fits(&server.get(&path).send().await, "get", "/cards/{id}");
    fits(&server.get(&format!("{path}?select=*,user(*)")).send().await, "get", "/cards/{id}");
    let patched = server.patch(&path).token(&token).json(&json!({"status": "Done"})).send().await;
    fits(&patched, "patch", "/cards/{id}");
    // What was answered can be sent back.
    document.assert_fits(document.body("put", "/cards/{id}"), &patched.json());
    fits(&server.put(&path).token(&token).json(&patched.json()).send().await, "put", "/cards/{id}");
    let some = server.patch("/cards?title=eq.two").token(&token).json(&json!({"priority": "Low"})).send().await;
    fits(&some, "patch", "/cards");
    let each = json!([{"id": some.json()[0]["id"], "title": "2"}]);
    document.assert_fits(document.body("patch", "/cards"), &each);
    fits(&server.patch("/cards").token(&token).json(&each).send().await, "patch", "/cards");
    fits(&server.delete("/cards?title=eq.2").token(&token).send().await, "delete", "/cards");
    let shown = "?select=*,user(*),comments(*)";
    let more = server.post(&format!("/cards{shown}")).token(&token).json(&json!({"title": "four"})).send().await;
    fits(more.assert_status(201), "post", "/cards");
    let select = |method, path| document.parameters(method, path).into_iter().find(|known| known["name"] == "select");
    for (method, at) in
        [("patch", "/cards/{id}"), ("put", "/cards/{id}"), ("delete", "/cards/{id}"), ("patch", "/cards")]
    {
        let text = select(method, at).expect("the parameter")["description"].to_string();
        assert!(text.contains("`user`: one of users") && !text.contains("!inner"), "{method} {at}: {text}");
    }
    let joined = server.patch(&format!("{path}?select=id,user!inner(id)")).token(&token).json(&json!({})).send().await;
    joined.assert_problem(400, "PGRST100");
    assert!(select("get", "/cards").expect("the parameter")["description"].to_string().contains("!inner"));
    let minimal = server.patch(&path).token(&token).header("prefer", "return=minimal").json(&json!({"title": "x"}));
    minimal.send().await.assert_status(204).assert_empty();
    assert!(document.operation("patch", "/cards/{id}")["responses"]["204"].get("content").is_none());
    fits(&server.delete(&path).token(&token).send().await, "delete", "/cards/{id}");
    fits(&server.get("/comments").send().await, "get", "/comments");
    fits(&server.get("/users").token(&token).send().await, "get", "/users");
    fits(&server.get("/healthz").send().await, "get", "/healthz");
    fits(&server.get("/readyz").send().await, "get", "/readyz");
    let change = json!({"current": "correct horse battery", "new": "battery staple"});
    document.assert_fits(document.body("post", "/auth/password"), &change);
    fits(&server.post("/auth/password").token(&token).json(&change).send().await, "post", "/auth/password");
}

async fn failures_are_as_described(server: Server) {
    let document = document(&server).await;
    let ann = server.register("Ann").await;
    let bob = server.register("Bob").await;
    let card = server.create("/cards", &ann.token, &json!({"title": "x"})).await;
    let path = format!("/cards/{}", card["id"]);
    let taken = json!({"name": "Ann", "email": ann.email, "password": ann.password});
    let (one, many) = ("/cards/{id}", "/cards");
    for (call, method, at, status) in [
        (server.get("/cards?titel=x"), "get", many, 400),
        (server.get("/cards?limit=1001"), "get", many, 400),
        (server.get("/cards?offset=9").header("prefer", "count=exact"), "get", many, 416),
        (server.post("/cards").json(&json!({})), "post", many, 401),
        (server.post("/cards").token(&ann.token).json(&json!({"title": 1})), "post", many, 422),
        (server.post("/cards").token(&ann.token).body("text/plain", "x"), "post", many, 415),
        (
            server.post("/comments").token(&ann.token).json(&json!({"message": "x", "card_id": 0})),
            "post",
            "/comments",
            409,
        ),
        (server.get("/cards/4711"), "get", one, 404),
        (server.get("/cards").token("nonsense"), "get", many, 401),
        (server.patch(&path).token(&bob.token).json(&json!({"title": "mine"})), "patch", one, 404),
        (
            server.patch(&path).token(&ann.token).header("if-match", "\"0-0\"").json(&json!({"title": "y"})),
            "patch",
            one,
            412,
        ),
        (
            server.patch(&format!("/users/{}", ann.id)).token(&ann.token).json(&json!({"is_admin": true})),
            "patch",
            "/users/{id}",
            403,
        ),
        (server.delete(&format!("/users/{}", ann.id)).token(&ann.token), "delete", "/users/{id}", 403),
        (server.post("/auth/register").json(&taken), "post", "/auth/register", 409),
        (
            server.post("/auth/login").json(&json!({"email": ann.email, "password": "wrong"})),
            "post",
            "/auth/login",
            401,
        ),
        (server.post("/auth/login").json(&json!({"email": ann.email})), "post", "/auth/login", 422),
    ] {
        let answer = call.send().await;
        document.assert_answers(method, at, answer.assert_status(status));
    }
    let problem = server.get("/nothing").send().await.json();
    document.assert_fits(document.schema("service.problem"), &problem);
}

async fn every_type_is_as_described(server: Server) {
    let document = document(&server).await;
    document.assert_fits(document.body("post", "/samples"), &sample());
    let made = server.post("/samples").json(&sample()).send().await;
    document.assert_fits(document.answer("post", "/samples", 201), &made.ok(201));
    let nothing = server.post("/maybe").json(&json!({})).send().await;
    document.assert_fits(document.answer("post", "/maybe", 201), &nothing.ok(201));
    server.post("/maybe").json(&sample()).send().await.assert_status(201);
    for path in ["/samples", "/maybe"] {
        document.assert_fits(document.answer("get", path, 200), &server.get(path).send().await.ok(200));
    }
    let parcel = server.post("/parcels").json(&json!({"content": "x"})).send().await.ok(201);
    document.assert_fits(document.schema("Parcel"), &parcel);
    server.post("/legs").json(&json!({"parcel_id": parcel["id"]})).send().await.assert_status(201);
    let legs = server.get("/legs?select=*,parcel(*)").send().await.ok(200);
    document.assert_fits(document.answer("get", "/legs", 200), &legs);
    let group = server.post("/groups").json(&json!({"type": "a", "table": "b", "position": 1})).send().await.ok(201);
    document.assert_fits(document.schema("Group"), &group);
}

/// Names of what no answer has, by resource.
const HIDDEN: [(&str, &[&str]); 3] = [("User", &["password"]), ("Ticket", &["pin", "batch"]), ("Reading", &["hidden"])];

async fn what_is_hidden_is_in_no_answer(server: Server) {
    let document = document(&server).await;
    for (resource, names) in HIDDEN {
        let row = &document.schema(resource)["properties"];
        let sent = &document.schema(&format!("{resource}.create"))["properties"];
        for name in names {
            assert!(row.get(name).is_none(), "{resource}.{name}");
            assert_eq!(sent[name]["writeOnly"], true, "{resource}.{name} can be sent");
            assert!(sent[name].get("default").is_none(), "and what it is unsaid cannot be seen");
        }
    }
    let names: BTreeSet<_> = HIDDEN.iter().flat_map(|(_, names)| names.iter().copied()).collect();
    let mut answered = Vec::new();
    for (method, path, operation) in document.operations() {
        for answer in operation["responses"].as_object().expect("answers").values() {
            members(&document, answer, &mut answered, 0);
        }
        for parameter in document.parameters(method, path) {
            answered.push(parameter["name"].as_str().expect("a name").to_owned());
        }
    }
    let shown: Vec<_> = answered.iter().filter(|name| names.contains(name.as_str())).collect();
    assert!(shown.is_empty() && answered.len() > 500, "{shown:?}");
    for word in ["_ver", "_row", "bcrypt", "$2b$"] {
        assert!(!document.0.to_string().contains(word), "{word}");
    }
}

/// Every property that an answer may have, as far as rows within rows go.
fn members(document: &Document, value: &Value, found: &mut Vec<String>, depth: usize) {
    if depth > 12 {
        return;
    }
    let value = document.resolved(value);
    if let Some(properties) = value["properties"].as_object() {
        found.extend(properties.keys().cloned());
    }
    match value {
        Value::Array(items) => items.iter().for_each(|item| members(document, item, found, depth + 1)),
        Value::Object(all) => all.values().for_each(|member| members(document, member, found, depth + 1)),
        _ => {}
    }
}

fn hidden() -> App {
    guests()
}

async fn what_is_gone_or_secret_is_not_described(server: Server) {
    let document = document(&server).await;
    let text = document.0.to_string();
    assert!(!text.contains("left_at"), "nobody sees when somebody left");
    assert!(document.schema("Guest.create")["properties"].get("password").is_some());
    assert!(document.schema("Guest")["properties"].get("password").is_none());
    // Somebody who left is still there for the foreign keys.
    assert!(document.operation("delete", "/guests/{id}")["responses"].get("409").is_none());
}

async fn relations_are_as_described(server: Server) {
    let document = document(&server).await;
    let ann = server.register("Ann").await;
    let letter = json!({"text": "x", "receiver": ann.id});
    document.assert_fits(document.body("post", "/messages"), &letter);
    server.create("/messages", &ann.token, &letter).await;
    let list = server.get("/messages?select=*,from(*),to(*)").token(&ann.token).send().await.ok(200);
    document.assert_fits(document.answer("get", "/messages", 200), &list);
    let users = server.get("/users?select=*,sent(*),received(*)").token(&ann.token).send().await.ok(200);
    document.assert_fits(document.answer("get", "/users", 200), &users);
    // Nobody follows what nobody sees.
    let message = &document.schema("Message")["properties"];
    assert!(message.get("folder").is_none() && message.get("folder_id").is_none(), "{message}");
    assert!(document.schema("Folder")["properties"].get("messages").is_none());
}

async fn states_are_described_where_there_are_some(server: Server) {
    let document = document(&server).await;
    let names = |method: &str, path: &str| -> BTreeSet<String> {
        let parameters = document.parameters(method, path);
        parameters.iter().map(|parameter| parameter["name"].as_str().expect("a name").to_owned()).collect()
    };
    for (path, tagged) in [("/books", true), ("/shelves", false), ("/accounts", true)] {
        let one = format!("{path}/{{id}}");
        for method in ["get", "put", "patch", "delete"] {
            assert_eq!(names(method, &one).contains("If-Match"), tagged, "{method} {one}");
        }
        let headers = &document.operation("get", &one)["responses"]["200"]["headers"];
        assert_eq!(headers.get("ETag").is_some(), tagged, "{one}");
    }
    // Nobody changes what they have not seen.
    for (method, path) in [("put", "/accounts/{id}"), ("delete", "/accounts/{id}"), ("patch", "/accounts")] {
        assert!(document.operation(method, path)["responses"].get("428").is_some(), "{method} {path}");
        let parameters = document.parameters(method, path);
        let header = parameters.iter().find(|parameter| parameter["name"] == "If-Match").expect("the header");
        assert_eq!(header["required"], true, "{method} {path}");
    }
    assert!(document.operation("put", "/books/{id}")["responses"].get("428").is_none());
    // What is computed is never sent, and what merges replaces nothing.
    assert_eq!(document.schema("Purchase")["properties"]["total"]["readOnly"], true);
    assert!(document.0["components"]["schemas"].get("Profile.replace").is_none());
    let purchase = server.post("/purchases").json(&json!({"customer": "Ann", "price": 3})).send().await.ok(201);
    document.assert_fits(document.schema("Purchase"), &purchase);
}

async fn what_comes_along_is_as_described(server: Server) {
    let document = document(&server).await;
    let body =
        json!({"name": "Corner", "offers": [{"code": "a"}, {"code": "b", "count": 3}], "letters": [{"text": "x"}]});
    document.assert_fits(document.body("post", "/shops"), &body);
    let made = server.post("/shops").json(&body).send().await;
    document.assert_fits(document.answer("post", "/shops", 201), &made.ok(201));
    let offer = &document.schema("Shop.create")["properties"]["offers"]["items"];
    assert_eq!(offer["required"], json!(["code"]), "the key of the shop is not known yet");
    assert!(document.schema("Shop.create")["properties"].get("awards").is_none(), "nobody makes one");
    assert!(offer["properties"].get("remarks").is_none(), "two generations at most");
    // One that only administrators make can be forbidden.
    assert!(document.operation("post", "/shops")["responses"].get("403").is_some());
    assert!(document.operation("patch", "/shops")["responses"].get("403").is_none());
}

async fn limits_are_those_that_hold(server: Server) {
    let (document, root) = (document(&server).await, server.admin("Root").await);
    for (method, path, _) in document.operations().filter(|(method, path, _)| *method == "get" && !path.contains('{')) {
        for parameter in document.parameters(method, path) {
            let (name, schema) = (parameter["name"].as_str().expect("a name"), &parameter["schema"]);
            if !matches!(name, "limit" | "offset") {
                continue;
            }
            let ask = async |value: i128| {
                server.get(&format!("{path}?{name}={value}")).token(&root.token).send().await.status
            };
            let [least, most] =
                ["minimum", "maximum"].map(|bound| i128::from(schema[bound].as_i64().expect("a bound")));
            for (value, status) in [(least, 200), (most, 200), (least - 1, 400), (most + 1, 400)] {
                assert_eq!(ask(value).await, status, "{path}?{name}={value}");
            }
        }
    }
    for label in 0..9 {
        server.post("/gadgets").json(&json!({"label": label.to_string()})).send().await.assert_status(201);
    }
    let limit = document.parameters("get", "/gadgets").into_iter().find(|parameter| parameter["name"] == "limit");
    let limit = &limit.expect("the parameter")["schema"];
    assert_eq!((&limit["default"], &limit["maximum"]), (&json!(3), &json!(5)));
    assert_eq!(server.get("/gadgets").send().await.rows().len(), 3);
}

/// Every operator of the grammar, and a value that it takes of a text.
const OPERATORS: [&str; 13] =
    ["eq", "neq", "gt", "gte", "lt", "lte", "in", "is", "like", "ilike", "match", "imatch", "fts"];

async fn filters_are_those_that_are_understood(server: Server) {
    let document = document(&server).await;
    for path in ["/samples", "/maybe", "/groups", "/tickets"] {
        let row = document.resolved(&document.answer("get", path, 200)["items"]);
        let columns: BTreeSet<_> =
            row["required"].as_array().expect("columns").iter().filter_map(Value::as_str).collect();
        let mut filtered = BTreeSet::new();
        for parameter in document.parameters("get", path) {
            let name = parameter["name"].as_str().expect("a name");
            if !columns.contains(name) {
                continue;
            }
            filtered.insert(name);
            let text = parameter["description"].as_str().expect("a description");
            for operator in OPERATORS {
                let value = operand(operator, &row["properties"][name]);
                let answer = server.query(path, &[(name, &format!("{operator}.{value}"))]).send().await;
                let told = text.contains(&format!("`{operator}`"));
                assert_eq!(answer.status == 200, told, "{path}?{name}={operator}.{value}: {text}\n{answer:?}");
            }
        }
        assert_eq!(filtered, columns, "{path}");
    }
    for parameter in document.parameters("get", "/samples").into_iter().filter(|parameter| parameter["in"] == "query") {
        let name = parameter["name"].as_str().expect("a name");
        let value = match name {
            "or" | "and" | "not.or" | "not.and" => "(small.eq.1,flag.is.true)",
            "select" => "id,small",
            "order" => "small.desc,id",
            "limit" | "offset" => "1",
            _ => continue,
        };
        server.query("/samples", &[(name, value)]).send().await.assert_status(200);
    }
}

/// A value that an operator takes of a column.
fn operand(operator: &str, schema: &Value) -> String {
    let format = schema["format"].as_str().unwrap_or_default();
    let value = match (schema["enum"][0].as_str(), format) {
        (Some(choice), _) => choice,
        (_, "date") => "2026-01-31",
        (_, "time-local") => "08:30:00",
        (_, "date-time-local") => "2026-01-31T08:30:00",
        (_, "date-time") => "2026-01-31T08:30:00Z",
        (_, "uuid") => "01890a5d-ac96-774b-bcce-b302099a8057",
        _ if schema["type"].to_string().contains("boolean") => "true",
        _ if schema["type"].to_string().contains("string") => "AAAA",
        _ => "1",
    };
    match operator {
        "is" => "null".into(),
        "in" => format!("({value})"),
        _ => value.into(),
    }
}
