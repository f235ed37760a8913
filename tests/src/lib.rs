//! The harness of the black-box tests: both databases, a server on a real socket, a small HTTP client.
//!
//! # Layout
//!
//! - [`backend`]: the two databases, a fresh database per test, and [`both!`], which runs one body on each
//! - [`postgres`]: a private PostgreSQL cluster that ends with the test process
//! - [`server`]: the application in this process, on a free port
//! - [`plan`]: how a database would run a statement
//! - [`process`]: an application in a process of its own, for what ends or kills one
//! - [`proxy`]: a wire to PostgreSQL that can go dead
//! - [`schema`]: what the server says of itself, to hold its answers against
//! - [`client`], [`answer`]: requests, and assertions that print the whole answer when they fail
//! - [`resources`]: what is served: the kanban of the README, and one resource for every odd corner

#![allow(clippy::missing_panics_doc, reason = "to panic is how a harness fails a test")]

pub mod answer;
pub mod backend;
pub mod client;
pub mod plan;
pub mod postgres;
pub mod process;
pub mod proxy;
pub mod resources;
pub mod schema;
pub mod server;

pub use answer::Answer;
pub use backend::{Backend, Database};
pub use client::{Call, Client};
pub use schema::Document;
pub use server::{Server, Session};
