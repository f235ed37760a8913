//! Successful answers.

use std::convert::Infallible;

use axum::{
    body::Body,
    http::{HeaderValue, Method, StatusCode, header},
    response::{IntoResponse, Response},
};

use bytes::Bytes;
use futures_util::stream;

use super::etag::Tag;
use crate::{error::Result, policy::Caller, table::Table};

/// A JSON answer.
pub(crate) fn json(status: StatusCode, body: Vec<u8>) -> Response {
    (status, [(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))], body).into_response()
}

/// The same with the entity tag of the row that it shows, where there is one.
pub(super) fn tagged(mut response: Response, table: &'static Table, tag: Option<&Tag>) -> Response {
    if let Some(tag) = tag.and_then(|tag| tag.header(table)) {
        response.headers_mut().insert(header::ETAG, tag);
    }
    response
}

/// What whoever has the row in this state already is answered.
pub(super) fn unchanged(table: &'static Table, tag: Option<&Tag>) -> Response {
    // What is not sent again is not as long as nothing, which axum would say of a body that is known to be empty.
    let body = Body::from_stream(stream::empty::<Result<Bytes, Infallible>>());
    tagged((StatusCode::NOT_MODIFIED, body).into_response(), table, tag)
}

/// The response of a handler's result; HEAD has the headers of GET and no body.
///
/// Rows change whenever somebody writes, so a cache asks before it answers with what it has (RFC 9111 section 5.2.2.4).
/// What nobody in particular asked for it may share: another caller is another answer, by `Vary`.
pub(crate) fn of(result: Result<Response>, method: &Method, caller: &Caller) -> Response {
    let mut response = result.unwrap_or_else(IntoResponse::into_response);
    if method == Method::HEAD && response.status() != StatusCode::NOT_MODIFIED {
        let length = axum::body::HttpBody::size_hint(response.body()).exact();
        *response.body_mut() = Body::empty();
        if let Some(length) = length {
            response.headers_mut().insert(header::CONTENT_LENGTH, length.into());
        }
    }
    let headers = response.headers_mut();
    headers.entry(header::VARY).or_insert(HeaderValue::from_static("Authorization, Prefer"));
    let shared = if caller.is_known() { "private, no-cache" } else { "no-cache" };
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static(shared));
    response
}
