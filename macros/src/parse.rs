//! Tokens -> [`RawResource`] or [`RawChoice`]. Never stops at the first mistake: a key that cannot be read is reported
//! and left out.

mod shape;

use syn::{Attribute, Data, DeriveInput, Expr, Fields, Token, spanned::Spanned as _};

use self::shape::{assigned, computed, each, inside, list, once, page, read, rule};
use crate::{
    errors::Errors,
    keys::Place,
    raw::{RawChoice, RawField, RawFieldKeys, RawResource, RawStructKeys, RawVariant},
};

/// Reads what `#[derive(Resource)]` stands on.
pub(crate) fn resource(input: DeriveInput, errors: &mut Errors) -> RawResource {
    let DeriveInput { attrs, vis, ident, generics, data } = input;
    let before = errors.count();
    let keys = struct_keys(&attrs, errors);
    let keys_read = errors.count() == before;
    let generic = !generics.params.is_empty() || generics.where_clause.is_some();
    if generic {
        let span = if generics.params.is_empty() { ident.span() } else { generics.params.span() };
        errors.at(span, "a resource is one table, so its struct takes no generics; write the types out");
    }
    let (fields, shaped) = match data {
        Data::Struct(data) => match data.fields {
            Fields::Named(fields) => (fields.named.into_iter().map(|f| field(f, errors)).collect(), true),
            Fields::Unnamed(fields) => {
                errors.at(fields.span(), "a resource needs named fields: `struct Card { id: i64 }`");
                (Vec::new(), false)
            }
            Fields::Unit => {
                errors.at(ident.span(), "a resource needs fields: `struct Card { id: i64 }`");
                (Vec::new(), false)
            }
        },
        Data::Enum(data) => {
            errors
                .at(data.enum_token.span, "a resource is a struct; an enum without fields can be `#[derive(Choice)]`");
            (Vec::new(), false)
        }
        Data::Union(data) => {
            errors.at(data.union_token.span, "a resource is a struct with named fields");
            (Vec::new(), false)
        }
    };
    RawResource { ident, vis, docs: docs(attrs), keys, fields, shaped, generic, keys_read }
}

/// Reads what `#[derive(Choice)]` stands on; `None` where it is no enum.
pub(crate) fn choice(input: DeriveInput, errors: &mut Errors) -> Option<RawChoice> {
    let DeriveInput { attrs, vis, ident, generics, data } = input;
    let (mut rename_all, mut krate) = (None, None);
    read(&attrs, Place::Enum, errors, &mut |key, span, input| match key.name {
        "rename_all" => once(&mut rename_all, span, assigned(input)?),
        "crate" => once(&mut krate, span, assigned(input)?),
        other => unreachable!("no parser for the key {other}"),
    });
    if !generics.params.is_empty() {
        errors.at(generics.params.span(), "a choice is a fixed list of texts, so its enum takes no generics");
    }
    let data = match data {
        Data::Enum(data) => data,
        Data::Struct(data) => {
            errors.at(
                data.struct_token.span,
                "a choice is an enum without fields; a struct can be `#[derive(Resource)]`",
            );
            return None;
        }
        Data::Union(data) => {
            errors.at(data.union_token.span, "a choice is an enum without fields");
            return None;
        }
    };
    let variants = data.variants.into_iter().map(|variant| {
        let mut rename = None;
        read(&variant.attrs, Place::Variant, errors, &mut |key, span, input| match key.name {
            "rename" => once(&mut rename, span, assigned(input)?),
            other => unreachable!("no parser for the key {other}"),
        });
        RawVariant { ident: variant.ident, holds: !matches!(variant.fields, Fields::Unit), rename }
    });
    let variants = variants.collect();
    if generics.params.is_empty() { Some(RawChoice { ident, vis, rename_all, krate, variants }) } else { None }
}

fn struct_keys(attrs: &[Attribute], errors: &mut Errors) -> RawStructKeys {
    let mut raw = RawStructKeys::default();
    read(attrs, Place::Struct, errors, &mut |key, span, input| match key.name {
        "read" => once(&mut raw.read, span, rule(input)?),
        "create" => once(&mut raw.create, span, rule(input)?),
        "update" => once(&mut raw.update, span, rule(input)?),
        "delete" => once(&mut raw.delete, span, rule(input)?),
        "write" => once(&mut raw.write, span, rule(input)?),
        "register" => once(&mut raw.register, span, assigned(input)?),
        "seed" => once(&mut raw.seed, span, assigned(input)?),
        "table" => once(&mut raw.table, span, assigned(input)?),
        "path" => once(&mut raw.path, span, assigned(input)?),
        "rename_all" => once(&mut raw.rename_all, span, assigned(input)?),
        "unique" => each(&mut raw.unique, span, list(input)?),
        "index" => each(&mut raw.index, span, list(input)?),
        "page" => once(&mut raw.page, span, page(input)?),
        "put" => once(&mut raw.put, span, assigned(input)?),
        "require_if_match" => once(&mut raw.require_if_match, span, ()),
        "crate" => once(&mut raw.krate, span, assigned(input)?),
        other => unreachable!("no parser for the key {other}"),
    });
    raw
}

fn field(field: syn::Field, errors: &mut Errors) -> RawField {
    let before = errors.count();
    let keys = field_keys(&field.attrs, errors);
    let keys_read = errors.count() == before;
    let ident = field.ident.expect("a named field has a name");
    RawField { ident, ty: field.ty, docs: docs(field.attrs), keys, keys_read }
}

fn field_keys(attrs: &[Attribute], errors: &mut Errors) -> RawFieldKeys {
    let mut raw = RawFieldKeys::default();
    read(attrs, Place::Field, errors, &mut |key, span, input| match key.name {
        "id" => once(&mut raw.id, span, ()),
        "login" => once(&mut raw.login, span, ()),
        "owner" => once(&mut raw.owner, span, ()),
        "admin" => once(&mut raw.admin, span, ()),
        "created_at" => once(&mut raw.created_at, span, ()),
        "updated_at" => once(&mut raw.updated_at, span, ()),
        "deleted_at" => once(&mut raw.deleted_at, span, ()),
        "version" => once(&mut raw.version, span, ()),
        "column" => once(&mut raw.column, span, assigned(input)?),
        "rename" => once(&mut raw.rename, span, assigned(input)?),
        "unique" => once(&mut raw.unique, span, ()),
        "index" => once(&mut raw.index, span, ()),
        "default" if input.peek(Token![=]) => once(&mut raw.default, span, Some(assigned::<Expr>(input)?)),
        "default" => once(&mut raw.default, span, None),
        "references" => once(&mut raw.references, span, assigned(input)?),
        "on_delete" => once(&mut raw.on_delete, span, assigned(input)?),
        "relation" => once(&mut raw.relation, span, assigned(input)?),
        "inverse" => once(&mut raw.inverse, span, assigned(input)?),
        "nested" => once(&mut raw.nested, span, ()),
        "computed" => once(&mut raw.computed, span, computed(input)?),
        "read_only" => once(&mut raw.read_only, span, ()),
        "write_only" => once(&mut raw.write_only, span, ()),
        "immutable" => once(&mut raw.immutable, span, ()),
        "search" => once(&mut raw.search, span, ()),
        "skip" => once(&mut raw.skip, span, ()),
        "length" => once(&mut raw.length, span, inside(input)?),
        "range" => once(&mut raw.range, span, inside(input)?),
        "pattern" => once(&mut raw.pattern, span, assigned(input)?),
        "email" => once(&mut raw.email, span, ()),
        "url" => once(&mut raw.url, span, ()),
        "validate" => once(&mut raw.validate, span, assigned(input)?),
        other => unreachable!("no parser for the key {other}"),
    });
    raw
}

fn docs(attrs: Vec<Attribute>) -> Vec<Attribute> {
    attrs.into_iter().filter(|attr| attr.path().is_ident("doc")).collect()
}

#[cfg(test)]
mod tests {
    use syn::parse_str;

    use super::*;
    use crate::keys::KEYS;

    /// A parser without a row is `unreachable!` at its first use; a row without a parser fails here.
    #[test]
    fn every_key_reads_the_usage_that_its_row_shows() {
        for key in KEYS {
            let mut errors = Errors::default();
            let (attribute, usage) = (key.place.attribute(), key.usage);
            let code = match key.place {
                Place::Struct => format!("#[{attribute}({usage})] struct A {{ id: i64 }}"),
                Place::Field => format!("struct A {{ #[{attribute}({usage})] id: i64 }}"),
                Place::Enum => format!("#[{attribute}({usage})] enum A {{ B }}"),
                Place::Variant => format!("enum A {{ #[{attribute}({usage})] B }}"),
            };
            let input: DeriveInput = parse_str(&code).expect(usage);
            match key.place {
                Place::Struct | Place::Field => drop(resource(input, &mut errors)),
                Place::Enum | Place::Variant => drop(choice(input, &mut errors)),
            }
            assert!(errors.into_tokens().is_none(), "{usage}");
        }
    }
}
