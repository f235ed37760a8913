//! `unique(..)`, `index(..)` and `page(..)` of a struct.

use proc_macro2::Ident;
use syn::{LitInt, ext::IdentExt as _};

use super::column;
use crate::{
    errors::Errors,
    keys,
    model::{About, Assert, Field, Role},
    raw::{At, RawStructKeys},
};

/// Lists of SQL names, twice, and the page.
type Lists = (Vec<Vec<String>>, Vec<Vec<String>>, Option<(u32, u32)>);

/// Checks them.
pub(super) fn check(keys: &RawStructKeys, fields: &[Field], asserts: &mut Vec<Assert>, errors: &mut Errors) -> Lists {
    let mut columns = |what: &str, lists: &[At<Vec<Ident>>]| {
        let mut all: Vec<Vec<String>> = Vec::new();
        for list in lists {
            let names = names(what, list, fields, asserts, errors);
            if !names.is_empty() && all.contains(&names) {
                errors.at(list.span, format!("this `{what}` stands twice; keep one"));
            }
            all.push(names);
        }
        all
    };
    let (uniques, indexes) = (columns("unique", &keys.unique), columns("index", &keys.index));
    (uniques, indexes, keys.page.as_ref().and_then(|at| page(at, errors)))
}

fn names(
    what: &str,
    list: &At<Vec<Ident>>,
    fields: &[Field],
    asserts: &mut Vec<Assert>,
    errors: &mut Errors,
) -> Vec<String> {
    if list.value.len() < 2 {
        errors.at(list.span, format!("`{what}(..)` takes two fields or more; for one, mark it `#[resource({what})]`"));
    }
    let mut found = Vec::new();
    for ident in &list.value {
        let name = ident.unraw().to_string();
        let Some(column) = fields.iter().filter_map(column).find(|column| column.ident.unraw() == name) else {
            errors.at(ident.span(), unknown(&name, fields));
            continue;
        };
        if found.contains(&column.sql) {
            errors.at(ident.span(), format!("`{name}` stands twice; keep one"));
        }
        if what == "unique" && column.role == Role::DeletedAt {
            errors.at(ident.span(), format!("a deleted row is in nobody's way, so leave `{name}` out"));
        }
        if what == "unique" && column.computed.is_some() {
            errors.at(ident.span(), format!("`{name}` is computed; name the fields that it is computed from"));
        }
        found.push(column.sql.clone());
        asserts.push(Assert { span: ident.span(), constant: column.constant.clone(), about: About::Indexable });
    }
    found
}

fn unknown(name: &str, fields: &[Field]) -> String {
    if fields.iter().any(|field| matches!(field, Field::Skipped { ident, .. } if ident.unraw() == name)) {
        return format!("`{name}` is skipped, so it has no column");
    }
    let names: Vec<_> = fields.iter().filter_map(column).map(|column| column.ident.unraw().to_string()).collect();
    match keys::nearest(name, names.iter().map(String::as_str)) {
        Some(near) => format!("no field `{name}`; did you mean `{near}`?"),
        None => format!("no field `{name}`; there are {}", names.join(", ")),
    }
}

fn page(at: &At<(LitInt, LitInt)>, errors: &mut Errors) -> Option<(u32, u32)> {
    let (default, max) = &at.value;
    match (default.base10_parse(), max.base10_parse()) {
        (Ok(default), Ok(max)) if 1 <= default && default <= max => Some((default, max)),
        _ => {
            errors.at(at.span, "a page has 1 row or more, and its default is at most its maximum: `page(20, 200)`");
            None
        }
    }
}
