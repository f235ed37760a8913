//! The two databases under test, and a fresh database for every test.

use std::{future::Future, io::Write as _, panic, sync::OnceLock, time::Duration};

use restruct::App;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection, Row as _, SqliteConnection};
use tempfile::TempDir;

use crate::{postgres::Cluster, server::Server};

/// A database that every case runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backend {
    /// A file in a folder of its own.
    Sqlite,
    /// A database in the cluster of this test process.
    Postgres,
}

/// Declares that test bodies run on both databases: `both!(app; name, name)` makes `name::sqlite` and `name::postgres`.
///
/// `app` is a function that builds the [`App`] to serve; each body is an `async fn(Server)`. Bodies stand outside the
/// macro so that rustfmt and clippy read them, and one that is not listed is dead code, which the compiler reports.
#[macro_export]
macro_rules! both {
    ($app:path; $($name:ident),+ $(,)?) => {$(
        mod $name {
            #[allow(unused_imports, reason = "the app is a path from the parent or from a crate")]
            use super::*;

            #[test]
            fn sqlite() {
                $crate::backend::serve($crate::Backend::Sqlite, $app, super::$name);
            }

            #[test]
            fn postgres() {
                $crate::backend::serve($crate::Backend::Postgres, $app, super::$name);
            }
        }
    )+};
}

/// [`both!`] for bodies that start their servers themselves: each is an `async fn(Database)`.
#[macro_export]
macro_rules! both_databases {
    ($($name:ident),+ $(,)?) => {$(
        mod $name {
            #[test]
            fn sqlite() {
                $crate::backend::run($crate::Backend::Sqlite, super::$name);
            }

            #[test]
            fn postgres() {
                $crate::backend::run($crate::Backend::Postgres, super::$name);
            }
        }
    )+};
}

/// Runs a test body against `app` over an empty database with its tables.
pub fn serve<F: Future<Output = ()>>(backend: Backend, app: fn() -> App, body: impl FnOnce(Server) -> F) {
    run(backend, async |database| body(Server::start(app(), database).await).await);
}

/// Runs a test body against `app` three times over at once: on SQLite, on SQLite by way of sqlx alone, and on PostgreSQL;
/// nothing runs where one of them is missing.
pub fn serve_all(app: fn() -> App, body: impl AsyncFnOnce([Server; 3])) {
    run(Backend::Postgres, async |postgres| {
        let homes = [(); 2].map(|()| Home::new(Backend::Sqlite).expect("SQLite is always there"));
        let [direct, mut over_sqlx] = homes.each_ref().map(|home| home.database.clone());
        // What parameters say is for sqlx to read, so that is what reads.
        over_sqlx.url.push_str("&cache=private");
        let start = async |database| Server::start(app(), database).await;
        body([start(direct).await, start(over_sqlx).await, start(postgres).await]).await;
    });
}

/// Runs a test body with an empty database, which is gone afterwards however the body ends.
pub fn run(backend: Backend, body: impl AsyncFnOnce(Database)) {
    let Some(home) = Home::new(backend) else { return };
    // A hang is a failure, not a stuck run.
    let deadline = Duration::from_mins(2);
    runtime().block_on(async {
        tokio::time::timeout(deadline, body(home.database.clone())).await.expect("the test takes over two minutes");
    });
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a tokio runtime")
}

/// Where a test's database lives; dropped, it is gone.
struct Home {
    database: Database,
    // Held for its `Drop`.
    _folder: Option<TempDir>,
}

impl Home {
    /// `None` where the backend cannot be tested here, which has then been said.
    fn new(backend: Backend) -> Option<Self> {
        match backend {
            Backend::Sqlite => {
                let folder = tempfile::Builder::new().prefix("restruct-tests-").tempdir().expect("a temporary folder");
                let url = format!("sqlite://{}?mode=rwc", folder.path().join("test.db").display());
                Some(Self { database: Database { backend, url }, _folder: Some(folder) })
            }
            Backend::Postgres => {
                let cluster = shared_cluster()?;
                let name = fresh_name();
                on_maintenance_database(cluster, &format!("CREATE DATABASE {name}"));
                Some(Self { database: Database { backend, url: cluster.url(&name) }, _folder: None })
            }
        }
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        if self.database.backend == Backend::Postgres
            && let Some(cluster) = shared_cluster()
        {
            let name = self.database.name();
            // A failure to clean up must not hide why the test failed; the cluster goes with the process anyway.
            let dropped = panic::catch_unwind(|| {
                on_maintenance_database(cluster, &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
            });
            drop(dropped);
        }
    }
}

fn fresh_name() -> String {
    use std::sync::atomic::{AtomicU32, Ordering};
    static NEXT: AtomicU32 = AtomicU32::new(0);
    format!("test_{}", NEXT.fetch_add(1, Ordering::Relaxed))
}

fn on_maintenance_database(cluster: &Cluster, statement: &str) {
    let database = Database { backend: Backend::Postgres, url: cluster.url("postgres") };
    runtime().block_on(database.execute(statement));
}

/// The cluster of this process, or `None` after one loud note; with `CI=true` that is a failure.
pub fn shared_cluster() -> Option<&'static Cluster> {
    static SHARED: OnceLock<Result<Cluster, String>> = OnceLock::new();
    let shared = SHARED.get_or_init(|| {
        Cluster::start().inspect_err(|reason| {
            let note = format!("\n!!! NOT TESTED ON POSTGRESQL: {reason}\n!!! every `::postgres` test is skipped\n\n");
            // Not `eprintln!`: the test runner would swallow it with the output of a test that passes.
            let written = std::io::stderr().write_all(note.as_bytes());
            drop(written);
        })
    });
    match shared {
        Ok(cluster) => Some(cluster),
        Err(reason) => {
            let ci = std::env::var("CI").is_ok_and(|v| v == "true" || v == "1");
            assert!(!ci, "CI needs PostgreSQL: {reason}");
            None
        }
    }
}

/// An empty database, and a way to look into it behind the server's back.
#[derive(Clone, Debug)]
pub struct Database {
    /// Which kind.
    pub backend: Backend,
    /// What a user would set `DATABASE_URL` to.
    pub url: String,
}

impl Database {
    /// A database at a URL of the test's own making.
    pub fn at(backend: Backend, url: impl Into<String>) -> Self {
        Self { backend, url: url.into() }
    }

    fn name(&self) -> &str {
        let path = self.url.split('?').next().unwrap_or_default();
        path.rsplit('/').next().unwrap_or_default()
    }

    /// Runs statements, separated by semicolons.
    pub async fn execute(&self, sql: &str) {
        self.texts(sql).await;
    }

    /// The first column of every row, which must be text or NULL in SQL: cast it.
    pub async fn texts(&self, sql: &str) -> Vec<Option<String>> {
        let statement = sqlx::raw_sql(AssertSqlSafe(sql.to_owned()));
        let rows = match self.backend {
            Backend::Sqlite => {
                let mut connection = SqliteConnection::connect(&self.url).await.expect("the SQLite file opens");
                let rows = statement.fetch_all(&mut connection).await;
                rows.map(|rows| rows.iter().map(|row| row.try_get(0)).collect::<Result<Vec<_>, _>>())
            }
            Backend::Postgres => {
                let mut connection = PgConnection::connect(&self.url).await.expect("PostgreSQL answers");
                let rows = statement.fetch_all(&mut connection).await;
                rows.map(|rows| rows.iter().map(|row| row.try_get(0)).collect::<Result<Vec<_>, _>>())
            }
        };
        match rows.and_then(|texts| texts) {
            Ok(texts) => texts,
            Err(error) => panic!("{sql}\nfailed: {error}"),
        }
    }

    /// Holds a transaction of somebody else's open over a statement while `during` runs, then undoes it.
    pub async fn while_held(&self, sql: &str, during: impl Future<Output = ()>) {
        let begin = match self.backend {
            Backend::Sqlite => "BEGIN IMMEDIATE",
            Backend::Postgres => "BEGIN",
        };
        let held = format!("{begin}; {sql}");
        let statement = sqlx::raw_sql(AssertSqlSafe(held.clone()));
        // The connection closes, and with it the transaction, when it is dropped.
        match self.backend {
            Backend::Sqlite => {
                let mut connection = SqliteConnection::connect(&self.url).await.expect("the SQLite file opens");
                statement.execute(&mut connection).await.unwrap_or_else(|e| panic!("{held}\nfailed: {e}"));
                during.await;
                connection.close().await.expect("the SQLite file closes");
            }
            Backend::Postgres => {
                let mut connection = PgConnection::connect(&self.url).await.expect("PostgreSQL answers");
                statement.execute(&mut connection).await.unwrap_or_else(|e| panic!("{held}\nfailed: {e}"));
                during.await;
                connection.close().await.expect("PostgreSQL lets go");
            }
        }
    }

    /// The one number that a query answers.
    pub async fn number(&self, sql: &str) -> i64 {
        let cast = format!("SELECT CAST(({sql}) AS TEXT)");
        let texts = self.texts(&cast).await;
        match texts.as_slice() {
            [Some(text)] => text.parse().expect("a number"),
            other => panic!("{sql} answers {other:?}"),
        }
    }
}
