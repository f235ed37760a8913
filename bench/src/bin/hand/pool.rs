//! Connections: sqlx's pools with its defaults, but for their sizes and what `--tuned` changes.

use std::{env, str::FromStr as _, time::Duration};

use sqlx::{
    PgPool, SqlitePool,
    postgres::PgPoolOptions,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

use crate::{
    Failure,
    store::{BARE, Lists, SUMS},
};

/// Whether connections are left as sqlx and SQLite have them, or set up as the generated server sets up its own.
#[derive(Clone, Copy)]
pub(crate) enum Tuning {
    Defaults,
    Tuned,
}

impl Tuning {
    /// Whether a pool asks the database for a sign of life before each use of a connection.
    fn pings(self) -> bool {
        matches!(self, Self::Defaults)
    }
}

/// What a reader may map of the file, in bytes, and how many pages the WAL may have before they are copied back.
const MAPPED: &str = "134217728";
const CHECKPOINT: &str = "4000";

/// One connection that writes, since SQLite has one writer at a time, and a few that read beside it.
#[derive(Clone)]
pub(crate) struct Sqlite {
    pub(crate) read: SqlitePool,
    pub(crate) write: SqlitePool,
    pub(crate) lists: &'static Lists,
}

impl Sqlite {
    pub(crate) async fn open(url: &str, synchronous: SqliteSynchronous, tuning: Tuning) -> Result<Self, sqlx::Error> {
        let options = SqliteConnectOptions::from_str(url)?
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(synchronous)
            .foreign_keys(true)
            .busy_timeout(Duration::from_secs(5));
        let (reading, writing, lists) = match tuning {
            Tuning::Defaults => (options.clone(), options, &BARE),
            Tuning::Tuned => {
                (options.clone().pragma("mmap_size", MAPPED), options.pragma("wal_autocheckpoint", CHECKPOINT), &SUMS)
            }
        };
        let pool =
            |connections| SqlitePoolOptions::new().max_connections(connections).test_before_acquire(tuning.pings());
        // The writer first: it makes the file and its WAL, without which nobody can read.
        let write = pool(1).connect_with(writing).await?;
        let read = pool(4).connect_with(reading.read_only(true)).await?;
        Ok(Self { read, write, lists })
    }

    pub(crate) async fn close(&self) {
        self.read.close().await;
        self.write.close().await;
    }
}

/// How SQLite commits, by `SYNCHRONOUS`: what was answered survives power loss unless told otherwise.
pub(crate) fn synchronous() -> Result<SqliteSynchronous, Failure> {
    match env::var("SYNCHRONOUS").as_deref() {
        Err(_) | Ok("FULL") => Ok(SqliteSynchronous::Full),
        Ok("NORMAL") => Ok(SqliteSynchronous::Normal),
        Ok(other) => Err(format!("SYNCHRONOUS is FULL or NORMAL, not {other}").into()),
    }
}

pub(crate) async fn postgres(url: &str, tuning: Tuning) -> Result<PgPool, sqlx::Error> {
    PgPoolOptions::new().max_connections(16).test_before_acquire(tuning.pings()).connect(url).await
}
