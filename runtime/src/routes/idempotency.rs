//! `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header) on POST: sent again, a request is not done again, and
//! is answered as it was.
//!
//! The answer is kept in the transaction of the write, so there is one without the other at no time. It is what the
//! caller was sent, and so holds nothing that the caller could not read. Failures are not kept: they changed nothing.
//! Keys are each caller's own; those who are nobody share theirs, and with a key its whole request has to be known.

use std::sync::atomic::{AtomicI64, Ordering};

use axum::{
    body::Body,
    extract::OriginalUri,
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header, request::Parts},
    response::{IntoResponse as _, Response},
};
use chrono::{DateTime, TimeDelta, Utc};
use http_body_util::BodyExt as _;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::{
    context::Context,
    db::{
        Tx,
        ledger::{self, Record},
    },
    error::{Code, Error, Result},
    policy::Scope,
    store, text,
};

/// Characters of a key, at most.
pub(crate) const LONGEST: usize = 255;

/// For how long an answer is kept.
const KEPT: TimeDelta = TimeDelta::hours(24);

/// Seconds between two looks for answers that are too old.
const SWEEP: i64 = 60;

/// A request that is done once.
pub(crate) struct Once {
    /// A digest of the caller and the key, in hexadecimal digits.
    name: String,
    /// The beginning of it.
    lock: i64,
    /// A digest of what is asked.
    request: String,
}

/// What becomes of a request that is done once.
pub(crate) enum Begun {
    /// It is done in this transaction.
    Now(Tx),
    /// Another one did it in the meantime.
    Before(Box<Response>),
}

/// An answer as it is kept.
#[derive(Serialize, Deserialize)]
struct Answer {
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

impl Once {
    /// Of a request that carries a key; `None` of one that does not.
    pub(crate) fn of(scope: &Scope, parts: &Parts, body: &[u8]) -> Result<Option<Self>> {
        let Some(key) = key(&parts.headers)? else { return Ok(None) };
        let caller = scope.caller().identity().map(|caller| (caller.table.name, text::of(caller.key.as_ref())));
        let caller = caller.map_or_else(String::new, |(table, key)| format!("{table}/{key}"));
        let name = digest([caller.as_bytes(), key.as_bytes()]);
        let lock = i64::from_be_bytes(name[..8].try_into().map_err(Error::internal)?);
        let uri = parts.extensions.get::<OriginalUri>().map_or(&parts.uri, |uri| &uri.0);
        let asked = [parts.method.as_str(), uri.path(), uri.query().unwrap_or_default()].map(str::as_bytes);
        let prefer =
            parts.headers.get_all("prefer").iter().map(HeaderValue::as_bytes).collect::<Vec<_>>().join(&b", "[..]);
        let request = digest(asked.into_iter().chain([&prefer[..], body]));
        Ok(Some(Self { name: hex(&name), lock, request: hex(&request) }))
    }

    /// What it was answered before, if it was.
    pub(crate) async fn before(&self, context: &Context, scope: &Scope) -> Result<Option<Response>> {
        self.sweep(context).await;
        match ledger::find(&context.db, &self.name, Utc::now() - KEPT).await? {
            Some(record) => {
                // A token can have died since.
                store::nothing_seen(&context.db, scope).await?;
                self.again(&record).map(Some)
            }
            None => Ok(None),
        }
    }

    /// Begins the transaction in which it is done; or answers what it was answered meanwhile.
    pub(crate) async fn begin(&self, context: &Context, scope: &Scope) -> Result<Begun> {
        let tx = context.db.begin().await?;
        let known = async {
            if !ledger::hold(&tx, self.lock).await? {
                return Err(Error::new(Code::InFlight, "a request with this idempotency key is being done")
                    .hint("send it again in a moment"));
            }
            ledger::find(&tx, &self.name, Utc::now() - KEPT).await?.map(|record| self.again(&record)).transpose()
        };
        match known.await {
            Ok(None) => Ok(Begun::Now(tx)),
            Ok(Some(response)) => {
                tx.rollback().await?;
                store::nothing_seen(&context.db, scope).await.map(|()| Begun::Before(Box::new(response)))
            }
            Err(error) => {
                tx.rollback().await?;
                Err(error)
            }
        }
    }

    /// Keeps the answer together with what was done; after a failure neither.
    pub(crate) async fn end(&self, tx: Tx, done: Result<Response>) -> Result<Response> {
        let kept = match done {
            Ok(response) => self.keep(&tx, response).await,
            Err(error) => Err(error),
        };
        match kept {
            Ok(response) => tx.commit().await.map(|()| response),
            Err(error) => {
                tx.rollback().await?;
                Err(error)
            }
        }
    }

    async fn keep(&self, tx: &Tx, response: Response) -> Result<Response> {
        let (parts, body) = response.into_parts();
        let body = body.collect().await.map_err(Error::internal)?.to_bytes();
        let text = |value: &HeaderValue| value.to_str().map(str::to_owned).ok();
        let header = |name: &HeaderName| Some((name.as_str().to_owned(), text(parts.headers.get(name)?)?));
        let answer = Answer {
            status: parts.status.as_u16(),
            headers: HEADERS.iter().filter_map(header).collect(),
            body: String::from_utf8(body.to_vec()).map_err(Error::internal)?,
        };
        let answer = serde_json::to_string(&answer).map_err(Error::internal)?;
        ledger::keep(tx, &self.name, Record { request: self.request.clone(), answer }, Utc::now()).await?;
        Ok(Response::from_parts(parts, Body::from(body)))
    }

    /// The answer to the same request; another one must not have its key.
    fn again(&self, record: &Record) -> Result<Response> {
        if record.request != self.request {
            return Err(Error::new(Code::KeyReused, "this idempotency key belongs to another request")
                .hint("make up a key of its own for every request"));
        }
        let answer: Answer = serde_json::from_str(&record.answer).map_err(Error::internal)?;
        let mut response = StatusCode::from_u16(answer.status).map_err(Error::internal)?.into_response();
        for (name, value) in answer.headers {
            let name = HeaderName::try_from(name).map_err(Error::internal)?;
            response.headers_mut().insert(name, HeaderValue::try_from(value).map_err(Error::internal)?);
        }
        *response.body_mut() = Body::from(answer.body);
        Ok(response)
    }

    /// Once in a while, forgets what is too old. It is not worth a failure.
    async fn sweep(&self, context: &Context) {
        let now = Utc::now();
        if context.swept.is_due(now)
            && let Err(error) = ledger::sweep(&context.db, now - KEPT).await
        {
            tracing::warn!(%error, "old answers could not be forgotten");
        }
    }
}

/// When somebody last looked for what is too old.
#[derive(Debug, Default)]
pub(crate) struct Swept(AtomicI64);

impl Swept {
    fn is_due(&self, now: DateTime<Utc>) -> bool {
        let (now, last) = (now.timestamp(), self.0.load(Ordering::Relaxed));
        now - last >= SWEEP && self.0.compare_exchange(last, now, Ordering::Relaxed, Ordering::Relaxed).is_ok()
    }
}

/// The key of a request: a string in quotes, as the draft has it, or the same without.
fn key(headers: &HeaderMap) -> Result<Option<String>> {
    let mut values = headers.get_all("idempotency-key").iter();
    let Some(value) = values.next() else { return Ok(None) };
    let malformed = || {
        Error::new(Code::BadRequest, format!("Idempotency-Key must be one text of 1 to {LONGEST} visible characters"))
            .hint("a random UUID is a good one")
    };
    let text = value.to_str().ok().filter(|_| values.next().is_none()).ok_or_else(malformed)?;
    let key = match text.strip_prefix('"') {
        Some(rest) => unquoted(rest).ok_or_else(malformed)?,
        None => text.to_owned(),
    };
    let visible = key.bytes().all(|byte| byte.is_ascii_graphic());
    if visible && (1..=LONGEST).contains(&key.len()) { Ok(Some(key)) } else { Err(malformed()) }
}

/// What stands in quotes whose first is gone already.
fn unquoted(rest: &str) -> Option<String> {
    let (mut text, mut chars) = (String::new(), rest.chars());
    loop {
        match chars.next()? {
            '"' => return chars.as_str().is_empty().then_some(text),
            '\\' => text.push(chars.next().filter(|c| matches!(c, '"' | '\\'))?),
            c => text.push(c),
        }
    }
}

/// A digest of some parts, none of which runs into the next.
fn digest<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> [u8; 32] {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    hash.finalize().into()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(64), |mut text, byte| {
        for digit in [byte >> 4, byte & 15] {
            text.push(char::from(b"0123456789abcdef"[usize::from(digit)]));
        }
        text
    })
}
