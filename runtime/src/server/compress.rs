//! Bodies compressed on request (RFC 9110 section 8.4 and 12.5.3).
//!
//! An answer with `no-store` goes out as it is: it holds tokens, whose length must not tell what is in it (BREACH). So
//! does one with a strong `ETag`, which names these bytes and no others (section 8.8.3.3).

use std::convert::Infallible;

use axum::{
    body::{Body, Bytes, HttpBody as _},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use futures_util::stream;
use http_body_util::BodyExt as _;

use super::vary;
use crate::error::Error;

mod coding;

pub(super) use coding::Coding;

/// Below it a body fits in a packet either way.
const LEAST: u64 = 1024;

/// Above it a body is some file of a hand-written route, which should not be held in memory.
const MOST: u64 = 16 * 1024 * 1024;

/// Above it the work is done off the threads that answer.
const LARGE: usize = 64 * 1024;

/// Compresses an answer that is worth it with what the request allows.
pub(super) async fn apply(mut response: Response, coding: Option<Coding>, method: &Method) -> Response {
    if response.status() == StatusCode::NOT_MODIFIED && is_open(response.headers()) {
        // It says what the answer would say that it stands for (section 15.4.5), and has no body to tell its length by.
        vary(response.headers_mut(), "Accept-Encoding");
        return response;
    }
    if !suits(&response) {
        return response;
    }
    let (mut head, body) = response.into_parts();
    // Whether or not this client asked for it.
    vary(&mut head.headers, "Accept-Encoding");
    let Some(coding) = coding else { return Response::from_parts(head, body) };
    head.headers.remove(header::CONTENT_LENGTH);
    head.headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(coding.name()));
    if method == Method::HEAD {
        // Of no known length: axum would tell that of the empty body, which is not the length of the compressed one.
        return Response::from_parts(head, Body::from_stream(stream::empty::<Result<Bytes, Infallible>>()));
    }
    let plain = match body.collect().await {
        Ok(body) => body.to_bytes(),
        Err(error) => return Error::internal(error).into_response(),
    };
    let encoded = if plain.len() > LARGE {
        tokio::task::spawn_blocking(move || coding.encode(&plain)).await.map_err(Error::internal)
    } else {
        Ok(coding.encode(&plain))
    };
    match encoded.and_then(|bytes| bytes.map_err(Error::internal)) {
        Ok(bytes) => Response::from_parts(head, Body::from(bytes)),
        Err(error) => error.into_response(),
    }
}

/// Whether some client may get it compressed.
fn suits(response: &Response) -> bool {
    let headers = response.headers();
    (LEAST..=MOST).contains(&length(response))
        && response.status() != StatusCode::PARTIAL_CONTENT
        && is_text(headers)
        && !headers.contains_key(header::CONTENT_ENCODING)
        && is_open(headers)
}

/// Whether its body may be another one for another client.
fn is_open(headers: &HeaderMap) -> bool {
    let says = |word: &str| text(headers, header::CACHE_CONTROL).is_some_and(|text| text.contains(word));
    let tag = text(headers, header::ETAG);
    !says("no-store") && !says("no-transform") && tag.is_none_or(|tag| tag.starts_with("W/"))
}

/// The length of the body, or of the one that a HEAD asks about. A stream has none, and is never compressed: it would
/// be held up.
fn length(response: &Response) -> u64 {
    let told = || text(response.headers(), header::CONTENT_LENGTH)?.parse().ok();
    match response.body().size_hint().exact() {
        Some(0) => told().unwrap_or(0),
        Some(length) => length,
        None => 0,
    }
}

/// Whether it is of a type that becomes shorter.
fn is_text(headers: &HeaderMap) -> bool {
    let Some(kind) = text(headers, header::CONTENT_TYPE) else { return false };
    let kind = kind.split(';').next().unwrap_or_default().trim();
    kind == "application/json"
        || kind == "application/javascript"
        || kind == "image/svg+xml"
        || kind.ends_with("+json")
        || (kind.starts_with("text/") && kind != "text/event-stream")
}

fn text(headers: &HeaderMap, name: header::HeaderName) -> Option<&str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}
