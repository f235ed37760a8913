//! Hand-written routes beside the generated ones.
//!
//! Two routes for one method of one path are a mistake: axum would panic in its own words, or give the path to one of
//! them in silence. By hand, a path may get methods that are not generated; its `Allow` then names those too.

use std::collections::HashMap;

use axum::{
    Router,
    body::Body,
    extract::{MatchedPath, Request},
    http::{HeaderValue, Method, header},
    middleware::{Next, from_fn},
    response::{IntoResponse as _, Response},
    routing::MethodRouter,
};
use futures_util::FutureExt as _;
use tower_service::Service as _;

use super::{Operation, Subject};
use crate::error::{Error, Result};

/// The methods that generated paths have by hand.
#[derive(Debug, Default)]
pub(crate) struct Beside(HashMap<String, String>);

impl Beside {
    /// Finds them among hand-written routes. Whatever collides is an error that names both.
    pub(crate) fn find(extra: &Router, generated: &[Operation]) -> Result<Self> {
        let mut extra = extra.clone().layer(from_fn(told));
        let (mut beside, mut collisions, mut closable) = (HashMap::new(), Vec::new(), true);
        let mut paths: Vec<&str> = generated.iter().map(|operation| operation.path.as_str()).collect();
        paths.dedup();
        for path in paths {
            let Some(found) = ask(&mut extra, path).filter(|found| shape(&found.path) == shape(path)) else { continue };
            let here = || generated.iter().filter(|operation| operation.path == path);
            let methods = here().map(|operation| operation.method);
            let before = collisions.len();
            let twice: Vec<_> = methods.filter(|method| found.takes(method)).collect();
            if let Some(method) = twice.first() {
                collisions.push(format!(
                    "the route `{method} {}` that is written by hand collides with the generated `{method} {path}`",
                    found.path
                ));
            } else if found.path != path {
                collisions.push(format!(
                    "the path `{}` that is written by hand collides with the generated `{path}`: call its parameter \
                     the same",
                    found.path
                ));
            } else if let Some(methods) = found.methods {
                beside.insert(path.to_owned(), methods);
            }
            let of_rows = here().all(|operation| matches!(operation.about, Subject::Rows(_) | Subject::Row(_)));
            closable &= of_rows || collisions.len() == before;
        }
        if collisions.is_empty() {
            return Ok(Self(beside));
        }
        // No rule closes what the server has for itself.
        let hint = if closable {
            "give the hand-written one another path, or close the generated one with the rule `none`"
        } else {
            "give the hand-written one another path"
        };
        Err(Error::startup(collisions.join("\n")).hint(hint))
    }

    /// A generated path as it is with what it has by hand.
    pub(crate) fn around(&self, path: &str, generated: MethodRouter) -> MethodRouter {
        let Some(methods) = self.0.get(path).cloned() else { return generated };
        generated.layer(from_fn(move |request: Request, next: Next| {
            let methods = methods.clone();
            async move {
                let mut response = next.run(request).await;
                let allow = response.headers().get(header::ALLOW).and_then(|allow| allow.to_str().ok());
                let whole = allow.map(|allow| HeaderValue::try_from(format!("{methods}, {allow}")));
                if let Some(Ok(whole)) = whole {
                    response.headers_mut().insert(header::ALLOW, whole);
                }
                response
            }
        }))
    }
}

/// A hand-written route.
struct Found {
    path: String,
    /// As `Allow` has them; `None`: all.
    methods: Option<String>,
}

impl Found {
    fn takes(&self, method: &str) -> bool {
        self.methods.as_ref().is_none_or(|methods| methods.split(',').any(|name| name.trim() == method))
    }
}

/// Answers for a hand-written route, in its place: with its pattern.
async fn told(request: Request, _: Next) -> Response {
    let pattern = request.extensions().get::<MatchedPath>().and_then(|path| HeaderValue::from_str(path.as_str()).ok());
    let mut response = ().into_response();
    if let Some(pattern) = pattern {
        response.headers_mut().insert(header::LOCATION, pattern);
    }
    response
}

/// The hand-written route that would take a generated path. None of its code runs: [`told`] stands before it.
fn ask(extra: &mut Router, path: &str) -> Option<Found> {
    let parts = path.split('/').map(|part| if part.starts_with('{') { "-probe-" } else { part });
    // No route has the method, so that axum adds what there is to the answer; where it does not, all methods are taken.
    let method = Method::from_bytes(b"PROBE").ok()?;
    let uri = parts.collect::<Vec<_>>().join("/");
    let request = Request::builder().method(method).uri(uri).body(Body::empty()).ok()?;
    let response = extra.call(request).now_or_never()?.ok()?;
    let text = |name| response.headers().get(name).and_then(|value: &HeaderValue| value.to_str().ok());
    let path = text(header::LOCATION)?.to_owned();
    let methods = text(header::ALLOW).map(|methods| methods.split(',').map(str::trim).collect::<Vec<_>>().join(", "));
    Some(Found { path, methods })
}

/// A path without the names of its parameters, of which a router knows only one for each place.
fn shape(path: &str) -> String {
    let part = |part: &str| if part.starts_with('{') { "{}".to_owned() } else { part.to_owned() };
    path.split('/').map(part).collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use axum::routing::{any, delete, get, post};

    use super::*;
    use crate::fixture::THINGS;

    fn generated() -> Vec<Operation> {
        let all = [("GET", "/cards"), ("POST", "/cards"), ("GET", "/cards/{id}"), ("PATCH", "/cards/{id}")];
        let about = Subject::Rows(&THINGS);
        let rows = all.map(|(method, path)| Operation { method, about, ..Operation::service(path) });
        rows.into_iter().chain([Operation::service("/healthz")]).collect()
    }

    fn never() -> &'static str {
        panic!("a probe runs no handler")
    }

    fn collision(extra: &Router) -> String {
        Beside::find(extra, &generated()).unwrap_err().to_string()
    }

    #[test]
    fn a_route_that_is_there_already_is_named_with_the_one_it_meets() {
        for (path, route, both) in [
            ("/cards", get(|| async { never() }), ["`GET /cards` that", "`GET /cards`"]),
            ("/cards", any(|| async { never() }), ["`GET /cards` that", "`GET /cards`"]),
            ("/cards/{slug}", get(|| async { never() }), ["`GET /cards/{slug}`", "`GET /cards/{id}`"]),
            ("/cards/{slug}", delete(|| async { never() }), ["`/cards/{slug}`", "`/cards/{id}`"]),
            ("/cards/{*rest}", get(|| async { never() }), ["`GET /cards/{*rest}`", "`GET /cards/{id}`"]),
        ] {
            let text = collision(&Router::new().route(path, route));
            assert!(both.iter().all(|name| text.contains(name)) && text.contains("the rule `none`"), "{text}");
        }
        let of_ours = collision(&Router::new().route("/healthz", get(|| async { never() })));
        assert!(of_ours.contains("hint: ") && !of_ours.contains("none"), "{of_ours}");
        let both =
            Router::new().route("/cards", get(|| async { never() })).route("/cards/{id}", any(|| async { never() }));
        assert_eq!(collision(&both).matches("collides").count(), 2);
    }

    #[test]
    fn what_does_not_collide_may_stand_beside() {
        let extra = Router::new()
            .route("/cards/stats", get(|| async { never() }))
            .route("/{page}", get(|| async { never() }))
            .route("/cards/{id}/move", post(|| async { never() }))
            .route("/cards", delete(|| async { never() }).put(|| async { never() }))
            .fallback(|| async { never() });
        let beside = Beside::find(&extra, &generated()).unwrap();
        assert_eq!(beside.0.len(), 1);
        let mut methods: Vec<_> = beside.0["/cards"].split(", ").collect();
        methods.sort_unstable();
        assert_eq!(methods, ["DELETE", "PUT"]);
        assert!(Beside::find(&Router::new(), &generated()).unwrap().0.is_empty());
    }
}
