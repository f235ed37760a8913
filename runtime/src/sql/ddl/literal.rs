//! Values as SQL text, for `DEFAULT` and `CHECK` alone: what a client sends is bound, never written.

use std::fmt::Write as _;

use crate::{sql::Dialect, value::Value};

/// `value` as a literal; `None` where it has none: NULL needs no default, a password takes none.
pub(super) fn value(value: &Value, dialect: Dialect) -> Option<String> {
    let sqlite = dialect == Dialect::Sqlite;
    let cast = |text: String, r#type: &str| if sqlite { quoted(&text) } else { format!("{}::{type}", quoted(&text)) };
    Some(match value {
        Value::Null | Value::Secret(_) => return None,
        Value::Bool(v) if sqlite => i32::from(*v).to_string(),
        Value::Bool(v) => if *v { "TRUE" } else { "FALSE" }.to_owned(),
        Value::Int(v) => v.to_string(),
        Value::Float(v) => float(*v),
        Value::Text(v) => quoted(v),
        Value::Bytes(v) => bytes(v, dialect),
        Value::Uuid(v) if sqlite => bytes(v.as_bytes(), dialect),
        Value::Uuid(v) => cast(v.to_string(), "uuid"),
        Value::Date(v) => cast(v.format("%Y-%m-%d").to_string(), "date"),
        Value::Time(v) => cast(v.format("%H:%M:%S%.6f").to_string(), "time"),
        Value::DateTime(v) => cast(v.format("%Y-%m-%dT%H:%M:%S%.6f").to_string(), "timestamp"),
        Value::Timestamp(v) => cast(v.format("%Y-%m-%dT%H:%M:%S%.6fZ").to_string(), "timestamptz"),
        Value::Json(v) => cast(v.clone(), "json"),
    })
}

/// A text in quotes. Backslashes stand for themselves on both.
pub(super) fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// The shortest text that reads back as `number`, with a point or an exponent, so that SQLite takes it for a REAL.
pub(super) fn float(number: f64) -> String {
    format!("{number:?}")
}

fn bytes(bytes: &[u8], dialect: Dialect) -> String {
    let hex = hex(bytes);
    match dialect {
        Dialect::Sqlite => format!("X'{hex}'"),
        Dialect::Postgres => format!("'\\x{hex}'::bytea"),
    }
}

/// Lower-case hexadecimal digits.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}"); // writing to a String cannot fail
        text
    })
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, NaiveDate, NaiveTime};
    use uuid::Uuid;

    use super::{Dialect::*, *};

    #[test]
    fn each_kind_has_its_text() {
        let time = NaiveTime::from_hms_micro_opt(9, 5, 0, 70).expect("a time");
        let date = NaiveDate::from_ymd_opt(31, 2, 3).expect("a date");
        let cases = [
            (Value::Null, None, None),
            (Value::Bool(true), Some("1"), Some("TRUE")),
            (Value::Int(i64::MIN), Some("-9223372036854775808"), Some("-9223372036854775808")),
            (Value::Float(1.0), Some("1.0"), Some("1.0")),
            (Value::Float(-1e300), Some("-1e300"), Some("-1e300")),
            (Value::Text("it's \\ \"so\"".into()), Some("'it''s \\ \"so\"'"), Some("'it''s \\ \"so\"'")),
            (Value::Bytes(vec![0, 255]), Some("X'00ff'"), Some("'\\x00ff'::bytea")),
            (
                Value::Uuid(Uuid::nil()),
                Some("X'00000000000000000000000000000000'"),
                Some("'00000000-0000-0000-0000-000000000000'::uuid"),
            ),
            (Value::Date(date), Some("'0031-02-03'"), Some("'0031-02-03'::date")),
            (Value::Time(time), Some("'09:05:00.000070'"), Some("'09:05:00.000070'::time")),
            (
                Value::DateTime(date.and_time(time)),
                Some("'0031-02-03T09:05:00.000070'"),
                Some("'0031-02-03T09:05:00.000070'::timestamp"),
            ),
            (
                Value::Timestamp(DateTime::UNIX_EPOCH),
                Some("'1970-01-01T00:00:00.000000Z'"),
                Some("'1970-01-01T00:00:00.000000Z'::timestamptz"),
            ),
            (Value::Json("{\"a\":\"'\"}".into()), Some("'{\"a\":\"''\"}'"), Some("'{\"a\":\"''\"}'::json")),
        ];
        for (input, sqlite, postgres) in cases {
            assert_eq!(value(&input, Sqlite).as_deref(), sqlite);
            assert_eq!(value(&input, Postgres).as_deref(), postgres);
        }
    }
}
