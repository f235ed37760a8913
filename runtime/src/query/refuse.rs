//! Names in a query that are no readable column. A column that nobody can read is unknown here, down to the byte.

use super::{
    Draft, bad, dialects,
    operators::{OPERATORS, Takes},
};
use crate::{
    column::Column,
    error::{Error, Result},
    names::{nearest, shown},
    table::Table,
};

/// The readable column that a parameter of its own names.
pub(super) fn column(draft: &Draft, name: &str) -> Result<&'static Column> {
    draft.table.readable().find(|column| column.json == name).ok_or_else(|| unknown(draft, name))
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

fn unknown(draft: &Draft, name: &str) -> Error {
    let table = draft.table;
    if RESERVED.contains(&name) {
        return bad(format!("the parameter `{name}` is not supported by this server")).hint(match name {
            "select" => "what is shown of related rows stands in the one `select`, as in select=*,comments(message)",
            "columns" => "leave it out: the members of the body are what is set",
            "on_conflict" => "it goes with a POST",
            _ => "write not.or=(..) or not.and=(..)",
        });
    }
    let error = bad(format!("`{}` is neither a column of {} nor a parameter", shown(name), table.path));
    match nearest_parameter(table, name, |parameter| draft.takes(parameter)) {
        Some(known) => error.hint(format!("did you mean `{known}`?")),
        None => error.hint(elsewhere(draft, name)),
    }
}

/// The column or the parameter that a name may be a slip of, where the parameter is taken.
pub(super) fn nearest_parameter(
    table: &'static Table,
    name: &str,
    takes: impl Fn(&str) -> bool,
) -> Option<&'static str> {
    nearest(name, table.readable().map(|c| c.json).chain(dialects::parameters().filter(|parameter| takes(parameter))))
}

/// What other servers call something that this one has under another name, that name, and how it is written.
const ELSEWHERE: [(&[&str], &str, &str); 5] = [
    (
        &["page", "_page", "per_page", "_per_page", "page_size", "pageSize", "size", "_limit"],
        "limit",
        "write limit=20&offset=40",
    ),
    (&["search", "_search", "query", "_q", "text"], "q", "write q=words"),
    (&["order_by", "orderBy", "sort_by", "sortBy", "ordering", "direction"], "order", "write order=column.desc"),
    (
        &["fields", "include", "expand", "embed", "_expand", "_embed", "with"],
        "select",
        "write select=column,relation(column)",
    ),
    (&["count", "total"], "count", "send the header Prefer: count=exact"),
];

/// The way out for a name that is like none of ours.
fn elsewhere(draft: &Draft, name: &str) -> String {
    if let Some((_, _, way)) = ELSEWHERE.iter().find(|(names, here, _)| names.contains(&name) && draft.takes(here)) {
        return (*way).to_owned();
    }
    let compared = name.rsplit_once('_').and_then(|(base, operator)| {
        let operator = OPERATORS.iter().find(|known| known.name == operator)?;
        draft.table.readable().any(|column| column.json == base).then_some((base, operator))
    });
    let Some((base, operator)) = compared else {
        let taken: Vec<_> = dialects::native().filter(|parameter| draft.takes(parameter)).collect();
        return format!("the parameters are {}", taken.join(", "));
    };
    let value = match operator.takes {
        Takes::One | Takes::OneOrMany => "<value>",
        Takes::List => "(<value>,..)",
        Takes::Word => "null",
    };
    format!("write {base}={}.{value}", operator.name)
}
