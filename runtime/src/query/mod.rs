//! URL to [`Query`]: PostgREST's grammar, closed to whatever it does not know.
//!
//! `decode` takes the string apart, `terms` finds out what a filter asks, `operators` is the table of what can be asked,
//! `search` reads the language of `fts` and the words of `q`, `sort` reads `order`, and `refuse` words the refusals.

mod decode;
mod list;
mod operators;
mod refuse;
mod search;
mod sort;
mod terms;

#[cfg(test)]
mod print;
#[cfg(test)]
mod tests;

use crate::{
    error::{Code, Error, Result},
    filter::Node,
    order::{self, Order},
    table::Table,
};

/// What a list's URL asks for.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Query {
    pub(crate) filter: Node,
    /// Never empty: the id is the last key.
    pub(crate) order: Vec<Order>,
    pub(crate) limit: u32,
    pub(crate) offset: u64,
}

/// Bytes of query string, at most.
const LONGEST: usize = 8 * 1024;

/// Filter terms, at most.
const MOST_TERMS: usize = 100;

/// What a list takes beside its columns.
const PARAMETERS: [&str; 4] = ["order", "limit", "offset", "q"];

/// The query of a raw query string: what stands behind the `?`, still encoded.
pub(crate) fn parse(table: &'static Table, raw: Option<&str>) -> Result<Query> {
    let raw = raw.unwrap_or_default();
    if raw.len() > LONGEST {
        return Err(bad(format!("the query string is longer than {LONGEST} bytes")));
    }
    let (mut terms, mut words, mut order, mut limit, mut offset) = (Vec::new(), None, None, None, None);
    for pair in decode::pairs(raw) {
        let (name, value) = pair?;
        match &*name {
            "order" => once(&mut order, &name, sort::parse(table, &value)?)?,
            "limit" => once(&mut limit, &name, page_size(table, &value)?)?,
            "offset" => once(&mut offset, &name, start(&value)?)?,
            "q" => once(&mut words, &name, search::q(table, &value)?)?,
            _ => terms.push(terms::parse(table, &name, &value)?),
        }
        if terms.len() > MOST_TERMS {
            return Err(bad(format!("there are more than {MOST_TERMS} filters")));
        }
    }
    terms.extend(words);
    Ok(Query {
        filter: Node::And(terms),
        order: order::total(table, order.unwrap_or_default()),
        limit: limit.unwrap_or(table.page.default),
        offset: offset.unwrap_or(0),
    })
}

fn bad(detail: impl Into<String>) -> Error {
    Error::new(Code::BadQuery, detail.into())
}

fn once<T>(slot: &mut Option<T>, name: &str, value: T) -> Result<()> {
    match slot.replace(value) {
        None => Ok(()),
        Some(_) => Err(bad(format!("`{name}` is given twice"))),
    }
}

fn page_size(table: &Table, text: &str) -> Result<u32> {
    let max = table.page.max;
    digits(text)
        .and_then(|n| u32::try_from(n).ok())
        .filter(|n| *n <= max)
        .ok_or_else(|| bad(format!("`limit` must be an integer between 0 and {max}")))
}

fn start(text: &str) -> Result<u64> {
    // Both databases count in i64.
    let max = i64::MAX.unsigned_abs();
    digits(text).filter(|n| *n <= max).ok_or_else(|| bad(format!("`offset` must be an integer between 0 and {max}")))
}

fn digits(text: &str) -> Option<u64> {
    // `parse` alone would take a plus sign.
    if text.bytes().all(|b| b.is_ascii_digit()) { text.parse().ok() } else { None }
}
