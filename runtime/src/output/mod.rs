//! Rows as JSON: what is readable, and nothing else.

mod json;
mod room;
mod rows;
mod shape;
mod splice;

use serde::{
    Serializer,
    ser::{Error as _, SerializeMap as _},
};

#[cfg(any(feature = "sqlite", feature = "postgres"))]
pub(crate) use self::{room::Gauge, rows::Encoder};
pub(crate) use self::{
    room::{LESS, Room, too_large},
    rows::JsonRows,
    shape::{Aside, Shape},
    splice::{Branch, Full, Level},
};
use crate::{
    resource::Resource,
    text,
    value::{Value, base64},
};

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

/// A value as answers have it.
pub(crate) fn tree(value: &Value) -> serde_json::Result<serde_json::Value> {
    serde_json::to_value(Serial(value))
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
