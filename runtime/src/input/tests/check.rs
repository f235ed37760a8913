use crate::{
    column::{Column, Role},
    fixture::{THINGS, USERS, named},
    input::{check, compile, password},
    value::{Secret, Value},
};

static BROKEN: [Column; 1] = [Column { pattern: Some("("), ..THINGS.columns[1] }];

static CONTACT: Column = Column { role: Role::Plain, ..USERS.columns[1] };

fn reason(column: &'static Column, value: &Value) -> String {
    check(column, value).err().map(|e| e.0).unwrap_or_default()
}

fn text(column: &'static Column, text: &str) -> String {
    reason(column, &Value::Text(text.into()))
}

#[test]
fn lengths_count_characters_and_bytes() {
    let title = named(&THINGS, "title");
    assert_eq!(text(title, &"é".repeat(10)), "");
    assert_eq!(text(title, &"é".repeat(11)), "must have 1 to 10 characters");
    assert_eq!(text(title, ""), "must have 1 to 10 characters");
    let blob = named(&THINGS, "blob");
    assert_eq!(reason(blob, &Value::Bytes(vec![0; 4])), "");
    assert_eq!(reason(blob, &Value::Bytes(vec![0; 5])), "must have at most 4 bytes");
    // What an indexed text falls back to.
    assert_eq!(text(named(&THINGS, "code"), &"a".repeat(256)), "must have at most 255 characters");
    assert_eq!(text(named(&THINGS, "note"), &"a".repeat(10_000)), "");
}

#[test]
fn ranges_include_their_ends() {
    let count = named(&THINGS, "count");
    for (value, message) in [(0, ""), (100, ""), (-2, "must be between 0 and 100"), (102, "must be between 0 and 100")]
    {
        assert_eq!(reason(count, &Value::Int(value)), message, "{value}");
    }
    assert_eq!(reason(named(&THINGS, "price"), &Value::Float(0.5)), "");
    assert_eq!(reason(named(&THINGS, "price"), &Value::Float(0.4)), "must be at least 0.5");
}

#[test]
fn patterns_match_and_compile_at_the_start() {
    assert_eq!(text(named(&THINGS, "code"), "abc"), "");
    assert_eq!(text(named(&THINGS, "code"), "aBc"), "must match the pattern ^[a-z]+$");
    compile(&THINGS).unwrap();
    let table = crate::table::Table { columns: &BROKEN, resource: "Thing", ..crate::table::Table::BLANK };
    assert!(compile(&table).unwrap_err().to_string().contains("Thing.title_text"));
    assert_eq!(text(&BROKEN[0], "a"), "must match the pattern (");
}

#[test]
fn emails_are_as_html_has_them() {
    let email = named(&USERS, "email");
    for good in ["a@b", "A.b+c@d-e.example", "o'neill@x.y", "!#$%&'*+/=?^_`{|}~-.@x"] {
        assert_eq!(text(email, good), "", "{good}");
    }
    let long = format!("{}@b", "a".repeat(252));
    assert_eq!(text(email, &long), "");
    let longer = format!("a{long}");
    assert_eq!(text(email, &longer), "must have at most 254 characters");
    assert_eq!(text(&CONTACT, &longer), "must be an e-mail address");
    let label = format!("a@{}.b", "l".repeat(64));
    for bad in
        ["", "a", "@b", "a@", "a@@b", "a b@c", "a@b.", "a@.b", "a@-b", "a@b-", "a@b_c", "é@b", "a@é", "a@b\n", &label]
    {
        assert_eq!(text(email, bad), "must be an e-mail address", "{bad:?}");
    }
}

#[test]
fn urls_are_absolute_and_need_no_repair() {
    let site = named(&THINGS, "site");
    for good in
        ["https://example.com", "HTTP://user@example.com:8080/a?b#c", "http://[::1]/", "http://münchen.example/"]
    {
        assert_eq!(text(site, good), "", "{good}");
    }
    for bad in [
        "",
        "example.com",
        "/a",
        "ftp://a",
        "javascript://a",
        "http:a.b",
        "http:///a",
        "http:\\\\a",
        "http://",
        " http://a",
        "http://a\n",
        "http://a b",
        "http://a:99999",
    ] {
        assert_eq!(text(site, bad), "must be an http or https URL", "{bad:?}");
    }
}

#[test]
fn passwords_have_8_characters_to_72_bytes() {
    for good in ["12345678", "éééééééé", &"x".repeat(72)] {
        assert_eq!(password(good), Ok(()), "{good}");
    }
    for (bad, message) in [
        ("1234567", "must have at least 8 characters"),
        ("ééééééé", "must have at least 8 characters"),
        (&"x".repeat(73), "must have at most 72 bytes"),
        (&"é".repeat(37), "must have at most 72 bytes"),
        ("1234567\0", "must not hold U+0000"),
    ] {
        assert_eq!(password(bad).unwrap_err().0, message, "{bad:?}");
    }
    let column = named(&USERS, "password");
    assert_eq!(reason(column, &Value::Secret(Secret(None))), "");
    assert_eq!(reason(column, &Value::Secret(Secret(Some("short".into())))), "must have at least 8 characters");
    assert_eq!(text(column, "$2b$12$hash"), "must be a string");
}

#[test]
fn a_hand_written_field_type_cannot_smuggle_anything_in() {
    for (column, value) in [
        ("small", Value::Int(40_000)),
        ("small", Value::Text("1".into())),
        ("note", Value::Text("\0".into())),
        ("price", Value::Float(f64::NAN)),
        ("price", Value::Float(f64::INFINITY)),
        ("day", Value::Date(chrono::NaiveDate::MAX)),
        ("instant", Value::Timestamp(chrono::DateTime::<chrono::Utc>::MIN_UTC)),
        ("note", Value::Secret(Secret(None))),
        ("id", Value::Null),
    ] {
        assert_ne!(reason(named(&THINGS, column), &value), "", "{column} {value:?}");
    }
}
