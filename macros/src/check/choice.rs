//! The enum of a `#[derive(Choice)]`: texts that tell its variants apart.

use syn::ext::IdentExt as _;

use super::case;
use crate::{
    errors::Errors,
    model::Choice,
    raw::{RawChoice, RawVariant},
};

/// What both databases index without a thought.
const LONGEST: usize = 255;

/// Checks an enum. With mistakes in the sink the model is worth nothing.
pub(crate) fn choice(raw: &RawChoice, errors: &mut Errors) -> Choice {
    let RawChoice { ident, vis, rename_all, krate, variants: raw_variants } = raw;
    let case = rename_all.as_ref().and_then(|at| case(at, errors));
    if raw_variants.is_empty() {
        errors.at(ident.span(), "a choice needs at least one variant");
    }
    let mut variants: Vec<(syn::Ident, String)> = Vec::new();
    for RawVariant { ident, holds, rename } in raw_variants {
        if *holds {
            errors.at(ident.span(), "a choice is a text, so its variants hold nothing");
        }
        let own = ident.unraw().to_string();
        let (text, span) = match rename {
            Some(at) => (at.value.value(), at.value.span()),
            None => (case.map_or(own.clone(), |case| case.of_variant(&own)), ident.span()),
        };
        if text.is_empty() {
            errors.at(span, "the text of a choice has at least one character");
        } else if text.contains('\0') {
            errors.at(span, "the text of a choice holds no U+0000, which PostgreSQL cannot store");
        } else if text.len() > LONGEST {
            errors.at(span, format!("the text of a choice has at most {LONGEST} bytes, and this has {}", text.len()));
        } else if let Some((other, _)) = variants.iter().find(|(_, other)| *other == text) {
            errors.at(span, format!("`{other}` has the text {text:?} already; say `#[choice(rename = \"..\")]`"));
        }
        variants.push((ident.clone(), text));
    }
    Choice { ident: ident.clone(), vis: vis.clone(), krate: krate.as_ref().map(|at| at.value.clone()), variants }
}
