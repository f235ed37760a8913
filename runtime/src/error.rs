//! Every failure, and the one failure response: `application/problem+json` (RFC 9457).

mod code;
mod response;

use std::{borrow::Cow, collections::BTreeMap, error::Error as StdError, fmt};

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};

pub use self::code::Code;
pub(crate) use self::response::REQUEST_ID;

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

    /// The same failure of a body of rows: one that is no array has no numbers of rows before its fields.
    pub(crate) fn of_rows(self, is_array: bool) -> Self {
        if is_array {
            return self;
        }
        self.renamed(|name| match name.strip_prefix("0.") {
            Some(field) => field.to_owned(),
            None => name,
        })
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
