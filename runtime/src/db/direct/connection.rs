//! SQLite past sqlx: the same library and the same files, without a copy of every value and a channel for every row.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use regex::{Regex, RegexBuilder};
use rusqlite::{
    CachedStatement, OpenFlags, ToSql,
    config::DbConfig,
    functions::FunctionFlags,
    types::{ToSqlOutput, ValueRef as Stored},
};

use super::watch::Watch;
use crate::{
    column::Column,
    db::{
        failure,
        gathered::Gathered,
        group::{Together, fails_alone},
        sqlite,
    },
    error::{Error, Result},
    output::{Encoder, JsonRows},
    row::Row,
    sql::Statement,
    text,
    value::{Kind, Value, ValueRef},
};

/// How to open a database.
#[derive(Clone, Debug)]
pub(in crate::db) struct Settings {
    pub(in crate::db) file: PathBuf,
    pub(in crate::db) in_memory: bool,
    /// After so long a statement is given up.
    pub(in crate::db) timeout: Option<Duration>,
}

/// What a connection is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    Read,
    /// Reads that wait for nobody: what is locked is an error at once.
    ReadAtOnce,
    Write,
}

/// A connection. It blocks the thread it is used on.
pub(super) struct Direct {
    connection: rusqlite::Connection,
    /// Where statements have a deadline.
    watch: Option<Arc<Watch>>,
}

/// How many statements a connection keeps prepared.
const PREPARED: usize = 256;

impl Direct {
    pub(super) fn open(settings: &Settings, purpose: Purpose) -> Result<Self> {
        let mut flags =
            OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_URI | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        flags |= if settings.in_memory {
            OpenFlags::SQLITE_OPEN_MEMORY | OpenFlags::SQLITE_OPEN_SHARED_CACHE
        } else {
            OpenFlags::SQLITE_OPEN_PRIVATE_CACHE
        };
        Self::set_up(&settings.file, flags, settings.timeout, purpose).map_err(of)
    }

    fn set_up(file: &Path, flags: OpenFlags, timeout: Option<Duration>, purpose: Purpose) -> rusqlite::Result<Self> {
        let connection = rusqlite::Connection::open_with_flags(file, flags)?;
        // Else a column that is not there would be read as a text, its name (https://www.sqlite.org/quirks.html#dblquote).
        // Over sqlx, which has no way to say so, names have other quotes.
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DML, false)?;
        // A plan is made for a text, once. By default SQLite makes another for each bound value that its statistics, or
        // a LIMIT or a LIKE, could have something to say of (https://www.sqlite.org/queryplanner-ng.html#qpstab).
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
        let patience = if purpose == Purpose::ReadAtOnce { Duration::ZERO } else { sqlite::PATIENCE };
        connection.busy_timeout(patience)?;
        connection.execute_batch(match purpose {
            Purpose::Write => "PRAGMA foreign_keys = ON; PRAGMA synchronous = FULL",
            // Pages come from the file's own cache without a call for each, and all readers share them.
            Purpose::Read | Purpose::ReadAtOnce => "PRAGMA query_only = ON; PRAGMA mmap_size = 134217728",
        })?;
        if purpose == Purpose::Write {
            connection.pragma_update(None, "wal_autocheckpoint", sqlite::CHECKPOINT)?;
        }
        connection.set_prepared_statement_cache_capacity(PREPARED);
        add_regexp(&connection)?;
        let watch = timeout.map(|timeout| {
            let handle = connection.get_interrupt_handle();
            Watch::new(timeout, move || handle.interrupt())
        });
        Ok(Self { connection, watch })
    }

    /// Runs a statement and decodes its rows.
    pub(super) fn rows(&self, statement: &Statement) -> Result<Vec<Row>> {
        let columns = &statement.output;
        let mut rows = Gathered::new(statement.room.clone());
        self.each(statement, |row| {
            let values = columns.iter().enumerate().map(|(at, column)| Ok(value(row, at, column)?.to_owned()));
            rows.push(Row::new(columns.clone(), values.collect::<Result<_>>()?))
        })?;
        Ok(rows.finish())
    }

    /// Runs a statement and encodes its rows.
    pub(super) fn json(&self, statement: &Statement) -> Result<JsonRows> {
        let columns = &statement.output;
        let shape = statement.json_shape();
        let mut encoder = Encoder::new(&shape, columns.len(), 256, statement.room.clone());
        self.each(statement, |row| encoder.row(|at| shown(row, at, columns[at]), |at| value(row, at, columns[at])))?;
        Ok(encoder.finish())
    }

    /// Runs a write that is a transaction by itself.
    pub(super) fn alone(&self, statement: &Statement) -> Result<Vec<Row>> {
        let done = self.rows(statement);
        if done.is_err() {
            self.settle();
        }
        done
    }

    /// Lets go of what a statement may have left behind that failed outside of a transaction. Where its triggers have read
    /// a table of FTS5's before a reference stopped it, that goes on reading until a transaction ends: in a state that gets
    /// old, so that the next write is refused, and no checkpoint gets past it.
    fn settle(&self) {
        if let Err(error) = self.command("BEGIN").and_then(|()| self.command("ROLLBACK")) {
            tracing::error!(%error, "what a failed statement left could not be ended");
        }
    }

    /// How many times a statement that is kept was prepared anew.
    #[cfg(test)]
    pub(super) fn prepared_anew(&self, statement: &Statement) -> i32 {
        let prepared = self.connection.prepare_cached(&statement.text).expect("a statement");
        prepared.get_status(rusqlite::StatementStatus::RePrepare)
    }

    /// Runs some writes in one transaction, as [`Writer::together`](crate::db::group::Writer::together) says.
    pub(super) fn together(&self, batch: &[Statement]) -> Result<Together> {
        self.command("BEGIN IMMEDIATE")?;
        let mut results = Vec::with_capacity(batch.len());
        for statement in batch {
            let result = self.rows(statement);
            if let Err(error) = &result
                && !fails_alone(error)
            {
                let reason = error.to_string();
                self.undo();
                return Err(Error::internal(reason));
            }
            results.push(result);
        }
        let committed = self.command("COMMIT");
        if committed.is_err() {
            self.undo();
        }
        Ok(Together { results, committed })
    }

    /// Ends a transaction that is still open, some errors having ended it already.
    fn undo(&self) {
        if !self.connection.is_autocommit()
            && let Err(error) = self.command("ROLLBACK")
        {
            tracing::error!(%error, "a transaction could not be rolled back");
        }
    }

    fn command(&self, text: &'static str) -> Result<()> {
        let _running = self.watch.as_deref().map(Watch::begin);
        self.connection.prepare_cached(text).and_then(|mut command| command.raw_execute().map(drop)).map_err(of)
    }

    /// A statement that is held prepared, or is from now on.
    ///
    /// While SQLite prepares one whose triggers write to a table of FTS5's, it may find out that somebody else has changed
    /// the schema. It forgets what it knew of tables and then says that they are not there, so it is asked once more.
    fn prepared(&self, text: &str) -> rusqlite::Result<CachedStatement<'_>> {
        match self.connection.prepare_cached(text) {
            Err(rusqlite::Error::SqliteFailure(code, _)) if code.extended_code == UNPREPARED => {
                self.connection.prepare_cached(text)
            }
            done => done,
        }
    }

    fn each(&self, statement: &Statement, mut row: impl FnMut(&rusqlite::Row<'_>) -> Result<()>) -> Result<()> {
        let _running = self.watch.as_deref().map(Watch::begin);
        let mut prepared = self.prepared(&statement.text).map_err(of)?;
        bind(&mut prepared, &statement.binds).map_err(of)?;
        let mut rows = prepared.raw_query();
        while let Some(one) = rows.next().map_err(of)? {
            row(one)?;
        }
        Ok(())
    }
}

/// What SQLite says of a statement that cannot be prepared.
const UNPREPARED: i32 = 1;

/// What `text REGEXP pattern` calls. The pattern is compiled once for each statement.
fn add_regexp(connection: &rusqlite::Connection) -> rusqlite::Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC | FunctionFlags::SQLITE_DIRECTONLY;
    connection.create_scalar_function("regexp", 2, flags, |context| {
        let regex: Arc<Regex> = context.get_or_create_aux(0, |pattern| compile(pattern.as_str()?))?;
        Ok(context.get_raw(1).as_str_or_null()?.map(|text| regex.is_match(text)))
    })
}

fn compile(pattern: &str) -> Result<Regex, Box<dyn std::error::Error + Send + Sync>> {
    Ok(RegexBuilder::new(pattern).size_limit(LARGEST_REGEX).build()?)
}

/// Bytes that a compiled pattern may take; those that the grammar of queries lets through stay far below.
const LARGEST_REGEX: usize = 8 * 1024 * 1024;

fn bind(statement: &mut CachedStatement<'_>, binds: &[(Kind, Value)]) -> rusqlite::Result<()> {
    for (at, (_, value)) in binds.iter().enumerate() {
        statement.raw_bind_parameter(at + 1, Bound(value))?;
    }
    Ok(())
}

struct Bound<'a>(&'a Value);

impl ToSql for Bound<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self.0 {
            Value::Null | Value::Secret(_) => Stored::Null,
            Value::Bool(v) => Stored::Integer((*v).into()),
            Value::Int(v) => Stored::Integer(*v),
            Value::Float(v) => Stored::Real(*v),
            Value::Text(v) | Value::Json(v) => Stored::Text(v.as_bytes()),
            Value::Bytes(v) => Stored::Blob(v),
            Value::Uuid(v) => Stored::Blob(v.as_bytes()),
            Value::Date(_) | Value::Time(_) | Value::DateTime(_) | Value::Timestamp(_) => {
                return Ok(text::of(self.0.as_ref()).into());
            }
        }))
    }
}

/// Reads the value at a place of a row to show it: a time is kept as the text that is shown.
fn shown<'r>(row: &'r rusqlite::Row<'_>, at: usize, column: &Column) -> Result<ValueRef<'r>> {
    if matches!(column.kind, Kind::Date | Kind::Time | Kind::DateTime | Kind::Timestamp)
        && let Stored::Text(bytes) = row.get_ref(at).map_err(of)?
        && let Some(text) = text::spelled(column.kind, bytes)
    {
        return Ok(ValueRef::Text(text));
    }
    value(row, at, column)
}

/// Reads the value at a place of a row.
fn value<'r>(row: &'r rusqlite::Row<'_>, at: usize, column: &Column) -> Result<ValueRef<'r>> {
    let stored = row.get_ref(at).map_err(of)?;
    // Tables are STRICT and statements are ours: a column holds what its descriptor says.
    Ok(match (column.kind, stored) {
        (_, Stored::Null) => ValueRef::Null,
        (Kind::Bool, Stored::Integer(v)) => ValueRef::Bool(v != 0),
        (Kind::I16 | Kind::I32 | Kind::I64, Stored::Integer(v)) => ValueRef::Int(v),
        (Kind::F64, Stored::Real(v)) => ValueRef::Float(v),
        (Kind::Text, Stored::Text(v)) => ValueRef::Text(utf8(v)?),
        (Kind::Json, Stored::Text(v)) => ValueRef::Json(utf8(v)?),
        (Kind::Bytes, Stored::Blob(v)) => ValueRef::Bytes(v),
        (Kind::Uuid, Stored::Blob(v)) => ValueRef::Uuid(uuid::Uuid::from_slice(v).map_err(Error::internal)?),
        (Kind::Date | Kind::Time | Kind::DateTime | Kind::Timestamp, Stored::Text(v)) => {
            sqlite::temporal(column, utf8(v)?)?
        }
        _ => return Err(Error::internal(format!("column {} holds something else", column.name))),
    })
}

fn utf8(bytes: &[u8]) -> Result<&str> {
    std::str::from_utf8(bytes).map_err(Error::internal)
}

/// The failure that an error is.
fn of(error: rusqlite::Error) -> Error {
    match &error {
        rusqlite::Error::SqliteFailure(code, message) => {
            let message = message.clone().unwrap_or_else(|| code.to_string());
            failure::of_sqlite(code.extended_code, &message)
        }
        _ => Error::internal(error),
    }
}
