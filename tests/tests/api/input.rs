//! What bodies may hold, and how all that is wrong with one is said at once.

use restruct_tests::{
    Server, both,
    resources::{EXPLOSIVE, kanban, odd},
};
use serde_json::{Value, json};

both!(kanban; says_every_mistake_at_once, suggests_the_nearest_field, ignores_bookkeeping, wants_json);
both!(kanban; points_at_broken_json, refuses_members_that_stand_twice, refuses_large_bodies, null_is_not_a_value);
both!(kanban; takes_choices_only, counts_characters);
both!(odd; stores_every_type, stores_nothing_in_every_type, refuses_what_does_not_fit, numbers_keep_their_digits);
both!(odd; times_are_utc, refuses_nul_anywhere, refuses_deep_nesting, runs_every_validation, a_panic_is_a_problem);
both!(odd; indexed_texts_have_a_maximum);
both!(odd; immutable_fields_stay, replacing_leaves_what_was_not_sent, json_is_one_value, defaults_stand_in);

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
    // Whether a body passes is said before whether there is such a row.
    server.patch("/cards/4711").token(&ann.token).json(&wrong).send().await.assert_invalid(&fields);
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
    answer.assert_problem(413, "PT413");
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

/// A body with every type of [`restruct_tests::resources::Sample`].
fn sample() -> Value {
    json!({
        "flag": true, "small": -32768, "medium": 2_147_483_647, "large": 9_007_199_254_740_993_i64, "real": 0.1,
        "text": "text", "bytes": "AP/+", "uuid": "0192f0c1-2d3e-7abc-8def-0123456789ab", "date": "2024-02-29",
        "time": "23:59:59", "moment": "2026-01-02T03:04:05", "stamp": "2026-01-02T03:04:05Z",
        "tree": {"b": [1, null, {"a": "x"}], "a": 1.5}, "point": {"x": 1, "y": -2}, "shade": "very_dark", "percent": 100,
    })
}

async fn stores_every_type(server: Server) {
    let body = sample();
    let made = server.post("/samples").json(&body).send().await.ok(201);
    for (field, value) in body.as_object().expect("an object") {
        match field.as_str() {
            "time" | "moment" | "stamp" => {
                let (sent, stored) = (value.as_str().expect("text"), made[field].as_str().expect("text"));
                assert!(stored.starts_with(sent.trim_end_matches('Z')), "{field}: {stored} for {sent}");
            }
            _ => assert_eq!(&made[field], value, "{field}"),
        }
    }
    assert_eq!(made["stamp"], "2026-01-02T03:04:05.000000Z");
    let path = format!("/samples/{}", made["id"]);
    assert_eq!(server.get(&path).send().await.ok(200), made, "what is answered is what is stored");
    let put = server.put(&path).json(&made).send().await.ok(200);
    assert_eq!(put, made, "what is answered can be sent back");
    for (field, value) in body.as_object().expect("an object") {
        let patched = server.patch(&path).json(&json!({field.as_str(): value})).send().await.ok(200);
        assert_eq!(patched, made, "{field}");
    }
    server
        .post("/samples")
        .json(&json!({}))
        .send()
        .await
        .assert_invalid(&body.as_object().expect("an object").keys().map(String::as_str).collect::<Vec<_>>());
}

async fn stores_nothing_in_every_type(server: Server) {
    let empty = server.post("/maybe").json(&json!({})).send().await.ok(201);
    let fields: Vec<_> = sample().as_object().expect("an object").keys().cloned().collect();
    assert!(fields.iter().all(|f| empty[f].is_null()), "{empty}");
    let full = server.post("/maybe").json(&sample()).send().await.ok(201);
    assert!(fields.iter().all(|f| !full[f].is_null()), "{full}");
    let path = format!("/maybe/{}", full["id"]);
    for field in &fields {
        let after = server.patch(&path).json(&json!({field.as_str(): null})).send().await.ok(200);
        assert!(after[field].is_null(), "{field}: {after}");
    }
    server.put(&path).json(&sample()).send().await.assert_status(200);
    let cleared = server.put(&path).json(&json!({})).send().await.ok(200);
    assert!(fields.iter().all(|f| cleared[f].is_null()), "{cleared}");
}

async fn refuses_what_does_not_fit(server: Server) {
    let cases: [(&str, &[&str]); 16] = [
        ("flag", &["1", "0", "\"true\"", "[]"]),
        ("small", &["32768", "-32769", "1.5", "\"1\"", "true", "99999999999999999999999999", "1e3000"]),
        ("medium", &["2147483648", "-2147483649", "0.1", "{}"]),
        ("large", &["9223372036854775808", "-9223372036854775809", "18446744073709551616", "1.5", "\"7\""]),
        ("real", &["\"1.5\"", "1e400", "-1e400", "true"]),
        ("text", &["5", "true", "[]", "{}"]),
        ("bytes", &["\"!!\"", "\"a\"", "[1,2]", "5"]),
        ("uuid", &["\"\"", "\"x\"", "\"0192f0c1-2d3e-7abc-8def-0123456789a\"", "5"]),
        (
            "date",
            &[
                "\"2026-02-30\"",
                "\"2023-02-29\"",
                "\"0000-01-01\"",
                "\"10000-01-01\"",
                "\"2026-1-1\"",
                "\"today\"",
                "20260101",
            ],
        ),
        ("time", &["\"24:00:00\"", "\"12:60:00\"", "\"noon\"", "5"]),
        ("moment", &["\"2026-02-30T00:00:00\"", "\"2026-01-01\"", "\"0000-01-01T00:00:00\"", "5"]),
        (
            "stamp",
            &[
                "\"2026-02-30T00:00:00Z\"",
                "\"2026-01-01T00:00:00\"",
                "\"0000-12-31T00:00:00Z\"",
                "\"0001-01-01T00:00:00+01:00\"",
                "\"now\"",
                "5",
            ],
        ),
        ("tree", &[]),
        ("point", &["{}", "{\"x\":1}", "{\"x\":1,\"y\":2,\"z\":3}", "{\"x\":\"1\",\"y\":2}", "5"]),
        ("shade", &["\"Light\"", "\"very-dark\"", "5"]),
        ("percent", &["-1", "101", "\"5\""]),
    ];
    for (field, values) in cases {
        for value in values {
            let body = format!("{{\"{field}\": {value}}}");
            let answer = server.post("/maybe").body("application/json", body.clone()).send().await;
            if value.contains("1e") {
                // A number that no f64 holds is no JSON to some readers.
                assert!(matches!(answer.status, 400 | 422), "{body}\n{answer:?}");
                answer.assert_problem(answer.status, if answer.status == 400 { "PGRST102" } else { "23514" });
            } else {
                assert_eq!(answer.status, 422, "{body}\n{answer:?}");
                answer.assert_invalid(&[field]);
            }
        }
    }
    assert!(server.get("/maybe").send().await.rows().is_empty());
}

async fn numbers_keep_their_digits(server: Server) {
    for number in [i64::MAX, i64::MIN, 9_007_199_254_740_993, -9_007_199_254_740_993, 0] {
        let made = server.post("/maybe").json(&json!({"large": number})).send().await;
        assert!(made.assert_status(201).text().contains(&format!("\"large\":{number},")), "{made:?}");
        let found = server.get(&format!("/maybe?large=eq.{number}")).send().await;
        assert_eq!(found.each("large"), [number]);
    }
    for number in [0.1, -2.5, 1e308, 5e-324, 1.797_693_134_862_315_7e308, 123_456_789.123_456_79] {
        let made = server.post("/maybe").json(&json!({"real": number})).send().await.ok(201);
        assert_eq!(made["real"].as_f64(), Some(number));
    }
    let whole = server.post("/maybe").json(&json!({"real": 3})).send().await.ok(201);
    assert_eq!(whole["real"].as_f64(), Some(3.0));
    // 1.0 is an integer or a mistake, and the same for every width.
    let mut outcomes = Vec::new();
    for field in ["small", "medium", "large"] {
        let answer = server.post("/maybe").body("application/json", format!("{{\"{field}\": 1.0}}")).send().await;
        match answer.status {
            201 => assert_eq!(answer.json()[field], 1),
            _ => drop(answer.assert_invalid(&[field])),
        }
        outcomes.push(answer.status);
    }
    assert!(outcomes.windows(2).all(|pair| pair[0] == pair[1]), "{outcomes:?}");
}

async fn times_are_utc(server: Server) {
    let stored = async |text: &str| {
        let made = server.post("/maybe").json(&json!({"stamp": text})).send().await.ok(201);
        made["stamp"].as_str().expect("a time").to_owned()
    };
    assert_eq!(stored("2026-01-02T03:04:05+02:00").await, "2026-01-02T01:04:05.000000Z");
    assert_eq!(stored("2026-01-01T00:30:00-01:00").await, "2026-01-01T01:30:00.000000Z");
    assert_eq!(stored("2026-01-02T03:04:05.123456789Z").await, "2026-01-02T03:04:05.123456Z");
    assert_eq!(stored("0001-01-01T00:00:00Z").await, "0001-01-01T00:00:00.000000Z");
    assert_eq!(stored("9999-12-31T23:59:59.999999Z").await, "9999-12-31T23:59:59.999999Z");
    let found = server.query("/maybe", &[("stamp", "eq.2026-01-02T02:04:05+01:00")]).send().await;
    assert_eq!(found.each("stamp"), ["2026-01-02T01:04:05.000000Z"], "an instant is one instant in every zone");
    let ordered = server.get("/maybe?order=stamp.asc").send().await.each("stamp");
    assert!(ordered.is_sorted_by_key(|time| time.as_str().expect("a time").to_owned()), "{ordered:?}");
    let made = server.post("/maybe").json(&json!({"time": "12:34:56.789"})).send().await.ok(201);
    assert!(made["time"].as_str().is_some_and(|t| t.starts_with("12:34:56.789")), "{made}");
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

async fn a_panic_is_a_problem(server: Server) {
    let body = json!({"word": "four", "grade": 1, "share": 0, "code": "AB1", "even": EXPLOSIVE});
    let answer = server.post("/forms").json(&body).send().await;
    answer.assert_problem(500, "XX000");
    assert!(!answer.text().contains("mistake in a check"), "{answer:?}");
    server.get("/forms").send().await.assert_status(200);
    let fine = json!({"word": "four", "grade": 1, "share": 0, "code": "AB1", "even": 4});
    server.post("/forms").json(&fine).send().await.assert_status(201);
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

async fn json_is_one_value(server: Server) {
    for tree in [
        json!(1),
        json!("x"),
        json!(true),
        json!([]),
        json!({}),
        json!({"a": {"b": [1, 2.5, "ż"]}}),
        json!(9_007_199_254_740_993_i64),
    ] {
        let made = server.post("/maybe").json(&json!({"tree": tree})).send().await.ok(201);
        assert_eq!(made["tree"], tree);
    }
    let made = server.post("/maybe").json(&json!({"tree": {"a": 1, "b": 2}})).send().await.ok(201);
    let path = format!("/maybe/{}", made["id"]);
    let patched = server.patch(&path).json(&json!({"tree": {"a": 3}})).send().await.ok(200);
    assert_eq!(patched["tree"], json!({"a": 3}), "replaced, not merged");
    let none = server.patch(&path).json(&json!({"tree": null})).send().await.ok(200);
    assert_eq!(none["tree"], Value::Null);
    let nulls = server.get(&format!("/maybe?tree=is.null&id=eq.{}", made["id"])).send().await;
    assert_eq!(nulls.rows().len(), 1, "JSON null is SQL NULL");
    let mut required = sample();
    required["tree"] = Value::Null;
    server.post("/samples").json(&required).send().await.assert_invalid(&["tree"]);
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

async fn indexed_texts_have_a_maximum(server: Server) {
    let group = |table: String| json!({"type": "x".repeat(10_000), "table": table, "position": 1});
    for letter in ["x", "🦀"] {
        server.post("/groups").json(&group(letter.repeat(255))).send().await.assert_status(201);
        server.post("/groups").json(&group(letter.repeat(256))).send().await.assert_invalid(&["table"]);
    }
}
