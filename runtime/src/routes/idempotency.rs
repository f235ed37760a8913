//! `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header) on POST: sent again, a request is not done again, and
//! is answered as it was.
//!
//! The answer is kept in the transaction of the write, so there is one without the other at no time. It is what the
//! caller was sent, as the rows were then, and holds nothing that the caller could not read then. The one right that can be
//! taken away is an administrator's: what was answered to one is not answered to whom is none any more. Failures are not
//! kept: they changed nothing. Keys are each caller's own; those who are nobody share theirs, and with a key its whole
//! request has to be known.
//!
//! While a request is done, another one with its key is 409. This process knows its own, whatever the database is. Those of
//! another process PostgreSQL knows, by a lock that lasts as long as the transaction. SQLite knows none: of two processes on
//! one file the second waits for the writer, and then finds what the first was answered.

mod in_flight;
mod kept;
mod key;

use std::{
    borrow::Cow,
    sync::atomic::{AtomicI64, Ordering},
};

use axum::{
    extract::OriginalUri,
    http::{HeaderValue, request::Parts},
    response::Response,
};
use chrono::{DateTime, TimeDelta, Utc};
use sha2::{Digest as _, Sha256};

pub(crate) use self::{
    in_flight::{InFlight, Taken},
    key::LONGEST,
};
use self::{kept::Kept, key::key};
use crate::{
    context::Context,
    db::{
        Db, Tx,
        ledger::{self, Record},
    },
    error::{Code, Error, Result},
    filter::Standing,
    policy::Scope,
    store::{self, At},
    text,
};

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
    /// It is done now.
    Now(Doing),
    /// Another one did it in the meantime.
    Before(Box<Response>),
}

/// A request that is being done.
pub(crate) struct Doing {
    tx: Tx,
    /// Whether an administrator does it.
    admin: bool,
}

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
        match ledger::find(&context.db, &self.name, Utc::now() - KEPT).await? {
            Some(record) => self.again(&context.db, scope, &record).await.map(Some),
            None => Ok(None),
        }
    }

    /// Has it be done by nobody else meanwhile, as far as this process goes. Once the name is free again, what was
    /// answered is there to be found.
    pub(crate) fn alone<'a>(&'a self, context: &'a Context) -> Result<Taken<'a>> {
        context.in_flight.take(&self.name).ok_or_else(being_done)
    }

    /// Begins the transaction in which it is done; or answers what it was answered meanwhile.
    pub(crate) async fn begin(&self, context: &Context, scope: &Scope) -> Result<Begun> {
        self.sweep(context).await;
        let tx = context.db.begin().await?;
        let known = async {
            if !ledger::hold(&tx, self.lock).await? {
                return Err(being_done());
            }
            let record = ledger::find(&tx, &self.name, Utc::now() - KEPT).await?;
            // Asked before the write, which may be what ends it.
            let admin = record.is_none() && store::stands(&tx, scope.caller(), Standing::Admin).await?;
            Ok((record, admin))
        };
        match known.await {
            Ok((None, admin)) => Ok(Begun::Now(Doing { tx, admin })),
            Ok((Some(record), _)) => {
                tx.rollback().await?;
                self.again(&context.db, scope, &record).await.map(|answer| Begun::Before(Box::new(answer)))
            }
            Err(error) => {
                tx.rollback().await?;
                Err(error)
            }
        }
    }

    /// Keeps the answer together with what was done; after a failure neither.
    pub(crate) async fn end(&self, doing: Doing, done: Result<Response>) -> Result<Response> {
        let kept = match done {
            Ok(response) => self.keep(&doing, response).await,
            Err(error) => Err(error),
        };
        match kept {
            Ok(response) => doing.tx.commit().await.map(|()| response),
            Err(error) => {
                doing.tx.rollback().await?;
                Err(error)
            }
        }
    }

    async fn keep(&self, Doing { tx, admin }: &Doing, response: Response) -> Result<Response> {
        let (kept, response) = Kept::of(response, *admin).await?;
        let answer = serde_json::to_string(&kept).map_err(Error::internal)?;
        ledger::keep(tx, &self.name, Record { request: self.request.clone(), answer }, Utc::now()).await?;
        Ok(response)
    }

    /// The answer to the same request, for whoever may still see it; another request must not have its key.
    async fn again(&self, db: &Db, scope: &Scope, record: &Record) -> Result<Response> {
        let kept: Kept = serde_json::from_str(&record.answer).map_err(Error::internal)?;
        if record.request != self.request {
            store::nothing_seen(db, scope).await?;
            return Err(Error::new(Code::KeyReused, "this idempotency key belongs to another request")
                .hint("make up a key of its own for every request"));
        }
        // The token can have died since, and who was an administrator can have a new one and be none.
        let asked = if kept.admin { Cow::Owned(scope.clone().of_admins()) } else { Cow::Borrowed(scope) };
        match store::nothing_seen(db, &asked).await {
            Err(error) if kept.admin && error.code() == Code::Forbidden => Err(demoted()),
            asked => asked.and_then(|()| kept.response()),
        }
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

impl Doing {
    /// Where its rows are written.
    pub(crate) fn at(&self) -> At<'_> {
        At::Within(&self.tx)
    }
}

fn being_done() -> Error {
    Error::new(Code::InFlight, "a request with this idempotency key is being done").hint("send it again in a moment")
}

fn demoted() -> Error {
    Error::new(Code::Forbidden, "this was done, and was answered to an administrator")
        .hint("find out by GET what became of it")
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
