use proptest::prelude::*;
use serde_json::{Value, json};

use crate::{Code, input::parse};

fn refusal(body: impl AsRef<[u8]>) -> String {
    let error = parse(body.as_ref()).expect_err("is refused");
    assert_eq!(error.code(), Code::BadJson);
    error.to_string()
}

#[test]
fn a_body_is_one_json_value() {
    assert_eq!(
        parse(b" {\"a\": [1, -2, 1.5, null, true, \"x\\u00e9\"]} \n").unwrap(),
        json!({"a": [1, -2, 1.5, null, true, "xé"]})
    );
    assert_eq!(parse(b"9007199254740993").unwrap(), json!(9_007_199_254_740_993_i64));
}

#[test]
fn a_refusal_says_where() {
    for (body, text) in [
        (&b""[..], "the body is empty: JSON is expected"),
        (b" \n\t", "the body is empty: JSON is expected"),
        (b"{\"a\": 1,\n \"b\": tru}", "malformed JSON at line 2 column 10"),
        (b"{\"a\": 1", "the JSON ends too early at line 1 column 7"),
        (b"{} {}", "something follows the JSON value at line 1 column 4"),
        (b"[\"a\n\xff\"]", "the body is not UTF-8 at line 2 column 1"),
        (b"{\"a\": \"b\nc\"}", "malformed JSON at line 1 column 9"),
        (b"{\"a\": 1,\n\n\"b\": \"\n\"}", "malformed JSON at line 3 column 7"),
        (b"\n}", "malformed JSON at line 2 column 1"),
        (b"NaN", "malformed JSON at line 1 column 1"),
    ] {
        assert_eq!(refusal(body), text, "{}", String::from_utf8_lossy(body));
    }
}

#[test]
fn a_number_without_end_is_a_field_out_of_range() {
    for (body, field) in
        [("{\"a\": 1e999}", "a"), ("[{\"a\": 1}, {\"b\": [0, -1e400]}]", "1.b.1"), ("{\"a\": 1e999", "a")]
    {
        let error = parse(body.as_bytes()).expect_err(body);
        assert_eq!(error.code(), Code::Invalid, "{body}");
        let (name, text) = error.errors().first_key_value().unwrap();
        assert!(name == field && text.contains("out of range"), "{body}: {name} {text}");
    }
    assert_eq!(parse(b"1e999").unwrap_err().code(), Code::Invalid);
    assert_eq!(parse(b"[1e308, 1e-999]").unwrap(), json!([1e308, 0.0]));
}

#[test]
fn a_member_stands_once() {
    assert_eq!(
        refusal(r#"{"a": {"title": 1, "b": 2, "title": 1}}"#),
        "the member `title` stands twice in one object at line 1 column 34"
    );
    // The escape spells the same name.
    assert!(refusal(r#"{"a": 1, "\u0061": 2}"#).contains("`a` stands twice"));
    assert!(parse(br#"[{"a": 1}, {"a": {"a": 2}}]"#).is_ok());
    let long = "n".repeat(5000);
    assert!(refusal(format!(r#"{{"{long}": 1, "{long}": 2}}"#)).len() < 200);
}

#[test]
fn nesting_ends_at_64() {
    let arrays = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
    let objects = |depth: usize| "{\"a\":".repeat(depth) + "1" + &"}".repeat(depth);
    assert!(parse(arrays(64).as_bytes()).is_ok());
    assert!(parse(objects(64).as_bytes()).is_ok());
    assert!(refusal(arrays(65)).starts_with("the JSON nests deeper than 64"));
    assert!(refusal(objects(65)).starts_with("the JSON nests deeper than 64"));
    assert!(refusal("[".repeat(1_000_000)).starts_with("the JSON nests deeper than 64"));
}

#[test]
fn no_refusal_repeats_a_value() {
    for body in [
        r#"{"password": "hunter2hunter2", "password": "hunter2hunter2"}"#,
        r#"{"password": "hunter2hunter2"#,
        r#"{"password": hunter2}"#,
    ] {
        assert!(!refusal(body).contains("hunter2"), "{body}");
    }
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(body in any::<Vec<u8>>()) {
        let _ = parse(&body);
    }

    #[test]
    fn floats_keep_their_bits(number in any::<f64>().prop_filter("finite", |v| v.is_finite())) {
        let text = serde_json::to_string(&number).unwrap();
        prop_assert_eq!(parse(text.as_bytes()).unwrap().as_f64().map(f64::to_bits), Some(number.to_bits()));
    }

    #[test]
    fn it_reads_what_serde_json_reads(text in r#"[\[\]{}:,"a\\0-9.e \n-]{0,24}"#) {
        let strict = parse(text.as_bytes());
        let object = text.contains('{');
        match (serde_json::from_str::<Value>(&text), strict) {
            (Ok(expected), Ok(read)) => prop_assert_eq!(read, expected),
            (Ok(_), Err(_)) => prop_assert!(object, "only a member that stands twice is refused beyond it"),
            (Err(_), strict) => prop_assert!(strict.is_err()),
        }
    }
}
