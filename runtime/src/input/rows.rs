//! An array of rows.

use std::collections::HashSet;

use serde_json::Value as Tree;

use super::{Changes, Mode, changes::guards, changes_alone, convert::convert};
use crate::{
    error::{Code, Error, Result},
    relation::Relations,
    table::Table,
    text,
    value::Value,
};

/// Rows in one body, at most.
pub(crate) const MOST_ROWS: usize = 1000;

/// Field errors in one answer: past this many the rest of the rows are not looked at.
const MOST_ERRORS: usize = 1000;

/// Runs `each` over the rows of an array and gathers the field errors of all of them, keyed `0.title`.
pub(crate) fn rows<T>(body: &Tree, mut each: impl FnMut(&Tree) -> Result<T>) -> Result<Vec<T>> {
    let Tree::Array(rows) = body else {
        return Err(Error::new(Code::Invalid, "the body must be a JSON array of objects"));
    };
    if rows.len() > MOST_ROWS {
        return Err(too_many());
    }
    let mut done = Vec::with_capacity(rows.len());
    let mut errors = Vec::new();
    for (index, row) in rows.iter().enumerate() {
        if !row.is_object() {
            errors.push((index.to_string(), "must be a JSON object".to_owned()));
            continue;
        }
        match each(row) {
            Ok(value) => done.push(value),
            Err(error) if error.code() == Code::Invalid => {
                errors.extend(error.errors().iter().map(|(k, v)| (format!("{index}.{k}"), v.clone())));
            }
            Err(error) => return Err(error),
        }
        if errors.len() >= MOST_ERRORS {
            break;
        }
    }
    if errors.is_empty() { Ok(done) } else { Err(Error::invalid(errors)) }
}

/// The 422 of a body with too many rows.
pub(super) fn too_many() -> Error {
    Error::new(Code::Invalid, format!("the body holds more than {MOST_ROWS} rows"))
        .hint("send them in several requests")
}

/// The rows of an array that carry their keys, each with what shall change; `own` is the key of the caller's own row.
pub(crate) fn keyed(
    relations: &Relations,
    table: &'static Table,
    body: &Tree,
    own: Option<&Value>,
) -> Result<Vec<(Value, Changes)>> {
    let (id, mut seen) = (table.id(), HashSet::new());
    rows(body, |row| {
        let key = match row.get(id.json) {
            None => Err("is required, to say which row is meant".to_owned()),
            Some(tree) => match convert(id, tree) {
                Ok(Value::Null) => Err("must not be null".to_owned()),
                Ok(key) if seen.insert(text::of(key.as_ref())) => Ok(key),
                Ok(_) => Err("stands in a row before, too".to_owned()),
                Err(reason) => Err(reason.0),
            },
        };
        let own = own.is_some() && key.as_ref().ok() == own;
        match (key, changes_alone(relations, table, Mode::Merge, row, own)) {
            (Ok(key), Ok(changes)) => Ok((key, changes)),
            (Ok(_), Err(error)) => Err(error),
            (Err(reason), Ok(_)) => Err(Error::invalid([(id.json.to_owned(), reason)])),
            (Err(reason), Err(error)) => Err(error.fields([(id.json.to_owned(), reason)])),
        }
    })
}

/// The keys that rows of an array carry, each with the number of its row and what is guarded of it, of a body that does not
/// pass: what is no key is left out, and nothing is looked at of a body with too many rows.
pub(crate) fn keys(table: &'static Table, body: &Tree, own: Option<&Value>) -> Vec<(usize, Value, Changes)> {
    let rows = body.as_array().filter(|rows| rows.len() <= MOST_ROWS);
    let key = |row: &Tree| convert(table.id(), row.get(table.id().json)?).ok().filter(|key| *key != Value::Null);
    let rows = rows.into_iter().flatten().enumerate().filter_map(|(at, row)| {
        let key = key(row)?;
        let guards = guards(table, Mode::Merge, row, own == Some(&key));
        Some((at, key, Changes { set: Vec::new(), guards }))
    });
    rows.collect()
}
