//! The derives of restruct: tokens -> raw -> model -> tokens. Depend on `restruct`, which brings them along.
//!
//! # Layout
//!
//! * `keys`: the table of everything an attribute can say
//! * `parse`: attributes to `raw`, what they say, sensible or not
//! * `check`: that to the `model`, what is true, or to `errors`, all at once
//! * `expand`: the model to data and one-line impls
//! * `fallback`: after mistakes, the least that keeps the compiler from complaining of anything else
//! * `naming`: names made of names

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

/// Makes a struct a table and a REST resource. The README has the keys of `#[resource(..)]`.
///
/// ```ignore
/// /// A task on the board.
/// #[derive(Resource)]
/// #[resource(read = public, write = owner | admin)]
/// struct Card {
///     id: i64,
///     #[resource(length(1..=100))]
///     title: String,
///     #[resource(owner, references = User, on_delete = cascade)]
///     user_id: i64,
/// }
/// ```
///
/// It writes the impl of `Resource`, an impl of `serde::Serialize` without what cannot be read, and a constant for each
/// column: `Card::TITLE`. Doc comments on the struct and its fields are kept. A struct whose rules do not cover
/// reading, creating, updating and deleting does not compile.
#[proc_macro_derive(Resource, attributes(resource))]
pub fn derive_resource(input: proc_macro::TokenStream) -> proc_macro::TokenStream {
    resource(input.into()).into()
}

/// Makes an enum without fields a column type: a text out of a fixed list.
///
/// `#[choice(rename = "..")]` on a variant says its text, `#[choice(rename_all = "..")]` on the enum the case of all;
/// unsaid, the text is the variant's name. The database checks it too, and sorts by it.
///
/// ```ignore
/// #[derive(Choice)]
/// enum Status {
///     #[choice(rename = "To Do")]
///     ToDo,
///     Done,
/// }
/// ```
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
