//! `date_gte`, `date_lte`, `status_ne`, `title_like`: comparisons as json-server spells them, which react-admin's filters
//! use in either of its manners.

use super::{Draft, refuse, terms};
use crate::{column::Column, error::Result, filter::Node, table::Table, value::Value};

/// What follows a column's name, and the operator that it stands for.
const SUFFIXES: [(&str, &str); 4] = [("_gte", "gte"), ("_lte", "lte"), ("_ne", "neq"), (LIKE, "ilike")];

const LIKE: &str = "_like";

/// Whether a name is a column's with a suffix, and no column's own.
pub(super) fn claims(table: &'static Table, name: &str) -> bool {
    let known = |name: &str| table.readable().any(|column| column.json == name);
    !known(name) && split(name).is_some_and(|(base, _)| known(base))
}

/// The column that a filter names, and what is asked of it by a suffix. A column of exactly that name comes first.
pub(super) fn column(draft: &Draft, name: &str) -> Result<(&'static Column, Option<Suffix>)> {
    if let Some(column) = draft.table.readable().find(|column| column.json == name) {
        return Ok((column, None));
    }
    match split(name) {
        Some((base, suffix)) => Ok((refuse::column(draft, base)?, Some(suffix))),
        None => refuse::column(draft, name).map(|column| (column, None)),
    }
}

/// A filter whose value is meant as it is, whatever it looks like.
pub(super) fn filter(draft: &mut Draft, name: &str, value: &str) -> Result<()> {
    match column(draft, name)? {
        (column, None) => draft.equal(column, plain(column, value)?),
        (column, Some(suffix)) => draft.filter(suffix.node(column, value)?),
    }
}

/// A value that is meant as it is. One that cannot be and begins with an operator was written for the native manner: a text
/// can be `eq.x`, and a number cannot.
pub(super) fn plain(column: &'static Column, value: &str) -> Result<Value> {
    terms::plain(column, value).map_err(|refused| match terms::operation(column, value) {
        Ok(Some(_)) => refused.hint(format!(
            "no operator is read in this manner: write {name}=<value> for equality, or {name}_gte, _lte, _ne and _like",
            name = column.json
        )),
        _ => refused,
    })
}

/// One of the suffixes.
#[derive(Clone, Copy)]
pub(super) struct Suffix(&'static (&'static str, &'static str));

impl Suffix {
    /// What it asks with a value. `_like` looks for the value anywhere in the text.
    pub(super) fn node(self, column: &'static Column, value: &str) -> Result<Node> {
        let (suffix, operator) = *self.0;
        if suffix != LIKE {
            return terms::asked(column, operator, value);
        }
        let mut pattern = String::from("*");
        for c in value.chars() {
            if matches!(c, '*' | '%' | '_' | '\\') {
                pattern.push('\\');
            }
            pattern.push(c);
        }
        pattern.push('*');
        terms::asked(column, operator, &pattern)
    }
}

fn split(name: &str) -> Option<(&str, Suffix)> {
    SUFFIXES.iter().find_map(|suffix| Some((name.strip_suffix(suffix.0)?, Suffix(suffix))))
}
