//! URL to [`Query`]: PostgREST's grammar and two more, closed to whatever they do not know.
//!
//! `decode` takes the string apart, `dialects` finds out whose manner it is written in and reads it into a `draft`.
//! `terms` reads what is asked of a column, `operators` is the table of what can be asked, `logic` reads trees of terms,
//! `sort` reads `order`, `numbers` those of a page, `suffixes` names like `date_gte`, and `refuse` words the refusals.

mod decode;
mod dialects;
mod draft;
mod list;
mod logic;
mod numbers;
mod operators;
mod refuse;
mod select;
mod sort;
mod suffixes;
mod terms;

#[cfg(test)]
mod print;
#[cfg(test)]
mod tests;

use std::borrow::Cow;

use self::draft::Draft;
pub(crate) use self::select::{Embed, MOST_EMBEDDED, Member, Selection};
use crate::{
    error::{Code, Error, Result},
    filter::Node,
    names::shown,
    order::Order,
    relation::Relations,
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
    /// Whether whoever writes so expects the total, and an empty page past it.
    pub(crate) counted: bool,
}

/// Bytes of query string, at most.
const LONGEST: usize = 8 * 1024;

/// A parameter and its value, decoded.
type Pair<'a> = (Cow<'a, str>, Cow<'a, str>);

#[allow(dead_code, reason = "what is changed by a filter selects nothing")]
/// The query of a raw query string: what stands behind the `?`, still encoded.
pub(crate) fn parse(table: &'static Table, raw: Option<&str>) -> Result<Query> {
    read(table, &pairs(raw)?)
}

/// The same, with what is shown of each row where it is not everything.
pub(crate) fn parse_with_select(
    table: &'static Table,
    relations: &Relations,
    raw: Option<&str>,
) -> Result<(Query, Option<Selection>)> {
    let mut pairs = pairs(raw)?;
    let selection = Selection::take(table, relations, &mut pairs)?;
    let query = read(table, &pairs)?;
    if let Some(selection) = &selection {
        select::not_too_many(&query.filter, selection)?;
    }
    Ok((query, selection))
}

/// What is shown, where the query string of one row may say that and nothing else.
pub(crate) fn select(table: &'static Table, relations: &Relations, raw: Option<&str>) -> Result<Option<Selection>> {
    if raw.is_none_or(str::is_empty) {
        return Ok(None);
    }
    let mut pairs = pairs(raw)?;
    let selection = Selection::take(table, relations, &mut pairs)?;
    if let Some(selection) = &selection {
        select::not_too_many(&Node::TRUE, selection)?;
    }
    match pairs.first() {
        None => Ok(selection),
        Some((name, _)) => Err(bad(format!("the parameter `{}` means nothing for one row", shown(name)))
            .hint("only `select` does, with what it asks of relations")),
    }
}

/// Whether a name is a word of the grammar, and so no relation's.
pub(crate) fn is_reserved(name: &str) -> bool {
    refuse::RESERVED.contains(&name) || dialects::parameters().any(|known| known == name)
}

fn pairs(raw: Option<&str>) -> Result<Vec<Pair<'_>>> {
    let raw = raw.unwrap_or_default();
    if raw.len() > LONGEST {
        return Err(bad(format!("the query string is longer than {LONGEST} bytes")));
    }
    decode::pairs(raw).collect()
}

fn read(table: &'static Table, pairs: &[Pair<'_>]) -> Result<Query> {
    let mut draft = Draft::new(table);
    (dialects::of(table, pairs)?.read)(&mut draft, pairs)?;
    Ok(draft.finish())
}

fn bad(detail: impl Into<String>) -> Error {
    Error::new(Code::BadQuery, detail.into())
}
