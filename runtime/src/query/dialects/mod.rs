//! The ways to write a query string, a file each: what its parameters are called and how they are read. All of them
//! fill in the same [`Draft`]. A new one is a file and its place in the list.

mod json_server;
pub(super) mod postgrest;
mod simple_rest;

use super::{Draft, Pair, bad};
use crate::{error::Result, names::shown, table::Table};

/// One way to write a query string.
pub(super) struct Dialect {
    /// What it takes beside columns.
    pub(super) parameters: &'static [&'static str],
    /// Whether a name that is none of these is written in its manner, too.
    pub(super) claims: fn(&'static Table, &str) -> bool,
    pub(super) read: fn(&mut Draft, &[Pair<'_>]) -> Result<()>,
}

/// The first is the one that is spoken where nothing tells another.
static DIALECTS: [&Dialect; 3] = [&postgrest::DIALECT, &simple_rest::DIALECT, &json_server::DIALECT];

/// Every parameter of every dialect, and `q`, which tells none of them from another.
pub(super) fn parameters() -> impl Iterator<Item = &'static str> {
    DIALECTS.iter().flat_map(|dialect| dialect.parameters).copied().chain(["q"])
}

/// Those of the dialect that is spoken where nothing tells another, and `q`.
pub(super) fn native() -> impl Iterator<Item = &'static str> {
    DIALECTS[0].parameters.iter().copied().chain(["q"])
}

/// The dialect of a request. Two in one are refused: what one asks for, the other would not answer.
pub(super) fn of(table: &'static Table, pairs: &[Pair<'_>]) -> Result<&'static Dialect> {
    let speaks = |name: &str| {
        let known = || DIALECTS.iter().find(|dialect| dialect.parameters.contains(&name));
        known().or_else(|| DIALECTS.iter().find(|dialect| (dialect.claims)(table, name)))
    };
    let mut told: Option<(&Dialect, &str)> = None;
    for (name, _) in pairs {
        let Some(dialect) = speaks(name) else { continue };
        match told {
            Some((first, other)) if !std::ptr::eq(first, *dialect) => {
                return Err(bad(format!("`{}` and `{}` do not go together", shown(other), shown(name)))
                    .hint("they belong to different ways to write a query; use those of one"));
            }
            _ => told = Some((dialect, name)),
        }
    }
    Ok(told.map_or(DIALECTS[0], |(dialect, _)| dialect))
}
