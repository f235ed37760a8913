use proptest::prelude::*;

use super::{json::value, *};
use crate::{
    column::Column,
    fixture::{THINGS, Thing, USERS, named, stored},
    value::{Secret, ValueRef},
};

fn written(values: &[Value]) -> String {
    let readable: Vec<_> = THINGS.columns.iter().zip(values).filter(|(c, _)| c.readable()).map(|(_, v)| v).collect();
    let mut buf = Vec::new();
    Shape::new(THINGS.columns).row(&mut buf, |i| Ok(readable[i].as_ref())).unwrap();
    String::from_utf8(buf).unwrap()
}

fn json_of(v: &Value) -> String {
    let mut buf = Vec::new();
    value(&mut buf, v.as_ref());
    String::from_utf8(buf).unwrap()
}

#[test]
fn each_kind_has_its_json() {
    for (value, json) in [
        (Value::Null, "null"),
        (Value::Bool(true), "true"),
        (Value::Int(i64::MAX), "9223372036854775807"),
        (Value::Float(1.0), "1.0"),
        (Value::Float(0.1), "0.1"),
        (Value::Float(1e21), "1e+21"),
        (Value::Text("a\"\\\n\u{1}é</".into()), r#""a\"\\\n\u0001é</""#),
        (Value::Bytes(vec![0, 255]), r#""AP8=""#),
        (Value::Json(r#"{"a":[1]}"#.into()), r#"{"a":[1]}"#),
        (Value::Uuid(uuid::Uuid::from_u128(10)), r#""00000000-0000-0000-0000-00000000000a""#),
        (Value::Timestamp(chrono::DateTime::UNIX_EPOCH), r#""1970-01-01T00:00:00.000000Z""#),
    ] {
        assert_eq!(json_of(&value), json);
    }
}

#[test]
fn what_cannot_be_read_is_not_written() {
    let values: Vec<_> = THINGS.columns.iter().map(|_| Value::Null).collect();
    let json = written(&values);
    assert!(json.starts_with(r#"{"id":null,"title":null,"#) && json.ends_with('}'), "{json}");
    assert!(!json.contains("note") && !serde_json::to_string(&Row(values)).unwrap().contains("note"));

    let mut buf = Vec::new();
    Shape::new(USERS.columns).row(&mut buf, |_| Ok(ValueRef::Null)).unwrap();
    assert_eq!(buf, br#"{"id":null,"email":null,"is_admin":null}"#);

    let mut buf = Vec::new();
    Shape::new([named(&USERS, "password")]).row(&mut buf, |_| Ok(ValueRef::Null)).unwrap();
    assert_eq!(buf, b"{}");
    assert_eq!(json_of(&Value::Secret(Secret(Some("secret".into())))), "null");
}

#[test]
fn member_names_are_escaped() {
    let odd = Column { json: "a\"b", ..*named(&THINGS, "title") };
    let mut buf = Vec::new();
    Shape::new([&odd]).row(&mut buf, |_| Ok(ValueRef::Int(1))).unwrap();
    assert_eq!(buf, br#"{"a\"b":1}"#);
}

#[test]
fn each_character_is_escaped_as_serde_json_does_it() {
    for c in ('\0'..='\u{ff}').chain(['\u{2028}', '🂡']) {
        for text in [c.to_string(), format!("{c}{}", "a".repeat(40)), format!("{}{c}a", "a".repeat(40))] {
            assert_eq!(json_of(&Value::Text(text.clone())), serde_json::to_string(&text).unwrap());
        }
    }
}

#[test]
fn a_value_that_cannot_be_had_is_an_error() {
    let failed = Shape::new(THINGS.columns).row(&mut Vec::new(), |_| Err(crate::Error::internal("gone")));
    assert!(failed.is_err());
}

/// Rows of two numbers that are shown, and of two that may be told.
fn encoded(shape: &Shape, rows: i64) -> (String, JsonRows) {
    let mut encoder = Encoder::new(shape, 4, 0, Room::ENDLESS);
    for row in 0..rows {
        let number = |at: usize| Ok(ValueRef::Int(row * 10 + at.cast_signed() as i64));
        encoder.row(number, number).unwrap();
    }
    let rows = encoder.finish();
    (String::from_utf8(rows.body.clone()).unwrap(), rows)
}

fn two() -> Shape {
    let mut shape = Shape::empty();
    shape.column("a");
    shape.column("b");
    shape
}

#[test]
fn what_is_not_shown_is_told_of_the_rows_that_were_asked_for() {
    let numbers = |numbers: &[i64]| numbers.iter().map(|n| Value::Int(*n)).collect::<Vec<_>>();
    for (aside, told, ends) in [
        (Aside::No, numbers(&[]), vec![]),
        (Aside::Row(0), numbers(&[2, 3]), vec![]),
        (Aside::Row(1), numbers(&[12, 13]), vec![]),
        (Aside::Row(2), numbers(&[]), vec![]),
        (Aside::Every, numbers(&[2, 3, 12, 13]), vec![14, 30]),
    ] {
        let (json, rows) = encoded(&two().telling(aside), 2);
        assert_eq!(json, r#"[{"a":0,"b":1},{"a":10,"b":11}]"#);
        assert_eq!((rows.count, rows.aside, rows.ends), (2, told, ends), "{aside:?}");
    }
    let (json, rows) = encoded(&two().telling(Aside::Every), 0);
    assert_eq!((json.as_str(), rows.count, rows.aside.len(), rows.ends.len()), ("[]", 0, 0, 0));
}

#[test]
fn a_hole_is_where_its_value_belongs() {
    let mut shape = Shape::empty();
    for name in ["first", "a", "middle", "b", "last"] {
        if name.len() == 1 { shape.column(name) } else { shape.hole(name) }
    }
    let (json, rows) = encoded(&shape, 2);
    assert_eq!(json, r#"[{"first":,"a":0,"middle":,"b":1,"last":},{"first":,"a":10,"middle":,"b":11,"last":}]"#);
    let names: Vec<_> = rows.holes.iter().map(|at| &json[..*at]).map(|text| &text[text.len() - 4..]).collect();
    assert_eq!(names, [r#"st":"#, r#"le":"#, r#"st":"#, r#"st":"#, r#"le":"#, r#"st":"#]);
    assert!(rows.ends.iter().all(|end| json[..*end].ends_with('}')) && rows.ends.len() == 2, "{rows:?}");
    assert!(rows.aside.is_empty());
}

#[test]
fn an_object_may_be_nothing_but_a_hole_or_empty() {
    let mut shape = Shape::empty();
    assert_eq!(encoded(&shape, 2).0, "[{},{}]");
    shape.hole("x");
    let (json, rows) = encoded(&shape, 1);
    assert_eq!((json.as_str(), rows.holes), (r#"[{"x":}]"#, vec![6]));
}

#[test]
fn a_joined_row_is_an_object_or_null() {
    let mut shape = two();
    for (name, columns) in [("x", vec!["c"]), ("y", vec!["d", "e"])] {
        let mut object = Shape::empty();
        for column in columns {
            object.column(column);
        }
        shape.joined(name, object);
        shape.hole("later");
    }
    // Shown, told, and of each joined row its key and what is shown of it.
    let shape = shape.telling(Aside::Every);
    let mut encoder = Encoder::new(&shape, 2 + 1 + 2 + 3, 0, Room::ENDLESS);
    for (key, other) in [(ValueRef::Int(7), ValueRef::Null), (ValueRef::Null, ValueRef::Int(8))] {
        let value = |at: usize| {
            Ok([3, 5]
                .iter()
                .position(|k| *k == at)
                .map_or(ValueRef::Int(i64::try_from(at).unwrap()), |n| [key, other][n]))
        };
        encoder.row(value, value).unwrap();
    }
    let rows = encoder.finish();
    let json = String::from_utf8(rows.body).unwrap();
    assert_eq!(
        json,
        r#"[{"a":0,"b":1,"x":{"c":4},"later":,"y":null,"later":},{"a":0,"b":1,"x":null,"later":,"y":{"d":6,"e":7},"later":}]"#
    );
    assert_eq!((rows.joined, rows.holes.len(), rows.aside), (2, 4, vec![Value::Int(2), Value::Int(2)]));
}

#[test]
fn a_name_can_be_another_than_the_column_s() {
    let mut shape = Shape::empty();
    shape.column("é\"");
    assert_eq!(encoded(&shape, 1).0, r#"[{"é\"":0}]"#);
}

#[test]
fn a_column_that_stands_twice_is_had_once() {
    let mut shape = two();
    shape.again("c", 0);
    shape.column("d");
    shape.again("e", 1);
    shape.again("f", 2);
    assert_eq!((shape.shown(), shape.repeats(), two().repeats()), (3, true, false));
    let (json, rows) = encoded(&shape.telling(Aside::Every), 2);
    let row = |n: i64| format!(r#"{{"a":{},"b":{},"c":{},"d":{},"e":{},"f":{}}}"#, n, n + 1, n, n + 2, n + 1, n + 2);
    assert_eq!(json, format!("[{},{}]", row(0), row(10)));
    assert_eq!(rows.aside, [Value::Int(3), Value::Int(13)], "what stands behind the shown ones");
}

/// How many rows of a text of so many bytes are written where there is room for 100.
fn fitting(shape: &Shape, bytes: usize) -> usize {
    let text = "x".repeat(bytes);
    let mut encoder = Encoder::new(shape, 1, 0, Room::of(100));
    let mut rows = (0..9).take_while(|_| {
        let value = |_| Ok(ValueRef::Text(&text));
        encoder.row(value, value).is_ok()
    });
    rows.by_ref().count()
}

#[test]
fn rows_are_written_as_long_as_there_is_room() {
    // `[{"a":"x"},{"a":"x"},..]`
    let mut plain = Shape::empty();
    plain.column("a");
    let rows = |bytes: usize| (0..=9).rfind(|rows| rows * (9 + bytes) < 100).unwrap();
    for bytes in [2, 3, 24, 25, 40, 41] {
        assert_eq!(fitting(&plain, bytes), rows(bytes).max(1), "{bytes}");
    }
    assert_eq!(fitting(&plain, 1000), 1, "one alone, whatever its size");
    let mut twice = plain.clone();
    twice.again("b", 0);
    // `[{"a":"x","b":"x"}]`
    assert_eq!((fitting(&twice, 41), fitting(&twice, 42)), (1, 0), "but not if a column stands twice");
    let mut hole = plain;
    hole.hole("b");
    // `[{"a":"x","b":}]`
    assert_eq!((fitting(&hole, 85), fitting(&hole, 86)), (1, 0), "or something is put into it");
}

/// Two rows, each with both rows of another level.
fn level() -> Level {
    let rows = |shape: &Shape| {
        // The place of a row is told beside it.
        let mut encoder = Encoder::new(shape, 2, 0, Room::ENDLESS);
        for n in [1, 2] {
            let value = |_| Ok(ValueRef::Int(n));
            encoder.row(value, value).unwrap();
        }
        encoder.finish()
    };
    let mut shape = Shape::empty();
    shape.column("a");
    let inner = rows(&shape.clone().telling(Aside::Every));
    shape.hole("b");
    let inner = Level { rows: inner, branches: Vec::new() };
    Level { rows: rows(&shape), branches: vec![Branch { many: true, level: inner, of: vec![0..2, 0..2] }] }
}

#[test]
fn what_is_put_together_ends_to_the_byte() {
    let text = r#"[{"a":1,"b":[{"a":1},{"a":2}]},{"a":2,"b":[{"a":1},{"a":2}]}]"#;
    assert_eq!(level().array(4, text.len()).map(String::from_utf8), Ok(Ok(text.to_owned())));
    for bytes in 0..text.len() {
        assert_eq!(level().array(4, bytes), Err(Full::Bytes), "{bytes}");
    }
    assert_eq!(level().array(3, text.len()), Err(Full::Rows));
}

struct Row(Vec<Value>);

impl serde::Serialize for Row {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serialize(&Thing(self.0.clone()), serializer)
    }
}

fn rows() -> impl Strategy<Value = Vec<Value>> {
    let column = |c: &'static Column| prop_oneof![1 => Just(Value::Null), 4 => stored(c)];
    THINGS.columns.iter().map(column).collect::<Vec<_>>()
}

proptest! {
    #[test]
    fn both_ways_out_agree_to_the_byte(values in rows()) {
        let json = written(&values);
        prop_assert_eq!(&json, &serde_json::to_string(&Row(values)).unwrap());
        prop_assert!(serde_json::from_str::<serde_json::Value>(&json).is_ok());
    }
}
