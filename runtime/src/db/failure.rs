//! Database errors as ours: SQLite's codes become PostgreSQL's SQLSTATEs, and no text of theirs reaches a client.

use std::fmt;

use sqlx::error::ErrorKind;

use crate::error::{Code, Error};

/// The failure that a database error is.
pub(super) fn of(error: sqlx::Error) -> Error {
    let code = match &error {
        sqlx::Error::Database(inner) => match inner.kind() {
            // Nothing of ours excludes; what somebody has put there by hand is in conflict all the same.
            ErrorKind::UniqueViolation | ErrorKind::ExclusionViolation => Code::Unique,
            ErrorKind::ForeignKeyViolation => Code::ForeignKey,
            ErrorKind::CheckViolation | ErrorKind::NotNullViolation => Code::Invalid,
            _ if uncomputable(inner.code().as_deref().unwrap_or_default()) => Code::Invalid,
            _ if transient(inner.code().as_deref().unwrap_or_default()) => Code::Unavailable,
            _ => Code::Internal,
        },
        sqlx::Error::Io(_)
        | sqlx::Error::Tls(_)
        | sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed
        | sqlx::Error::WorkerCrashed
        | sqlx::Error::BeginFailed => Code::Unavailable,
        _ => Code::Internal,
    };
    told(code, Told::from(error))
}

/// The failure that an error of SQLite's own is, by its extended code.
#[cfg(feature = "sqlite-direct")]
pub(super) fn of_sqlite(extended: i32, message: &str) -> Error {
    let code = match extended {
        // SQLITE_CONSTRAINT_PRIMARYKEY, SQLITE_CONSTRAINT_UNIQUE
        1555 | 2067 => Code::Unique,
        // SQLITE_CONSTRAINT_FOREIGNKEY
        787 => Code::ForeignKey,
        // SQLITE_CONSTRAINT_CHECK, SQLITE_CONSTRAINT_NOTNULL, SQLITE_CONSTRAINT_DATATYPE
        275 | 1299 | 3091 => Code::Invalid,
        _ if is_sqlite_busy(extended.unsigned_abs()) => Code::Unavailable,
        _ => Code::Internal,
    };
    told(code, Told { text: format!("{message} ({extended})"), may_pass: false })
}

fn told(code: Code, source: Told) -> Error {
    let text = match code {
        Code::Unique => "a value that must be unique is taken",
        Code::ForeignKey => "it refers to a row that is not there",
        Code::Invalid => "the row does not pass the checks of its table",
        Code::Unavailable => "the database is busy or not reachable",
        _ => return Error::internal(source),
    };
    Error::new(code, text).source(source)
}

/// Whether the connection cannot be used again: its link is broken, or the server has said that it ends.
pub(super) fn is_fatal(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Database(inner) => {
            inner.code().is_some_and(|code| ["08", "57P", "XX"].iter().any(|class| code.starts_with(class)))
        }
        // Nothing was sent, or the whole answer was read.
        sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_) | sqlx::Error::Encode(_) => false,
        _ => true,
    }
}

/// Whether there is nothing left to be undone: SQLite ends a transaction by itself when it gives up a write of it.
pub(super) fn is_over(error: &sqlx::Error) -> bool {
    error.as_database_error().is_some_and(|inner| inner.message() == "cannot rollback - no transaction is active")
}

/// Whether it is certain that the statement, outside of a transaction, has left nothing behind.
#[cfg(feature = "postgres")]
pub(super) fn is_undone(error: &sqlx::Error) -> bool {
    matches!(error, sqlx::Error::Encode(_)) || (matches!(error, sqlx::Error::Database(_)) && !is_fatal(error))
}

/// A serialization failure, a deadlock.
const GAVE_WAY: [&str; 2] = ["40001", "40P01"];

/// Whether nothing is left of what failed, and done once more it may well work: PostgreSQL undid a transaction since it
/// was in the way of another one, or met a statement that [`is_outdated`].
pub(crate) fn may_pass(error: &Error) -> bool {
    let told = std::error::Error::source(error).and_then(|source| source.downcast_ref::<Told>());
    told.is_some_and(|told| told.may_pass)
}

/// Whether PostgreSQL keeps to what a prepared statement answers, and a column of it has another type by now. The text
/// of this refusal is in the server's language, and its code is that of others as well.
#[cfg(feature = "postgres")]
pub(super) fn is_outdated(error: &sqlx::Error) -> bool {
    let inner = error.as_database_error().filter(|inner| inner.code().as_deref() == Some("0A000"));
    let inner = inner.and_then(|inner| inner.try_downcast_ref::<sqlx::postgres::PgDatabaseError>());
    inner.is_some_and(|inner| inner.routine() == Some("RevalidateCachedQuery"))
}

/// SQLite prepares them anew by itself.
#[cfg(not(feature = "postgres"))]
pub(super) fn is_outdated(_: &sqlx::Error) -> bool {
    false
}

/// Whether SQLite did not find a table when it prepared a statement. It may have forgotten the tables just then, since
/// somebody else has changed the schema: see `direct::Direct::prepared`.
pub(super) fn is_unprepared(error: &sqlx::Error) -> bool {
    error.as_database_error().is_some_and(|inner| inner.message().starts_with("no such table"))
}

/// Whether PostgreSQL takes no statement of this text: it cannot be read, or needs a right that is not there.
#[cfg(feature = "postgres")]
pub(super) fn is_refusal(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(sqlx::error::DatabaseError::code);
    code.is_some_and(|code| code.starts_with("42"))
}

/// What the log and a programmer get to see of a database error. The details of some hold whole rows, password hashes
/// included, and stay behind.
#[derive(Debug)]
struct Told {
    text: String,
    may_pass: bool,
}

impl From<sqlx::Error> for Told {
    fn from(error: sqlx::Error) -> Self {
        let outdated = is_outdated(&error);
        let sqlx::Error::Database(inner) = error else { return Self { text: error.to_string(), may_pass: false } };
        match inner.code() {
            Some(code) => {
                Self { text: format!("{} ({code})", inner.message()), may_pass: outdated || GAVE_WAY.contains(&&*code) }
            }
            None => Self { text: inner.message().to_owned(), may_pass: false },
        }
    }
}

impl fmt::Display for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl std::error::Error for Told {}

/// Whether an expression has no value for a row, or none of its type. All other values are looked at before they are sent,
/// so that it is what a column is computed by.
fn uncomputable(code: &str) -> bool {
    // SQLITE_CONSTRAINT_DATATYPE; out of range, no date, division by zero, a text that is none of a type
    ["3091", "22003", "22007", "22008", "22012", "22P02"].contains(&code)
}

/// Whether the same statement may work in a moment: SQLite is busy or locked, PostgreSQL has a deadlock or a
/// serialization failure, gave a statement up at its timeout or a lock at its own, is full, or is going down or coming up.
fn transient(code: &str) -> bool {
    if let Ok(sqlite) = code.parse::<u32>()
        && code.len() < 5
    {
        return is_sqlite_busy(sqlite);
    }
    ["08", "53", "57P"].iter().any(|class| code.starts_with(class))
        || GAVE_WAY.contains(&code)
        || ["55P03", "57014"].contains(&code)
}

/// `SQLITE_BUSY`, `SQLITE_LOCKED`, and `SQLITE_INTERRUPT`, which is a statement that was given up.
fn is_sqlite_busy(extended: u32) -> bool {
    matches!(extended & 0xff, 5 | 6 | 9)
}
