//! Names in a query that are no readable column. A column that nobody can read is unknown here, down to the byte.

use super::{bad, dialects};
use crate::{
    column::Column,
    error::{Error, Result},
    names::{nearest, shown},
    table::Table,
};

/// The readable column that a parameter of its own names.
pub(super) fn column(table: &'static Table, name: &str) -> Result<&'static Column> {
    table.readable().find(|column| column.json == name).ok_or_else(|| unknown(table, name))
}

/// The readable column that is named where no parameter can stand: in an order, or within a tree.
pub(super) fn named(table: &'static Table, name: &str) -> Result<&'static Column> {
    table.readable().find(|column| column.json == name).ok_or_else(|| {
        let error = bad(format!("`{}` is no column of {}", shown(name), table.path));
        match nearest(name, table.readable().map(|c| c.json)) {
            Some(known) => error.hint(format!("did you mean `{known}`?")),
            None => error,
        }
    })
}

/// Parameters of PostgREST that this server does not take.
pub(super) const RESERVED: [&str; 4] = ["select", "columns", "on_conflict", "not"];

fn unknown(table: &'static Table, name: &str) -> Error {
    if RESERVED.contains(&name) {
        return bad(format!("the parameter `{name}` is not supported by this server"));
    }
    let error = bad(format!("`{}` is neither a column of {} nor a parameter", shown(name), table.path));
    match nearest(name, table.readable().map(|c| c.json).chain(dialects::parameters())) {
        Some(known) => error.hint(format!("did you mean `{known}`?")),
        None => error,
    }
}
