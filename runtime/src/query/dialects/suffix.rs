//! Filters of the two dialects without operators: `title`, `date_gte`, `date_lte`, `status_ne`, `title_like`.
//!
//! Values are meant as they are; nothing in them is read as an operator or as a wild character.

use crate::{
    column::Column,
    error::Result,
    filter::Compare,
    query::{Draft, refuse, terms},
    table::Table,
};

/// What a name asks of its column.
#[derive(Clone, Copy)]
enum Ask {
    Compare(Compare),
    /// That the text holds the value, without regard to ASCII case.
    Contains,
}

const SUFFIXES: [(&str, Ask); 4] = [
    ("_gte", Ask::Compare(Compare::Gte)),
    ("_lte", Ask::Compare(Compare::Lte)),
    ("_ne", Ask::Compare(Compare::Neq)),
    ("_like", Ask::Contains),
];

/// Whether a name is a column's with a suffix.
pub(super) fn is_suffixed(table: &'static Table, name: &str) -> bool {
    find(table, name).is_some()
}

/// Takes one filter.
pub(super) fn filter(draft: &mut Draft, name: &str, text: &str) -> Result<()> {
    match find(draft.table, name) {
        Some((column, Ask::Compare(op))) => draft.filter(terms::compare(column, op, text)?),
        Some((column, Ask::Contains)) => draft.filter(terms::contains(column, text)?),
        None => {
            let column = refuse::column(draft.table, name)?;
            draft.equal(column, terms::plain(column, text)?)
        }
    }
}

/// A column whose name it is has gone before.
fn find(table: &'static Table, name: &str) -> Option<(&'static Column, Ask)> {
    let column = |name: &str| table.readable().find(|column| column.json == name);
    if column(name).is_some() {
        return None;
    }
    SUFFIXES.iter().find_map(|(suffix, ask)| Some((column(name.strip_suffix(suffix)?)?, *ask)))
}
