//! One field: its keys together, their values, and what the compiler must ask of its type.

use proc_macro2::{Ident, Span};
use syn::{Expr, ExprLit, Lit, Type, ext::IdentExt as _, parse_quote, spanned::Spanned as _};

use super::{
    Facts, clash,
    names::{self, Names},
    one_of, values,
};
use crate::{
    errors::Errors,
    model::{About, Assert, Bound, Column, Default, Field, Format, Length, OnDelete, Reference, Role},
    naming::Case,
    raw::{At, RawField, RawFieldKeys},
};

/// The longest text that an index of either database takes, in characters.
const LONGEST_INDEXED: u32 = 500;

/// The longest text that can be searched, in characters: the runtime's `LONGEST_SEARCHED`.
const LONGEST_SEARCHED: u32 = 100_000;

/// Checks one field and notes what to ask of its type.
pub(super) fn check(
    raw: &RawField,
    case: Option<Case>,
    facts: &Facts,
    known: &mut Names,
    asserts: &mut Vec<Assert>,
    errors: &mut Errors,
) -> Field {
    let RawField { ident, ty, docs, keys, keys_read: _ } = raw;
    if clash::check(raw, errors) {
        return Field::Skipped { ident: ident.clone(), ty: Box::new(ty.clone()) };
    }
    let constant = known.constant(ident, errors);
    let sql = known.column(ident, keys.column.as_ref(), errors);
    let json = known.json(ident, keys.rename.as_ref(), case, errors);
    let role = role(raw);
    let length = keys.length.as_ref().and_then(|at| values::length(at, errors));
    let range = keys.range.as_ref().and_then(|at| values::range(at, errors));
    let grouped = facts.grouped.contains(&ident.unraw().to_string());
    check_indexed_length(raw, length, grouped, errors);
    check_searched(raw, &sql, length, errors);
    let on_delete = on_delete(raw, errors);
    for (key, given) in [("relation", &keys.relation), ("inverse", &keys.inverse)] {
        if let Some(at) = given {
            names::relation(key, at, errors);
            if keys.references.is_none() && raw.keys_read {
                errors.at(at.span, format!("`{key}` needs `references`: the resource it leads to"));
            }
        }
    }

    if let Some(at) = &keys.nested
        && keys.references.is_none()
        && raw.keys_read
    {
        errors.at(at.span, "`nested` needs `references`: the resource whose rows take these along");
    }

    let column = Column {
        docs: docs.clone(),
        json: (json != sql).then_some(json),
        sql,
        doc: super::doc_text(docs),
        role,
        unique: keys.unique.is_some(),
        index: keys.index.is_some(),
        grouped,
        computed: keys.computed.as_ref().and_then(|at| values::computed(at, errors)),
        read_only: keys.read_only.is_some(),
        write_only: keys.write_only.is_some(),
        immutable: keys.immutable.is_some(),
        search: keys.search.is_some(),
        default: default(raw, errors),
        references: keys.references.as_ref().map(|at| Reference {
            ty: target(&at.value, facts),
            on_delete,
            relation: keys.relation.as_ref().map(|at| at.value.value()),
            inverse: keys.inverse.as_ref().map(|at| at.value.value()),
            nested: keys.nested.is_some(),
        }),
        length,
        range,
        pattern: keys.pattern.as_ref().map(|at| values::pattern(at, errors)),
        format: match (&keys.email, &keys.url) {
            (Some(_), _) => Some(Format::Email),
            (None, Some(_)) => Some(Format::Url),
            (None, None) => None,
        },
        validate: keys.validate.as_ref().map(|at| at.value.clone()),
        ident: ident.clone(),
        ty: ty.clone(),
        constant: constant.clone(),
    };
    note(&column, keys, ident, facts, asserts);
    Field::Column(Box::new(column))
}

/// The type that a reference names; `Self` is written out, since no item but the struct itself knows it.
fn target(ty: &Type, facts: &Facts) -> Type {
    match ty {
        Type::Path(path) if path.qself.is_none() && path.path.is_ident("Self") => {
            let mut ident = facts.ident.clone();
            ident.set_span(ty.span());
            parse_quote!(#ident)
        }
        _ => ty.clone(),
    }
}

fn role(raw: &RawField) -> Role {
    let keys = &raw.keys;
    let roles = [
        (keys.login.is_some(), Role::Login),
        (keys.owner.is_some(), Role::Owner),
        (keys.admin.is_some(), Role::Admin),
        (keys.created_at.is_some(), Role::CreatedAt),
        (keys.updated_at.is_some(), Role::UpdatedAt),
        (keys.deleted_at.is_some(), Role::DeletedAt),
        (keys.version.is_some(), Role::Version),
        (raw.is_id(), Role::Id),
    ];
    roles.into_iter().find(|(given, _)| *given).map_or(Role::Plain, |(_, role)| role)
}

/// What the type alone decides: asked once for each key at fault, of the most telling rule.
fn note(column: &Column, keys: &RawFieldKeys, ident: &Ident, facts: &Facts, asserts: &mut Vec<Assert>) {
    let before = asserts.len();
    let mut ask = |span: Span, about| asserts.push(Assert { span, constant: column.constant.clone(), about });
    let span = |flag: &crate::raw::Flag| flag.as_ref().map_or(ident.span(), |at| at.span);
    match column.role {
        Role::Id => ask(column.ty.span(), About::Id),
        Role::Login => ask(span(&keys.login), About::Login),
        Role::Admin => ask(span(&keys.admin), About::Admin),
        Role::CreatedAt => ask(span(&keys.created_at), About::Timestamp),
        Role::UpdatedAt => ask(span(&keys.updated_at), About::Timestamp),
        Role::DeletedAt => ask(span(&keys.deleted_at), About::DeletedAt),
        Role::Version => ask(span(&keys.version), About::Version),
        Role::Owner | Role::Plain => {
            let text = [
                keys.pattern.as_ref().map(|at| at.span),
                keys.email.as_ref().map(|at| at.span),
                keys.url.as_ref().map(|at| at.span),
            ];
            if let Some(span) = text.into_iter().flatten().next() {
                ask(span, About::Text);
            } else if let Some(at) = &keys.length {
                ask(at.span, About::Length);
            }
            if let (Some(at), Some(range)) = (&keys.range, &column.range) {
                let float = [range.min, range.max].iter().any(|end| matches!(end, Some(Bound::Float(_))));
                ask(at.span, if float { About::FloatRange } else { About::Range });
            }
            if let Some(at) = keys.unique.as_ref().or(keys.index.as_ref()) {
                ask(at.span, About::Indexable);
            }
            if let Some(at) = &keys.search {
                ask(at.span, About::Search);
            }
        }
    }
    if let (Some(at), Some(Reference { on_delete: OnDelete::SetNull, .. })) = (&keys.on_delete, &column.references) {
        ask(at.value.span(), About::SetNull);
    }
    if let Some(at) = &keys.read_only
        && column.default.is_none()
        && facts.creatable
    {
        ask(at.span, About::ReadOnly);
    }
    // A password takes no other key; where one of the rules above is asked, it says so itself.
    let others = [
        keys.computed.as_ref().map(|at| at.span),
        keys.default.as_ref().map(|at| at.span),
        keys.read_only.as_ref().map(|at| at.span),
        keys.write_only.as_ref().map(|at| at.span),
        keys.immutable.as_ref().map(|at| at.span),
        keys.validate.as_ref().map(|at| at.span),
    ];
    if let Some(span) = others.into_iter().flatten().next()
        && asserts.len() == before
        && facts.login
        && column.role == Role::Plain
        && column.references.is_none()
    {
        asserts.push(Assert { span, constant: column.constant.clone(), about: About::NoPasswordKeys });
    }
}

fn check_indexed_length(raw: &RawField, bounds: Option<Length>, grouped: bool, errors: &mut Errors) {
    let keys = &raw.keys;
    let Some(length) = &keys.length else { return };
    if keys.unique.is_none() && keys.index.is_none() && keys.login.is_none() && !grouped {
        return;
    }
    let (min, max) = bounds.map_or((0, None), |bounds| (bounds.min, bounds.max));
    let unsaid = if keys.email.is_some() { 254 } else { 255 };
    if max.is_some_and(|max| max > LONGEST_INDEXED) {
        errors.at(
            length.span,
            format!("an indexed text has at most {LONGEST_INDEXED} characters; write `length(..={LONGEST_INDEXED})`"),
        );
    } else if max.is_none() && min > unsaid {
        errors.at(
            length.span,
            format!("an indexed text has at most {unsaid} characters where its `length` does not say more"),
        );
    }
}

fn check_searched(raw: &RawField, sql: &str, bounds: Option<Length>, errors: &mut Errors) {
    let Some(search) = &raw.keys.search else { return };
    if ["rank", "rowid"].iter().any(|kept| sql.eq_ignore_ascii_case(kept)) {
        errors.at(
            search.span,
            format!("SQLite's search index keeps the column {sql:?} for itself; say `column = \"..\"`"),
        );
    }
    let Some(length) = &raw.keys.length else { return };
    let (min, max) = bounds.map_or((0, None), |bounds| (bounds.min, bounds.max));
    if max.unwrap_or(min) > LONGEST_SEARCHED {
        errors.at(
            length.span,
            format!(
                "a text that is searched has at most {LONGEST_SEARCHED} characters; write `length(..={LONGEST_SEARCHED})`"
            ),
        );
    }
}

fn on_delete(raw: &RawField, errors: &mut Errors) -> OnDelete {
    let Some(At { span, value }) = &raw.keys.on_delete else { return OnDelete::Restrict };
    if raw.keys.references.is_none() && raw.keys_read {
        errors.at(*span, "`on_delete` needs `references`: the resource whose rows go");
    }
    match value.to_string().as_str() {
        "restrict" => OnDelete::Restrict,
        "cascade" => OnDelete::Cascade,
        "set_null" => OnDelete::SetNull,
        other => {
            let words = ["restrict", "cascade", "set_null"];
            errors.at(value.span(), format!("unknown word `{other}`; {}", one_of(other, &words)));
            OnDelete::Restrict
        }
    }
}

fn default(raw: &RawField, errors: &mut Errors) -> Option<Default> {
    let keys = &raw.keys;
    let Some(at) = &keys.default else { return keys.admin.as_ref().map(|_| Default::NoAdmin) };
    if let (Some(_), Some(Expr::Lit(ExprLit { lit: Lit::Bool(lit), .. }))) = (&keys.admin, &at.value)
        && lit.value
    {
        errors.at(lit.span, "everybody would be an administrator; write `default = false` or nothing");
    }
    Some(values::default(at))
}
