//! Successful answers.

use axum::{
    body::Body,
    http::{HeaderValue, Method, StatusCode, header},
    response::{IntoResponse, Response},
};

use crate::{error::Result, policy::Caller};

/// A JSON answer.
pub(crate) fn json(status: StatusCode, body: Vec<u8>) -> Response {
    (status, [(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))], body).into_response()
}

/// The response of a handler's result; HEAD has the headers of GET and no body.
///
/// Rows change whenever somebody writes, so a cache asks before it answers with what it has (RFC 9111 section 5.2.2.4).
/// What nobody in particular asked for it may share: another caller is another answer, by `Vary`.
pub(crate) fn of(result: Result<Response>, method: &Method, caller: &Caller) -> Response {
    let mut response = result.unwrap_or_else(IntoResponse::into_response);
    if method == Method::HEAD {
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
