//! The only names that generated code may use. No promise is made about them: they change with the derive.

#[path = "private/rules.rs"]
pub mod rules;

pub use std::{
    boxed::Box,
    option::Option::{None, Some},
    primitive::bool,
    result::Result::{self, Ok},
};

pub use serde::{Serialize, Serializer};

pub use crate::{
    column::{Bound, Column, Format, OnDelete, Role},
    error::Result as RowResult,
    output::serialize,
    resource::{Field, Resource, table_of},
    row::Row,
    seed::SeedFn,
    table::{Page, Rule, Rules, Seed, Table},
    value::{FieldType, Invalid, Kind, Value},
};

/// The values of a struct.
pub type Values = Result<Vec<Value>, Invalid>;

/// All of them, or the first mistake.
pub fn values(each: Box<[Result<Value, Invalid>]>) -> Values {
    each.into_iter().collect()
}

/// The stored text of a variant.
pub fn text(choice: &'static str) -> Value {
    Value::Text(choice.into())
}

/// The variant of a stored text; one that is no choice any more is refused.
pub fn choice<T: FieldType>(value: &Value, variant: impl FnOnce(&str) -> Option<T>) -> Result<T, Invalid> {
    let text = if let Value::Text(text) = value { Some(text.as_str()) } else { None };
    text.and_then(variant).ok_or_else(|| Invalid(format!("must be one of {}", T::CHOICES.join(", "))))
}

/// How many statements a database handle has sent so far, for tests that count round trips.
pub fn statements(db: &crate::Db) -> u64 {
    db.statements()
}
