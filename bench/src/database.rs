//! One database of one server: where it is, and plain SQL on it.

use std::path::Path;

use sqlx::{AssertSqlSafe, Connection as _, PgConnection, SqliteConnection};

use crate::{Result, cluster::Cluster};

/// Which database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Sqlite,
    Postgres,
}

impl Kind {
    pub(crate) const ALL: [Self; 2] = [Self::Sqlite, Self::Postgres];

    /// What people call it.
    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::Sqlite => "SQLite",
            Self::Postgres => "PostgreSQL",
        }
    }

    /// What arguments and files call it.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
        }
    }

    /// The one that [`word`](Self::word) is of.
    pub(crate) fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }
}

/// A connection to either.
#[derive(Debug)]
pub(crate) enum Database {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

/// Makes an empty database for `name` and says where it is. In the cluster where there is one, else a file.
pub(crate) async fn make(cluster: Option<&Cluster>, folder: &Path, name: &str) -> Result<String> {
    let Some(cluster) = cluster else {
        return Ok(format!("sqlite://{}", folder.join(format!("{name}.db")).display()));
    };
    let mut server = Database::open(&cluster.url("postgres")).await?;
    server.execute(format!("CREATE DATABASE {name}")).await?;
    Ok(cluster.url(name))
}

impl Database {
    pub(crate) async fn open(url: &str) -> Result<Self> {
        Ok(if url.starts_with("sqlite") {
            Self::Sqlite(SqliteConnection::connect(url).await?)
        } else {
            Self::Postgres(PgConnection::connect(url).await?)
        })
    }

    /// Runs statements that were put together here, of nothing but our own data.
    pub(crate) async fn execute(&mut self, sql: String) -> Result<()> {
        let query = sqlx::raw_sql(AssertSqlSafe(sql));
        match self {
            Self::Sqlite(connection) => query.execute(connection).await.map(drop)?,
            Self::Postgres(connection) => query.execute(connection).await.map(drop)?,
        }
        Ok(())
    }

    /// The one number that a statement asks for.
    pub(crate) async fn number(&mut self, sql: &'static str) -> Result<i64> {
        Ok(match self {
            Self::Sqlite(connection) => sqlx::query_scalar(sql).fetch_one(connection).await?,
            Self::Postgres(connection) => sqlx::query_scalar(sql).fetch_one(connection).await?,
        })
    }

    /// What runs here, and how it commits.
    pub(crate) async fn describe(&mut self) -> Result<String> {
        Ok(match self {
            Self::Sqlite(connection) => {
                let version: String = sqlx::query_scalar("SELECT sqlite_version()").fetch_one(connection).await?;
                format!("{} {version}, WAL", Kind::Sqlite.title())
            }
            Self::Postgres(connection) => {
                let version: String = sqlx::query_scalar("SHOW server_version").fetch_one(&mut *connection).await?;
                let fsync: String = sqlx::query_scalar("SHOW fsync").fetch_one(&mut *connection).await?;
                format!("{} {version}, fsync={fsync}", Kind::Postgres.title())
            }
        })
    }

    /// Brings statistics up to date and what was filled in to rest, so that nobody pays for it while measured.
    pub(crate) async fn settle(&mut self) -> Result<()> {
        let statements: &[&str] = match self {
            Self::Sqlite(_) => &["ANALYZE", "PRAGMA wal_checkpoint(TRUNCATE)"],
            Self::Postgres(_) => &["VACUUM ANALYZE", "CHECKPOINT"],
        };
        for statement in statements {
            self.execute((*statement).to_owned()).await?;
        }
        Ok(())
    }
}
