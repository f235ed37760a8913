//! REST from structs.

mod column;
mod db;
mod error;
mod filter;
#[cfg(test)]
mod fixture;
mod input;
mod names;
mod order;
mod output;
mod query;
mod resource;
mod seed;
mod sql;
mod table;
mod text;
mod value;

#[doc(hidden)]
#[path = "private.rs"]
pub mod __private;

pub use column::*;
pub use db::Row;
pub use error::{Code, Error, Result};
pub use filter::Filter;
pub use order::Order;
pub use resource::{Field, Resource};
pub use seed::Seeder;
pub use sql::Dialect;
pub use table::*;
pub use value::{FieldType, Invalid, Json, Kind, Password, Secret, Value, ValueRef};
