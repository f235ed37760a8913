//! An answer as it is kept.

use axum::{
    body::Body,
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use http_body_util::BodyExt as _;
use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

/// What of an answer is sent again.
#[derive(Serialize, Deserialize)]
pub(super) struct Kept {
    /// Whether it was an administrator's.
    pub(super) admin: bool,
    status: u16,
    headers: Vec<(String, String)>,
    body: String,
}

/// The headers that are part of an answer; the others come with every one.
const HEADERS: [HeaderName; 6] = [
    header::CONTENT_TYPE,
    header::LOCATION,
    header::ETAG,
    header::CONTENT_RANGE,
    HeaderName::from_static("preference-applied"),
    HeaderName::from_static("x-embed-truncated"),
];

impl Kept {
    /// Reads an answer, and gives it back as it was.
    pub(super) async fn of(response: Response, admin: bool) -> Result<(Self, Response)> {
        let (parts, body) = response.into_parts();
        let body = body.collect().await.map_err(Error::internal)?.to_bytes();
        let text = |value: &HeaderValue| value.to_str().map(str::to_owned).ok();
        let header = |name: &HeaderName| Some((name.as_str().to_owned(), text(parts.headers.get(name)?)?));
        let kept = Self {
            admin,
            status: parts.status.as_u16(),
            headers: HEADERS.iter().filter_map(header).collect(),
            body: String::from_utf8(body.to_vec()).map_err(Error::internal)?,
        };
        Ok((kept, Response::from_parts(parts, Body::from(body))))
    }

    /// The same answer again.
    pub(super) fn response(self) -> Result<Response> {
        let mut response = StatusCode::from_u16(self.status).map_err(Error::internal)?.into_response();
        for (name, value) in self.headers {
            let name = HeaderName::try_from(name).map_err(Error::internal)?;
            response.headers_mut().insert(name, HeaderValue::try_from(value).map_err(Error::internal)?);
        }
        *response.body_mut() = Body::from(self.body);
        Ok(response)
    }
}
