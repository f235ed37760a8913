//! Columns: the constant on the struct, the reference, the descriptor.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::{Attribute, Ident, Path, PathArguments, Type, TypePath, Visibility, spanned::Spanned as _};

use super::at;
use crate::model::{Bound, Column, Default, Format, Length, OnDelete, Range, Reference, Role};

/// The typed constants. Here, and only here, is `T: FieldType` asked for, at the type itself.
pub(crate) fn constants<'a>(
    columns: impl Iterator<Item = (&'a Ident, &'a Type, &'a Ident, &'a str, &'a [Attribute])>,
    vis: &Visibility,
) -> TokenStream {
    // What others see has a doc comment, since they may deny its absence.
    let seen = matches!(vis, Visibility::Public(_));
    let each = columns.map(|(field, ty, constant, sql, docs)| {
        let unsaid = (docs.is_empty() && seen).then(|| format!("The column `{field}`."));
        let unsaid = unsaid.iter();
        // A complaint underlines all of the type: a path lies from its first token to its last, and no stable span but a
        // token's own can be had.
        let (first, last) = ends(ty);
        let runtime = Ident::new("__r", first);
        let new = quote_spanned!(last=> #runtime::Field::new(#sql));
        quote!(#(#docs)* #(#[doc = #unsaid])* #vis const #constant: __r::Field<Self, #ty> = #new;)
    });
    each.collect()
}

/// The places of the first and the last token of a type.
fn ends(ty: &Type) -> (Span, Span) {
    if let Type::Path(TypePath { qself: None, path: Path { leading_colon: None, segments }, .. }) = ty
        && let (Some(first), Some(last)) = (segments.first(), segments.last())
    {
        // Nearly every type; the tokens of each would have to come from the compiler one by one.
        let last = match &last.arguments {
            PathArguments::None => last.ident.span(),
            PathArguments::AngleBracketed(arguments) => arguments.gt_token.span(),
            PathArguments::Parenthesized(arguments) => arguments.span(),
        };
        return (at(first.ident.span()), at(last));
    }
    let mut spans = ty.to_token_stream().into_iter().map(|token| at(token.span()));
    let first = spans.next().unwrap_or_else(Span::call_site);
    (first, spans.last().unwrap_or(first))
}

/// The table that a column points to. Here, and only here, is `T: Resource` asked for, at the type itself.
pub(super) fn reference(resource: &Ident, column: &Column) -> Option<TokenStream> {
    let Reference { ty, .. } = column.references.as_ref()?;
    let (name, constant) = (reference_name(column), &column.constant);
    let rule = if column.role == Role::Owner { quote!(owner) } else { quote!(references) };
    let call = quote_spanned!(at(ty.span())=> __r::rules::#rule::<#ty, #resource, _>(#resource::#constant));
    Some(quote!(const #name: fn() -> &'static __r::Table = #call;))
}

fn reference_name(column: &Column) -> Ident {
    format_ident!("__{}_TABLE", column.constant)
}

/// The column's entry in its table, and the comma after it.
pub(super) fn descriptor(resource: &Ident, column: &Column) -> TokenStream {
    let Column {
        constant,
        ty,
        json,
        doc,
        role,
        search,
        computed,
        default,
        references,
        length,
        range,
        pattern,
        format,
        validate,
        ..
    } = column;
    // All of it at the type, since that is what the table can refuse.
    let (span, _) = ends(ty);
    let [of, typed] = [resource, constant].map(|ident| {
        let mut ident = ident.clone();
        ident.set_span(span);
        ident
    });
    let (json, pattern) = (json.iter(), pattern.iter());
    let doc = (!doc.is_empty()).then_some(doc).into_iter();
    let role = self::role(*role).into_iter();
    let flags = flags(column);
    let search = search.then_some(resource).into_iter();
    let (sqlite, postgres) =
        computed.as_ref().map(|[sqlite, postgres]| (sqlite, postgres)).into_iter().unzip::<_, _, Vec<_>, Vec<_>>();
    let default = default.as_ref().map(|default| self::default(default, resource, column));
    let references = references.as_ref().map(|Reference { ty: _, on_delete, relation, inverse, nested }| {
        let name = reference_name(column);
        let on_delete = match on_delete {
            OnDelete::Restrict => quote!(Restrict),
            OnDelete::Cascade => quote!(Cascade),
            OnDelete::SetNull => quote!(SetNull),
        };
        let (relation, inverse) = (relation.iter(), inverse.iter());
        let nested = nested.then(|| quote!(.nested()));
        quote!(.references(#name, __r::OnDelete::#on_delete) #(.relation(#relation))* #(.inverse(#inverse))* #nested)
    });
    let length = length.map(|Length { min, max }| {
        let max = option(max.map(|max| quote!(#max)));
        quote!(.length(#min, #max))
    });
    let range = range.map(|Range { min, max }| {
        let (min, max) = (option(min.map(bound)), option(max.map(bound)));
        quote!(.range(#min, #max))
    });
    let format = format.map(|format| match format {
        Format::Email => quote!(.format(__r::Format::Email)),
        Format::Url => quote!(.format(__r::Format::Url)),
    });
    let validate = validate.as_ref().map(|path| {
        // A closure, so that a function of `&str` takes a `&String`.
        let call = quote_spanned!(at(path.span())=> #path(__v));
        quote!(.validate(|__v| #resource::#constant.validate(__v, |__v| #call)))
    });
    quote_spanned! {span=>
        #of::#typed.column() #(.json(#json))* #(.doc(#doc))* #(.role(__r::Role::#role))* #(.#flags())*
        #(.computed(#sqlite, #postgres))* #(.search(__r::table_of::<#search>))* #default #references #length #range
        #(.pattern(#pattern))* #format #validate,
    }
}

fn role(role: Role) -> Option<Ident> {
    let role = match role {
        Role::Plain => return None,
        Role::Id => "Id",
        Role::Login => "Login",
        Role::Owner => "Owner",
        Role::Admin => "Admin",
        Role::CreatedAt => "CreatedAt",
        Role::UpdatedAt => "UpdatedAt",
        Role::DeletedAt => "DeletedAt",
        Role::Version => "Version",
    };
    Some(Ident::new(role, Span::call_site()))
}

/// The keys that say all by standing there.
fn flags(column: &Column) -> impl Iterator<Item = Ident> {
    let Column { unique, index, grouped, read_only, write_only, immutable, .. } = *column;
    let all = [
        (unique, "unique"),
        (index, "index"),
        (grouped, "grouped"),
        (read_only, "read_only"),
        (write_only, "write_only"),
        (immutable, "immutable"),
    ];
    all.into_iter().filter(|(given, _)| *given).map(|(_, name)| Ident::new(name, Span::call_site()))
}

fn default(default: &Default, resource: &Ident, column: &Column) -> TokenStream {
    let Column { constant, ty, .. } = column;
    let (value, constant_value): (&dyn ToTokens, _) = match default {
        Default::NoAdmin => {
            return quote!(.default(|| __r::Ok(__r::Value::Bool(false)), true));
        }
        Default::OfType(span) => (&quote_spanned!(at(*span)=> <#ty as ::core::default::Default>::default()), false),
        Default::Expr { expr, constant, text: false } => (expr, *constant),
        Default::Expr { expr, constant, text: true } => {
            (&quote_spanned!(at(expr.span())=> ::core::convert::Into::into(#expr)), *constant)
        }
    };
    quote!(.default(|| #resource::#constant.encode(&{ let __v: #ty = #value; __v }), #constant_value))
}

fn bound(bound: Bound) -> TokenStream {
    match bound {
        Bound::Int(n) => quote!(__r::Bound::Int(#n)),
        Bound::Float(x) => quote!(__r::Bound::Float(#x)),
    }
}

/// An `Option`, as it is written.
fn option(value: Option<TokenStream>) -> TokenStream {
    value.map_or_else(|| quote!(__r::None), |value| quote!(__r::Some(#value)))
}
