//! Regular expressions of `pattern`, each compiled once.

use std::{
    collections::HashMap,
    sync::{OnceLock, PoisonError, RwLock},
};

use regex::Regex;

use crate::{table::Table, value::Invalid};

/// Compiles the patterns of a table, so that one that does not compile stops the start and not a request.
pub(crate) fn compile(table: &Table) -> Result<(), Invalid> {
    for (column, pattern) in table.columns.iter().filter_map(|c| c.pattern.map(|p| (c, p))) {
        regex(pattern).map_err(|e| {
            Invalid(format!("the pattern of `{}.{}` does not compile: {e}", table.resource, column.name))
        })?;
    }
    Ok(())
}

/// Whether the pattern matches somewhere in the text.
pub(super) fn check(pattern: &'static str, text: &str) -> Result<(), Invalid> {
    match regex(pattern) {
        Ok(regex) if regex.is_match(text) => Ok(()),
        // A pattern that does not compile passes nothing; `compile` has said so at the start.
        _ => Err(Invalid(format!("must match the pattern {pattern}"))),
    }
}

fn regex(pattern: &'static str) -> Result<&'static Regex, regex::Error> {
    static COMPILED: OnceLock<RwLock<HashMap<&'static str, &'static Regex>>> = OnceLock::new();
    let compiled = COMPILED.get_or_init(RwLock::default);
    if let Some(regex) = compiled.read().unwrap_or_else(PoisonError::into_inner).get(pattern) {
        return Ok(regex);
    }
    // For as long as the program runs, as the pattern. A clone would make its working memory anew for every text.
    let regex = &*Box::leak(Box::new(Regex::new(pattern)?));
    Ok(compiled.write().unwrap_or_else(PoisonError::into_inner).entry(pattern).or_insert(regex))
}
