//! REST from structs: annotate a struct and get its table, its routes, its access rules and a login, on SQLite or
//! PostgreSQL.
//!
//! ```no_run
//! use restruct::prelude::*;
//!
//! /// What somebody wants to remember.
//! #[derive(Resource)]
//! #[resource(read = public, write = authenticated)]
//! struct Note {
//!     id: i64,
//!     #[resource(length(1..=80))]
//!     title: String,
//!     done: bool,
//! }
//!
//! /// Who can write it down.
//! #[derive(Resource)]
//! #[resource(read = owner, create = none, update = owner, delete = owner, register = public)]
//! struct User {
//!     id: i64,
//!     #[resource(login, email)]
//!     email: String,
//!     password: Password,
//! }
//!
//! fn main() -> std::process::ExitCode {
//!     App::new("notes").resource::<User>().resource::<Note>().run()
//! }
//! ```
//!
//! The README of the repository is the manual: every key, the HTTP contract, the security model, deployment.
//! ARCHITECTURE.md says how it works inside.
//!
//! # Where to look
//!
//! * [`App`]: resources, hand-written routes and commands, put together and run
//! * [`Resource`](macro@Resource) and [`Choice`](macro@Choice): the derives
//! * [`Store`]: what every resource can do in Rust; [`Query`], [`Draft`], [`Tx`] and [`Filter`] belong to it
//! * [`Caller`] and [`Db`]: the extractors of hand-written routes
//! * [`Error`]: what they fail with, which is a response as well
//! * [`FieldType`]: what a column can hold, and how a type of your own becomes one
//! * [`Seeder`]: what seed hooks get
//!
//! # Features
//!
//! `sqlite` and `postgres`, both on by default, are the databases that are built in. `gzip` (on by default) and `brotli`
//! compress bodies on request, `metrics` serves what Prometheus reads, `docs` the page `/docs` over `/openapi.json`.
//!
//! # Layout
//!
//! Each file uses only those above it; `tests/layout.rs` holds that.
//!
//! * `value`, `error`, `column`, `table`, `resource`, `row`: the data model. A resource is one constant [`Table`].
//! * `filter`, `order`, `names`, `text`: predicates and sort keys as trees, values as text
//! * `policy`: a caller and the rules of a table to a scope, without which no statement over rows can be written
//! * `query`, `input`, `output`: URL, JSON body and rows; pure
//! * `schema`, `sql`: the tables of an app, and the text of every statement; pure
//! * `db`: connections and drivers, behind which sqlx stays
//! * `store`, `typed`: rows in and out under a scope, for handlers and for Rust
//! * `auth`, `routes`: sign-in, and the handlers
//! * `seed`, `config`, `server`, `openapi`, `app`, `cli`: what makes a program of it

#![cfg_attr(
    not(any(feature = "sqlite", feature = "postgres")),
    allow(
        dead_code,
        unreachable_code,
        unused_variables,
        reason = "without a database there is nobody to run statements"
    )
)]

#[cfg(not(any(feature = "sqlite", feature = "postgres", feature = "bench-internals")))]
compile_error!("restruct has no database to speak to; enable its feature `sqlite`, `postgres` or both");

#[cfg(test)]
extern crate self as restruct; // the derives write `::restruct`, in the tests of this crate too

mod app;
mod auth;
mod cli;
mod column;
mod config;
mod context;
mod db;
mod embed;
mod error;
mod filter;
#[cfg(test)]
mod fixture;
mod input;
mod names;
mod openapi;
mod order;
mod output;
mod policy;
pub mod prelude;
mod query;
mod relation;
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

#[cfg(feature = "bench-internals")]
#[doc(hidden)]
#[path = "bench.rs"]
pub mod __bench;

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
pub use value::{FieldType, Given, Invalid, Json, Kind, Password, Secret, Value, ValueRef};

/// The Rust of the README, compiled.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;
