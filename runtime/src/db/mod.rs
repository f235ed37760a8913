//! The only code that names a database library: connections, transactions, rows, and errors as SQLSTATEs.
//!
//! Reads come out as encoded JSON ([`Db::json`]) or as typed rows; writes go in as whole statements with their scope
//! inside. Nothing above knows how an [`Engine`] runs them.

pub(crate) mod admin;
#[cfg(feature = "postgres")]
mod batch;
#[cfg(feature = "sqlite-direct")]
mod direct;
#[cfg(any(feature = "sqlite", feature = "postgres"))]
mod driver;
#[cfg(any(feature = "sqlite", feature = "postgres"))]
mod failure;
#[cfg(any(feature = "sqlite", feature = "postgres"))]
mod gathered;
#[cfg(feature = "sqlite")]
mod group;
#[cfg(any(feature = "sqlite", feature = "postgres"))]
mod held;
#[cfg(any(feature = "sqlite", feature = "postgres"))]
mod lane;
pub(crate) mod ledger;
#[cfg(any(feature = "sqlite", feature = "postgres"))]
mod open;
#[cfg(feature = "postgres")]
mod postgres;
#[cfg(feature = "sqlite")]
mod sqlite;
mod tx;
#[cfg(feature = "sqlite-direct")]
mod workers;

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use futures_util::future::BoxFuture;

#[cfg(any(feature = "sqlite", feature = "postgres"))]
pub(crate) use self::failure::may_pass;
pub use self::tx::Tx;
use crate::{
    error::{Error, Result},
    output::{JsonRows, Room},
    row::Row,
    sql::{Dialect, Statement},
};

/// A handle to the database: cheap to clone, shared by every request.
///
/// As an extractor it gives hand-written routes the database of the app.
#[derive(Clone)]
pub struct Db {
    inner: Arc<Inner>,
    bcrypt_cost: u32,
    most_answered: usize,
}

struct Inner {
    engine: Box<dyn Engine>,
    statements: AtomicU64,
}

/// A database behind a [`Db`].
trait Engine: Send + Sync {
    fn dialect(&self) -> Dialect;

    /// Runs a statement and decodes its rows.
    fn rows(&self, lane: Lane, statement: Statement) -> BoxFuture<'_, Result<Vec<Row>>>;

    /// Runs a read and encodes its rows.
    fn json(&self, statement: Statement) -> BoxFuture<'_, Result<JsonRows>>;

    fn begin(&self) -> BoxFuture<'_, Result<Box<dyn tx::Open>>>;

    /// Closes every connection, after what is in flight.
    fn close(&self) -> BoxFuture<'_, ()>;
}

/// Which connections a statement may use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lane {
    Read,
    Write,
}

/// What a password hash costs where nothing says so: about a quarter of a second.
pub(crate) const DEFAULT_BCRYPT_COST: u32 = 12;

/// How many connections there are, and how many may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DbOptions {
    /// At most this many connections to PostgreSQL, or readers of SQLite (which has one writer).
    pub max_connections: u32,
    /// Whether to make an SQLite file that is not there.
    pub create: bool,
    /// After this long a statement is given up, which is then [`Code::Unavailable`](crate::Code::Unavailable); `None`:
    /// never. It lies below the deadline of a request, so that what was answered with 503 does not happen afterwards.
    pub statement_timeout: Option<Duration>,
}

impl Default for DbOptions {
    fn default() -> Self {
        let cores = std::thread::available_parallelism().map_or(2, |n| u32::try_from(n.get()).unwrap_or(2));
        Self {
            // Commits that wait for the disk together share the wait, so it takes more of them than there are cores.
            max_connections: (cores * 4).clamp(16, 32),
            create: true,
            statement_timeout: Some(Duration::from_secs(6)),
        }
    }
}

impl Db {
    /// Opens `sqlite:<path>` (made if missing), `sqlite::memory:` or `postgres://..`.
    ///
    /// ```
    /// # async fn example() -> restruct::Result<()> {
    /// let db = restruct::Db::connect("sqlite:kanban.db").await?;
    /// # Ok(()) }
    /// ```
    pub async fn connect(url: &str) -> Result<Self> {
        Self::connect_with(url, DbOptions::default()).await
    }

    /// Opens a database with a chosen number of connections.
    #[cfg_attr(
        not(any(feature = "sqlite", feature = "postgres")),
        expect(clippy::unused_async, reason = "without a database there is nothing to wait for")
    )]
    pub async fn connect_with(url: &str, options: DbOptions) -> Result<Self> {
        let engine: Box<dyn Engine> = match scheme(url) {
            #[cfg(feature = "sqlite")]
            Some("sqlite") => Box::new(sqlite::open(url, options).await?),
            #[cfg(feature = "postgres")]
            Some("postgres" | "postgresql") => Box::new(postgres::open(url, options).await?),
            _ => return Err(unspoken()),
        };
        let inner = Inner { engine, statements: AtomicU64::new(0) };
        Ok(Self { inner: Arc::new(inner), bcrypt_cost: DEFAULT_BCRYPT_COST, most_answered: usize::MAX })
    }

    /// The same connections, and passwords stored through this handle are hashed at this cost: 2^cost rounds of bcrypt.
    #[must_use]
    pub fn with_bcrypt_cost(mut self, cost: u32) -> Self {
        self.bcrypt_cost = cost;
        self
    }

    /// The same connections for requests whose answers have at most so many bytes: more is not even fetched. Only what
    /// writes outside of a transaction is fetched as a whole, since nobody could undo it.
    pub(crate) fn answering(mut self, bytes: usize) -> Self {
        self.most_answered = bytes;
        self
    }

    /// The same connections for what is not answered as it is read.
    pub(crate) fn unlimited(&self) -> Self {
        self.clone().answering(usize::MAX)
    }

    /// How many bytes an answer may have.
    pub(crate) fn most_answered(&self) -> usize {
        self.most_answered
    }

    /// Which SQL it speaks.
    pub fn dialect(&self) -> Dialect {
        self.inner.engine.dialect()
    }

    /// Starts a transaction. Typed calls take `&tx` where they take `&db`; without [`Tx::commit`] it is rolled back.
    ///
    /// SQLite has one writer: a write through the `Db` itself waits until the transaction ends, and fails when that is
    /// the task that holds it.
    pub async fn begin(&self) -> Result<Tx> {
        self.count();
        Ok(Tx::new(self.clone(), self.inner.engine.begin().await?))
    }

    /// Closes every connection, after what is in flight.
    pub async fn close(&self) {
        self.inner.engine.close().await;
    }

    /// How many statements were sent so far, for tests that count round trips.
    pub(crate) fn statements(&self) -> u64 {
        self.inner.statements.load(Ordering::Relaxed)
    }

    /// Runs a read and encodes its rows.
    pub(crate) async fn json(&self, statement: Statement) -> Result<JsonRows> {
        self.count();
        self.inner.engine.json(self.bounded(statement)).await
    }

    /// A statement that has its room.
    fn bounded(&self, statement: Statement) -> Statement {
        Statement { room: statement.room.or(|| Room::of(self.most_answered)), ..statement }
    }

    fn count(&self) {
        self.inner.statements.fetch_add(1, Ordering::Relaxed);
    }
}

/// Whether there can be a database at a URL, as far as the URL says it.
pub(crate) fn check_url(url: &str) -> Result<()> {
    match scheme(url) {
        #[cfg(feature = "sqlite")]
        Some("sqlite") => sqlite::place(url).map(drop),
        #[cfg(feature = "postgres")]
        Some("postgres" | "postgresql") => postgres::place(url).map(drop),
        _ => Err(unspoken()),
    }
}

fn scheme(url: &str) -> Option<&str> {
    url.split_once(':').map(|(scheme, _)| scheme)
}

fn unspoken() -> Error {
    let known = [
        cfg!(feature = "sqlite").then_some("sqlite:<path>"),
        cfg!(feature = "postgres").then_some("postgres://user@host/name"),
    ];
    let known = known.into_iter().flatten().collect::<Vec<_>>().join(" or ");
    Error::startup("the database URL names no database that this program speaks")
        .hint(format!("DATABASE_URL is {known}"))
}

impl std::fmt::Debug for Db {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // The URL may hold a password.
        f.debug_tuple("Db").field(&self.dialect()).finish()
    }
}

/// Whether what failed may work when it is done once more: without a database nothing does.
#[cfg(not(any(feature = "sqlite", feature = "postgres")))]
pub(crate) fn may_pass(_: &Error) -> bool {
    false
}

/// What typed calls run on: a [`Db`], a [`Tx`], or a seed hook's [`Seeder`](crate::Seeder).
pub trait Session: Run {}

impl<S: Run> Session for S {}

/// The sealed half of [`Session`].
pub trait Run: Send + Sync {
    /// Runs a statement and decodes its rows.
    #[doc(hidden)]
    #[expect(private_interfaces, reason = "sealed: only this crate calls or implements it")]
    fn run(&self, lane: Lane, statement: Statement) -> BoxFuture<'_, Result<Vec<Row>>>;

    /// Which SQL it speaks.
    #[doc(hidden)]
    fn speaks(&self) -> Dialect;

    /// The work factor for passwords.
    #[doc(hidden)]
    fn bcrypt_cost(&self) -> u32;

    /// The database itself, whatever became of a transaction.
    #[doc(hidden)]
    fn outside(&self) -> &Db;
}

impl Run for Db {
    #[expect(private_interfaces, reason = "sealed: only this crate calls or implements it")]
    fn run(&self, lane: Lane, statement: Statement) -> BoxFuture<'_, Result<Vec<Row>>> {
        self.count();
        let statement = if lane == Lane::Read { self.bounded(statement) } else { statement };
        self.inner.engine.rows(lane, statement)
    }

    fn speaks(&self) -> Dialect {
        self.dialect()
    }

    fn bcrypt_cost(&self) -> u32 {
        self.bcrypt_cost
    }

    fn outside(&self) -> &Db {
        self
    }
}

#[cfg(all(test, feature = "sqlite"))]
mod tests;
