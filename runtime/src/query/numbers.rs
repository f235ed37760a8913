//! The numbers of a page.

use super::bad;
use crate::{error::Result, table::Table};

/// How many rows a page has, at most.
pub(super) fn limit(table: &Table, name: &str, text: &str) -> Result<u32> {
    at_most(table.page.max, name, text)
}

/// A number of rows.
pub(super) fn at_most(max: u32, name: &str, text: &str) -> Result<u32> {
    digits(text)
        .and_then(|n| u32::try_from(n).ok())
        .filter(|n| *n <= max)
        .ok_or_else(|| bad(format!("`{name}` must be an integer between 0 and {max}")))
}

/// How many rows lie before a page.
pub(super) fn offset(name: &str, text: &str) -> Result<u64> {
    digits(text).filter(|n| *n <= MOST).ok_or_else(|| bad(format!("`{name}` must be an integer between 0 and {MOST}")))
}

/// How many rows a page has that ends before row `end`, where rows are counted from 0.
pub(super) fn between(table: &Table, name: &str, first: u64, end: u64) -> Result<u32> {
    let max = table.page.max;
    let rows = end.checked_sub(first).ok_or_else(|| bad(format!("`{name}` ends before it begins")))?;
    u32::try_from(rows)
        .ok()
        .filter(|rows| *rows <= max)
        .ok_or_else(|| bad(format!("`{name}` asks for {rows} rows, and a page has at most {max}")))
}

/// Both databases count in i64.
pub(super) const MOST: u64 = i64::MAX.unsigned_abs();

/// A number in decimal digits alone: `parse` would take a plus sign.
pub(super) fn digits(text: &str) -> Option<u64> {
    if text.bytes().all(|b| b.is_ascii_digit()) { text.parse().ok() } else { None }
}
