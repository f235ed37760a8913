//! PostgREST's manner, the native one: `status=eq.Done&or=(..)&order=date.desc&limit=20&offset=40`.

use super::Dialect;
use crate::{
    column::Column,
    error::Result,
    query::{
        Draft, logic, numbers, refuse, search, sort,
        terms::{self, Term},
    },
};

pub(super) static DIALECT: Dialect = Dialect {
    parameters: &["select", "order", "limit", "offset", "after", "or", "and", "not.or", "not.and"],
    claims: |_, _| false,
    read: |draft, pairs| pairs.iter().try_for_each(|(name, value)| parameter(draft, name, value)),
};

/// Takes one parameter.
pub(in crate::query) fn parameter(draft: &mut Draft, name: &str, value: &str) -> Result<()> {
    match name {
        "order" => draft.order(name, sort::parse(draft.table, value)?),
        "limit" => draft.limit(name, numbers::limit(draft.table, name, value)?),
        "after" => draft.after(name, value),
        "offset" => draft.offset(name, numbers::offset(name, value)?),
        "q" => draft.search(name, search::q(draft.table, value)?),
        _ => filter(draft, name, value),
    }
}

fn filter(draft: &mut Draft, name: &str, text: &str) -> Result<()> {
    if let Some(tree) = logic::parse(draft.table, name, text) {
        return draft.filter(tree?);
    }
    let column = indexed(draft, name)?;
    match terms::parse(draft.table, column, text)? {
        Term::Asked(node) => draft.filter(node),
        Term::Value(value) => draft.equal(column, value),
    }
}

/// The column of a filter. Clients that keep parameters in a map write `title[0]=..&title[1]=..` for one that is
/// repeated.
fn indexed(draft: &Draft, name: &str) -> Result<&'static Column> {
    let digits = name.strip_suffix(']').and_then(|name| name.rsplit_once('['));
    let repeated = digits.filter(|(_, n)| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()));
    if let Some((base, _)) = repeated
        && draft.table.readable().all(|column| column.json != name)
    {
        return refuse::column(draft, base);
    }
    refuse::column(draft, name)
}
