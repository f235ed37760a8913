//! `GET /openapi.json`, and `GET /docs` where it is built in.

use std::sync::{Arc, OnceLock};

use axum::{
    Router,
    body::Bytes,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
    routing::get,
};
use serde_json::Value as Json;

use super::{Title, digest, document};
use crate::{
    context::Context,
    routes::{self, Beside, Operation, conditions},
};

const PATH: &str = "/openapi.json";

/// Where a person looks.
#[cfg(feature = "docs")]
pub(crate) const SHOWN: &str = super::docs::PAGE;
#[cfg(not(feature = "docs"))]
pub(crate) const SHOWN: &str = PATH;

/// The path of the document and those of the page over it.
pub(crate) fn list() -> Vec<Operation> {
    #[cfg(feature = "docs")]
    let page = super::docs::list();
    #[cfg(not(feature = "docs"))]
    let page = std::iter::empty();
    std::iter::once(Operation::service(PATH)).chain(page).collect()
}

/// Their routes; `packs` where bodies may be compressed.
#[cfg_attr(not(feature = "docs"), allow(unused_variables, reason = "the document is packed as any answer is"))]
pub(crate) fn router(title: Title, context: &Arc<Context>, packs: bool, beside: &Beside) -> Router {
    let router = document_alone(title, context, beside);
    #[cfg(feature = "docs")]
    let router = router.merge(super::docs::router(title.name, packs, beside));
    router
}

/// The document is made when it is first asked for: a start should not wait for what few ask.
fn document_alone(title: Title, context: &Arc<Context>, beside: &Beside) -> Router {
    let (context, written) = (Arc::clone(context), Arc::new(OnceLock::new()));
    let page = get(move |headers: HeaderMap| async move {
        let written: &Written = written.get_or_init(|| Written::of(&document(title, &context.schema)));
        written.answer(&headers)
    });
    Router::new().route(PATH, beside.around(PATH, routes::read_alone(page)))
}

/// The document as it goes out.
struct Written {
    text: Bytes,
    tag: HeaderValue,
}

impl Written {
    fn of(document: &Json) -> Self {
        let text = document.to_string();
        // Weak, so that the body may be compressed on its way.
        let tag = HeaderValue::try_from(format!("W/\"{}\"", digest(&text)));
        Self { tag: tag.unwrap_or_else(|_| HeaderValue::from_static("W/\"\"")), text: text.into() }
    }

    fn answer(&self, headers: &HeaderMap) -> Response {
        let kept = [(header::ETAG, self.tag.clone()), (header::CACHE_CONTROL, HeaderValue::from_static("no-cache"))];
        if conditions::names(headers, &self.tag) {
            return (StatusCode::NOT_MODIFIED, kept).into_response();
        }
        let kind = [(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))];
        (kind, kept, self.text.clone()).into_response()
    }
}
