//! REST from structs.

#[cfg(test)]
extern crate self as restruct; // the derives write `::restruct`, in the tests of this crate too

mod column;
mod db;
mod error;
mod filter;
mod output;
pub mod prelude;
mod resource;
mod seed;
mod sql;
mod table;
mod value;

#[doc(hidden)]
#[path = "private.rs"]
pub mod __private;

pub use column::*;
pub use db::Row;
pub use error::{Code, Error, Result};
pub use filter::Filter;
pub use resource::{Field, Resource};
pub use restruct_macros::{Choice, Resource};
pub use seed::Seeder;
pub use sql::Dialect;
pub use table::*;
pub use value::{FieldType, Invalid, Json, Kind, Password, Secret, Value, ValueRef};
