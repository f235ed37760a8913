//! Answers to pages of other origins (<https://fetch.spec.whatwg.org/#http-cors-protocol>).
//!
//! A preflight goes to the router as any OPTIONS does and costs what that costs: no connection. What a path takes is
//! what its `Allow` says, so this knows no routes.

use std::{
    convert::Infallible,
    sync::Arc,
    task::{Context, Poll},
};

use axum::{
    Router,
    extract::Request,
    http::{HeaderValue, Method, StatusCode, header},
    response::Response,
};
use futures_util::future::BoxFuture;
use tower_layer::Layer;
use tower_service::Service;

use super::vary;
use crate::config::Origins;

/// What a page may send: every header of a request that is read.
const SENT: &str = "authorization, content-type, prefer, range, range-unit, if-match, if-none-match, idempotency-key, \
                    x-request-id";

/// What a page may read of an answer, beyond what every page may.
const SHOWN: &str = "content-range, x-total-count, link, location, etag, preference-applied, x-embed-truncated, retry-after, \
                     x-request-id";

/// For how long a page need not ask again, in seconds.
const MAX_AGE: HeaderValue = HeaderValue::from_static("3600");

/// Puts the headers around a router, where some origin may read its answers. It stands outside of everything, since
/// refusals and time-outs are answers too.
pub(crate) fn shared(router: Router, origins: Origins) -> Router {
    if origins.is_empty() {
        return router;
    }
    // One more router, since the `Allow` of hand-written routes comes after every layer of the router that has them.
    Router::new().fallback_service(router).layer(Share(Arc::new(origins)))
}

#[derive(Clone)]
struct Share(Arc<Origins>);

#[derive(Clone)]
struct Shared<S> {
    inner: S,
    origins: Arc<Origins>,
}

impl<S> Layer<S> for Share {
    type Service = Shared<S>;

    fn layer(&self, inner: S) -> Shared<S> {
        Shared { inner, origins: Arc::clone(&self.0) }
    }
}

impl<S> Service<Request> for Shared<S>
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
        let headers = request.headers();
        let allowed = headers.get(header::ORIGIN).and_then(|origin| self.origins.allow(origin));
        let preflight =
            request.method() == Method::OPTIONS && headers.contains_key(header::ACCESS_CONTROL_REQUEST_METHOD);
        let by_name = self.origins.are_named();
        let answer = self.inner.call(request);
        Box::pin(async move {
            let mut response = answer.await?;
            if by_name {
                vary(response.headers_mut(), "Origin");
            }
            if let Some(origin) = allowed {
                share(&mut response, origin, preflight);
            }
            Ok(response)
        })
    }
}

fn share(response: &mut Response, origin: HeaderValue, preflight: bool) {
    let found = response.status() != StatusCode::NOT_FOUND;
    let headers = response.headers_mut();
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    if !(preflight && found) {
        headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static(SHOWN));
        return;
    }
    // A page may use what the path takes; one that says nothing is a hand-written route for every method.
    let methods = headers.get(header::ALLOW).cloned().unwrap_or(HeaderValue::from_static("*"));
    headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, methods);
    headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static(SENT));
    headers.insert(header::ACCESS_CONTROL_MAX_AGE, MAX_AGE);
}
