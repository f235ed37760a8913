//! A value as JSON.

use crate::{text, value::ValueRef};

/// Appends a value as JSON.
#[inline]
pub(super) fn value(buf: &mut Vec<u8>, value: ValueRef<'_>) {
    match value {
        ValueRef::Null => buf.extend_from_slice(b"null"),
        ValueRef::Bool(_) | ValueRef::Int(_) | ValueRef::Float(_) | ValueRef::Json(_) => text::write(buf, value),
        ValueRef::Text(v) => json(buf, v),
        // None of these spells anything that JSON escapes.
        ValueRef::Bytes(_)
        | ValueRef::Uuid(_)
        | ValueRef::Date(_)
        | ValueRef::Time(_)
        | ValueRef::DateTime(_)
        | ValueRef::Timestamp(_) => {
            buf.push(b'"');
            text::write(buf, value);
            buf.push(b'"');
        }
    }
}

/// Appends a text as JSON.
pub(super) fn json(buf: &mut Vec<u8>, text: &str) {
    if needs_escapes(text.as_bytes()) {
        serde_json::to_writer(buf, text).expect("a Vec takes every byte");
    } else {
        buf.push(b'"');
        buf.extend_from_slice(text.as_bytes());
        buf.push(b'"');
    }
}

/// Whether JSON escapes anything in a text; most have nothing. Sixteen bytes at a time, which the compiler takes at once.
fn needs_escapes(text: &[u8]) -> bool {
    let special = |byte| u8::from(byte < b' ') | u8::from(byte == b'"') | u8::from(byte == b'\\');
    let (chunks, rest) = text.as_chunks::<16>();
    let mut last = [b' '; 16];
    last[..rest.len()].copy_from_slice(rest);
    chunks.iter().chain([&last]).any(|chunk| chunk.iter().fold(0, |any, byte| any | special(*byte)) != 0)
}
