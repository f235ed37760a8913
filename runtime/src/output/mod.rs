//! Rows as JSON: what is readable, and nothing else.

use serde::{
    Serializer,
    ser::{Error as _, SerializeMap as _},
};

use crate::{
    column::Column,
    error::Result,
    resource::Resource,
    text,
    value::{Value, ValueRef, base64},
};

/// The JSON object of a row, but for its values: the member names, escaped once.
#[derive(Debug)]
pub(crate) struct Shape {
    /// `{"id":,"title":` and so on
    keys: Vec<u8>,
    /// Where each of them ends.
    ends: Vec<usize>,
}

impl Shape {
    /// Of some columns, in their order. Only readable ones can be asked for; the rest is left out even so.
    pub(crate) fn new<'a>(columns: impl IntoIterator<Item = &'a Column>) -> Self {
        let mut shape = Self { keys: Vec::with_capacity(256), ends: Vec::with_capacity(16) };
        for column in columns.into_iter().filter(|column| column.readable()) {
            shape.keys.push(if shape.ends.is_empty() { b'{' } else { b',' });
            json(&mut shape.keys, column.json);
            shape.keys.push(b':');
            shape.ends.push(shape.keys.len());
        }
        shape
    }

    /// Appends the object whose value number `i` is `get(i)`. After an error the buffer holds half an object.
    pub(crate) fn row<'v>(&self, buf: &mut Vec<u8>, mut get: impl FnMut(usize) -> Result<ValueRef<'v>>) -> Result<()> {
        // At least that: a buffer that begins empty would else grow many times within its first row.
        buf.reserve(self.keys.len() + 16 * self.ends.len());
        if self.ends.is_empty() {
            buf.push(b'{');
        }
        let mut start = 0;
        for (index, end) in self.ends.iter().enumerate() {
            buf.extend_from_slice(&self.keys[start..*end]);
            value(buf, get(index)?);
            start = *end;
        }
        buf.push(b'}');
        Ok(())
    }
}

/// Appends a value as JSON.
pub(crate) fn value(buf: &mut Vec<u8>, value: ValueRef<'_>) {
    match value {
        ValueRef::Null => buf.extend_from_slice(b"null"),
        ValueRef::Bool(_) | ValueRef::Int(_) | ValueRef::Float(_) | ValueRef::Json(_) => text::write(buf, value),
        ValueRef::Text(v) => json(buf, v),
        // None of these spells anything that JSON escapes.
        ValueRef::Bytes(_)
        | ValueRef::Uuid(_)
        | ValueRef::Date(_)
        | ValueRef::Time(_)
        | ValueRef::DateTime(_)
        | ValueRef::Timestamp(_) => {
            buf.push(b'"');
            text::write(buf, value);
            buf.push(b'"');
        }
    }
}

fn json(buf: &mut Vec<u8>, text: &str) {
    if needs_escapes(text.as_bytes()) {
        serde_json::to_writer(buf, text).expect("a Vec takes every byte");
    } else {
        buf.push(b'"');
        buf.extend_from_slice(text.as_bytes());
        buf.push(b'"');
    }
}

/// Whether JSON escapes anything in a text; most have nothing. Sixteen bytes at a time, which the compiler takes at once.
fn needs_escapes(text: &[u8]) -> bool {
    let special = |byte| u8::from(byte < b' ') | u8::from(byte == b'"') | u8::from(byte == b'\\');
    let (chunks, rest) = text.as_chunks::<16>();
    let mut last = [b' '; 16];
    last[..rest.len()].copy_from_slice(rest);
    chunks.iter().chain([&last]).any(|chunk| chunk.iter().fold(0, |any, byte| any | special(*byte)) != 0)
}

/// What the derived `Serialize` calls: the readable columns under their JSON names.
#[doc(hidden)]
pub fn serialize<R: Resource, S: Serializer>(row: &R, serializer: S) -> Result<S::Ok, S::Error> {
    let values = row.to_values().map_err(S::Error::custom)?;
    let readable = || R::TABLE.columns.iter().zip(&values).filter(|(column, _)| column.readable());
    let mut map = serializer.serialize_map(Some(readable().count()))?;
    for (column, value) in readable() {
        map.serialize_entry(column.json, &Serial(value))?;
    }
    map.end()
}

struct Serial<'a>(&'a Value);

impl serde::Serialize for Serial<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::Null | Value::Secret(_) => serializer.serialize_unit(),
            Value::Bool(v) => serializer.serialize_bool(*v),
            Value::Int(v) => serializer.serialize_i64(*v),
            Value::Float(v) => serializer.serialize_f64(*v),
            Value::Text(v) => serializer.serialize_str(v),
            Value::Bytes(v) => serializer.serialize_str(&base64(v)),
            Value::Json(v) => {
                serde_json::from_str::<serde_json::Value>(v).map_err(S::Error::custom)?.serialize(serializer)
            }
            Value::Uuid(_) | Value::Date(_) | Value::Time(_) | Value::DateTime(_) | Value::Timestamp(_) => {
                serializer.serialize_str(&text::of(self.0.as_ref()))
            }
        }
    }
}

#[cfg(test)]
mod tests;
