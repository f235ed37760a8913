//! JSON to [`Changes`]: what a body says of a row, with every field error at once.

mod changes;
mod check;
mod convert;
mod json;
mod nested;
mod pattern;
mod rows;

pub(crate) use changes::{Changes, Guard, Mode, Reason, changes, guards};
pub(crate) use check::{LEAST_PASSWORD, MOST_PASSWORD, check, password};
pub(crate) use json::parse;
pub(crate) use nested::{Family, changes_alone, family, guards_of_new, nested_members, without_rows};
pub(crate) use pattern::compile;
pub(crate) use rows::{MOST_ROWS, keyed, keys, rows};

#[cfg(test)]
mod tests;
