//! Columns: the constant on the struct, the reference, the descriptor.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens as _, format_ident, quote, quote_spanned};
use syn::{Attribute, Ident, Type, Visibility, spanned::Spanned as _};

use super::at;
use crate::model::{Bound, Column, Default, Format, Length, OnDelete, Range, Reference, Role};

/// The typed constants. Here, and only here, is `T: FieldType` asked for, at the type itself.
pub(crate) fn constants<'a>(
    columns: impl Iterator<Item = (&'a Ident, &'a Type, &'a Ident, &'a str, &'a [Attribute])>,
    vis: &Visibility,
) -> TokenStream {
    let each = columns.map(|(field, ty, constant, sql, docs)| {
        let docs = if docs.is_empty() {
            let text = format!("The column `{field}`.");
            quote!(#[doc = #text])
        } else {
            quote!(#(#docs)*)
        };
        let new = bounded(ty, &quote!(Field::<Self, #ty>), "new", &quote!(#sql));
        quote!(#docs #vis const #constant: __r::Field<Self, #ty> = #new;)
    });
    quote!(#(#each)*)
}

/// `__r::path::function(argument)`, spanned so that a complaint underlines all of `ty`: a path lies from its first token
/// to its last, and no stable span but a token's own can be had.
fn bounded(ty: &Type, path: &TokenStream, function: &str, argument: &TokenStream) -> TokenStream {
    let mut spans = ty.to_token_stream().into_iter().map(|token| at(token.span()));
    let first = spans.next().unwrap_or_else(Span::call_site);
    let last = spans.last().unwrap_or(first);
    let (runtime, function) = (Ident::new("__r", first), Ident::new(function, last));
    quote_spanned!(last=> #runtime::#path::#function(#argument))
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

/// The column's entry in its table.
pub(super) fn descriptor(column: &Column) -> TokenStream {
    let Column { constant, json, doc, role, default, references, length, range, pattern, format, validate, .. } =
        column;
    let mut tokens = quote!(Self::#constant.column());
    if let Some(json) = json {
        tokens.extend(quote!(.json(#json)));
    }
    if !doc.is_empty() {
        tokens.extend(quote!(.doc(#doc)));
    }
    tokens.extend(self::role(*role));
    for (given, call) in [
        (column.unique, quote!(.unique())),
        (column.index, quote!(.index())),
        (column.grouped, quote!(.grouped())),
        (column.read_only, quote!(.read_only())),
        (column.write_only, quote!(.write_only())),
        (column.immutable, quote!(.immutable())),
    ] {
        if given {
            tokens.extend(call);
        }
    }
    if let Some(default) = default {
        tokens.extend(self::default(default, column));
    }
    if let Some(Reference { on_delete, .. }) = references {
        let name = reference_name(column);
        let on_delete = match on_delete {
            OnDelete::Restrict => quote!(Restrict),
            OnDelete::Cascade => quote!(Cascade),
            OnDelete::SetNull => quote!(SetNull),
        };
        tokens.extend(quote!(.references(#name, __r::OnDelete::#on_delete)));
    }
    if let Some(Length { min, max }) = length {
        let max = option(max.map(|max| quote!(#max)));
        tokens.extend(quote!(.length(#min, #max)));
    }
    if let Some(Range { min, max }) = range {
        let (min, max) = (option(min.map(bound)), option(max.map(bound)));
        tokens.extend(quote!(.range(#min, #max)));
    }
    if let Some(pattern) = pattern {
        tokens.extend(quote!(.pattern(#pattern)));
    }
    if let Some(format) = format {
        let format = match format {
            Format::Email => quote!(Email),
            Format::Url => quote!(Url),
        };
        tokens.extend(quote!(.format(__r::Format::#format)));
    }
    if let Some(path) = validate {
        // A closure, so that a function of `&str` takes a `&String`.
        let call = quote_spanned!(at(path.span())=> #path(__v));
        tokens.extend(quote!(.validate(|__v| Self::#constant.validate(__v, |__v| #call))));
    }
    tokens
}

fn role(role: Role) -> TokenStream {
    let role = match role {
        Role::Plain => return TokenStream::new(),
        Role::Id => quote!(Id),
        Role::Login => quote!(Login),
        Role::Owner => quote!(Owner),
        Role::Admin => quote!(Admin),
        Role::CreatedAt => quote!(CreatedAt),
        Role::UpdatedAt => quote!(UpdatedAt),
        Role::Version => quote!(Version),
    };
    quote!(.role(__r::Role::#role))
}

fn default(default: &Default, column: &Column) -> TokenStream {
    let Column { constant, ty, .. } = column;
    let (value, constant_value) = match default {
        Default::NoAdmin => {
            return quote!(.default(|| ::core::result::Result::Ok(__r::Value::Bool(false)), true));
        }
        Default::OfType(span) => (quote_spanned!(at(*span)=> <#ty as ::core::default::Default>::default()), false),
        Default::Expr { expr, constant, text: false } => (quote!(#expr), *constant),
        Default::Expr { expr, constant, text: true } => {
            (quote_spanned!(at(expr.span())=> ::core::convert::Into::into(#expr)), *constant)
        }
    };
    quote!(.default(|| Self::#constant.encode(&{ let __v: #ty = #value; __v }), #constant_value))
}

fn bound(bound: Bound) -> TokenStream {
    match bound {
        Bound::Int(n) => quote!(__r::Bound::Int(#n)),
        Bound::Float(x) => quote!(__r::Bound::Float(#x)),
    }
}

/// An `Option`, as it is written.
pub(super) fn option(value: Option<TokenStream>) -> TokenStream {
    value.map_or_else(|| quote!(::core::option::Option::None), |value| quote!(::core::option::Option::Some(#value)))
}
