//! A query string taken apart, strictly: no half escape and no broken UTF-8 is guessed at.

use std::borrow::Cow;

use super::bad;
use crate::{error::Result, names::shown};

/// The decoded `name=value` pairs, in order; empty ones are passed over.
pub(super) fn pairs(raw: &str) -> impl Iterator<Item = Result<(Cow<'_, str>, Cow<'_, str>)>> {
    raw.split('&').filter(|pair| !pair.is_empty()).map(|pair| {
        let Some((name, value)) = pair.split_once('=') else {
            let name = decode(pair)?;
            return Err(bad(format!("`{}` has no value", shown(&name))).hint("write name=value"));
        };
        Ok((decode(name)?, decode(value)?))
    })
}

fn decode(text: &str) -> Result<Cow<'_, str>> {
    if !text.bytes().any(|byte| matches!(byte, b'+' | b'%')) {
        return Ok(text.into());
    }
    let mut bytes = text.bytes();
    let mut decoded = Vec::with_capacity(text.len());
    while let Some(byte) = bytes.next() {
        decoded.push(match byte {
            b'+' => b' ',
            b'%' => escaped(&mut bytes).ok_or_else(|| {
                bad("a % in the query string is not followed by two hexadecimal digits").hint("write %25")
            })?,
            plain => plain,
        });
    }
    String::from_utf8(decoded).map(Cow::from).map_err(|_| bad("the query string is not UTF-8"))
}

fn escaped(bytes: &mut impl Iterator<Item = u8>) -> Option<u8> {
    let mut digit = || char::from(bytes.next()?).to_digit(16);
    u8::try_from(digit()? * 16 + digit()?).ok()
}
