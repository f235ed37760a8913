//! The derives of restruct: tokens -> raw -> model -> tokens.
//!
//! Layout: `keys` is the table of everything an attribute can say; `parse` reads attributes into `raw`, `check` turns
//! that into `model` or into `errors`; `expand` writes the model out, `fallback` what keeps the compiler quiet where
//! there is none. `naming` makes names of names.

mod check;
mod errors;
mod expand;
mod fallback;
mod keys;
mod model;
mod naming;
mod parse;
mod raw;
#[cfg(test)]
mod snapshots;

use proc_macro2::TokenStream;

use crate::errors::Errors;

/// Makes a struct a table and a REST resource. The keys of `#[resource(..)]` are in the README.
#[proc_macro_derive(Resource, attributes(resource))]
pub fn derive_resource(input: proc_macro::TokenStream) -> proc_macro::TokenStream {
    resource(input.into()).into()
}

/// Makes an enum without fields a column type: a text out of a fixed list.
///
/// `#[choice(rename = "..")]` on a variant says its text, `#[choice(rename_all = "..")]` on the enum the case of all.
#[proc_macro_derive(Choice, attributes(choice))]
pub fn derive_choice(input: proc_macro::TokenStream) -> proc_macro::TokenStream {
    choice(input.into()).into()
}

fn resource(input: TokenStream) -> TokenStream {
    let input = match syn::parse2(input) {
        Ok(input) => input,
        Err(error) => return error.to_compile_error(),
    };
    let mut errors = Errors::default();
    let raw = parse::resource(input, &mut errors);
    let model = check::resource(&raw, &mut errors);
    match (errors.into_tokens(), model) {
        (None, Some(model)) => expand::resource(&model),
        (errors, _) => fallback::resource(errors.as_ref(), &raw),
    }
}

fn choice(input: TokenStream) -> TokenStream {
    let input: syn::DeriveInput = match syn::parse2(input) {
        Ok(input) => input,
        Err(error) => return error.to_compile_error(),
    };
    let ident = input.ident.clone();
    let mut errors = Errors::default();
    let raw = parse::choice(input, &mut errors);
    let model = raw.as_ref().map(|raw| check::choice(raw, &mut errors));
    match (errors.into_tokens(), model) {
        (None, Some(model)) => expand::choice(&model),
        (errors, _) => fallback::choice(errors.as_ref(), &ident, raw.as_ref()),
    }
}
