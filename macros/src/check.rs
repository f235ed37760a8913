//! [`RawResource`] -> [`Resource`], or mistakes. One mistake, one error, at the key or the word at fault.
//!
//! What is checked here, and why it cannot wait:
//!
//! * [`clash`]: keys that contradict each other, or say what holds anyway: one of the two does not do what was meant.
//! * [`field`]: what stands on one field: values in range, a regex that compiles, an index that both databases take.
//! * [`names`]: names that SQL, a path or a query string cannot hold, or that two things share: they fail at run time.
//! * [`roles`]: one key, at most one of each role, on the resource where it means something.
//! * [`access`]: every action has a rule that can come true: what nobody wrote must not be open.
//! * [`changes`]: how rows change: a word that is no way to, a condition that no row could meet.
//! * [`lists`]: `unique(..)`, `index(..)` and `page(..)` of the struct: they name fields that exist.
//! * [`choice`]: texts that tell the variants of an enum apart.
//!
//! What needs types is only noted here ([`Assert`]) and asked by the compiler, of `restruct::__private::rules`.

mod access;
mod changes;
mod choice;
mod clash;
mod field;
mod lists;
mod names;
mod roles;
mod values;

use syn::{Attribute, Expr, ExprLit, Ident, Lit, LitStr, Meta, ext::IdentExt as _};

pub(crate) use self::choice::choice;
use self::names::Names;
use crate::{
    errors::Errors,
    keys,
    model::{self, Resource},
    naming::{self, CASES, Case},
    raw::{At, RawResource, RawStructKeys},
};

/// Checks a struct; `None` where there is no model to speak of. With mistakes in the sink the model is worth nothing.
pub(crate) fn resource(raw: &RawResource, errors: &mut Errors) -> Option<Resource> {
    let RawResource { ident, vis, docs, keys, fields: raw_fields, shaped, generic: _, keys_read: _ } = raw;
    if !shaped {
        return None;
    }
    let RawStructKeys { seed, table, path, rename_all, krate, .. } = keys; // the others belong to the modules below
    let case = rename_all.as_ref().and_then(|at| self::case(at, errors));
    let facts = Facts::of(raw);

    let mut names = Names::default();
    let (mut fields, mut asserts) = (Vec::new(), Vec::new());
    for raw_field in raw_fields {
        fields.push(field::check(raw_field, case, &facts, &mut names, &mut asserts, errors));
    }
    let name = ident.unraw().to_string();
    let (table, path) = names::table_and_path(ident, table.as_ref(), path.as_ref(), errors);
    roles::check(raw, &facts, errors);
    let rules = access::rules(raw, &facts, &mut asserts, errors);
    let (put_merges, require_if_match) = changes::check(raw, &facts, errors);
    let register = access::register(raw, &facts, errors);
    let (uniques, indexes, page) = lists::check(keys, &fields, &mut asserts, errors);

    Some(Resource {
        ident: ident.clone(),
        vis: vis.clone(),
        krate: krate.as_ref().map(|at| at.value.clone()),
        name,
        table,
        path,
        doc: doc_text(docs),
        rules,
        uniques,
        indexes,
        page,
        put_merges,
        require_if_match,
        register,
        login: facts.login,
        seed: seed.as_ref().map(|at| at.value.clone()),
        fields,
        asserts,
    })
}

/// What more than one check asks.
struct Facts {
    /// The struct.
    ident: Ident,
    /// Whether callers sign in with it.
    login: bool,
    /// Whether a client can create rows.
    creatable: bool,
    /// The fields in a composite `unique(..)` or `index(..)`.
    grouped: Vec<String>,
    /// Whether every key of every field could be read: else nothing can be said to be missing.
    fields_read: bool,
}

impl Facts {
    fn of(raw: &RawResource) -> Self {
        let create = raw.keys.create.as_ref().or(raw.keys.write.as_ref());
        let lists = raw.keys.unique.iter().chain(&raw.keys.index);
        Self {
            ident: raw.ident.clone(),
            login: raw.fields.iter().any(|field| field.keys.login.is_some()),
            creatable: !create.is_some_and(|at| at.value.iter().any(|word| word.ident == "none")),
            grouped: lists.flat_map(|at| &at.value).map(|ident| ident.unraw().to_string()).collect(),
            fields_read: raw.fields.iter().all(|field| field.keys_read),
        }
    }
}

/// The case that `rename_all` names.
fn case(at: &At<LitStr>, errors: &mut Errors) -> Option<Case> {
    let word = at.value.value();
    let found = CASES.iter().find(|(name, _)| *name == word).map(|(_, case)| *case);
    if found.is_none() {
        let words = CASES.map(|(name, _)| name);
        errors.at(at.value.span(), format!("unknown case {word:?}; {}", one_of(&word, &words)));
    }
    found
}

/// The end of an error text: the nearest of the words, or all of them.
fn one_of(word: &str, words: &[&str]) -> String {
    match keys::nearest(word, words.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("there are {}", words.join(", ")),
    }
}

/// The text of doc comments, without the blank that stands before each line.
fn doc_text(docs: &[Attribute]) -> String {
    let lines = docs.iter().filter_map(|attr| match &attr.meta {
        Meta::NameValue(pair) => match &pair.value {
            Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => Some(text.value()),
            _ => None, // `#[doc = include_str!(..)]`: rustdoc reads it, a macro cannot
        },
        Meta::Path(_) | Meta::List(_) => None,
    });
    let lines: Vec<_> = lines.map(|line| line.strip_prefix(' ').unwrap_or(&line).trim_end().to_owned()).collect();
    lines.join("\n").trim().to_owned()
}

/// A name of a field's constant, beside the field.
fn constant(ident: &Ident) -> Ident {
    Ident::new(&naming::constant(&ident.unraw().to_string()), ident.span())
}

/// The column of a field, if it has one.
fn column(field: &model::Field) -> Option<&model::Column> {
    match field {
        model::Field::Column(column) => Some(column),
        model::Field::Skipped { .. } => None,
    }
}
