//! Lanes: a handful of connections, taken and given back without a round trip.
//!
//! A pool that asks every connection for a sign of life before and after each use doubles or triples what a small
//! statement costs. Here only one that has been idle for a while is asked, or one from before the last failure; one that
//! was left in the middle of a statement is closed and never given back.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use sqlx::{AssertSqlSafe, Connection as _, Executor, IntoArguments};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::timeout,
};

use super::{JsonRows, driver, driver::Driver, failure};
use crate::{
    error::{Code, Error, Result},
    row::Row,
    sql::Statement,
};

/// A connection that has been idle for longer is asked for a sign of life before it is used.
const FRESH: Duration = Duration::from_secs(1);

/// How long a sign of life may take.
const SIGN: Duration = Duration::from_secs(1);

/// Connections of one kind.
pub(super) struct Lane<D: Driver>(Arc<Shared<D>>);

struct Shared<D: Driver> {
    settings: D::Settings,
    size: u32,
    /// How long to wait for a connection.
    wait: Duration,
    slots: Arc<Semaphore>,
    idle: Mutex<Idle<D>>,
}

struct Idle<D: Driver> {
    connections: Vec<Parked<D>>,
    /// How many connections have failed: what is older than the last of them is suspect.
    failures: u64,
}

struct Parked<D: Driver> {
    connection: D::Connection,
    since: Instant,
    made: Instant,
    failures: u64,
}

impl<D: Driver> Clone for Lane<D> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<D: Driver> Lane<D>
where
    for<'c> &'c mut D::Connection: Executor<'c, Database = D>,
    D::Arguments: IntoArguments<D>,
{
    /// A lane of at most `size` connections, none of which is open yet.
    pub(super) fn new(settings: D::Settings, size: u32, wait: Duration) -> Self {
        Self(Arc::new(Shared {
            settings,
            size,
            wait,
            slots: Arc::new(Semaphore::new(size as usize)),
            idle: Mutex::new(Idle { connections: Vec::new(), failures: 0 }),
        }))
    }

    /// The right to a connection, without one.
    pub(super) async fn slot(&self) -> Result<OwnedSemaphorePermit> {
        match Arc::clone(&self.0.slots).try_acquire_owned() {
            Ok(slot) => Ok(slot),
            Err(_) => timeout(self.0.wait, Arc::clone(&self.0.slots).acquire_owned())
                .await
                .map_err(|_| busy("every connection is in use"))?
                .map_err(|_| busy("the database is being closed")),
        }
    }

    /// A connection to run statements on, given back when it is dropped.
    pub(super) async fn take(&self) -> Result<Held<D>> {
        let slot = self.slot().await?;
        while let Some((mut parked, suspect)) = self.0.pop() {
            if !suspect && parked.since.elapsed() < FRESH {
                return Ok(Held::new(parked, slot, &self.0));
            }
            if matches!(timeout(SIGN, parked.connection.ping()).await, Ok(Ok(()))) {
                parked.failures = self.0.idle().failures;
                return Ok(Held::new(parked, slot, &self.0));
            }
            // What went away took the others with it.
            self.0.idle().connections.clear();
        }
        let failures = self.0.idle().failures;
        let connection = timeout(self.0.wait, D::connect(&self.0.settings))
            .await
            .map_err(|_| busy("the database cannot be reached"))?
            .map_err(failure::of)?;
        let now = Instant::now();
        Ok(Held::new(Parked { connection, since: now, made: now, failures }, slot, &self.0))
    }

    /// Closes every connection, each when what it is running has ended. Nothing can be taken afterwards.
    pub(super) async fn close(&self) {
        let all = Arc::clone(&self.0.slots).acquire_many_owned(self.0.size).await;
        self.0.slots.close();
        let parked = std::mem::take(&mut self.0.idle().connections);
        for one in parked {
            // What cannot be closed well is closed by being dropped.
            let _ = one.connection.close().await;
        }
        drop(all);
    }
}

impl<D: Driver> Shared<D> {
    fn idle(&self) -> std::sync::MutexGuard<'_, Idle<D>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The connection used last, and whether another one has failed since.
    fn pop(&self) -> Option<(Parked<D>, bool)> {
        let mut idle = self.idle();
        let parked = idle.connections.pop()?;
        let suspect = parked.failures != idle.failures;
        Some((parked, suspect))
    }
}

/// A connection in use. Dropped in the middle of a statement or a transaction, or after its link has failed, it is
/// closed and not given back.
pub(super) struct Held<D: Driver> {
    parked: Option<Parked<D>>,
    shared: Arc<Shared<D>>,
    /// Whether nothing is under way on it.
    whole: bool,
    in_transaction: bool,
    // Given up after the connection is back, so that whoever waits for it finds it.
    _slot: OwnedSemaphorePermit,
}

impl<D: Driver> Held<D> {
    fn new(parked: Parked<D>, slot: OwnedSemaphorePermit, shared: &Arc<Shared<D>>) -> Self {
        Self { parked: Some(parked), shared: Arc::clone(shared), whole: true, in_transaction: false, _slot: slot }
    }
}

impl<D: Driver> Held<D>
where
    for<'c> &'c mut D::Connection: Executor<'c, Database = D>,
    D::Arguments: IntoArguments<D>,
{
    /// Runs a statement and decodes its rows.
    pub(super) async fn rows(&mut self, statement: Statement) -> Result<Vec<Row>> {
        let columns = statement.output.clone();
        let rows = self.fetch(statement).await?;
        rows.iter().map(|row| driver::decode::<D>(row, &columns)).collect()
    }

    /// Runs a statement and encodes its rows.
    pub(super) async fn json(mut self, statement: Statement) -> Result<JsonRows> {
        let columns = statement.output.clone();
        let rows = self.fetch(statement).await?;
        // Others can have the connection while this encodes.
        drop(self);
        driver::encode::<D>(&rows, &columns)
    }

    /// Begins a transaction. Dropped before its end, the connection is closed, which undoes it.
    pub(super) async fn begin(&mut self) -> Result<()> {
        self.execute(D::BEGIN).await?;
        self.in_transaction = true;
        Ok(())
    }

    /// Keeps what the transaction did, or fails and keeps nothing.
    pub(super) async fn commit(mut self) -> Result<()> {
        self.execute("COMMIT").await?;
        self.in_transaction = false;
        Ok(())
    }

    /// Undoes what the transaction did.
    pub(super) async fn rollback(mut self) -> Result<()> {
        self.execute("ROLLBACK").await?;
        self.in_transaction = false;
        Ok(())
    }

    /// Runs a command of ours that has no values.
    async fn execute(&mut self, command: &'static str) -> Result<()> {
        if !self.whole {
            return Err(busy("the connection is not usable any more"));
        }
        self.whole = false;
        let Some(parked) = &mut self.parked else { return Err(Error::internal("no connection")) };
        let done = sqlx::raw_sql(command).execute(&mut parked.connection).await;
        self.ended(done).map(drop)
    }

    async fn fetch(&mut self, statement: Statement) -> Result<Vec<D::Row>> {
        let arguments = driver::arguments::<D>(statement.binds)?;
        if !self.whole {
            return Err(busy("the connection is not usable any more"));
        }
        self.whole = false;
        let Some(parked) = &mut self.parked else { return Err(Error::internal("no connection")) };
        // The one place where text becomes SQL: identifiers in it come from descriptors, values are bound.
        let query = sqlx::query_with(AssertSqlSafe(statement.text), arguments);
        let done = query.fetch_all(&mut parked.connection).await;
        self.ended(done)
    }

    fn ended<T>(&mut self, done: Result<T, sqlx::Error>) -> Result<T> {
        self.whole = done.as_ref().err().is_none_or(|error| !failure::is_fatal(error));
        done.map_err(failure::of)
    }
}

impl<D: Driver> Drop for Held<D> {
    fn drop(&mut self) {
        let Some(mut parked) = self.parked.take() else { return };
        let mut idle = self.shared.idle();
        if !self.whole {
            idle.failures += 1;
        } else if !self.in_transaction && D::LIFETIME.is_none_or(|most| parked.made.elapsed() < most) {
            parked.since = Instant::now();
            idle.connections.push(parked);
            return;
        }
        drop(idle);
        drop(parked);
    }
}

fn busy(text: &'static str) -> Error {
    Error::new(Code::Unavailable, "the database is busy or not reachable").source(text)
}
