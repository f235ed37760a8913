//! The HTTP contract and the command line, from outside: every case on SQLite and on PostgreSQL.

mod agreement;
mod altered;
mod answers;
mod auth;
mod batches;
mod bulk;
mod by_hand;
mod cli;
mod closed;
mod computed;
mod concurrency;
mod conditions;
mod config;
mod connections;
mod crud;
mod cursors;
mod deadlocks;
mod deleted;
mod dialects;
mod drift;
mod embed;
mod errors;
mod exclusion;
mod farewell;
mod fields;
mod hints;
mod idempotency;
mod input;
mod lists;
mod matrix;
mod nested;
mod openapi;
mod outage;
mod pages;
mod parity;
mod passwords;
mod patterns;
mod policy;
mod prefer;
mod put;
mod query;
mod readings;
mod refusals;
mod search;
mod seed;
mod service;
mod shutdown;
mod sizes;
mod slow;
mod statements;
mod tokens;
mod typed;
mod types;

/// The example, as cargo built it for these tests.
const KANBAN: &str = env!("CARGO_BIN_EXE_kanban-under-test");

/// Applications that exist to go wrong; the variable `VARIANT` chooses one.
const VARIANTS: &str = env!("CARGO_BIN_EXE_variants-under-test");
