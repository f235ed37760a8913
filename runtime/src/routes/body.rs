//! Request bodies.

use axum::{
    body::Body,
    http::{HeaderMap, HeaderValue, Method, header, request::Parts},
};
use bytes::Bytes;
use http_body_util::{BodyExt as _, LengthLimitError};

use crate::{
    error::{Code, Error, Result},
    input,
};

/// The JSON of a body, after its media type has been checked.
pub(super) async fn json(parts: &Parts, body: Body) -> Result<serde_json::Value> {
    input::parse(&bytes(parts, body).await?)
}

/// A body whose media type says that it is JSON.
pub(super) async fn bytes(parts: &Parts, body: Body) -> Result<Bytes> {
    let merge = parts.method == Method::PATCH;
    let allowed: &[&str] =
        if merge { &["application/json", "application/merge-patch+json"] } else { &["application/json"] };
    match media_type(&parts.headers) {
        Some(sent) if allowed.iter().any(|one| sent.eq_ignore_ascii_case(one)) => {}
        _ => return Err(unsupported(allowed)),
    }
    read(parts, body).await
}

/// The JSON object of a body that is one.
pub(crate) async fn object(parts: &Parts, body: Body) -> Result<serde_json::Map<String, serde_json::Value>> {
    match json(parts, body).await? {
        serde_json::Value::Object(object) => Ok(object),
        _ => Err(Error::new(Code::Invalid, "the body must be a JSON object")),
    }
}

/// The whole body; the server's limit is around it already.
pub(crate) async fn read(parts: &Parts, body: Body) -> Result<Bytes> {
    as_it_is(&parts.headers)?;
    match body.collect().await {
        Ok(collected) => Ok(collected.to_bytes()),
        Err(error) if too_long(&error) => Err(Error::new(Code::TooLarge, "the body is larger than the server takes")
            .hint("send less at once, or raise server.max_body")),
        Err(_) => Err(Error::new(Code::BadRequest, "the body did not arrive whole")),
    }
}

/// Refuses a body that has to be decoded before it can be read (RFC 9110 sections 8.4 and 15.5.16).
fn as_it_is(headers: &HeaderMap) -> Result<()> {
    if charsets(headers).any(|charset| !UTF_8.iter().any(|known| charset.eq_ignore_ascii_case(known))) {
        return Err(Error::new(Code::MediaType, "the body is in another charset than UTF-8")
            .hint("send it in UTF-8, which needs no charset in Content-Type (RFC 8259)"));
    }
    let mut codings =
        headers.get_all(header::CONTENT_ENCODING).iter().flat_map(|value| value.as_bytes().split(|b| *b == b','));
    if codings.all(|coding| matches!(coding.trim_ascii().to_ascii_lowercase().as_slice(), b"" | b"identity")) {
        return Ok(());
    }
    Err(Error::new(Code::MediaType, "the body is encoded, and no Content-Encoding is read here")
        .hint("send it as it is, without Content-Encoding")
        .header(header::ACCEPT_ENCODING, HeaderValue::from_static("identity")))
}

/// What clients call the one charset that is read, and the part of it that they name by itself.
const UTF_8: [&str; 3] = ["utf-8", "utf8", "us-ascii"];

/// The parameters `charset` of the media type, without their quotes. There should be one; of several, nobody knows which
/// is meant.
fn charsets(headers: &HeaderMap) -> impl Iterator<Item = &str> {
    let media_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let parameters = media_type.into_iter().flat_map(|text| text.split(';').skip(1));
    parameters
        .filter_map(|parameter| parameter.split_once('='))
        .filter(|(name, _)| name.trim().eq_ignore_ascii_case("charset"))
        .map(|(_, value)| value.trim().trim_matches('"'))
}

fn too_long(error: &(dyn std::error::Error + 'static)) -> bool {
    error.is::<LengthLimitError>() || error.source().is_some_and(too_long)
}

/// The media type without its parameters.
pub(crate) fn media_type(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::CONTENT_TYPE)?.to_str().ok()?;
    value.split(';').next().map(str::trim)
}

/// The 415 that lists what is taken.
pub(crate) fn unsupported(allowed: &[&str]) -> Error {
    Error::new(Code::MediaType, "the body is not of a type that this request takes")
        .hint(format!("send Content-Type: {}", allowed.join(" or ")))
}
