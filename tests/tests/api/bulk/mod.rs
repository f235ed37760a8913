//! Many rows in one request.

mod create;
mod each;
mod filter;
mod states;
mod upsert;
