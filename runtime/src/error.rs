//! Every failure, and the one failure response: `application/problem+json` (RFC 9457).

use std::{borrow::Cow, collections::BTreeMap, error::Error as StdError, fmt};

use axum::{
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;

/// What every fallible call of this crate returns.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// A failure: a status, a stable code, a text for the client, and a cause that only the log sees.
///
/// It is an axum response, so a hand-written route can end in `?`:
///
/// ```
/// use restruct::{Code, Error};
///
/// let error = Error::new(Code::NotFound, "there is no such board").hint("GET /boards lists them");
/// assert_eq!(error.code().status(), 404);
/// assert_eq!(error.code().as_str(), "PGRST116");
/// ```
#[derive(Debug)]
pub struct Error(Box<Inner>);

#[derive(Debug)]
struct Inner {
    code: Code,
    detail: Cow<'static, str>,
    details: Option<String>,
    hint: Option<String>,
    errors: BTreeMap<String, String>,
    headers: HeaderMap,
    source: Option<Box<dyn StdError + Send + Sync>>,
    /// Whether the database has said so.
    settled: bool,
}

/// The kinds of failure: each a status and a stable code string. Only 4xx and 5xx exist here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Code {
    /// 400, a query string that cannot be read
    BadQuery,
    /// 400, a query that not every database can answer
    Unsupported,
    /// 400, a body that is not JSON
    BadJson,
    /// 400, with `handling=strict` a preference that cannot be honoured
    Preference,
    /// 400, a write that would touch more rows than `max-affected` allows
    MaxAffected,
    /// 400, anything else wrong with the request itself
    BadRequest,
    /// 401, a token that is malformed, expired or dead
    BadToken,
    /// 401, no token where some caller is needed
    NoToken,
    /// 401, wrong login or password
    BadLogin,
    /// 403
    Forbidden,
    /// 404, no such row in the caller's scope
    NotFound,
    /// 404, no such path
    NoRoute,
    /// 405
    Method,
    /// 408, the request took too long to arrive
    Timeout,
    /// 409, a unique value is taken
    Unique,
    /// 409, a reference to a row that is not there, or a row that others refer to
    ForeignKey,
    /// 409, a request with the same idempotency key is being done
    InFlight,
    /// 412, the row is not in a state that the request asks for
    Condition,
    /// 413
    TooLarge,
    /// 415
    MediaType,
    /// 416, an offset past the end
    Range,
    /// 422, fields that do not pass
    Invalid,
    /// 422, an idempotency key that belongs to another request
    KeyReused,
    /// 428, a change without the state that it is meant for
    ConditionMissing,
    /// 429
    TooMany,
    /// 500, our fault
    Internal,
    /// 503, the database is busy or gone
    Unavailable,
}

impl Code {
    /// The HTTP status.
    pub const fn status(self) -> u16 {
        self.row().0
    }

    /// The stable code string.
    pub const fn as_str(self) -> &'static str {
        self.row().1
    }

    const fn row(self) -> (u16, &'static str) {
        match self {
            Self::BadQuery => (400, "PGRST100"),
            Self::Unsupported => (400, "PGRST127"),
            Self::BadJson => (400, "PGRST102"),
            Self::Preference => (400, "PGRST122"),
            Self::MaxAffected => (400, "PGRST124"),
            Self::BadRequest => (400, "PT400"),
            Self::BadToken => (401, "PGRST301"),
            Self::NoToken => (401, "PGRST302"),
            Self::BadLogin => (401, "PT401"),
            Self::Forbidden => (403, "42501"),
            Self::NotFound => (404, "PGRST116"),
            Self::NoRoute => (404, "PGRST125"),
            Self::Method => (405, "PGRST117"),
            Self::Timeout => (408, "PT408"),
            Self::Unique => (409, "23505"),
            Self::ForeignKey => (409, "23503"),
            Self::InFlight => (409, "PT409"),
            Self::Condition => (412, "PT412"),
            Self::TooLarge => (413, "PT413"),
            Self::MediaType => (415, "PGRST107"),
            Self::Range => (416, "PGRST103"),
            Self::Invalid => (422, "23514"),
            Self::KeyReused => (422, "PT422"),
            Self::ConditionMissing => (428, "PT428"),
            Self::TooMany => (429, "PT429"),
            Self::Internal => (500, "XX000"),
            Self::Unavailable => (503, "PT503"),
        }
    }
}

impl Error {
    /// A failure with a text for the client.
    pub fn new(code: Code, detail: impl Into<Cow<'static, str>>) -> Self {
        let mut headers = HeaderMap::new();
        match code {
            Code::BadToken => challenge(&mut headers, "Bearer error=\"invalid_token\""),
            Code::NoToken => challenge(&mut headers, "Bearer error=\"invalid_request\""),
            Code::BadLogin => challenge(&mut headers, "Bearer"),
            Code::Unavailable | Code::TooMany => {
                headers.insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
            }
            _ => {}
        }
        let (details, hint, errors, source) = (None, None, BTreeMap::new(), None);
        Self(Box::new(Inner { code, detail: detail.into(), details, hint, errors, headers, source, settled: false }))
    }

    /// A failure that is ours: the client learns nothing but the request id, the log learns `source`.
    pub fn internal(source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self::new(Code::Internal, UNFORESEEN).source(source)
    }

    /// Why the app cannot start: what is declared does not fit together. It is printed, never sent.
    pub(crate) fn startup(text: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Code::Internal, text)
    }

    /// Fields that do not pass: 422 with one message each.
    pub fn invalid(errors: impl IntoIterator<Item = (String, String)>) -> Self {
        Self::new(Code::Invalid, "some fields do not pass; see errors").fields(errors)
    }

    /// Adds what to do about it.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.0.hint = Some(hint.into());
        self
    }

    /// Adds more of what happened.
    #[must_use]
    pub fn details(mut self, details: impl Into<String>) -> Self {
        self.0.details = Some(details.into());
        self
    }

    /// Adds a message for each of some fields.
    #[must_use]
    pub fn fields(mut self, errors: impl IntoIterator<Item = (String, String)>) -> Self {
        self.0.errors.extend(errors);
        self
    }

    /// Adds the cause, for the log.
    #[must_use]
    pub fn source(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.0.source = Some(source.into());
        self
    }

    /// Adds a response header.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.0.headers.insert(name, value);
        self
    }

    /// What kind of failure it is.
    pub fn code(&self) -> Code {
        self.0.code
    }

    /// Whether it says what to do about it.
    pub(crate) fn has_hint(&self) -> bool {
        self.0.hint.is_some()
    }

    /// The message of each field, by its JSON name.
    pub fn errors(&self) -> &BTreeMap<String, String> {
        &self.0.errors
    }

    /// The same failure with every field under a prefix: `title` becomes `3.title` in row 3 of an array.
    #[must_use]
    pub fn in_row(mut self, row: usize) -> Self {
        self.0.errors =
            std::mem::take(&mut self.0.errors).into_iter().map(|(k, v)| (format!("{row}.{k}"), v)).collect();
        self
    }
}

impl Error {
    /// The same failure as what the database says, before which nothing else has to be said.
    pub(crate) fn settled(mut self) -> Self {
        self.0.settled = true;
        self
    }

    /// Whether the database was asked already.
    pub(crate) fn is_settled(&self) -> bool {
        self.0.settled
    }

    /// The same failure with every field named anew.
    pub(crate) fn renamed(mut self, name: impl Fn(String) -> String) -> Self {
        let errors = std::mem::take(&mut self.0.errors);
        self.0.errors = errors.into_iter().map(|(k, v)| (name(k), v)).collect();
        self
    }

    /// The same failure of a body that is one row, and no array of one.
    pub(crate) fn of_one_row(mut self) -> Self {
        let errors = std::mem::take(&mut self.0.errors);
        self.0.errors =
            errors.into_iter().map(|(k, v)| (k.strip_prefix("0.").map_or(k.clone(), str::to_owned), v)).collect();
        self
    }
}

/// All that a client learns of a failure that is ours.
const UNFORESEEN: &str = "something went wrong on the server; the log has it under this instance";

fn challenge(headers: &mut HeaderMap, text: &'static str) {
    headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static(text));
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0.source {
            // What a client must not know is what everybody else wants to know.
            Some(source) if self.0.code == Code::Internal && self.0.detail == UNFORESEEN => write!(f, "{source}")?,
            _ => f.write_str(&self.0.detail)?,
        }
        for (field, message) in &self.0.errors {
            write!(f, "\n  {field}: {message}")?;
        }
        if let Some(hint) = &self.0.hint {
            write!(f, "\n  hint: {hint}")?;
        }
        if self.0.detail == UNFORESEEN {
            return Ok(());
        }
        let mut source = self.0.source.as_deref().map(|e| e as &dyn StdError);
        while let Some(cause) = source {
            write!(f, "\n  cause: {cause}")?;
            // One of ours has told its own causes already.
            source = if cause.is::<Self>() { None } else { cause.source() };
        }
        Ok(())
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source.as_deref().map(|e| e as &(dyn StdError + 'static))
    }
}

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
