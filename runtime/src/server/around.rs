//! What every request goes through: an id, a deadline, a body limit, a net under panics, one line in the log, and a body
//! as short as its client can read it.

use std::{
    any::Any,
    convert::Infallible,
    panic::AssertUnwindSafe,
    sync::Arc,
    task::{Context, Poll},
    time::{Duration, Instant},
};

use axum::{
    Router,
    extract::{MatchedPath, Request},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Version, header},
    middleware::{Next, from_fn},
    response::{IntoResponse as _, Response},
};
use futures_util::{FutureExt as _, future::BoxFuture};
use tower_layer::Layer;
use tower_service::Service;

use super::{
    body::{self, Arrival},
    compress::{self, Coding},
    ids,
};
use crate::{
    config::Limits,
    error::{Code, Error, REQUEST_ID},
    routes,
};

const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// What the layer goes by.
#[derive(Clone)]
pub(crate) struct Surroundings {
    pub(crate) limits: Limits,
    /// Whether bodies may be compressed.
    pub(crate) compress: bool,
    pub(crate) watch: Option<Arc<dyn Watch>>,
}

/// Somebody who counts requests.
pub(crate) trait Watch: Send + Sync {
    /// One has come.
    fn begun(&self);
    /// It is over, answered or not.
    fn over(&self);
    /// It was answered. The pattern of its path is bounded, and the path is not.
    fn answered(&self, method: &Method, pattern: &str, status: StatusCode, took: Duration);
}

impl From<Limits> for Surroundings {
    fn from(limits: Limits) -> Self {
        Self { limits, compress: false, watch: None }
    }
}

/// Puts all of it around a router, so that an embedded one answers as the server itself does.
pub(crate) fn layered(router: Router, by: impl Into<Surroundings>) -> Router {
    router.layer(Around(by.into()))
}

/// The layer. It is a service of its own, and not a function made into one, since it runs with every request: that
/// would copy everything beneath it each time.
#[derive(Clone)]
struct Around(Surroundings);

#[derive(Clone)]
struct Surrounded<S> {
    inner: S,
    by: Surroundings,
}

impl<S> Layer<S> for Around {
    type Service = Surrounded<S>;

    fn layer(&self, inner: S) -> Surrounded<S> {
        Surrounded { inner, by: self.0.clone() }
    }
}

impl<S> Service<Request> for Surrounded<S>
where
    S: Service<Request, Response = Response, Error = Infallible>,
    S::Future: Send + 'static,
{
    type Response = Response;
    type Error = Infallible;
    type Future = BoxFuture<'static, Result<Response, Infallible>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let limits = self.by.limits;
        let id = request_id(request.headers());
        let asked = Asked {
            method: request.method().clone(),
            path: request.extensions().get::<MatchedPath>().cloned(),
            version: request.version(),
            started: Instant::now(),
            open: Open::new(self.by.watch.clone()),
            compress: self.by.compress,
            coding: if self.by.compress { Coding::wanted(request.headers()) } else { None },
        };
        let (request, arrival) = body::guarded(request, limits.body);
        let handler = self.inner.call(request);
        Box::pin(async move {
            let header = HeaderValue::from_str(&id).unwrap_or_else(|_| HeaderValue::from_static("-"));
            let mut response = REQUEST_ID.scope(id, observed(limits, asked, arrival, handler)).await;
            let headers = response.headers_mut();
            headers.insert(X_REQUEST_ID, header);
            headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
            Ok(response)
        })
    }
}

/// What is kept of a request for its answer and the log.
struct Asked {
    method: Method,
    path: Option<MatchedPath>,
    version: Version,
    started: Instant,
    open: Open,
    compress: bool,
    /// How the client would have its body.
    coding: Option<Coding>,
}

/// A request that is counted as open until this is dropped, which also happens when its client goes away.
struct Open(Option<Arc<dyn Watch>>);

impl Open {
    fn new(watch: Option<Arc<dyn Watch>>) -> Self {
        if let Some(watch) = &watch {
            watch.begun();
        }
        Self(watch)
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        if let Some(watch) = &self.0 {
            watch.over();
        }
    }
}

/// axum's bare answer to a method that a hand-written path does not have becomes ours, the same as for every other path.
/// Where such a request was refused for another reason, axum has added `Allow` as well, which is none of it.
///
/// It stands outside of everything, since axum adds `Allow` after every layer of the router that has the path.
pub(crate) fn uniform(router: Router) -> Router {
    Router::new().fallback_service(router).layer(from_fn(methods))
}

async fn methods(request: Request, next: Next) -> Response {
    let method = request.method().clone();
    let mut bare = next.run(request).await;
    let status = bare.status();
    if status != StatusCode::METHOD_NOT_ALLOWED {
        if status.is_client_error() || status.is_server_error() {
            bare.headers_mut().remove(header::ALLOW);
        }
        return bare;
    }
    let headers = bare.headers();
    let Some(allow) = headers.get(header::ALLOW) else { return bare };
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
    given.map_or_else(ids::fresh, String::from)
}

/// Answers and logs. The pattern of the path is logged and never the path: ids and queries are the client's.
async fn observed(
    limits: Limits,
    asked: Asked,
    arrival: Arrival,
    handler: impl Future<Output = Result<Response, Infallible>>,
) -> Response {
    let encoded = async {
        let response = handler.await.unwrap_or_else(|never| match never {});
        if asked.compress { compress::apply(response, asked.coding, &asked.method).await } else { response }
    };
    let mut response = answered(limits, &arrival, encoded).await;
    if let Some(left) = arrival.left() {
        let time = limits.request.saturating_sub(asked.started.elapsed());
        let over = tokio::time::timeout(time, left.taken_in()).await.unwrap_or(false);
        if !over && asked.version <= Version::HTTP_11 {
            response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
        }
    }
    let took = asked.started.elapsed();
    let ms = (took.as_secs_f64() * 1e6).round() / 1e3;
    let path = asked.path.as_ref().map_or("-", MatchedPath::as_str);
    if let Some(watch) = &asked.open.0 {
        watch.answered(&asked.method, path, response.status(), took);
    }
    let (method, status) = (&asked.method, response.status().as_u16());
    let _ = REQUEST_ID.try_with(|id| tracing::info!(%method, path, status, ms, id, "request"));
    response
}

async fn answered(limits: Limits, arrival: &Arrival, handler: impl Future<Output = Response>) -> Response {
    match tokio::time::timeout(limits.request, AssertUnwindSafe(handler).catch_unwind()).await {
        Ok(Ok(response)) => within_limit(response, arrival, limits.body),
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
    Error::new(Code::TooLarge, format!("a body can have {limit} bytes at most"))
        .hint("send less at once, or raise server.max_body")
        .into_response()
}

fn panic_text(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().copied().or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    format!("a handler panicked: {}", text.unwrap_or("no message"))
}
