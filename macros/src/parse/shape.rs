//! Attributes, key by key, and the shapes of values.

use proc_macro2::{Ident, Span, TokenTree};
use syn::{
    Attribute, LitInt, LitStr, Meta, Result, Token,
    ext::IdentExt as _,
    parenthesized,
    parse::{Parse, ParseStream, Parser as _},
    spanned::Spanned as _,
    token::Paren,
};

use crate::{
    errors::Errors,
    keys::{self, Key, Place},
    raw::{At, Given, RawComputed, Word},
};

/// Takes one key's value in; `false` where the key stood before.
pub(super) type Reader<'a> = dyn FnMut(&Key, Span, ParseStream) -> Result<bool> + 'a;

/// Reads every `#[resource(..)]` or `#[choice(..)]` of an item, key by key.
pub(super) fn read(attrs: &[Attribute], place: Place, errors: &mut Errors, reader: &mut Reader) {
    for attr in attrs.iter().filter(|attr| attr.path().is_ident(place.attribute())) {
        match &attr.meta {
            Meta::List(list) => {
                let tokens = list.tokens.clone();
                let done = (|input: ParseStream| {
                    while !input.is_empty() {
                        one(input, place, errors, reader);
                        let _: Option<Token![,]> = input.parse()?;
                    }
                    Ok(())
                })
                .parse2(tokens);
                if let Err(error) = done {
                    errors.push(error);
                }
            }
            Meta::Path(_) | Meta::NameValue(_) => {
                errors.at(attr.span(), format!("keys stand in parentheses: `#[{}(..)]`", place.attribute()));
            }
        }
    }
}

/// Reads one key, up to the comma after it.
fn one(input: ParseStream, place: Place, errors: &mut Errors, reader: &mut Reader) {
    let Ok(ident) = input.call(Ident::parse_any) else {
        errors.at(input.span(), format!("expected a key, as in `#[{}({})]`", place.attribute(), example(place)));
        return skip(input);
    };
    let (name, span) = (ident.to_string(), ident.span());
    let Some(key) = keys::find(place, &name) else {
        errors.at(span, keys::unknown(place, &name));
        return skip(input);
    };
    match reader(key, span, input) {
        Ok(first) if ends(input) => {
            if !first {
                errors.at(span, format!("`{name}` stands twice; keep one"));
            }
        }
        Ok(_) | Err(_) => {
            errors.at(span, key.misshapen());
            skip(input);
        }
    }
}

fn example(place: Place) -> &'static str {
    keys::KEYS.iter().find(|key| key.place == place).map_or("", |key| key.usage)
}

fn ends(input: ParseStream) -> bool {
    input.is_empty() || input.peek(Token![,])
}

fn skip(input: ParseStream) {
    while !ends(input) && input.parse::<TokenTree>().is_ok() {}
}

/// Keeps the first value of a key.
#[expect(clippy::unnecessary_wraps, reason = "the last call of a reader, which is fallible")]
pub(super) fn once<T>(slot: &mut Given<T>, span: Span, value: T) -> Result<bool> {
    let first = slot.is_none();
    if first {
        *slot = Some(At { span, value });
    }
    Ok(first)
}

/// Keeps every value of a key.
#[expect(clippy::unnecessary_wraps, reason = "the last call of a reader, which is fallible")]
pub(super) fn each<T>(slot: &mut Vec<At<T>>, span: Span, value: T) -> Result<bool> {
    slot.push(At { span, value });
    Ok(true)
}

/// `= value`
pub(super) fn assigned<T: Parse>(input: ParseStream) -> Result<T> {
    input.parse::<Token![=]>()?;
    input.parse()
}

/// `(value)`
pub(super) fn inside<T: Parse>(input: ParseStream) -> Result<T> {
    in_parentheses(input, T::parse)
}

/// `(a, b)`
pub(super) fn list(input: ParseStream) -> Result<Vec<Ident>> {
    in_parentheses(input, |content| {
        let idents = content.parse_terminated(Ident::parse_any, Token![,])?;
        Ok(idents.into_iter().collect())
    })
}

/// `= public | owner`
pub(super) fn rule(input: ParseStream) -> Result<Vec<Word>> {
    input.parse::<Token![=]>()?;
    let mut words = Vec::new();
    loop {
        let ident = input.call(Ident::parse_any)?;
        let called = input.peek(Paren);
        if called {
            input.parse::<TokenTree>()?;
        }
        words.push(Word { ident, called });
        if input.parse::<Option<Token![|]>>()?.is_none() {
            return Ok(words);
        }
    }
}

/// `(20, 200)`
pub(super) fn page(input: ParseStream) -> Result<(LitInt, LitInt)> {
    in_parentheses(input, |content| {
        let default = content.parse()?;
        content.parse::<Token![,]>()?;
        Ok((default, content.parse()?))
    })
}

/// `= "a + b"`, or `(sqlite = "a + b", postgres = "a || b")`
pub(super) fn computed(input: ParseStream) -> Result<RawComputed> {
    if input.peek(Token![=]) {
        let both: LitStr = assigned(input)?;
        return Ok(RawComputed { sqlite: Some(both.clone()), postgres: Some(both) });
    }
    in_parentheses(input, |content| {
        let mut computed = RawComputed { sqlite: None, postgres: None };
        while !content.is_empty() {
            let database: Ident = content.parse()?;
            let slot = match database.to_string().as_str() {
                "sqlite" => &mut computed.sqlite,
                "postgres" => &mut computed.postgres,
                _ => return Err(content.error("unexpected")),
            };
            if slot.replace(assigned(content)?).is_some() {
                return Err(content.error("unexpected"));
            }
            if !content.is_empty() {
                content.parse::<Token![,]>()?;
            }
        }
        Ok(computed)
    })
}

fn in_parentheses<T>(input: ParseStream, parser: impl FnOnce(ParseStream) -> Result<T>) -> Result<T> {
    let content;
    parenthesized!(content in input);
    let value = parser(&content);
    let done = content.is_empty();
    // syn reports what is left unread on its own, and the caller has one error for all of it.
    while content.parse::<TokenTree>().is_ok() {}
    if done { value } else { Err(input.error("unexpected")) }
}
