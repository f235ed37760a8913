//! Names in a query that are no readable column. A column that nobody can read is unknown here, down to the byte.

use super::{bad, dialects, operators::OPERATORS};
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
        return bad(format!("the parameter `{name}` is not supported by this server")).hint(match name {
            "select" => "what is shown of related rows stands in the one `select`, as in select=*,comments(message)",
            "columns" => "leave it out: the members of the body are what is set",
            "on_conflict" => "it goes with a POST",
            _ => "write not.or=(..) or not.and=(..)",
        });
    }
    let error = bad(format!("`{}` is neither a column of {} nor a parameter", shown(name), table.path));
    match nearest_parameter(table, name) {
        Some(known) => error.hint(format!("did you mean `{known}`?")),
        None => error.hint(elsewhere(table, name)),
    }
}

/// The column or the parameter that a name may be a slip of.
pub(super) fn nearest_parameter(table: &'static Table, name: &str) -> Option<&'static str> {
    nearest(name, table.readable().map(|c| c.json).chain(dialects::parameters()))
}

/// What other servers call something that this one has under another name.
const ELSEWHERE: [(&[&str], &str); 5] = [
    (
        &["page", "_page", "per_page", "_per_page", "page_size", "pageSize", "size", "_limit"],
        "write limit=20&offset=40",
    ),
    (&["search", "_search", "query", "_q", "text"], "write q=words"),
    (&["order_by", "orderBy", "sort_by", "sortBy", "ordering", "direction"], "write order=column.desc"),
    (&["fields", "include", "expand", "embed", "_expand", "_embed", "with"], "write select=column,relation(column)"),
    (&["count", "total"], "send the header Prefer: count=exact"),
];

/// The way out for a name that is like none of ours.
fn elsewhere(table: &'static Table, name: &str) -> String {
    if let Some((_, way)) = ELSEWHERE.iter().find(|(names, _)| names.contains(&name)) {
        return (*way).to_owned();
    }
    let compared = name.rsplit_once('_').filter(|(base, operator)| {
        table.readable().any(|column| column.json == *base) && OPERATORS.iter().any(|known| known.name == *operator)
    });
    match compared {
        Some((base, operator)) => format!("write {base}={operator}.<value>"),
        None => format!("the parameters are {}", dialects::native().collect::<Vec<_>>().join(", ")),
    }
}
