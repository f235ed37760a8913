//! How rows change: `put` and `require_if_match`.

use super::Facts;
use crate::{errors::Errors, raw::RawResource};

/// Whether PUT merges, and whether a change needs `If-Match`.
pub(super) fn check(raw: &RawResource, facts: &Facts, errors: &mut Errors) -> (bool, bool) {
    let keys = &raw.keys;
    if let Some(at) = &keys.put
        && at.value != "merge"
    {
        errors.at(
            at.value.span(),
            format!("unknown word `{}`; PUT replaces rows, unless `put = merge` says otherwise", at.value),
        );
    }
    if let Some(at) = &keys.require_if_match
        && facts.fields_read
        && raw.fields.iter().all(|field| field.keys.version.is_none())
    {
        errors.at(
            at.span,
            "`require_if_match` needs something that tells the states of a row apart; mark an `i64` with `#[resource(version)]`",
        );
    }
    (keys.put.is_some(), keys.require_if_match.is_some())
}
