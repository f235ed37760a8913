//! What every request goes through: an id, a deadline, a body limit, a net under panics, one line in the log.

use std::{any::Any, panic::AssertUnwindSafe, time::Instant};

use axum::{
    Router,
    extract::{DefaultBodyLimit, MatchedPath, Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    middleware::{Next, from_fn, from_fn_with_state},
    response::{IntoResponse as _, Response},
};
use futures_util::FutureExt as _;
use uuid::Uuid;

use super::{
    Limits,
    body::{self, Arrival},
};
use crate::{
    error::{Code, Error, REQUEST_ID},
    routes,
};

const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Puts all of it around a router, so that an embedded one answers as the server itself does.
pub(crate) fn layered(router: Router, limits: Limits) -> Router {
    // axum's own limit of 2 MB would come before a larger one of ours.
    router.layer(DefaultBodyLimit::disable()).layer(from_fn_with_state(limits, around))
}

async fn around(State(limits): State<Limits>, request: Request, next: Next) -> Response {
    let id = request_id(request.headers());
    let header = HeaderValue::from_str(&id).unwrap_or_else(|_| HeaderValue::from_static("-"));
    let mut response = REQUEST_ID.scope(id, observed(limits, request, next)).await;
    let headers = response.headers_mut();
    headers.insert(X_REQUEST_ID, header);
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

/// axum's bare answer to a method that a hand-written path does not have becomes ours, the same as for every other path.
///
/// It stands outside of everything, since axum adds `Allow` after every layer of the router that has the path.
pub(crate) fn uniform(router: Router) -> Router {
    Router::new().fallback_service(router).layer(from_fn(methods))
}

async fn methods(request: Request, next: Next) -> Response {
    let method = request.method().clone();
    let bare = next.run(request).await;
    let headers = bare.headers();
    let Some(allow) = headers.get(header::ALLOW).filter(|_| bare.status() == StatusCode::METHOD_NOT_ALLOWED) else {
        return bare;
    };
    if headers.contains_key(header::CONTENT_TYPE) {
        return bare;
    }
    let mut names: Vec<_> = allow.to_str().unwrap_or_default().split(',').map(str::trim).collect();
    names.retain(|name| !name.is_empty());
    names.push("OPTIONS");
    let id = headers.get(X_REQUEST_ID).and_then(|id| id.to_str().ok()).unwrap_or_default().to_owned();
    let mut response = REQUEST_ID.sync_scope(id, || routes::unmounted(&method, names.join(", ")));
    for name in [X_REQUEST_ID, header::X_CONTENT_TYPE_OPTIONS] {
        if let Some(value) = headers.get(&name) {
            response.headers_mut().insert(name, value.clone());
        }
    }
    response
}

/// The client's id where it is harmless in headers and logs, else a new one.
fn request_id(headers: &HeaderMap) -> String {
    let sane = |text: &&str| {
        (1..=128).contains(&text.len())
            && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'-'))
    };
    let given = headers.get(X_REQUEST_ID).and_then(|value| value.to_str().ok()).filter(sane);
    given.map_or_else(|| Uuid::now_v7().to_string(), String::from)
}

/// Answers and logs. The pattern of the path is logged and never the path: ids and queries are the client's.
async fn observed(limits: Limits, request: Request, next: Next) -> Response {
    let started = Instant::now();
    let method = request.method().clone();
    let path = request.extensions().get::<MatchedPath>().cloned();
    let response = answered(limits, request, next).await;
    let ms = (started.elapsed().as_secs_f64() * 1e6).round() / 1e3;
    let path = path.as_ref().map_or("-", MatchedPath::as_str);
    let status = response.status().as_u16();
    let _ = REQUEST_ID.try_with(|id| tracing::info!(%method, path, status, ms, id, "request"));
    response
}

async fn answered(limits: Limits, request: Request, next: Next) -> Response {
    let (request, arrival) = body::guarded(request, limits.body);
    let handler = AssertUnwindSafe(next.run(request)).catch_unwind();
    match tokio::time::timeout(limits.request, handler).await {
        Ok(Ok(response)) => within_limit(response, &arrival, limits.body),
        Ok(Err(panic)) => Error::internal(panic_text(panic.as_ref())).into_response(),
        Err(_) if arrival.is_exceeded() => too_large(limits.body),
        Err(_) if arrival.is_awaited() => Error::new(Code::Timeout, "the body took too long to arrive")
            .header(header::CONNECTION, HeaderValue::from_static("close"))
            .into_response(),
        Err(_) => Error::new(Code::Unavailable, "the request took longer than the server allows")
            .hint("ask for less, or try again")
            .into_response(),
    }
}

/// An extractor of axum's that ran into the limit answers in its own words; a client gets ours.
fn within_limit(response: Response, arrival: &Arrival, limit: usize) -> Response {
    if !(arrival.is_exceeded() && response.status() == StatusCode::PAYLOAD_TOO_LARGE) {
        return response;
    }
    too_large(limit)
}

fn too_large(limit: usize) -> Response {
    Error::new(Code::TooLarge, format!("a body can have {limit} bytes at most")).into_response()
}

fn panic_text(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().copied().or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    format!("a handler panicked: {}", text.unwrap_or("no message"))
}
