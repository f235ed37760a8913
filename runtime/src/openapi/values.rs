//! Columns as JSON Schemas: what values answers hold, and what is taken.

use serde_json::{Value as Json, json};

use super::{described, patterns, rows::Sent};
use crate::{
    column::{Bound, Column, Format, Role},
    input::{LEAST_PASSWORD, MOST_PASSWORD},
    output,
    value::{Kind, Value},
};

/// A column of an answer.
pub(super) fn answered(column: &Column) -> Json {
    let mut schema = described(value(column), [column.doc, points_to(column).as_str()]);
    if column.bookkept() {
        schema["readOnly"] = true.into();
    }
    schema
}

/// A column of a body.
pub(super) fn sent(column: &Column, sent: Sent) -> Json {
    if column.bookkept() {
        return ignored(column);
    }
    let pointed = points_to(column);
    let mut schema = described(value(column), [column.doc, &pointed, note(column, sent)]);
    if !column.readable() {
        schema["writeOnly"] = true.into();
    }
    if let Some(default) = default(column).filter(|_| sent.fills(column)) {
        schema["default"] = default;
    }
    schema
}

/// The key of a row, where it says which one is meant.
pub(super) fn key(column: &Column) -> Json {
    described(value(column), [column.doc])
}

/// A column that the server keeps. It may be sent back as it came, whatever it says.
pub(super) fn ignored(column: &Column) -> Json {
    let mut schema = described(value(column), [column.doc, "Kept by the server: what is sent is ignored"]);
    schema["readOnly"] = true.into();
    schema
}

/// What the document cannot say in any other way.
fn note(column: &Column, sent: Sent) -> &'static str {
    let changes = matches!(sent, Sent::Replace | Sent::Change | Sent::Each);
    match column.role {
        Role::Admin if changes => "Only an administrator may give it another value",
        Role::Admin if sent == Sent::Register => "Nobody may set it by registering",
        Role::Admin => "Only an administrator may set it",
        _ if column.immutable && changes => "Set at creation: another value is refused",
        _ if column.secret && changes => "Set by administrators alone; the own one is changed at `/auth/password`",
        _ if column.secret => "72 bytes at most",
        _ => "",
    }
}

/// Where a reference leads. Of what nobody can read there is nothing to say.
fn points_to(column: &Column) -> String {
    let target = column.references.map(|reference| (reference.table)()).filter(|target| !target.rules.read.is_none());
    target.map_or_else(String::new, |target| format!("The `{}` of one of {}", target.id().json, target.path))
}

/// The value that an absent field of a new row takes, where it is always the same and can be seen.
fn default(column: &Column) -> Option<Json> {
    if !column.readable() {
        return None;
    }
    let value = match column.default {
        Some(default) if default.constant => (default.value)().ok()?,
        // Nobody is an administrator unsaid.
        None if column.role == Role::Admin => Value::Bool(false),
        _ => return None,
    };
    output::tree(&value).ok()
}

/// What any value of a column is like.
fn value(column: &Column) -> Json {
    if column.secret {
        return password();
    }
    let mut schema = kind(column);
    if column.kind == Kind::Text {
        text(column, &mut schema);
    }
    if let (Kind::Bytes, Some(length)) = (column.kind, column.length) {
        // Three bytes are four characters.
        let encoded = |bytes: u32| u64::from(bytes).div_ceil(3) * 4;
        schema["minLength"] = encoded(length.min).into();
        if let Some(most) = length.max {
            schema["maxLength"] = encoded(most).into();
        }
    }
    if let Some(range) = column.range {
        for (name, bound) in [("minimum", range.min), ("maximum", range.max)] {
            if let Some(bound) = bound {
                schema[name] = number(bound);
            }
        }
    }
    if column.nullable && schema.get("type").is_some() {
        schema["type"] = json!([schema["type"], "null"]);
    }
    schema
}

/// What a text may be; the choices where there are some.
fn text(column: &Column, schema: &mut Json) {
    if !column.choices.is_empty() {
        let choices = column.choices.iter().map(|choice| Json::from(*choice));
        schema["enum"] = choices.chain(column.nullable.then_some(Json::Null)).collect();
        return;
    }
    if let Some(least) = column.length.map(|length| length.min).filter(|least| *least > 0) {
        schema["minLength"] = least.into();
    }
    if let Some(most) = column.max_length() {
        schema["maxLength"] = most.into();
    }
    if let Some(pattern) = column.pattern.filter(|pattern| patterns::is_shared(pattern)) {
        schema["pattern"] = pattern.into();
    }
    match column.format {
        Some(Format::Email) => schema["format"] = "email".into(),
        Some(Format::Url) => schema["format"] = "uri".into(),
        None => {}
    }
}

/// A password that is set.
pub(super) fn password() -> Json {
    json!({
        "type": "string", "format": "password", "minLength": LEAST_PASSWORD,
        // Of bytes, of which no character has less than one.
        "maxLength": MOST_PASSWORD,
        "writeOnly": true,
    })
}

/// What values of a kind are like. Formats are those of <https://spec.openapis.org/registry/format/>.
fn kind(column: &Column) -> Json {
    match column.kind {
        Kind::Bool => json!({ "type": "boolean" }),
        Kind::I16 => json!({ "type": "integer", "format": "int16", "minimum": i16::MIN, "maximum": i16::MAX }),
        Kind::I32 => json!({ "type": "integer", "format": "int32", "minimum": i32::MIN, "maximum": i32::MAX }),
        // Its bounds are no numbers that JavaScript has.
        Kind::I64 => json!({ "type": "integer", "format": "int64" }),
        Kind::F64 => json!({ "type": "number", "format": "double" }),
        Kind::Text => json!({ "type": "string" }),
        Kind::Bytes => json!({ "type": "string", "contentEncoding": "base64" }),
        Kind::Uuid => json!({ "type": "string", "format": "uuid" }),
        Kind::Date => json!({ "type": "string", "format": "date" }),
        Kind::Time => json!({ "type": "string", "format": "time-local", "examples": ["08:30:00.000000"] }),
        Kind::DateTime => {
            json!({ "type": "string", "format": "date-time-local", "examples": ["2026-01-31T08:30:00.000000"] })
        }
        Kind::Timestamp => {
            json!({ "type": "string", "format": "date-time", "examples": ["2026-01-31T08:30:00.000000Z"] })
        }
        Kind::Json if column.nullable => json!({}),
        Kind::Json => json!({ "type": ["array", "boolean", "number", "object", "string"] }),
    }
}

fn number(bound: Bound) -> Json {
    match bound {
        Bound::Int(number) => number.into(),
        Bound::Float(number) => number.into(),
    }
}
