//! Many rows in one request.

mod create;
mod each;
mod filter;
mod overlaps;
mod states;
mod upsert;
