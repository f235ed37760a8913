//! Where there is no model: the mistakes, and the smallest impls, so that the compiler complains of nothing else.

use std::collections::HashSet;

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use syn::{Attribute, ext::IdentExt as _, parse_quote};

use crate::{
    expand::{constants, runtime},
    naming,
    raw::{RawChoice, RawResource},
};

/// The mistakes of a struct, and stand-ins for what its derive would have made.
pub(crate) fn resource(errors: Option<&TokenStream>, raw: &RawResource) -> TokenStream {
    let RawResource { ident, vis, keys, fields, generic, .. } = raw;
    if *generic {
        return quote!(#errors);
    }
    let mut seen = HashSet::new();
    let mut columns: Vec<_> = fields
        .iter()
        .filter(|field| field.keys.skip.is_none())
        .map(|field| (constant(&field.ident), field))
        .filter(|(constant, _)| seen.insert(constant.clone()))
        .map(|(constant, field)| (field.ident.clone(), field.ty.clone(), constant, field.is_id()))
        .collect();
    if !columns.iter().any(|(.., is_id)| *is_id) {
        let id = Ident::new("__id", Span::call_site());
        columns.push((id.clone(), parse_quote!(::core::primitive::i64), Ident::new("__ID", id.span()), true));
    }
    let Some((_, key, id, _)) = columns.iter().find(|(.., is_id)| *is_id) else { return quote!(#errors) };
    let docs: &[Attribute] = &[];
    let constants = constants(columns.iter().map(|(ident, ty, constant, _)| (ident, ty, constant, "", docs)), vis);
    let login = fields.iter().any(|field| field.keys.login.is_some()).then(|| {
        quote!(
            const LOGIN: __r::bool = true;
        )
    });
    let runtime = runtime(keys.krate.as_ref().map(|at| &at.value));
    let items = quote! {
        const _: () = {
            use #runtime as __r;
            #[allow(private_interfaces, reason = "a field can have a type that fewer may see than the struct")]
            impl #ident {
                #constants
            }
            #[automatically_derived]
            impl __r::Resource for #ident {
                type Key = #key;
                #login
                const KEY: __r::Field<Self, Self::Key> = Self::#id;
                const TABLE: &'static __r::Table = &__r::Table::BLANK;
                fn from_row(_: &mut __r::Row) -> __r::RowResult<Self> {
                    ::core::unreachable!()
                }
                fn to_values(&self) -> __r::Values {
                    ::core::unreachable!()
                }
            }
            #[automatically_derived]
            impl __r::Serialize for #ident {
                fn serialize<__S: __r::Serializer>(&self, _: __S) -> __r::Result<__S::Ok, __S::Error> {
                    ::core::unreachable!()
                }
            }
        };
    };
    quote!(#errors #items)
}

fn constant(field: &Ident) -> Ident {
    Ident::new(&naming::constant(&field.unraw().to_string()), field.span())
}

/// The mistakes of an enum, and stand-ins for what its derive would have made.
pub(crate) fn choice(errors: Option<&TokenStream>, ident: &Ident, raw: Option<&RawChoice>) -> TokenStream {
    let Some(raw) = raw else { return quote!(#errors) }; // perhaps generic: no impl can be written
    let vis = &raw.vis;
    let runtime = runtime(raw.krate.as_ref().map(|at| &at.value));
    let items = quote! {
        const _: () = {
            use #runtime as __r;
            #[allow(dead_code, reason = "nobody can use what did not compile")]
            impl #ident {
                /// Every choice, in order.
                #vis const ALL: &'static [Self] = &[];
                /// The text of the choice, as it is stored and sent.
                #vis const fn as_str(&self) -> &'static ::core::primitive::str {
                    ""
                }
            }
            #[automatically_derived]
            impl __r::FieldType for #ident {
                const KIND: __r::Kind = __r::Kind::Text;
                fn to_value(&self) -> __r::Result<__r::Value, __r::Invalid> {
                    ::core::unreachable!()
                }
                fn from_value(_: __r::Value) -> __r::Result<Self, __r::Invalid> {
                    ::core::unreachable!()
                }
            }
            #[automatically_derived]
            impl ::core::fmt::Display for #ident {
                fn fmt(&self, _: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                    ::core::unreachable!()
                }
            }
            #[automatically_derived]
            impl __r::Serialize for #ident {
                fn serialize<__S: __r::Serializer>(&self, _: __S) -> __r::Result<__S::Ok, __S::Error> {
                    ::core::unreachable!()
                }
            }
        };
    };
    quote!(#errors #items)
}
