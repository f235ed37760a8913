//! Rows over HTTP: create, list, read, replace, patch, delete.

use restruct_tests::{
    Server, both,
    resources::{kanban, odd},
};
use serde_json::{Value, json};

both!(kanban; creates_a_row, keeps_the_order_of_fields, reads_one_and_all, head_is_get_without_a_body);
both!(kanban; patches_only_what_is_sent, an_empty_patch_changes_nothing, puts_a_whole_row, takes_back_what_it_sent);
both!(kanban; deletes_a_row, never_reuses_an_id, creates_many_in_order, creates_all_or_none);
both!(kanban; counts_versions_and_moves_times, says_which_methods_there_are, takes_any_text);
both!(kanban; creates_a_thousand_at_once);
both!(odd; keys_may_be_uuids, names_may_be_keywords, location_and_path_follow_the_key);

async fn creates_a_row(server: Server) {
    let ann = server.register("Ann").await;
    let answer = server.post("/cards").token(&ann.token).json(&json!({"title": "Buy milk"})).send().await;
    let card = answer.ok(201);
    assert_eq!(card["title"], "Buy milk");
    assert_eq!(card["description"], Value::Null);
    assert_eq!(card["status"], "To Do");
    assert_eq!(card["priority"], "Medium");
    assert_eq!(card["date"], Value::Null);
    assert_eq!(card["user_id"], ann.id);
    for time in ["created_at", "updated_at"] {
        let text = card[time].as_str().expect("a time");
        assert_eq!(text.len(), "2026-01-02T03:04:05.678901Z".len(), "{text}");
        assert!(text.ends_with('Z'), "{text}");
    }
    answer.assert_header("location", &format!("/cards/{}", card["id"]));
    let read = server.get(&format!("/cards/{}", card["id"])).send().await;
    assert_eq!(read.ok(200), card);
}

async fn keeps_the_order_of_fields(server: Server) {
    let ann = server.register("Ann").await;
    let answer = server.post("/cards").token(&ann.token).json(&json!({"title": "x"})).send().await;
    let fields =
        ["id", "title", "description", "status", "priority", "date", "user_id", "created_at", "updated_at", "version"];
    let text = answer.assert_status(201).text();
    let places: Vec<_> = fields.iter().map(|f| text.find(&format!("\"{f}\":")).expect("the field")).collect();
    assert!(places.is_sorted(), "{text}");
    assert_eq!(answer.json().as_object().expect("an object").len(), fields.len(), "{text}");
    let list = server.get("/cards").send().await;
    assert_eq!(list.assert_status(200).text(), format!("[{text}]"));
}

async fn reads_one_and_all(server: Server) {
    let ann = server.register("Ann").await;
    server.get("/cards").send().await.assert_status(200).assert_header("content-type", "application/json");
    assert!(server.get("/cards").send().await.rows().is_empty());
    let mut created = Vec::new();
    for title in ["one", "two", "three"] {
        created.push(server.create("/cards", &ann.token, &json!({"title": title})).await);
    }
    assert_eq!(server.get("/cards").send().await.rows(), created);
    for card in &created {
        assert_eq!(&server.get(&format!("/cards/{}", card["id"])).send().await.ok(200), card);
    }
    server.get("/cards/4711").send().await.assert_problem(404, "PGRST116");
}

async fn head_is_get_without_a_body(server: Server) {
    let ann = server.register("Ann").await;
    let card = server.create("/cards", &ann.token, &json!({"title": "x"})).await;
    let one = format!("/cards/{}", card["id"]);
    for path in ["/cards", one.as_str()] {
        let get = server.get(path).send().await;
        let head = server.call("HEAD", path).send().await;
        head.assert_status(200).assert_empty();
        for name in ["content-type", "content-length", "content-range"] {
            assert_eq!(head.header(name), get.header(name), "{name}\n{head:?}");
        }
    }
    server.call("HEAD", "/cards/4711").send().await.assert_status(404).assert_empty();
}

async fn patches_only_what_is_sent(server: Server) {
    let ann = server.register("Ann").await;
    let body = json!({"title": "x", "description": "long", "status": "Testing", "date": "2026-05-01"});
    let before = server.create("/cards", &ann.token, &body).await;
    let path = format!("/cards/{}", before["id"]);
    let change = json!({"status": "Done", "date": null});
    let after = server.patch(&path).token(&ann.token).json(&change).send().await.ok(200);
    assert_eq!(after["status"], "Done");
    assert_eq!(after["date"], Value::Null);
    for unchanged in ["id", "title", "description", "priority", "user_id", "created_at"] {
        assert_eq!(after[unchanged], before[unchanged], "{unchanged}");
    }
    let merge = server.patch(&path).token(&ann.token);
    let merged = merge.body("application/merge-patch+json", r#"{"title":"y"}"#).send().await.ok(200);
    assert_eq!(merged["title"], "y");
    assert_eq!(server.get(&path).send().await.ok(200), merged);
}

async fn an_empty_patch_changes_nothing(server: Server) {
    let ann = server.register("Ann").await;
    let before = server.create("/cards", &ann.token, &json!({"title": "x"})).await;
    let path = format!("/cards/{}", before["id"]);
    let after = server.patch(&path).token(&ann.token).json(&json!({})).send().await;
    assert_eq!(after.ok(200), before);
    let bob = server.register("Bob").await;
    server.patch(&path).token(&bob.token).json(&json!({})).send().await.assert_problem(404, "PGRST116");
    server.patch(&path).json(&json!({})).send().await.assert_problem(401, "PGRST302");
}

async fn puts_a_whole_row(server: Server) {
    let ann = server.register("Ann").await;
    let body = json!({"title": "x", "description": "long", "status": "Testing", "priority": "High"});
    let before = server.create("/cards", &ann.token, &body).await;
    let path = format!("/cards/{}", before["id"]);
    let after = server.put(&path).token(&ann.token).json(&json!({"title": "y"})).send().await.ok(200);
    assert_eq!(after["title"], "y");
    assert_eq!(after["description"], Value::Null);
    assert_eq!(after["status"], "To Do");
    assert_eq!(after["priority"], "Medium");
    assert_eq!(after["user_id"], ann.id);
    assert_eq!(after["created_at"], before["created_at"]);
    let missing = server.put(&path).token(&ann.token).json(&json!({"status": "Done"})).send().await;
    missing.assert_invalid(&["title"]);
    assert_eq!(server.get(&path).send().await.ok(200), after);
    let nowhere = server.put("/cards/4711").token(&ann.token).json(&json!({"title": "y"})).send().await;
    nowhere.assert_problem(404, "PGRST116");
}

async fn takes_back_what_it_sent(server: Server) {
    let ann = server.register("Ann").await;
    let mut card = server.create("/cards", &ann.token, &json!({"title": "x"})).await;
    let path = format!("/cards/{}", card["id"]);
    card["title"] = json!("y");
    for method in ["PUT", "PATCH"] {
        let after = server.call(method, &path).token(&ann.token).json(&card).send().await.ok(200);
        assert_eq!(after["title"], "y");
        assert_eq!(after["user_id"], ann.id);
        assert_eq!(after["created_at"], card["created_at"]);
    }
    let again = server.create("/cards", &ann.token, &card).await;
    assert_ne!(again["id"], card["id"], "an id in a body is ignored");
    let mut me = server.get("/auth/me").token(&ann.token).send().await.ok(200);
    me["name"] = json!("Anna");
    let path = format!("/users/{}", ann.id);
    let after = server.put(&path).token(&ann.token).json(&me).send().await.ok(200);
    assert_eq!(after, me);
    server.login(&ann.email, &ann.password).await;
}

async fn deletes_a_row(server: Server) {
    let ann = server.register("Ann").await;
    let card = server.create("/cards", &ann.token, &json!({"title": "x"})).await;
    let path = format!("/cards/{}", card["id"]);
    let deleted = server.delete(&path).token(&ann.token).send().await;
    assert_eq!(deleted.ok(200), card);
    server.get(&path).send().await.assert_problem(404, "PGRST116");
    server.delete(&path).token(&ann.token).send().await.assert_problem(404, "PGRST116");
    assert!(server.get("/cards").send().await.rows().is_empty());
}

async fn never_reuses_an_id(server: Server) {
    let ann = server.register("Ann").await;
    let mut last = 0;
    for _ in 0..3 {
        let card = server.create("/cards", &ann.token, &json!({"title": "x"})).await;
        let id = card["id"].as_i64().expect("an id");
        assert!(id > last, "{id} after {last}");
        last = id;
        server.delete(&format!("/cards/{id}")).token(&ann.token).send().await.assert_status(200);
    }
}

async fn creates_many_in_order(server: Server) {
    let ann = server.register("Ann").await;
    let titles: Vec<_> = (0..50).map(|i| format!("card {}", 49 - i)).collect();
    let body: Vec<_> = titles.iter().map(|t| json!({"title": t})).collect();
    let answer = server.post("/cards").token(&ann.token).json(&Value::Array(body)).send().await;
    let cards = answer.ok(201);
    let cards = cards.as_array().expect("a list");
    assert_eq!(cards.iter().map(|c| c["title"].as_str().expect("a title")).collect::<Vec<_>>(), titles);
    let ids: Vec<_> = cards.iter().map(|c| c["id"].as_i64().expect("an id")).collect();
    assert!(ids.is_sorted(), "{ids:?}");
    assert_eq!(server.get("/cards").send().await.rows(), *cards);
    assert!(cards.iter().all(|c| c["user_id"] == ann.id));
    // Rows need not name the same fields.
    let mixed = json!([{"title": "a", "status": "Done"}, {"title": "b"}, {"date": "2026-01-01", "title": "c"}]);
    let cards = server.post("/cards").token(&ann.token).json(&mixed).send().await.ok(201);
    assert_eq!(cards[0]["status"], "Done");
    assert_eq!(cards[1]["status"], "To Do");
    assert_eq!(cards[2]["date"], "2026-01-01");
}

async fn creates_all_or_none(server: Server) {
    let ann = server.register("Ann").await;
    let body = json!([{"title": "fine"}, {"titel": "x", "status": "Never"}, {"title": ""}]);
    let answer = server.post("/cards").token(&ann.token).json(&body).send().await;
    answer.assert_invalid(&["1.titel", "1.title", "1.status", "2.title"]);
    assert!(server.get("/cards").send().await.rows().is_empty());
    let card = server.create("/cards", &ann.token, &json!({"title": "x"})).await;
    let body = json!([{"message": "a", "card_id": card["id"]}, {"message": "b", "card_id": 4711}]);
    let answer = server.post("/comments").token(&ann.token).json(&body).send().await;
    answer.assert_fields(409, "23503", &["1.card_id"]);
    assert!(server.get("/comments").send().await.rows().is_empty());
}

async fn counts_versions_and_moves_times(server: Server) {
    let ann = server.register("Ann").await;
    let first = server.create("/cards", &ann.token, &json!({"title": "x"})).await;
    assert_eq!(first["created_at"], first["updated_at"]);
    let path = format!("/cards/{}", first["id"]);
    let mut last = first.clone();
    let time = |card: &Value| card["updated_at"].as_str().expect("a time").to_owned();
    for method in ["PATCH", "PUT", "PATCH"] {
        let after = server.call(method, &path).token(&ann.token).json(&json!({"title": "y"})).send().await.ok(200);
        assert_eq!(after["version"].as_i64(), last["version"].as_i64().map(|version| version + 1));
        assert!(time(&after) >= time(&last), "{after} after {last}");
        assert_eq!(after["created_at"], first["created_at"]);
        last = after;
    }
    assert!(time(&last) > time(&first));
}

async fn says_which_methods_there_are(server: Server) {
    let list = server.call("OPTIONS", "/cards").send().await;
    list.assert_status(204).assert_empty().assert_allow(&["GET", "HEAD", "POST", "PATCH", "DELETE", "OPTIONS"]);
    let one = server.call("OPTIONS", "/cards/1").send().await;
    one.assert_status(204).assert_empty().assert_allow(&["GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS"]);
    let login = server.call("OPTIONS", "/auth/login").send().await;
    login.assert_status(204).assert_allow(&["POST", "OPTIONS"]);
}

async fn takes_any_text(server: Server) {
    let ann = server.register("Ann").await;
    let titles = [
        "'; DROP TABLE cards; --",
        "\"quoted\" \\ back",
        "%_*?$1{}",
        "żółć 日本 🦀",
        "  blanks  ",
        "\t\n\r",
        "null",
        "</script>",
        "\u{7f}\u{1}\u{2028}",
        "e\u{301}",
    ];
    for title in titles {
        let card = server.create("/cards", &ann.token, &json!({"title": title})).await;
        assert_eq!(card["title"], title);
        let found = server.query("/cards", &[("title", &format!("eq.{title}"))]).send().await;
        assert_eq!(found.each("title"), [title], "{found:?}");
    }
}

async fn keys_may_be_uuids(server: Server) {
    let first = server.post("/parcels").json(&json!({"content": "books"})).send().await;
    let id = first.ok(201)["id"].as_str().expect("a key").to_owned();
    assert_eq!(&id[14..15], "7", "a version 7 UUID: {id}");
    let path = format!("/parcels/{id}");
    first.assert_header("location", &path);
    assert_eq!(server.get(&path).send().await.ok(200), first.json());
    let second = server.post("/parcels").json(&json!({"content": "more"})).send().await.ok(201);
    assert!(second["id"].as_str().expect("a key") > id.as_str(), "keys grow");
    assert_eq!(server.get("/parcels").send().await.each("content"), ["books", "more"]);
    let leg = server.post("/legs").json(&json!({"parcel_id": id})).send().await.ok(201);
    assert_eq!(leg["parcel_id"], id.as_str());
    server.patch(&path).json(&json!({"content": "pens"})).send().await.assert_status(200);
    server.delete(&path).send().await.assert_status(200);
    assert!(server.get("/legs").send().await.rows().is_empty(), "a leg goes with its parcel");
    for odd in [id.to_uppercase(), id.replace('-', ""), format!("{{{id}}}"), "1".into()] {
        let path = format!("/parcels/{}", restruct_tests::client::encode(&odd));
        server.get(&path).send().await.assert_problem(404, "PGRST116");
    }
}

async fn names_may_be_keywords(server: Server) {
    let body = json!({"type": "a", "table": "b", "position": 3, "chosenOne": "c"});
    let group = server.post("/groups").json(&body).send().await.ok(201);
    assert_eq!(group, json!({"id": 1, "type": "a", "table": "b", "position": 3, "chosenOne": "c"}));
    let defaulted = json!({"type": "a", "table": "c", "position": 1});
    let group = server.post("/groups").json(&defaulted).send().await.ok(201);
    assert_eq!(group["chosenOne"], "none");
    let ordered = server.get("/groups?type=eq.a&order=position.asc").send().await;
    assert_eq!(ordered.each("position"), [1, 3]);
    let found = server.get("/groups?chosenOne=in.(c)&table=eq.b").send().await;
    assert_eq!(found.each("id"), [1]);
    for unknown in ["order_", "select_", "chosen_one", "cached"] {
        let answer = server.get(&format!("/groups?{unknown}=eq.1")).send().await;
        answer.assert_problem(400, "PGRST100");
    }
    let wrong = json!({"type": "a", "table": "d", "order": 3, "chosen_one": "c", "cached": "x"});
    let answer = server.post("/groups").json(&wrong).send().await;
    answer.assert_invalid(&["position", "order", "chosen_one", "cached"]);
}

async fn location_and_path_follow_the_key(server: Server) {
    let answer = server.post("/gadgets").json(&json!({"label": "x"})).send().await;
    let id = answer.assert_status(201).id();
    answer.assert_header("location", &format!("/gadgets/{id}"));
    let many = server.post("/gadgets").json(&json!([{"label": "x"}, {"label": "y"}])).send().await;
    many.assert_status(201);
    assert_eq!(many.header("location"), None, "a list has no one place");
}

async fn creates_a_thousand_at_once(server: Server) {
    let ann = server.register("Ann").await;
    let mut rows: Vec<_> = (0..1000).map(|i| json!({"title": i.to_string(), "description": "x"})).collect();
    let made = server.post("/cards").token(&ann.token).json(&Value::Array(rows.clone())).send().await.ok(201);
    let made = made.as_array().expect("a list");
    assert!(made.len() == 1000 && made.iter().enumerate().all(|(i, card)| card["title"] == *i.to_string()));
    assert_eq!(server.database.number("SELECT count(*) FROM cards").await, 1000);
    rows[999] = json!({"title": ""});
    let answer = server.post("/cards").token(&ann.token).json(&Value::Array(rows)).send().await;
    answer.assert_invalid(&["999.title"]);
    // How many are too many is the server's to say, if it says so before it stores any.
    let many = Value::Array(vec![json!({"title": "x"}); 20_000]);
    let answer = server.post("/cards").token(&ann.token).json(&many).send().await;
    assert!(matches!(answer.status, 413 | 422), "{answer:?}");
    assert_eq!(server.database.number("SELECT count(*) FROM cards").await, 1000);
    let none = server.post("/cards").token(&ann.token).json(&json!([])).send().await;
    assert!(matches!(none.status, 201 | 400 | 422), "{none:?}");
}
