//! URL to [`Query`]: PostgREST's grammar and two more, closed to whatever they do not know.
//!
//! `decode` takes the string apart, `dialects` finds out whose manner it is written in and reads it into a `draft`.
//! `terms` reads what is asked of a column, `operators` is the table of what can be asked, `logic` reads trees of terms,
//! `sort` reads `order`, `numbers` those of a page, and `refuse` words the refusals.

mod decode;
mod dialects;
mod draft;
mod list;
mod logic;
mod numbers;
mod operators;
mod refuse;
mod sort;
mod terms;

#[cfg(test)]
mod print;
#[cfg(test)]
mod tests;

use std::borrow::Cow;

use self::draft::Draft;
use crate::{
    error::{Code, Error, Result},
    filter::Node,
    order::Order,
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

/// A parameter and its value, decoded.
type Pair<'a> = (Cow<'a, str>, Cow<'a, str>);

/// The query of a raw query string: what stands behind the `?`, still encoded.
pub(crate) fn parse(table: &'static Table, raw: Option<&str>) -> Result<Query> {
    let raw = raw.unwrap_or_default();
    if raw.len() > LONGEST {
        return Err(bad(format!("the query string is longer than {LONGEST} bytes")));
    }
    let pairs: Vec<Pair<'_>> = decode::pairs(raw).collect::<Result<_>>()?;
    let mut draft = Draft::new(table);
    (dialects::of(table, &pairs)?.read)(&mut draft, &pairs)?;
    Ok(draft.finish())
}

fn bad(detail: impl Into<String>) -> Error {
    Error::new(Code::BadQuery, detail.into())
}
