//! Every field type: what goes in comes out, and what does not fit does not go in.

use restruct_tests::{Server, both, resources::odd};
use serde_json::{Value, json};

both!(odd; stores_every_type, stores_nothing_in_every_type, refuses_what_does_not_fit, numbers_keep_their_digits);
both!(odd; times_are_utc, json_is_one_value);

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

/// A body with every type of [`restruct_tests::resources::Sample`].
pub(crate) fn sample() -> Value {
    json!({
        "flag": true, "small": -32768, "medium": 2_147_483_647, "large": 9_007_199_254_740_993_i64, "real": 0.1,
        "text": "text", "bytes": "AP/+", "uuid": "0192f0c1-2d3e-7abc-8def-0123456789ab", "date": "2024-02-29",
        "time": "23:59:59", "moment": "2026-01-02T03:04:05", "stamp": "2026-01-02T03:04:05Z",
        "tree": {"b": [1, null, {"a": "x"}], "a": 1.5}, "point": {"x": 1, "y": -2}, "shade": "very_dark", "percent": 100,
    })
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
