//! Connections: sqlx's pools with its defaults, but for their sizes.

use std::{str::FromStr as _, time::Duration};

use sqlx::{
    PgPool, SqlitePool,
    postgres::PgPoolOptions,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

/// One connection that writes, since SQLite has one writer at a time, and a few that read beside it.
#[derive(Clone)]
pub(crate) struct Sqlite {
    pub(crate) read: SqlitePool,
    pub(crate) write: SqlitePool,
}

impl Sqlite {
    pub(crate) async fn open(url: &str) -> Result<Self, sqlx::Error> {
        let options = SqliteConnectOptions::from_str(url)?
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(Duration::from_secs(5));
        // The writer first: it makes the file and its WAL, without which nobody can read.
        let write = SqlitePoolOptions::new().max_connections(1).connect_with(options.clone()).await?;
        let read = SqlitePoolOptions::new().max_connections(4).connect_with(options.read_only(true)).await?;
        Ok(Self { read, write })
    }

    pub(crate) async fn close(&self) {
        self.read.close().await;
        self.write.close().await;
    }
}

pub(crate) async fn postgres(url: &str) -> Result<PgPool, sqlx::Error> {
    PgPoolOptions::new().max_connections(16).connect(url).await
}

/// The row of a write, which has to be read to its end: sqlx's `fetch_one` leaves a statement after its first row, and
/// SQLite then commits without ever copying its WAL back, which grows until the disk is full.
pub(crate) fn written<T>(mut rows: Vec<T>) -> sqlx::Result<T> {
    rows.pop().ok_or(sqlx::Error::RowNotFound)
}
