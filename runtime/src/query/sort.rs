//! `order=column[.asc|.desc][.nullsfirst|.nullslast],…`

use super::{bad, refuse};
use crate::{
    column::Column,
    error::{Error, Result},
    order::Order,
    table::Table,
    value::Kind,
};

/// Sort keys, at most.
const MOST_KEYS: usize = 10;

/// The keys, in the order of their weight.
pub(super) fn parse(table: &'static Table, text: &str) -> Result<Vec<Order>> {
    let keys = names("order", text).map_err(|error| error.hint(FORM))?;
    let keys: Vec<_> = keys.map(|key| self::key(table, key)).collect::<Result<_>>()?;
    not_too_many("order", &keys)?;
    Ok(keys)
}

/// What stands between the commas of a parameter.
pub(super) fn names<'a>(parameter: &str, text: &'a str) -> Result<impl Iterator<Item = &'a str>> {
    match text.split(',').position(|name| name.trim().is_empty()) {
        Some(_) if text.trim().is_empty() => Err(bad(format!("`{parameter}` names no column"))),
        Some(0) => Err(bad(format!("`{parameter}` has nothing before its first comma"))),
        Some(_) => Err(bad(format!("`{parameter}` has nothing after a comma"))),
        None => Ok(text.split(',')),
    }
}

/// A key whose direction is a word of its own.
pub(super) fn by(table: &'static Table, parameter: &str, name: &str, direction: &str) -> Result<Order> {
    let descending = match direction.to_ascii_lowercase().as_str() {
        "asc" => false,
        "desc" => true,
        _ => return Err(bad(format!("`{parameter}` has a direction that is neither asc nor desc"))),
    };
    Ok(Order::by(sortable(refuse::named(table, name)?)?, descending))
}

pub(super) fn not_too_many(parameter: &str, keys: &[Order]) -> Result<()> {
    if keys.len() > MOST_KEYS {
        return Err(bad(format!("`{parameter}` has more than {MOST_KEYS} keys")));
    }
    Ok(())
}

fn sortable(column: &'static Column) -> Result<&'static Column> {
    if column.kind == Kind::Json {
        return Err(bad(format!("`{}` holds JSON, which has no order", column.json)));
    }
    Ok(column)
}

const FORM: &str = "write column[.asc|.desc][.nullsfirst|.nullslast], with commas between keys";

fn key(table: &'static Table, text: &str) -> Result<Order> {
    // From the end, so that a name with a dot in it can be sorted by.
    let (text, nulls_first) = suffix(text, [(".nullsfirst", true), (".nullslast", false)]);
    let (name, descending) = suffix(text, [(".asc", false), (".desc", true)]);
    let column = refuse::named(table, name).map_err(|unknown| elsewhere(table, name, unknown))?;
    let order = Order::by(sortable(column)?, descending.unwrap_or(false));
    Ok(Order { nulls_first: nulls_first.unwrap_or(order.nulls_first), ..order })
}

/// How others write it, where a key is no column.
fn elsewhere(table: &'static Table, name: &str, unknown: Error) -> Error {
    let known = |name: &str| table.readable().any(|column| column.json == name);
    if let Some(name) = name.strip_prefix('-').filter(|name| known(name)) {
        return unknown.hint(format!("write {name}.desc"));
    }
    if let Some((name, direction)) = name.trim().split_once([' ', ':']).filter(|(name, _)| known(name)) {
        let descending = direction.trim().to_ascii_lowercase().starts_with("desc");
        return unknown.hint(format!("write {name}.{}", if descending { "desc" } else { "asc" }));
    }
    match name.split_once(['.', '(']) {
        Some((head, _)) if known(head) => bad(format!("`order`: what follows `{head}` is not a direction")).hint(FORM),
        Some(_) => unknown.hint("rows are ordered by their own columns, and not by those of related rows"),
        None => unknown,
    }
}

fn suffix<'a>(text: &'a str, meanings: [(&str, bool); 2]) -> (&'a str, Option<bool>) {
    meanings
        .into_iter()
        .find_map(|(suffix, meaning)| text.strip_suffix(suffix).map(|rest| (rest, Some(meaning))))
        .unwrap_or((text, None))
}
