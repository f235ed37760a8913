//! JSON to a column's value, by kind. What the column asks beyond its kind is for `check`.

use serde_json::Value as Tree;

use crate::{
    column::Column,
    text,
    value::{self, Invalid, Kind, Secret, Value},
};

/// The value that a JSON tree is for a column. JSON null is NULL, of every kind.
pub(super) fn convert(column: &Column, tree: &Tree) -> Result<Value, Invalid> {
    match (column.kind, tree) {
        (_, Tree::Null) => Ok(Value::Null),
        (_, Tree::String(clear)) if column.secret => Ok(Value::Secret(Secret(Some(clear.clone())))),
        (Kind::Bool, Tree::Bool(v)) => Ok(Value::Bool(*v)),
        (Kind::I16 | Kind::I32 | Kind::I64, Tree::Number(v)) => integer(column.kind, v),
        (Kind::F64, Tree::Number(v)) => v.as_f64().map(|v| Value::Float(v + 0.0)).ok_or_else(|| mismatch(column.kind)),
        (Kind::Text, Tree::String(v)) => value::text(v),
        (Kind::Bytes | Kind::Uuid | Kind::Date | Kind::Time | Kind::DateTime | Kind::Timestamp, Tree::String(v)) => {
            text::parse_kind(column.kind, v)
        }
        (Kind::Json, tree) => value::json_text(tree),
        (kind, _) => Err(mismatch(kind)),
    }
}

fn mismatch(kind: Kind) -> Invalid {
    Invalid(format!("must be {}", kind.noun()))
}

/// Only a number written without fraction and exponent: `1.0` is not silently 1.
fn integer(kind: Kind, number: &serde_json::Number) -> Result<Value, Invalid> {
    if let Some(v) = number.as_i64() {
        return Ok(Value::Int(v));
    }
    // Whole numbers past 64 bits arrive as floats of at least 2^63.
    let huge = number.is_u64() || number.as_f64().is_some_and(|v| v.abs() >= 9_223_372_036_854_775_808.0);
    Err(if huge { text::out_of_range(kind) } else { mismatch(kind) })
}
