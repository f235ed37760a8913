//! Keys of one field that do not go together.

use proc_macro2::Span;
use syn::ext::IdentExt as _;

use crate::{
    errors::Errors,
    raw::{RawField, RawFieldKeys},
};

/// The keys that give a field its role.
const ROLES: [&str; 8] = ["id", "login", "owner", "admin", "created_at", "updated_at", "deleted_at", "version"];

/// A key, what cannot stand beside it, and why.
struct Clash(&'static str, &'static [&'static str], &'static str);

const KEPT: &[&str] = &[
    "default",
    "unique",
    "references",
    "read_only",
    "write_only",
    "immutable",
    "search",
    "length",
    "range",
    "pattern",
    "email",
    "url",
    "validate",
];

#[rustfmt::skip] // a table: one row, one line
const CLASHES: &[Clash] = &[
    Clash("id", KEPT, "the database gives the id, and it is unique"),
    Clash("id", &["index"], "the key has an index already"),
    Clash("created_at", KEPT, "the framework keeps this field"),
    Clash("updated_at", KEPT, "the framework keeps this field"),
    Clash("deleted_at", KEPT, "the framework keeps this field"),
    Clash("version", KEPT, "the framework keeps this field"),
    Clash("owner", &["default", "read_only", "write_only", "immutable", "validate"], "the owner is stamped from the caller"),
    Clash("admin", &["unique", "index", "references", "immutable", "search", "length", "range", "pattern", "email", "url", "validate"], "it is a `bool` that only an administrator sets"),
    Clash("login", &["unique", "index"], "a login is unique already"),
    Clash("login", &["default", "references", "read_only", "range"], "a login is a text that every user gives"),
    Clash("references", &["index"], "a foreign key has an index already"),
    Clash("references", &["search", "length", "range", "pattern", "email", "url"], "it holds a key, which the other resource gives"),
    Clash("owner", &["nested"], "the owner is the caller, and not a row that is made at the same time"),
    Clash("nested", &["read_only"], "whoever makes the rows together says what they belong to; remove one of them"),
    Clash("nested", &["write_only"], "a relation that nobody sees has no name to send rows under"),
    Clash("unique", &["index"], "a unique column has an index already"),
    Clash("read_only", &["write_only"], "nobody could set it and nobody see it; `skip` keeps a field out of the API"),
    Clash("read_only", &["immutable"], "what no client sets, no client changes"),
    Clash("write_only", &["search"], "what nobody sees, nobody searches"),
    Clash("computed", &["id", "login", "owner", "admin", "created_at", "updated_at", "deleted_at", "version"], "the database computes it from the rest of the row"),
    Clash("computed", &["default", "references", "on_delete", "nested", "read_only", "write_only", "immutable", "search", "length", "range", "pattern", "email", "url", "validate"], "the database computes it from the rest of the row"),
    Clash("computed", &["unique"], "what is computed cannot be told to be another value; make the fields unique that it is computed from"),
    Clash("email", &["url"], "no text is both"),
    Clash("range", &["search", "length", "pattern", "email", "url"], "a range is of numbers, the other of texts"),
];

/// Reports every key that contradicts another, once; `true` where the field has no column.
pub(super) fn check(field: &RawField, errors: &mut Errors) -> bool {
    let mut given = field.keys.given();
    if let Some(skip) = &field.keys.skip {
        if given.len() > 1 {
            errors.at(skip.span, "a skipped field has no column; remove `skip` or the other keys");
        }
        return true;
    }
    if field.is_id() && field.keys.id.is_none() {
        given.insert(0, ("id", field.ident.span()));
    }
    if given.len() < 2 {
        return false; // most fields
    }
    let roles: Vec<_> = given.iter().filter(|(key, _)| ROLES.contains(key)).collect();
    for (key, span) in roles.iter().skip(1) {
        let text = format!("`{key}` and `{}` do not go together: a field has one role; use two fields", roles[0].0);
        errors.at(*span, text);
    }
    for (i, (key, span)) in given.iter().enumerate() {
        let others = || given.iter().enumerate().filter(|(j, _)| *j != i).map(|(_, (other, _))| *other);
        let reason = CLASHES.iter().find(|clash| others().any(|other| other == clash.0) && clash.1.contains(key));
        if let Some(Clash(other, _, why)) = reason {
            errors.at(*span, format!("`{key}` and `{other}` do not go together: {why}"));
        }
    }
    false
}

impl RawField {
    /// Whether it is the key: it says so, or it is called so.
    pub(crate) fn is_id(&self) -> bool {
        self.keys.id.is_some() || self.ident.unraw() == "id"
    }
}

impl RawFieldKeys {
    /// The keys of [`ROLES`] that stand on the field.
    pub(super) fn roles(&self) -> impl Iterator<Item = (&'static str, Span)> {
        let Self { id, login, owner, admin, created_at, updated_at, deleted_at, version, .. } = self;
        let given = [id, login, owner, admin, created_at, updated_at, deleted_at, version];
        ROLES.into_iter().zip(given).filter_map(|(name, flag)| flag.as_ref().map(|at| (name, at.span)))
    }

    /// The keys that stand on the field. No `..`, so that a new key cannot be forgotten.
    pub(super) fn given(&self) -> Vec<(&'static str, Span)> {
        let Self {
            id: _,
            login: _,
            owner: _,
            admin: _,
            created_at: _,
            updated_at: _,
            deleted_at: _,
            version: _,
            column,
            rename,
            unique,
            index,
            default,
            references,
            on_delete,
            relation,
            inverse,
            nested,
            computed,
            read_only,
            write_only,
            immutable,
            search,
            skip,
            length,
            range,
            pattern,
            email,
            url,
            validate,
        } = self;
        let mut all: Vec<_> = self.roles().collect();
        let mut add = |name, given: Option<Span>| all.extend(given.map(|span| (name, span)));
        add("column", column.as_ref().map(|at| at.span));
        add("rename", rename.as_ref().map(|at| at.span));
        add("unique", unique.as_ref().map(|at| at.span));
        add("index", index.as_ref().map(|at| at.span));
        add("default", default.as_ref().map(|at| at.span));
        add("references", references.as_ref().map(|at| at.span));
        add("on_delete", on_delete.as_ref().map(|at| at.span));
        add("relation", relation.as_ref().map(|at| at.span));
        add("inverse", inverse.as_ref().map(|at| at.span));
        add("nested", nested.as_ref().map(|at| at.span));
        add("computed", computed.as_ref().map(|at| at.span));
        add("read_only", read_only.as_ref().map(|at| at.span));
        add("write_only", write_only.as_ref().map(|at| at.span));
        add("immutable", immutable.as_ref().map(|at| at.span));
        add("search", search.as_ref().map(|at| at.span));
        add("skip", skip.as_ref().map(|at| at.span));
        add("length", length.as_ref().map(|at| at.span));
        add("range", range.as_ref().map(|at| at.span));
        add("pattern", pattern.as_ref().map(|at| at.span));
        add("email", email.as_ref().map(|at| at.span));
        add("url", url.as_ref().map(|at| at.span));
        add("validate", validate.as_ref().map(|at| at.span));
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keys::{Place, find};

    #[test]
    fn the_tables_name_only_keys() {
        for Clash(key, others, _) in CLASHES {
            for name in others.iter().chain([key]) {
                assert!(find(Place::Field, name).is_some(), "{name}");
            }
        }
        assert!(ROLES.iter().all(|role| find(Place::Field, role).is_some()));
    }
}
