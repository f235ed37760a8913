//! `order=column[.asc|.desc][.nullsfirst|.nullslast],…`

use super::{bad, refuse};
use crate::{column::Column, error::Result, order::Order, table::Table, value::Kind};

/// The keys, in the order of their weight.
pub(super) fn parse(table: &'static Table, text: &str) -> Result<Vec<Order>> {
    if text.is_empty() {
        return Err(bad("`order` names no column").hint(FORM));
    }
    let keys: Vec<_> = text.split(',').map(|key| self::key(table, key)).collect::<Result<_>>()?;
    Ok(keys)
}

const FORM: &str = "write column[.asc|.desc][.nullsfirst|.nullslast], with commas between keys";

fn key(table: &'static Table, text: &str) -> Result<Order> {
    // From the end, so that a name with a dot in it can be sorted by.
    let (text, nulls_first) = suffix(text, [(".nullsfirst", true), (".nullslast", false)]);
    let (name, descending) = suffix(text, [(".asc", false), (".desc", true)]);
    let column = refuse::column(table, name).map_err(|unknown| match name.split_once('.') {
        Some((head, _)) if table.readable().any(|c| c.json == head) => {
            bad(format!("`order`: what follows `{head}` is not a direction")).hint(FORM)
        }
        _ => unknown,
    })?;
    orderable(column)?;
    let order = Order::by(column, descending.unwrap_or(false));
    Ok(Order { nulls_first: nulls_first.unwrap_or(order.nulls_first), ..order })
}

/// The key of a column and a direction in either case, ascending when unsaid.
pub(super) fn by(table: &'static Table, name: &str, direction: Option<&str>) -> Result<Order> {
    let column = refuse::column(table, name)?;
    orderable(column)?;
    match direction {
        None => Ok(Order::by(column, false)),
        Some(word) if word.eq_ignore_ascii_case("asc") => Ok(Order::by(column, false)),
        Some(word) if word.eq_ignore_ascii_case("desc") => Ok(Order::by(column, true)),
        Some(_) => Err(bad(format!("`{}` is sorted asc or desc, and by nothing else", column.json))),
    }
}

fn orderable(column: &Column) -> Result<()> {
    match column.kind {
        Kind::Json => Err(bad(format!("`{}` holds JSON, which has no order", column.json))),
        _ => Ok(()),
    }
}

fn suffix<'a>(text: &'a str, meanings: [(&str, bool); 2]) -> (&'a str, Option<bool>) {
    meanings
        .into_iter()
        .find_map(|(suffix, meaning)| text.strip_suffix(suffix).map(|rest| (rest, Some(meaning))))
        .unwrap_or((text, None))
}
