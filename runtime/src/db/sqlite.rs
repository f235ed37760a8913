//! SQLite: one writer, some readers, times as text.

mod deadline;
mod names;

use std::{
    str::FromStr as _,
    time::{Duration, Instant},
};

use futures_util::future::BoxFuture;
use sqlx::{
    Arguments as _, ConnectOptions as _, Connection as _, Row as _, Sqlite,
    error::BoxDynError,
    sqlite::{
        SqliteArguments, SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqliteRow, SqliteSynchronous,
    },
};

use self::deadline::{Deadline, Settings};
#[cfg(feature = "sqlite-direct")]
use super::direct;
use super::{
    DbOptions, Engine,
    driver::{Connected, Driver},
    failure,
    group::Queue,
    lane::Lane,
    open,
    tx::Open,
};
use crate::{
    column::Column,
    error::{Code, Error, Result},
    output::JsonRows,
    row::Row,
    sql::{Dialect, Statement},
    text,
    value::{Kind, Value, ValueRef},
};

/// How long to wait for a lock that somebody else has on the file.
pub(super) const PATIENCE: Duration = Duration::from_secs(5);

/// How many pages the WAL may have before a commit copies them into the file. A page that is changed again and again is
/// copied once each time, so more of them are less work; this many are 16 MB, which a start after a crash reads in no time.
pub(super) const CHECKPOINT: u32 = 4000;

/// SQLite: readers, and a queue in front of the one writer.
pub(super) struct Database {
    read: Readers,
    /// One connection, for transactions; who writes past it takes its slot.
    write: Lane<Sqlite>,
    queue: Queue,
    /// A database in memory lives as long as a connection to it does.
    _anchor: Option<SqliteConnection>,
}

enum Readers {
    Lane(Lane<Sqlite>),
    #[cfg(feature = "sqlite-direct")]
    Direct(direct::Readers),
}

/// What a URL says of where the database is.
pub(super) fn place(url: &str) -> Result<SqliteConnectOptions> {
    let connect = SqliteConnectOptions::from_str(url).map_err(failure::of)?;
    let nameless = connect.get_filename().as_os_str().is_empty();
    if nameless || (url.contains("mode=memory") && !url.contains(":memory:")) {
        // Every connection would have a database of its own.
        return Err(Error::startup("the database URL names no file").hint("sqlite:app.db, or sqlite::memory: for none"));
    }
    Ok(connect)
}

/// Opens a file, made if missing, or a database in memory.
pub(super) async fn open(url: &str, options: DbOptions) -> Result<Database> {
    let connect = place(url)?
        .create_if_missing(options.create)
        .foreign_keys(true)
        .journal_mode(SqliteJournalMode::Wal)
        // An answered commit survives power loss.
        .synchronous(SqliteSynchronous::Full)
        .pragma("wal_autocheckpoint", CHECKPOINT.to_string())
        .busy_timeout(PATIENCE)
        .with_regexp()
        .disable_statement_logging();
    let mut anchor = Some(first(&connect).await?);
    let in_memory = url.contains(":memory:");
    if !in_memory && let Some(done) = anchor.take() {
        done.close().await.map_err(failure::of)?;
    }
    let wait = Duration::from_secs(10);
    let lane = Settings { connect, timeout: options.statement_timeout };
    let write = Lane::new(lane.clone(), 1, wait);
    #[cfg(feature = "sqlite-direct")]
    if is_ordinary(url) {
        let file = lane.connect.get_filename().to_owned();
        let settings = direct::Settings { file, in_memory, timeout: options.statement_timeout };
        let read = Readers::Direct(direct::Readers::new(&settings, options.max_connections));
        let queue = Queue::start(direct::Writer::new(settings, write.clone()));
        return Ok(Database { read, write, queue, _anchor: anchor });
    }
    let read = Readers::Lane(Lane::new(lane, options.max_connections, wait));
    Ok(Database { read, queue: Queue::start(write.clone()), write, _anchor: anchor })
}

/// The first connection makes the file and turns its journal to WAL. Of two programs that do so at once SQLite tells one
/// that the other is at it, whatever its patience is.
async fn first(connect: &SqliteConnectOptions) -> Result<SqliteConnection> {
    let until = Instant::now() + PATIENCE;
    loop {
        let error = match connect.connect().await {
            Ok(connection) => return Ok(connection),
            Err(error) => failure::of(error),
        };
        if error.code() != Code::Unavailable || Instant::now() > until {
            return Err(error);
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// Whether the URL has no parameter but one that says to make the file or not: what else there is, sqlx alone reads.
#[cfg(feature = "sqlite-direct")]
fn is_ordinary(url: &str) -> bool {
    url.split_once('?').is_none_or(|(_, parameters)| matches!(parameters, "mode=rw" | "mode=rwc"))
}

impl Engine for Database {
    fn dialect(&self) -> Dialect {
        Dialect::Sqlite
    }

    fn rows(&self, lane: super::Lane, statement: Statement) -> BoxFuture<'_, Result<Vec<Row>>> {
        match lane {
            super::Lane::Write => Box::pin(self.queue.run(statement)),
            super::Lane::Read => match &self.read {
                Readers::Lane(lane) => Box::pin(async move { lane.take().await?.rows(&statement).await }),
                #[cfg(feature = "sqlite-direct")]
                Readers::Direct(readers) => Box::pin(readers.rows(statement)),
            },
        }
    }

    fn json(&self, statement: Statement) -> BoxFuture<'_, Result<JsonRows>> {
        match &self.read {
            Readers::Lane(lane) => Box::pin(async move { lane.take().await?.json(&statement).await }),
            #[cfg(feature = "sqlite-direct")]
            Readers::Direct(readers) => Box::pin(readers.json(statement)),
        }
    }

    fn begin(&self) -> BoxFuture<'_, Result<Box<dyn Open>>> {
        Box::pin(async move { open::begin(self.write.take().await?).await })
    }

    fn close(&self) -> BoxFuture<'_, ()> {
        Box::pin(async move {
            self.write.close().await;
            self.queue.close().await;
            match &self.read {
                Readers::Lane(lane) => lane.close().await,
                #[cfg(feature = "sqlite-direct")]
                Readers::Direct(readers) => readers.close().await,
            }
        })
    }
}

impl Driver for Sqlite {
    // A transaction that starts as a reader and then writes can be refused half way; this one waits at the start.
    const BEGIN: &'static str = "BEGIN IMMEDIATE";
    const LIFETIME: Option<Duration> = None;
    const PREPARES_TWICE: bool = true;
    type Settings = Settings;
    type Limit = Deadline;

    fn connect(settings: &Settings) -> BoxFuture<'_, Result<Connected<Self>, sqlx::Error>> {
        Box::pin(async move {
            let mut connection = settings.connect.connect().await?;
            let deadline = Deadline::over(&mut connection, settings.timeout).await?;
            Ok((connection, deadline))
        })
    }

    fn spelled(text: &str) -> String {
        names::backquoted(text)
    }

    fn begin(deadline: &Deadline) {
        deadline.begin();
    }

    fn end(deadline: &Deadline) {
        deadline.end();
    }

    fn bind(arguments: &mut SqliteArguments, _: Kind, value: Value) -> Result<(), BoxDynError> {
        match value {
            Value::Null | Value::Secret(_) => arguments.add(None::<i64>),
            Value::Bool(v) => arguments.add(v),
            Value::Int(v) => arguments.add(v),
            Value::Float(v) => arguments.add(v),
            Value::Text(v) | Value::Json(v) => arguments.add(v),
            Value::Bytes(v) => arguments.add(v),
            Value::Uuid(v) => arguments.add(v),
            Value::Date(_) | Value::Time(_) | Value::DateTime(_) | Value::Timestamp(_) => {
                arguments.add(text::of(value.as_ref()))
            }
        }
    }

    fn bind_array(_: &mut SqliteArguments, _: Kind, _: &[Value]) -> Result<(), BoxDynError> {
        Err("SQLite has no arrays".into())
    }

    fn value<'r>(row: &'r SqliteRow, at: usize, column: &Column) -> Result<ValueRef<'r>, sqlx::Error> {
        // Tables are STRICT and statements are ours: a column holds what its descriptor says.
        Ok(match column.kind {
            Kind::Bool => row.try_get_unchecked::<Option<i64>, _>(at)?.map(|v| ValueRef::Bool(v != 0)),
            Kind::I16 | Kind::I32 | Kind::I64 => row.try_get_unchecked::<Option<i64>, _>(at)?.map(ValueRef::Int),
            Kind::F64 => row.try_get_unchecked::<Option<f64>, _>(at)?.map(ValueRef::Float),
            Kind::Text => row.try_get_unchecked::<Option<&str>, _>(at)?.map(ValueRef::Text),
            Kind::Json => row.try_get_unchecked::<Option<&str>, _>(at)?.map(ValueRef::Json),
            Kind::Bytes => row.try_get_unchecked::<Option<&[u8]>, _>(at)?.map(ValueRef::Bytes),
            Kind::Uuid => row.try_get_unchecked::<Option<uuid::Uuid>, _>(at)?.map(ValueRef::Uuid),
            Kind::Date | Kind::Time | Kind::DateTime | Kind::Timestamp => {
                return match row.try_get_unchecked::<Option<&str>, _>(at)? {
                    Some(stored) => temporal(column, stored).map_err(|error| sqlx::Error::Decode(Box::new(error))),
                    None => Ok(ValueRef::Null),
                };
            }
        }
        .unwrap_or(ValueRef::Null))
    }
}

/// A time that is kept as text.
pub(super) fn temporal(column: &Column, stored: &str) -> Result<ValueRef<'static>> {
    match text::parse(column, stored).map_err(|reason| Error::internal(reason.to_string()))? {
        Value::Date(v) => Ok(ValueRef::Date(v)),
        Value::Time(v) => Ok(ValueRef::Time(v)),
        Value::DateTime(v) => Ok(ValueRef::DateTime(v)),
        Value::Timestamp(v) => Ok(ValueRef::Timestamp(v)),
        _ => Err(Error::internal(format!("column {} holds no time", column.name))),
    }
}
