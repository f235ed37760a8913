//! `GET /docs`: Swagger UI over the document. All of it comes from here; the page asks no other server for anything.
//!
//! Every reference in it is relative, so that it works under a prefix and behind a proxy that takes one away.

mod files;

use axum::{
    Router,
    body::Bytes,
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{Html, IntoResponse as _, Response},
    routing::get,
};

use self::files::Packed;
use crate::{
    error::{Error, Result},
    routes::{self, Beside, Operation, conditions},
    server,
};

pub(super) const PAGE: &str = "/docs";
const START: &str = "/docs/start.js";

/// What the page loads, by its path and its type.
static FILES: [(&str, &str, Packed); 2] = [
    ("/docs/swagger-ui.css", "text/css; charset=utf-8", files::STYLE),
    ("/docs/swagger-ui-bundle.js", SCRIPT, files::SCRIPT),
];

const SCRIPT: &str = "text/javascript; charset=utf-8";

/// Nothing of the page is from elsewhere, and nobody may put it into a frame. Swagger UI sets styles on elements.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
     connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// The paths of the page and of what it loads.
pub(super) fn list() -> impl Iterator<Item = Operation> {
    [PAGE, START].into_iter().chain(FILES.iter().map(|(path, ..)| *path)).map(Operation::service)
}

/// Their routes; `packs` where bodies may be compressed.
pub(super) fn router(app: &str, packs: bool, beside: &Beside) -> Router {
    let page = Bytes::from(include_str!("page.html").replace("{app}", &escaped(app)));
    let page = get(move || async move { (NO_CACHE, [(POLICY_HEADER, POLICY)], Html(page)) });
    let start = get(|| async { (NO_CACHE, [(header::CONTENT_TYPE, SCRIPT)], include_str!("start.js")) });
    let mut router = Router::new();
    for (path, route) in [(PAGE, page), (START, start)] {
        router = router.route(path, beside.around(path, routes::read_alone(route)));
    }
    for (path, kind, file) in &FILES {
        let route = get(move |headers: HeaderMap| answer(kind, file, packs, headers));
        router = router.route(path, beside.around(path, routes::read_alone(route)));
    }
    router
}

const NO_CACHE: [(HeaderName, &str); 1] = [(header::CACHE_CONTROL, "no-cache")];
const POLICY_HEADER: HeaderName = header::CONTENT_SECURITY_POLICY;

/// A file as it is kept where the client takes that, and unpacked for others.
async fn answer(kind: &'static str, file: &'static Packed, packs: bool, headers: HeaderMap) -> Result<Response> {
    // Weak: it is the tag of both.
    let tag = HeaderValue::try_from(format!("W/\"{:08x}\"", file.check)).map_err(Error::internal)?;
    let known = conditions::names(&headers, &tag);
    let mut response = if known {
        StatusCode::NOT_MODIFIED.into_response()
    } else if packs && server::takes_gzip(&headers) {
        ([(header::CONTENT_ENCODING, "gzip"), (header::VARY, "Accept-Encoding")], file.gzip).into_response()
    } else {
        tokio::task::spawn_blocking(|| file.plain())
            .await
            .map_err(Error::internal)?
            .map_err(Error::internal)?
            .into_response()
    };
    let own = response.headers_mut();
    own.insert(header::ETAG, tag);
    own.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    if !known {
        own.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    }
    Ok(response)
}

/// A text as HTML has it.
fn escaped(text: &str) -> String {
    let replaced = [("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("\"", "&quot;")];
    replaced.iter().fold(text.to_owned(), |text, (sign, entity)| text.replace(sign, entity))
}
