//! `#[derive(Choice)]`

use proc_macro2::TokenStream;
use quote::quote;

use super::runtime;
use crate::model::Choice;

/// The impls of an enum.
pub(crate) fn choice(model: &Choice) -> TokenStream {
    let Choice { ident, vis, krate, variants } = model;
    let (names, texts): (Vec<_>, Vec<_>) = variants.iter().cloned().unzip();
    let runtime = runtime(krate.as_ref());
    quote! {
        const _: () = {
            use #runtime as __r;
            #[allow(dead_code, reason = "not everybody needs them")]
            impl #ident {
                /// Every choice, in order.
                #vis const ALL: &'static [Self] = &[#(Self::#names),*];
                /// The text of the choice, as it is stored and sent.
                #vis const fn as_str(&self) -> &'static ::core::primitive::str {
                    match self {
                        #(Self::#names => #texts,)*
                    }
                }
            }
            #[automatically_derived]
            impl __r::FieldType for #ident {
                const KIND: __r::Kind = __r::Kind::Text;
                const CHOICES: &'static [&'static ::core::primitive::str] = &[#(#texts),*];
                fn to_value(&self) -> __r::Result<__r::Value, __r::Invalid> {
                    __r::Ok(__r::text(self.as_str()))
                }
                fn from_value(__value: __r::Value) -> __r::Result<Self, __r::Invalid> {
                    __r::choice(&__value, |__text| match __text {
                        #(#texts => __r::Some(Self::#names),)*
                        _ => __r::None,
                    })
                }
            }
            #[automatically_derived]
            impl ::core::fmt::Display for #ident {
                fn fmt(&self, __f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                    __f.pad(self.as_str())
                }
            }
            #[automatically_derived]
            impl __r::Serialize for #ident {
                fn serialize<__S: __r::Serializer>(&self, __to: __S) -> __r::Result<__S::Ok, __S::Error> {
                    __to.serialize_str(self.as_str())
                }
            }
        };
    }
}
