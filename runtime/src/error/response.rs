//! A failure as an answer.

use std::collections::BTreeMap;

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;

use super::Error;

tokio::task_local! {
    /// The id of the request in hand; it becomes `instance`.
    pub(crate) static REQUEST_ID: String;
}

#[derive(Serialize)]
struct Problem<'a> {
    r#type: &'static str,
    title: &'a str,
    status: u16,
    detail: &'a str,
    instance: Option<String>,
    code: &'static str,
    message: &'a str,
    details: Option<&'a str>,
    hint: Option<&'a str>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    errors: &'a BTreeMap<String, String>,
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let inner = *self.0;
        let status = StatusCode::from_u16(inner.code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        if status.is_server_error() {
            let cause = inner.source.as_ref().map(ToString::to_string);
            tracing::error!(code = inner.code.as_str(), cause, "{}", inner.detail);
        }
        let problem = Problem {
            r#type: "about:blank",
            title: status.canonical_reason().unwrap_or("Error"),
            status: status.as_u16(),
            detail: &inner.detail,
            instance: REQUEST_ID.try_with(|id| format!("urn:uuid:{id}")).ok(),
            code: inner.code.as_str(),
            message: &inner.detail,
            details: inner.details.as_deref(),
            hint: inner.hint.as_deref(),
            errors: &inner.errors,
        };
        let body = serde_json::to_vec(&problem).unwrap_or_default();
        let mut response = (status, [(header::CONTENT_TYPE, "application/problem+json")], body).into_response();
        // It names this request, and what was wrong may be right in a moment.
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        response.headers_mut().extend(inner.headers);
        response
    }
}
