//! What a field's attributes ask of its values, and when they may change.

use restruct_tests::{
    Server, both,
    resources::{kanban, odd},
};
use serde_json::{Value, json};

both!(kanban; null_is_not_a_value, takes_choices_only, counts_characters);
both!(odd; indexed_texts_have_a_maximum, runs_every_validation, immutable_fields_stay, defaults_stand_in);
both!(odd; replacing_leaves_what_was_not_sent);

async fn null_is_not_a_value(server: Server) {
    let ann = server.register("Ann").await;
    let nulls = json!({"title": null, "status": null, "priority": null});
    let answer = server.post("/cards").token(&ann.token).json(&nulls).send().await;
    answer.assert_invalid(&["title", "status", "priority"]);
    let optional = json!({"title": "x", "description": null, "date": null});
    let card = server.create("/cards", &ann.token, &optional).await;
    let path = format!("/cards/{}", card["id"]);
    server.patch(&path).token(&ann.token).json(&nulls).send().await.assert_invalid(&["title", "status", "priority"]);
}

async fn takes_choices_only(server: Server) {
    let ann = server.register("Ann").await;
    for status in ["To Do", "Ongoing", "Testing", "Done"] {
        let card = server.create("/cards", &ann.token, &json!({"title": "x", "status": status})).await;
        assert_eq!(card["status"], status);
    }
    for status in [
        json!("ToDo"),
        json!("to do"),
        json!("DONE"),
        json!(""),
        json!("Done "),
        json!(0),
        json!(true),
        json!(["Done"]),
    ] {
        let body = json!({"title": "x", "status": status});
        let answer = server.post("/cards").token(&ann.token).json(&body).send().await;
        let errors = answer.assert_invalid(&["status"]);
        if status.is_string() {
            assert!(
                errors["status"].as_str().is_some_and(|e| e.contains("Ongoing")),
                "the choices are named\n{answer:?}"
            );
        }
    }
}

async fn counts_characters(server: Server) {
    let ann = server.register("Ann").await;
    for letter in ["x", "é", "日", "🦀"] {
        let fits = json!({"title": letter.repeat(100)});
        assert_eq!(server.create("/cards", &ann.token, &fits).await["title"], fits["title"]);
        let over = json!({"title": letter.repeat(101)});
        let answer = server.post("/cards").token(&ann.token).json(&over).send().await;
        let errors = answer.assert_invalid(&["title"]);
        assert!(errors["title"].as_str().is_some_and(|e| e.contains("100")), "{answer:?}");
    }
    let email = json!({"name": "x", "email": format!("{}@example.com", "x".repeat(250)), "password": "long enough"});
    server.post("/auth/register").json(&email).send().await.assert_invalid(&["email"]);
}

async fn indexed_texts_have_a_maximum(server: Server) {
    let group = |table: String| json!({"type": "x".repeat(10_000), "table": table, "position": 1});
    for letter in ["x", "🦀"] {
        server.post("/groups").json(&group(letter.repeat(255))).send().await.assert_status(201);
        server.post("/groups").json(&group(letter.repeat(256))).send().await.assert_invalid(&["table"]);
    }
}

async fn runs_every_validation(server: Server) {
    let good = json!({"word": "four", "grade": 10, "share": 0.5, "code": "AB12", "mail": "a@b.example", "site": "https://a.example/x?y#z", "even": 2, "raw": "AAA=", "percent": 0});
    server.post("/forms").json(&good).send().await.assert_status(201);
    let cases: [(&str, &[Value]); 9] = [
        ("word", &[json!("ab"), json!("abcdef"), json!("")]),
        ("grade", &[json!(0), json!(11), json!(-1)]),
        ("share", &[json!(-0.1), json!(1.000_001), json!(2)]),
        ("code", &[json!("ab12"), json!("AB"), json!(" AB12"), json!("AB12\n"), json!("")]),
        (
            "mail",
            &[json!(""), json!("a"), json!("a@"), json!("@b.example"), json!("a b@c.example"), json!("a@b@c.example")],
        ),
        (
            "site",
            &[
                json!(""),
                json!("a.example"),
                json!("ftp://a.example"),
                json!("javascript:alert(1)"),
                json!("http://"),
                json!("/x"),
            ],
        ),
        ("even", &[json!(1), json!(-3)]),
        ("raw", &[json!("AAAA")]),
        ("percent", &[json!(101)]),
    ];
    let stored = server.get("/forms").send().await.rows().remove(0);
    for (field, values) in cases {
        for value in values {
            let mut body = good.clone();
            body[field] = value.clone();
            server.post("/forms").json(&body).send().await.assert_invalid(&[field]);
            let path = format!("/forms/{}", stored["id"]);
            server.patch(&path).json(&json!({field: value})).send().await.assert_invalid(&[field]);
        }
    }
    let all: Value = cases.iter().map(|(field, values)| ((*field).to_owned(), values[0].clone())).collect();
    let fields: Vec<_> = cases.iter().map(|(field, _)| *field).collect();
    let answer = server.post("/forms").json(&all).send().await;
    let errors = answer.assert_invalid(&fields);
    assert!(errors["even"].as_str().is_some_and(|e| e.contains("must be even")), "{answer:?}");
    for edge in [
        json!({"word": "abc"}),
        json!({"word": "ab🦀🦀🦀"}),
        json!({"grade": 1}),
        json!({"share": 0}),
        json!({"share": 1}),
    ] {
        server.patch(&format!("/forms/{}", stored["id"])).json(&edge).send().await.assert_status(200);
    }
}

async fn immutable_fields_stay(server: Server) {
    let ticket =
        server.post("/tickets").json(&json!({"number": 7, "pin": "x", "state": "hacked"})).send().await.ok(201);
    assert_eq!(ticket["state"], "open", "a read-only field is ignored");
    let path = format!("/tickets/{}", ticket["id"]);
    for method in ["PATCH", "PUT"] {
        let other = server.call(method, &path).json(&json!({"number": 8, "pin": "y"})).send().await;
        other.assert_invalid(&["number"]);
        let same = server.call(method, &path).json(&json!({"number": 7, "state": "hacked"})).send().await.ok(200);
        assert_eq!((&same["number"], &same["state"]), (&json!(7), &json!("open")));
    }
    let pins = server.database.texts("SELECT pin FROM tickets").await;
    assert_eq!(pins, [Some("x".to_owned())]);
}

async fn replacing_leaves_what_was_not_sent(server: Server) {
    let body = json!({"number": 7, "pin": "x", "batch": 5, "class": "first"});
    let ticket = server.post("/tickets").json(&body).send().await.ok(201);
    let path = format!("/tickets/{}", ticket["id"]);
    let after = server.put(&path).json(&json!({})).send().await.ok(200);
    assert_eq!(after["number"], 7, "immutable");
    assert_eq!(after["class"], "standard", "an optional field takes its default");
    let hidden = server.database.texts("SELECT pin || ':' || CAST(batch AS TEXT) || ':' || state FROM tickets").await;
    assert_eq!(hidden, [Some("x:5:open".to_owned())], "write-only and read-only");
    server.patch(&path).json(&json!({"pin": "y"})).send().await.assert_status(200);
    assert_eq!(server.database.texts("SELECT pin FROM tickets").await, [Some("y".to_owned())]);
    server.post("/tickets").json(&json!({"number": 1})).send().await.assert_invalid(&["pin"]);
}

async fn defaults_stand_in(server: Server) {
    let ticket = server.post("/tickets").json(&json!({"number": 1, "pin": "x"})).send().await.ok(201);
    assert_eq!(ticket["class"], "standard");
    let none = server.post("/tickets").json(&json!({"number": 1, "pin": "x", "class": null})).send().await.ok(201);
    assert_eq!(none["class"], Value::Null, "null is not absent");
    let many = json!([{"number": 1, "pin": "x"}, {"number": 2, "pin": "y", "class": "first"}]);
    let many = server.post("/tickets").json(&many).send().await.ok(201);
    assert_eq!((&many[0]["class"], &many[1]["class"]), (&json!("standard"), &json!("first")));
}
