//! REST from structs.

#[cfg(test)]
extern crate self as restruct; // the derives write `::restruct`, in the tests of this crate too

mod app;
mod auth;
mod cli;
mod column;
mod config;
mod context;
mod db;
mod error;
mod filter;
#[cfg(test)]
mod fixture;
mod input;
mod names;
mod order;
mod output;
mod policy;
pub mod prelude;
mod query;
mod resource;
mod routes;
mod row;
mod schema;
mod seed;
mod server;
mod sql;
mod store;
mod table;
mod text;
mod typed;
mod value;

#[doc(hidden)]
#[path = "private.rs"]
pub mod __private;

pub use axum;
pub use clap;

pub use app::App;
pub use column::*;
pub use db::{Db, DbOptions, Run, Session, Tx};
pub use error::{Code, Error, Result};
pub use filter::Filter;
pub use order::Order;
pub use policy::Caller;
pub use resource::{Field, Resource};
pub use restruct_macros::{Choice, Resource};
pub use row::Row;
pub use seed::Seeder;
pub use sql::Dialect;
pub use table::*;
pub use typed::{Draft, Query, Store};
pub use value::{FieldType, Invalid, Json, Kind, Password, Secret, Value, ValueRef};

/// The Rust of the README, compiled.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;
