//! Roles across the fields of a struct: one key, at most one of each, where they mean something.

use super::Facts;
use crate::{
    errors::Errors,
    raw::{RawField, RawResource},
};

/// Reports roles that are missing, doubled or on the wrong resource.
pub(super) fn check(raw: &RawResource, facts: &Facts, errors: &mut Errors) {
    let ids: Vec<_> = raw.fields.iter().filter(|field| field.keys.skip.is_none() && field.is_id()).collect();
    match ids.as_slice() {
        [] if facts.fields_read => {
            errors.at(raw.ident.span(), "no id; add `id: i64` or `id: Uuid`, or mark the key with `#[resource(id)]`");
        }
        [first, others @ ..] => {
            for other in others {
                errors.at(
                    other.ident.span(),
                    format!("two ids: `{}` is the id already; a resource has one", first.ident),
                );
            }
        }
        [] => {}
    }
    let mut taken: Vec<(&str, &RawField)> = Vec::new();
    for field in &raw.fields {
        for (role, span) in field.keys.roles().filter(|(role, _)| *role != "id") {
            match taken.iter().find(|(other, _)| *other == role) {
                Some((_, first)) => {
                    errors.at(span, format!("`{}` is `{role}` already; a resource has one", first.ident));
                }
                None => taken.push((role, field)),
            }
        }
    }
    for field in &raw.fields {
        if let Some(owner) = &field.keys.owner {
            if facts.login && field.keys.login.is_none() {
                errors.at(owner.span, "on the login resource the owner is the row itself; remove `owner`");
            } else if !facts.login && field.keys.references.is_none() && field.keys_read {
                errors
                    .at(owner.span, "`owner` needs `references`: the login resource, as in `owner, references = User`");
            }
        }
        if let Some(admin) = &field.keys.admin
            && !facts.login
            && facts.fields_read
        {
            errors.at(admin.span, "`admin` belongs on the login resource, which has a `login` field");
        }
    }
}
