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
    /// `{"id":`, then `,"title":` and so on
    keys: Vec<Vec<u8>>,
}

impl Shape {
    /// Of some columns, in their order. Only readable ones can be asked for; the rest is left out even so.
    pub(crate) fn new<'a>(columns: impl IntoIterator<Item = &'a Column>) -> Self {
        let keys = columns.into_iter().filter(|column| column.readable()).enumerate().map(|(index, column)| {
            let mut key = vec![if index == 0 { b'{' } else { b',' }];
            json(&mut key, column.json);
            key.push(b':');
            key
        });
        Self { keys: keys.collect() }
    }

    /// Appends the object whose value number `i` is `get(i)`. After an error the buffer holds half an object.
    pub(crate) fn row<'v>(&self, buf: &mut Vec<u8>, mut get: impl FnMut(usize) -> Result<ValueRef<'v>>) -> Result<()> {
        if self.keys.is_empty() {
            buf.push(b'{');
        }
        for (index, key) in self.keys.iter().enumerate() {
            buf.extend_from_slice(key);
            value(buf, get(index)?);
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
    serde_json::to_writer(buf, text).expect("a Vec takes every byte");
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
