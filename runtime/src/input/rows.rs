//! An array of rows.

use serde_json::Value as Tree;

use crate::error::{Code, Error, Result};

/// Rows in one body, at most.
const MOST_ROWS: usize = 1000;

/// Field errors in one answer: past this many the rest of the rows are not looked at.
const MOST_ERRORS: usize = 1000;

/// Runs `each` over the rows of an array and gathers the field errors of all of them, keyed `0.title`.
pub(crate) fn rows<T>(body: &Tree, mut each: impl FnMut(&Tree) -> Result<T>) -> Result<Vec<T>> {
    let Tree::Array(rows) = body else {
        return Err(Error::new(Code::Invalid, "the body must be a JSON array of objects"));
    };
    if rows.len() > MOST_ROWS {
        return Err(Error::new(Code::Invalid, format!("the body holds more than {MOST_ROWS} rows"))
            .hint("send them in several requests"));
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
