//! The text form of values: one spelling for JSON, query strings, path keys, SQLite and the command line.

mod read;
#[cfg(any(test, feature = "sqlite-direct", feature = "bench-internals"))]
mod spelled;
mod write;

pub(crate) use read::{choice, fits, out_of_range, parse, parse_key, parse_kind};
#[cfg(any(test, feature = "sqlite-direct", feature = "bench-internals"))]
pub(crate) use spelled::spelled;
pub(crate) use write::{of, write};

#[cfg(test)]
mod tests;
