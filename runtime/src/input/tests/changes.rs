use serde_json::{Value as Tree, json};

use crate::{
    Code, Error,
    fixture::{THINGS, USERS},
    input::{Changes, Mode, Reason, changes},
    table::Table,
    value::{Secret, Value},
};

fn read(table: &'static Table, mode: Mode, object: &Tree) -> Changes {
    changes(table, mode, object, false).unwrap_or_else(|e| panic!("{object} is refused: {e}"))
}

fn refusal(table: &'static Table, mode: Mode, object: &Tree, own: bool) -> Error {
    let error = changes(table, mode, object, own).expect_err("is refused");
    assert_eq!(error.code(), Code::Invalid);
    error
}

fn errors(object: &Tree) -> Vec<(String, String)> {
    refusal(&THINGS, Mode::Merge, object, false).errors().clone().into_iter().collect()
}

fn error(field: &str, value: &Tree) -> String {
    errors(&json!({ field: value })).pop().map(|(name, message)| format!("{name} {message}")).unwrap_or_default()
}

fn names(changes: &Changes) -> Vec<&'static str> {
    changes.set.iter().map(|(column, _)| column.json).collect()
}

fn guards(changes: &Changes) -> Vec<(&'static str, Reason, &Value)> {
    changes.guards.iter().map(|g| (g.column.json, g.reason, &g.value)).collect()
}

#[test]
fn a_new_row_has_its_defaults_in_the_order_of_the_columns() {
    let changes = read(&THINGS, Mode::Create, &json!({"origin": "here", "title": "a", "count": 4}));
    let set: Vec<_> = changes.set.iter().filter(|(_, v)| *v != Value::Null).map(|(c, v)| (c.json, v.clone())).collect();
    let text = |v: &str| Value::Text(v.into());
    assert_eq!(
        set,
        [
            ("title", text("a")),
            ("status", text("To Do")),
            ("count", Value::Int(4)),
            ("origin", text("here")),
            ("stamp", Value::Int(7))
        ]
    );
    let kept: Vec<_> = THINGS.columns.iter().map(|c| c.json).filter(|name| !names(&changes).contains(name)).collect();
    assert_eq!(kept, ["id", "user_id", "created_at", "version"]);
    assert!(changes.guards.is_empty());
}

#[test]
fn bookkeeping_fields_are_not_even_looked_at() {
    let sent = json!({"id": "x", "user_id": [], "created_at": 1, "version": null, "stamp": "y"});
    assert_eq!(read(&THINGS, Mode::Merge, &sent), read(&THINGS, Mode::Merge, &json!({})));
    assert!(names(&read(&THINGS, Mode::Merge, &sent)).is_empty());
}

#[test]
fn a_merge_sets_what_was_sent() {
    let changes = read(&THINGS, Mode::Merge, &json!({"done": null, "title": "b"}));
    assert_eq!(
        changes.set.iter().map(|(c, v)| (c.json, v.clone())).collect::<Vec<_>>(),
        [("title", Value::Text("b".into())), ("done", Value::Null)]
    );
}

#[test]
fn a_replacement_leaves_alone_what_the_client_cannot_have_seen() {
    let changes = read(&THINGS, Mode::Replace, &json!({"title": "b"}));
    let unset: Vec<_> = THINGS.columns.iter().map(|c| c.json).filter(|name| !names(&changes).contains(name)).collect();
    assert_eq!(unset, ["id", "note", "origin", "stamp", "user_id", "created_at", "version"]);
    assert!(changes.set.iter().any(|(c, v)| c.json == "count" && *v == Value::Int(2)));
    let error = refusal(&THINGS, Mode::Replace, &json!({}), false);
    assert_eq!(error.errors().get("title").map(String::as_str), Some("is required"));

    let changes = read(&USERS, Mode::Replace, &json!({"email": "a@b"}));
    assert_eq!(names(&changes), ["email"]);
    assert!(refusal(&USERS, Mode::Replace, &json!({}), false).errors().contains_key("email"));
}

#[test]
fn every_field_error_comes_at_once() {
    let object = json!({"title": "", "count": 3, "statis": 1, "small": 1.0, "day": null, "meta": 1});
    assert_eq!(
        errors(&object),
        [
            ("count".into(), "must be even".into()),
            ("small".into(), "must be an integer".into()),
            ("statis".into(), "is not a field of things (did you mean `status`?)".into()),
            ("title".into(), "must have 1 to 10 characters".into()),
        ]
    );
    assert_eq!(error("wholly_other", &json!(1)), "wholly_other is not a field of things");
    let error = refusal(&USERS, Mode::Create, &json!({"pasword": "x"}), false);
    assert_eq!(error.errors().keys().collect::<Vec<_>>(), ["email", "password", "pasword"]);
    assert!(error.errors()["pasword"].contains("`password`"));
}

#[test]
fn a_value_must_be_of_the_columns_kind() {
    for (field, value, message) in [
        ("title", json!(null), "must not be null"),
        ("title", json!(1), "must be a string"),
        ("title", json!("a\u{0}"), "must not hold U+0000"),
        ("done", json!("true"), "must be true or false"),
        ("done", json!(1), "must be true or false"),
        ("small", json!(40000), "must be an integer between -32768 and 32767"),
        ("small", json!("1"), "must be an integer"),
        ("small", json!(1e3), "must be an integer"),
        (
            "big",
            json!(18_446_744_073_709_551_615_u64),
            "must be an integer between -9223372036854775808 and 9223372036854775807",
        ),
        ("big", json!(1e300), "must be an integer between -9223372036854775808 and 9223372036854775807"),
        ("price", json!("1"), "must be a number"),
        ("status", json!("Later"), "must be one of `To Do`, `Done`"),
        ("blob", json!("?"), "must be a base64 string"),
        ("uid", json!("x"), "must be a UUID"),
        ("day", json!("2026-02-30"), "must be a date (YYYY-MM-DD)"),
        ("day", json!(20_260_101), "must be a date (YYYY-MM-DD)"),
        ("instant", json!("2026-01-01T00:00:00"), "must be an RFC 3339 date and time"),
        ("meta", json!({"a": "\u{0}"}), "must not hold U+0000"),
    ] {
        assert_eq!(error(field, &value), format!("{field} {message}"), "{value}");
    }
    assert!(error("numbers", &json!(["x"])).starts_with("numbers has the wrong shape: "));
}

#[test]
fn values_arrive_as_their_kind() {
    let object = json!({"price": 3, "meta": {"b": 1, "a": [null]}, "numbers": [1], "blob": "AAE=", "big": i64::MIN});
    let values: Vec<_> = read(&THINGS, Mode::Merge, &object).set.into_iter().map(|(_, v)| v).collect();
    assert_eq!(
        values,
        [
            Value::Int(i64::MIN),
            Value::Float(3.0),
            Value::Bytes(vec![0, 1]),
            Value::Json(r#"{"a":[null],"b":1}"#.into()),
            Value::Json("[1]".into()),
        ]
    );
    let zero = read(&THINGS, Mode::Merge, &json!({"meta": null}));
    assert_eq!(zero.set[0].1, Value::Null);
}

#[test]
fn a_body_is_an_object() {
    for tree in [json!([]), json!(null), json!("x")] {
        assert!(refusal(&THINGS, Mode::Merge, &tree, false).to_string().contains("JSON object"));
    }
}

#[test]
fn an_immutable_field_is_set_once() {
    let sent = json!({"title": "a", "origin": "here"});
    let (created, merged) = (read(&THINGS, Mode::Create, &sent), read(&THINGS, Mode::Merge, &sent));
    assert!(names(&created).contains(&"origin") && created.guards.is_empty());
    assert_eq!(names(&merged), ["title"]);
    assert_eq!(guards(&merged), [("origin", Reason::Immutable, &Value::Text("here".into()))]);
}

#[test]
fn the_admin_column_is_guarded() {
    let user = |admin: &str| json!({"email": "a@b", "password": "long enough", "is_admin": admin == "admin"});
    let created = read(&USERS, Mode::Create, &json!({"email": "a@b", "password": "long enough"}));
    assert_eq!(created.set.last().map(|(c, v)| (c.json, v.clone())), Some(("is_admin", Value::Bool(false))));
    assert!(read(&USERS, Mode::Create, &user("plain")).guards.is_empty());
    let (yes, no) = (Value::Bool(true), Value::Bool(false));
    let created = read(&USERS, Mode::Create, &user("admin"));
    assert_eq!(guards(&created), [("is_admin", Reason::Forbidden, &yes)]);
    let merged = read(&USERS, Mode::Merge, &json!({"is_admin": false}));
    assert_eq!(guards(&merged), [("is_admin", Reason::Forbidden, &no)]);
    assert_eq!(names(&merged), ["is_admin"]);
}

#[test]
fn a_password_never_shows() {
    let secret = Value::Secret(Secret(Some("long enough".into())));
    let created = read(&USERS, Mode::Create, &json!({"email": "a@b", "password": "long enough"}));
    assert!(created.set.iter().any(|(c, v)| c.secret && *v == secret));
    assert!(created.guards.is_empty());

    let merged = read(&USERS, Mode::Merge, &json!({"password": "long enough"}));
    assert_eq!(guards(&merged), [("password", Reason::Secret, &Value::Null)]);
    assert_eq!(merged.set[0].1, secret);
    assert!(!format!("{merged:?}").contains("long enough"));

    for mode in [Mode::Merge, Mode::Replace] {
        let error = refusal(&USERS, mode, &json!({"email": "a@b", "password": "x"}), true);
        assert_eq!(error.errors()["password"], "is changed at /auth/password");
    }
    for value in [json!("short"), json!(["secret"]), json!("x".repeat(73)), json!("12345678\u{0}"), json!(null)] {
        let error = refusal(&USERS, Mode::Merge, &json!({"password": value}), false);
        assert!(!error.to_string().contains("short") && error.errors().contains_key("password"), "{error}");
    }
}

#[test]
fn a_flood_of_unknown_members_is_answered_briefly() {
    let object: serde_json::Map<_, _> = (0..5000).map(|i| (format!("{i}{}", "x".repeat(100)), json!(1))).collect();
    let error = refusal(&THINGS, Mode::Merge, &Tree::Object(object), false);
    assert!(error.errors().len() <= 100 && error.errors().keys().all(|k| k.chars().count() <= 65));
}
