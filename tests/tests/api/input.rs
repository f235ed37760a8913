//! Bodies: what is one, and how all that is wrong with it is said at once.

use restruct_tests::{
    Server, both,
    resources::{EXPLOSIVE, kanban, odd},
};
use serde_json::json;

both!(kanban; says_every_mistake_at_once, suggests_the_nearest_field, ignores_bookkeeping, wants_json);
both!(kanban; points_at_broken_json, refuses_members_that_stand_twice, refuses_large_bodies, reads_no_encodings);
both!(kanban; numbers_end_somewhere, reads_utf_8_alone);
both!(odd; refuses_deep_nesting, refuses_nul_anywhere, a_panic_is_a_problem);

async fn says_every_mistake_at_once(server: Server) {
    let ann = server.register("Ann").await;
    let wrong =
        json!({"title": "", "description": 5, "status": "Never", "priority": null, "date": "31.12.2026", "x": 1});
    let fields = ["title", "description", "status", "priority", "date", "x"];
    let answer = server.post("/cards").token(&ann.token).json(&wrong).send().await;
    answer.assert_invalid(&fields);
    let card = server.create("/cards", &ann.token, &json!({"title": "x"})).await;
    let path = format!("/cards/{}", card["id"]);
    for method in ["PATCH", "PUT"] {
        server.call(method, &path).token(&ann.token).json(&wrong).send().await.assert_invalid(&fields);
    }
    assert_eq!(server.get(&path).send().await.ok(200), card);
    let comment = server.post("/comments").token(&ann.token).json(&json!({})).send().await;
    comment.assert_invalid(&["message", "card_id"]);
    // Whether there is such a row is said before whether a body passes.
    server.patch("/cards/4711").token(&ann.token).json(&wrong).send().await.assert_problem(404, "PGRST116");
}

async fn suggests_the_nearest_field(server: Server) {
    let ann = server.register("Ann").await;
    let body = json!({"title": "x", "titel": "y", "descripton": "z", "zzzzzzzzzz": 1});
    let answer = server.post("/cards").token(&ann.token).json(&body).send().await;
    let errors = answer.assert_invalid(&["titel", "descripton", "zzzzzzzzzz"]);
    let says = |field: &str, text: &str| errors[field].as_str().is_some_and(|e| e.contains(text));
    assert!(says("titel", "did you mean") && says("titel", "title"), "{answer:?}");
    assert!(says("descripton", "description"), "{answer:?}");
    assert!(!says("zzzzzzzzzz", "did you mean"), "{answer:?}");
}

async fn ignores_bookkeeping(server: Server) {
    let ann = server.register("Ann").await;
    let kept =
        json!({"id": 4711, "user_id": 4711, "created_at": "1999-01-01T00:00:00Z", "updated_at": null, "version": "x"});
    let mut body = kept.clone();
    body["title"] = json!("x");
    let card = server.create("/cards", &ann.token, &body).await;
    for field in ["id", "user_id", "created_at", "updated_at", "version"] {
        assert_ne!(card[field], kept[field], "{field}");
    }
    let path = format!("/cards/{}", card["id"]);
    for method in ["PATCH", "PUT"] {
        let after = server.call(method, &path).token(&ann.token).json(&body).send().await.ok(200);
        for field in ["id", "user_id", "created_at"] {
            assert_eq!(after[field], card[field], "{field}");
        }
    }
}

async fn wants_json(server: Server) {
    let ann = server.register("Ann").await;
    let card = server.create("/cards", &ann.token, &json!({"title": "x"})).await;
    let path = format!("/cards/{}", card["id"]);
    let text = r#"{"title":"y"}"#;
    for kind in [
        "text/plain",
        "application/x-www-form-urlencoded",
        "application/json-patch+json",
        "multipart/form-data",
        "nonsense",
    ] {
        for (method, path) in [("POST", "/cards"), ("PUT", path.as_str()), ("PATCH", &path)] {
            let answer = server.call(method, path).token(&ann.token).body(kind, text).send().await;
            answer.assert_problem(415, "PGRST107");
        }
    }
    let mut untyped = server.post("/cards").token(&ann.token).body("text/plain", text);
    untyped = untyped.without("content-type");
    untyped.send().await.assert_problem(415, "PGRST107");
    let merge = "application/merge-patch+json";
    server.post("/cards").token(&ann.token).body(merge, text).send().await.assert_problem(415, "PGRST107");
    for kind in ["application/json; charset=utf-8", "Application/JSON", "application/json;charset=UTF-8"] {
        let answer = server.post("/cards").token(&ann.token).body(kind, text).send().await;
        answer.assert_status(201);
    }
}

async fn reads_utf_8_alone(server: Server) {
    let ann = server.register("Ann").await;
    let card = server.create("/cards", &ann.token, &json!({"title": "x"})).await;
    let path = format!("/cards/{}", card["id"]);
    let text = r#"{"title":"y"}"#;
    let twice = ["utf-8; charset=utf-16", "utf-16; charset=utf-8"];
    for charset in ["utf-16", "UTF-16LE", "iso-8859-1", "\"utf-32\"", "", "utf-8x"].into_iter().chain(twice) {
        for (method, path) in
            [("POST", "/cards"), ("PUT", path.as_str()), ("PATCH", &path), ("PATCH", "/cards?id=gt.0")]
        {
            let kind = format!("application/json; charset={charset}");
            let refused = server.call(method, path).token(&ann.token).body(&kind, text).send().await;
            let hint = refused.assert_problem(415, "PGRST107")["hint"].clone();
            assert!(hint.as_str().is_some_and(|hint| hint.contains("UTF-8")), "{refused:?}");
        }
    }
    let form = format!("username={}&password={}", restruct_tests::client::encode(&ann.email), "x");
    for (charset, status) in [("iso-8859-1", 415), ("utf-8", 401)] {
        let kind = format!("application/x-www-form-urlencoded; charset={charset}");
        server.post("/auth/login").body(&kind, form.clone()).send().await.assert_status(status);
    }
    for kind in [
        "application/json; charset=\"Utf-8\"",
        "application/json; profile=x; Charset = UTF8",
        "application/json;charset=us-ascii",
        "application/json; charset=utf-8; charset=UTF-8",
        "application/json; profile=\"charset\"",
        "application/json;",
    ] {
        server.patch(&path).token(&ann.token).body(kind, text).send().await.assert_status(200);
    }
}

async fn points_at_broken_json(server: Server) {
    let ann = server.register("Ann").await;
    let post = async |body: &str| {
        server.post("/cards").token(&ann.token).body("application/json", body.to_owned()).send().await
    };
    let broken =
        post("{\n  \"title\": \"x\",\n  \"date\": tomorrow\n}").await.assert_problem(400, "PGRST102").to_string();
    assert!(broken.contains("line 3") && broken.contains("column"), "{broken}");
    for body in [
        "",
        " ",
        "{",
        "{\"title\"}",
        "{\"title\": \"x\"} x",
        "[{\"title\": \"x\"},]",
        "{'title': 'x'}",
        "NaN",
        "\u{feff}{}",
    ] {
        post(body).await.assert_problem(400, "PGRST102");
    }
    for body in ["5", "\"title\"", "null", "true", "[5]", "[[]]", "[null]"] {
        let answer = post(body).await;
        assert!(matches!(answer.status, 400 | 422), "{body}\n{answer:?}");
        answer.assert_problem(answer.status, if answer.status == 400 { "PGRST102" } else { "23514" });
    }
    let call = server.post("/cards").token(&ann.token);
    call.body("application/json", &b"{\"title\": \"\xff\xfe\"}"[..]).send().await.assert_problem(400, "PGRST102");
    post(r#"{"title": "\ud800"}"#).await.assert_problem(400, "PGRST102");
    assert!(server.get("/cards").send().await.rows().is_empty());
}

async fn refuses_members_that_stand_twice(server: Server) {
    let ann = server.register("Ann").await;
    for body in [
        r#"{"title": "x", "title": "y"}"#,
        r#"{"title": "x", "title": "x"}"#,
        r#"[{"title": "x"}, {"title": "a", "title": "b"}]"#,
        r#"{"title": "x", "ti\u0074le": "y"}"#,
        r#"{"title": "x", "unknown": 1, "unknown": 2}"#,
    ] {
        let answer = server.post("/cards").token(&ann.token).body("application/json", body).send().await;
        answer.assert_problem(400, "PGRST102");
    }
    let nested = r#"{"title": "x", "description": {"a": 1, "a": 2}}"#;
    let answer = server.post("/cards").token(&ann.token).body("application/json", nested).send().await;
    answer.assert_problem(400, "PGRST102");
    let twice = r#"{"name": "A", "email": "a@example.com", "password": "password one", "password": "password two"}"#;
    server.post("/auth/register").body("application/json", twice).send().await.assert_problem(400, "PGRST102");
}

async fn refuses_large_bodies(server: Server) {
    let ann = server.register("Ann").await;
    let mebibyte = 1024 * 1024;
    let body = json!({"title": "x", "description": "x".repeat(mebibyte)}).to_string();
    let answer = server.post("/cards").token(&ann.token).body("application/json", body).send().await;
    let problem = answer.assert_problem(413, "PT413");
    assert!(problem["hint"].as_str().is_some_and(|hint| hint.contains("server.max_body")), "{problem}");
    let fits = json!({"title": "x", "description": "x".repeat(mebibyte - 100)});
    let stored = server.create("/cards", &ann.token, &fits).await;
    assert_eq!(stored["description"].as_str().map(str::len), Some(mebibyte - 100));
    // Without a length to go by, what arrives is counted.
    let head = "POST /auth/login HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n";
    let chunk = format!("{:x}\r\n{}\r\n", mebibyte / 2, " ".repeat(mebibyte / 2));
    let answer = server.raw(format!("{head}{chunk}{chunk}{chunk}0\r\n\r\n").as_bytes()).await;
    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
    assert!(answer.contains("PT413"), "{answer}");
}

async fn reads_no_encodings(server: Server) {
    let ann = server.register("Ann").await;
    let card = server.create("/cards", &ann.token, &json!({"title": "x"})).await;
    let (path, body) = (format!("/cards/{}", card["id"]), json!({"title": "y"}));
    let calls = || {
        [
            server.post("/cards").token(&ann.token).json(&body),
            server.put(&path).token(&ann.token).json(&body),
            server.patch(&path).token(&ann.token).json(&body),
            server.patch("/cards?id=gt.0").token(&ann.token).json(&body),
        ]
    };
    let form = "application/x-www-form-urlencoded";
    let login = [
        server.post("/auth/login").json(&json!({})),
        server.post("/auth/login").body(form, "username=x&password=y"),
        server.post("/auth/register").json(&json!({})),
        server.post("/auth/password").token(&ann.token).json(&json!({})),
    ];
    for call in calls().into_iter().chain(login) {
        for coding in ["gzip", "br", "identity, gzip", "GZIP"] {
            let refused = call.clone().header("content-encoding", coding).send().await;
            let problem = refused.assert_problem(415, "PGRST107");
            assert!(problem["detail"].as_str().is_some_and(|text| text.contains("Content-Encoding")), "{problem}");
            refused.assert_header("accept-encoding", "identity");
        }
    }
    assert_eq!(server.get(&path).send().await.ok(200), card);
    for call in calls() {
        let answer = call.header("content-encoding", "Identity").send().await;
        assert!(answer.status < 300, "{answer:?}");
    }
}

/// What is JSON and no number of ours is out of range, and not malformed.
async fn numbers_end_somewhere(server: Server) {
    let ann = server.register("Ann").await;
    let post =
        async |body: &'static str| server.post("/cards").token(&ann.token).body("application/json", body).send().await;
    let errors = post("{\"title\": \"x\", \"date\": 1e999}").await.assert_invalid(&["date"]);
    assert!(errors["date"].as_str().is_some_and(|text| text.contains("out of range")), "{errors}");
    post("[{\"title\": \"x\"}, {\"title\": -1e999}]").await.assert_invalid(&["1.title"]);
    post("{\"title\": \"x\", \"comments\": [{\"message\": 1e999}]}").await.assert_invalid(&["comments.0.message"]);
    post("1e999").await.assert_problem(422, "23514");
    post("{\"title\": 1e}").await.assert_problem(400, "PGRST102");
}

async fn refuses_deep_nesting(server: Server) {
    // The body's own braces are the first level.
    let nested = |levels: usize| format!("{{\"tree\": {}{}}}", "[".repeat(levels - 1), "]".repeat(levels - 1));
    let post = async |body: String| server.post("/maybe").body("application/json", body).send().await;
    post(nested(64)).await.assert_status(201);
    post(nested(65)).await.assert_problem(400, "PGRST102");
    post(nested(100_000)).await.assert_problem(400, "PGRST102");
    post("[".repeat(200_000)).await.assert_problem(400, "PGRST102");
    let objects = format!("{{\"tree\": {}1{}}}", "{\"a\":".repeat(64), "}".repeat(64));
    post(objects).await.assert_problem(400, "PGRST102");
}

async fn refuses_nul_anywhere(server: Server) {
    for (field, value) in [("text", json!("a\u{0}b")), ("tree", json!({"a": ["\u{0}"]})), ("tree", json!({"\u{0}": 1}))]
    {
        let answer = server.post("/maybe").json(&json!({field: value})).send().await;
        answer.assert_invalid(&[field]);
    }
    let stranger = server.post("/maybe").json(&json!({"te\u{0}xt": 1})).send().await;
    let errors = stranger.assert_problem(422, "23514")["errors"].clone();
    assert_eq!(errors.as_object().map(serde_json::Map::len), Some(1), "{stranger:?}");
    let asked = server.get("/maybe?text=eq.a%00b").send().await;
    asked.assert_problem(400, "PGRST100");
    server.get("/maybe/%00").send().await.assert_problem(404, "PGRST116");
}

async fn a_panic_is_a_problem(server: Server) {
    let body = json!({"word": "four", "grade": 1, "share": 0, "code": "AB1", "even": EXPLOSIVE});
    let answer = server.post("/forms").json(&body).send().await;
    answer.assert_problem(500, "XX000");
    assert!(!answer.text().contains("mistake in a check"), "{answer:?}");
    server.get("/forms").send().await.assert_status(200);
    let fine = json!({"word": "four", "grade": 1, "share": 0, "code": "AB1", "even": 4});
    server.post("/forms").json(&fine).send().await.assert_status(201);
}
