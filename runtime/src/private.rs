//! The only names that generated code may use. No promise is made about them: they change with the derive.

pub use std::{
    boxed::Box, clone::Clone, default::Default, option::Option, result::Result, string::String, vec, vec::Vec,
};

pub use serde::{Serialize, Serializer};

pub use crate::{
    column::{Bound, Column, Format, OnDelete, Role},
    db::Row,
    error::Result as RowResult,
    output::serialize,
    resource::{Field, Resource, table_of},
    seed::SeedFn,
    table::{Page, Rule, Rules, Seed, Table},
    value::{FieldType, Invalid, Kind, Value},
};
