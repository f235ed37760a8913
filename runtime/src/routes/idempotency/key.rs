//! The header `Idempotency-Key`.

use axum::http::HeaderMap;

use crate::error::{Code, Error, Result};

/// Characters of a key, at most.
pub(crate) const LONGEST: usize = 255;

/// The key of a request: a string in quotes, as the draft has it, or the same without.
pub(super) fn key(headers: &HeaderMap) -> Result<Option<String>> {
    let mut values = headers.get_all("idempotency-key").iter();
    let Some(value) = values.next() else { return Ok(None) };
    let malformed = || {
        Error::new(Code::BadRequest, format!("Idempotency-Key must be one text of 1 to {LONGEST} visible characters"))
            .hint("a random UUID is a good one")
    };
    let text = value.to_str().ok().filter(|_| values.next().is_none()).ok_or_else(malformed)?;
    let key = match text.strip_prefix('"') {
        Some(rest) => unquoted(rest).ok_or_else(malformed)?,
        None => text.to_owned(),
    };
    let visible = key.bytes().all(|byte| byte.is_ascii_graphic());
    if visible && (1..=LONGEST).contains(&key.len()) { Ok(Some(key)) } else { Err(malformed()) }
}

/// What stands in quotes whose first is gone already.
fn unquoted(rest: &str) -> Option<String> {
    let (mut text, mut chars) = (String::new(), rest.chars());
    loop {
        match chars.next()? {
            '"' => return chars.as_str().is_empty().then_some(text),
            '\\' => text.push(chars.next().filter(|c| matches!(c, '"' | '\\'))?),
            c => text.push(c),
        }
    }
}
