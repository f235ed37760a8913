//! URL to [`Query`]: PostgREST's grammar and two more, closed to whatever they do not know.
//!
//! `decode` takes the string apart, `dialects` finds out whose manner it is written in and reads it into a `draft`.
//! `terms` reads what is asked of a column, `operators` is the table of what can be asked, `logic` reads trees of terms,
//! `regex` spells patterns so that every database reads them alike, `search` the language of `fts` and the words of `q`,
//! `sort` reads `order`, `numbers` those of a page, `cursor` where a page begins, `range` the header, `suffixes` names
//! like `date_gte`, and `refuse` words the refusals.

mod cursor;
mod decode;
mod dialects;
mod draft;
mod list;
mod logic;
mod numbers;
mod operators;
mod range;
mod refuse;
mod regex;
mod search;
mod select;
mod sort;
mod suffixes;
mod terms;

#[cfg(test)]
mod print;
#[cfg(test)]
mod tests;

use std::borrow::Cow;

pub(crate) use self::cursor::{Cursor, keys};
use self::draft::Draft;
pub(crate) use self::operators::operators_of;
pub(crate) use self::select::{DEEPEST, Embed, MOST_EMBEDDED, MOST_RELATIONS, Member, Selection};
use crate::{
    column::{Column, Role},
    error::{Code, Error, Result},
    filter::Node,
    names::{nearest, shown},
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
    /// Where it goes on, instead of an offset.
    pub(crate) after: Option<Cursor>,
    /// Whether the limit is asked for, and not the table's own.
    pub(crate) limited: bool,
    /// Whether whoever writes so expects the total, and an empty page past it.
    pub(crate) counted: bool,
}

/// How many rows may lie before a page.
pub(crate) const MOST_OFFSET: u64 = numbers::MOST;

/// Bytes of query string, at most.
const LONGEST: usize = 8 * 1024;

/// A parameter and its value, decoded.
type Pair<'a> = (Cow<'a, str>, Cow<'a, str>);

#[cfg(any(test, feature = "bench-internals"))]
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
    alone(raw, |pairs| Selection::take(table, relations, pairs))
}

/// The same of a row that is written.
pub(crate) fn written(table: &'static Table, relations: &Relations, raw: Option<&str>) -> Result<Option<Selection>> {
    alone(raw, |pairs| Selection::of_all(table, relations, pairs))
}

fn alone(
    raw: Option<&str>,
    take: impl FnOnce(&mut Vec<Pair<'_>>) -> Result<Option<Selection>>,
) -> Result<Option<Selection>> {
    if raw.is_none_or(str::is_empty) {
        return Ok(None);
    }
    let mut pairs = pairs(raw)?;
    let selection = take(&mut pairs)?;
    if let Some(selection) = &selection {
        select::not_too_many(&Node::TRUE, selection)?;
    }
    match pairs.first() {
        None => Ok(selection),
        Some((name, _)) => {
            let error = bad(format!("the parameter `{}` means nothing for one row", shown(name)));
            Err(error.hint(near(name, &["select"], "only `select` does, with what it asks of relations")))
        }
    }
}

/// The one of a few parameters that a name may be a slip of, or what there is.
fn near(name: &str, known: &[&'static str], all: &str) -> String {
    nearest(name, known.iter().copied()).map_or_else(|| all.to_owned(), |known| format!("did you mean `{known}`?"))
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
    draft.finish()
}

/// The query string of the next page: that of this one, with another place, and with a limit where that was not said
/// in it.
pub(crate) fn next(raw: Option<&str>, limit: Option<u32>, place: &str) -> String {
    let replaced = |pair: &str| {
        let name = pair.split('=').next().unwrap_or_default();
        match &*percent_encoding::percent_decode_str(name).decode_utf8_lossy() {
            "after" | "offset" => true,
            "limit" => limit.is_some(),
            _ => false,
        }
    };
    let kept = raw.unwrap_or_default().split('&').filter(|pair| !pair.is_empty() && !replaced(pair)).map(str::to_owned);
    let limit = limit.map(|limit| format!("limit={limit}"));
    kept.chain(limit).chain([place.to_owned()]).collect::<Vec<_>>().join("&")
}

/// The filter of a write, which has no order and no pages, `None` where it means every row; and what is shown of them.
pub(crate) fn filter(
    table: &'static Table,
    relations: &Relations,
    raw: Option<&str>,
) -> Result<(Option<Node>, Option<Selection>)> {
    let mut pairs = pairs(raw)?;
    let selection = Selection::of_all(table, relations, &mut pairs)?;
    let mut draft = Draft::of_write(table);
    if let Some((name, _)) = pairs.iter().find(|(name, _)| !draft.takes(name)) {
        return Err(bad(format!("`{name}` has no meaning for a write over a filter")).hint("leave it out"));
    }
    (dialects::of(table, &pairs)?.read)(&mut draft, &pairs)?;
    let filter = draft.finish()?.filter;
    if let Some(selection) = &selection {
        select::not_too_many(&filter, selection)?;
    }
    Ok((Some(filter).filter(|filter| !filter.is_true()), selection))
}

/// What a POST takes: the unique set that `on_conflict=a,b` names, `None` where nothing is asked; and what is shown of
/// the rows.
pub(crate) fn on_conflict(
    table: &'static Table,
    relations: &Relations,
    raw: Option<&str>,
) -> Result<(Option<&'static [&'static str]>, Option<Selection>)> {
    if raw.is_none_or(str::is_empty) {
        return Ok((None, None));
    }
    let (mut pairs, mut target) = (pairs(raw)?, None);
    let selection = Selection::of_all(table, relations, &mut pairs)?;
    if let Some(selection) = &selection {
        select::not_too_many(&Node::TRUE, selection)?;
    }
    for (name, value) in pairs {
        if name != "on_conflict" {
            let known = "a POST takes select, with what it asks of relations, and on_conflict";
            return Err(bad(format!("`{}` has no meaning here", shown(&name))).hint(near(
                &name,
                &["select", "on_conflict"],
                known,
            )));
        }
        if target.is_some() {
            return Err(bad("`on_conflict` is given twice"));
        }
        let mut wanted: Vec<_> = value.split(',').map(str::trim).collect();
        wanted.sort_unstable();
        let set = conflict_sets(table).find(|set| {
            let mut names: Vec<_> = columns(table, set).map(|column| column.json).collect();
            names.sort_unstable();
            names == wanted
        });
        target = Some(set.ok_or_else(|| no_set(table, "`on_conflict` names no fields that are unique together"))?);
    }
    Ok((target, selection))
}

/// The 400 that lists what a conflict can be resolved by.
pub(crate) fn no_set(table: &'static Table, detail: &'static str) -> Error {
    let sets: Vec<_> = conflicts(table).map(|set| format!("on_conflict={set}")).collect();
    bad(detail).hint(if sets.is_empty() {
        format!("{} have nothing unique that a client gives", table.path)
    } else {
        format!("send {}", sets.join(" or "))
    })
}

/// What `on_conflict` can name: `slug`, `board_id,position`.
pub(crate) fn conflicts(table: &'static Table) -> impl Iterator<Item = String> {
    conflict_sets(table).map(move |set| columns(table, set).map(|column| column.json).collect::<Vec<_>>().join(","))
}

/// The unique sets whose values come with a row, and that can be read.
fn conflict_sets(table: &'static Table) -> impl Iterator<Item = &'static [&'static str]> {
    let given = |column: &Column| column.readable() && (!column.bookkept() || column.role == Role::Owner);
    table.unique_sets().filter(move |set| columns(table, set).all(given))
}

fn columns(table: &'static Table, set: &[&str]) -> impl Iterator<Item = &'static Column> {
    set.iter().filter_map(|name| table.named(name))
}

fn bad(detail: impl Into<String>) -> Error {
    Error::new(Code::BadQuery, detail.into())
}
