//! Lanes: a handful of connections, taken and given back without a round trip.
//!
//! A pool that asks every connection for a sign of life before and after each use doubles or triples what a small
//! statement costs. Here only one that has been idle for a while is asked, or one from before the last failure.
//!
//! A connection that was left in the middle of a statement is never given back. It keeps its place until the database
//! has done with the statement, and is then closed: otherwise clients that hang up would have the database run more
//! statements at once than there are connections.

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

/// How long a sign of life or a farewell may take.
const SIGN: Duration = Duration::from_secs(1);

/// A statement that was left is waited for until this long after it began, and so is the end of a transaction: a
/// database that gives slow statements up has done so by then. One that still runs is taken for a connection gone silent.
const LEFT: Duration = Duration::from_secs(8);

/// Connections of one kind.
pub(super) struct Lane<D: Driver>(Arc<Shared<D>>);

struct Shared<D: Driver> {
    settings: D::Settings,
    size: u32,
    /// How long to wait for a connection, all in all.
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
        let size = size.max(1);
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
            Err(_) => timeout(self.0.wait, self.admitted()).await.map_err(|_| busy("every connection is in use"))?,
        }
    }

    /// A connection to run statements on, given back when it is dropped.
    pub(super) async fn take(&self) -> Result<Held<D>> {
        let free = match Arc::clone(&self.0.slots).try_acquire_owned() {
            Ok(slot) => match self.0.pop_fresh() {
                Some(parked) => return Ok(Held::new(parked, slot, &self.0)),
                None => Some(slot),
            },
            Err(_) => None,
        };
        // Only who has to wait pays for a clock that runs.
        timeout(self.0.wait, self.wait(free)).await.map_err(|_| busy("no connection was to be had in time"))?
    }

    async fn wait(&self, slot: Option<OwnedSemaphorePermit>) -> Result<Held<D>> {
        let slot = match slot {
            Some(slot) => slot,
            None => self.admitted().await?,
        };
        if let Some(parked) = self.0.pop_fresh() {
            return Ok(Held::new(parked, slot, &self.0));
        }
        while let Some((mut parked, failures)) = self.0.pop() {
            if matches!(timeout(SIGN, parked.connection.ping()).await, Ok(Ok(()))) {
                parked.failures = failures;
                return Ok(Held::new(parked, slot, &self.0));
            }
            // What went away took the others with it.
            self.0.idle().connections.clear();
        }
        let failures = self.0.idle().failures;
        let connection = D::connect(&self.0.settings).await.map_err(failure::of)?;
        let now = Instant::now();
        Ok(Held::new(Parked { connection, since: now, made: now, failures }, slot, &self.0))
    }

    async fn admitted(&self) -> Result<OwnedSemaphorePermit> {
        Arc::clone(&self.0.slots).acquire_owned().await.map_err(|_| busy("the database is being closed"))
    }

    /// Closes every connection, each when what it is running has ended. Nothing can be taken afterwards.
    pub(super) async fn close(&self) {
        let all = Arc::clone(&self.0.slots).acquire_many_owned(self.0.size).await;
        self.0.slots.close();
        let parked = std::mem::take(&mut self.0.idle().connections);
        for one in parked {
            // What cannot be closed well is closed by being dropped.
            let _ = timeout(SIGN, one.connection.close()).await;
        }
        drop(all);
    }
}

impl<D: Driver> Shared<D> {
    fn idle(&self) -> std::sync::MutexGuard<'_, Idle<D>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Remembers that a connection has failed.
    fn fail(&self) {
        self.idle().failures += 1;
    }

    /// The connection used last, if it can be used without asking.
    fn pop_fresh(&self) -> Option<Parked<D>> {
        let mut idle = self.idle();
        let failures = idle.failures;
        idle.connections.pop_if(|one| one.failures == failures && one.since.elapsed() < FRESH)
    }

    /// The connection used last, and how many have failed by now.
    fn pop(&self) -> Option<(Parked<D>, u64)> {
        let mut idle = self.idle();
        let parked = idle.connections.pop()?;
        Some((parked, idle.failures))
    }
}

/// A connection in use. Dropped in the middle of a statement or a transaction, or after its link has failed, it is
/// closed and not given back.
pub(super) struct Held<D: Driver> {
    parked: Option<Parked<D>>,
    shared: Arc<Shared<D>>,
    state: State,
    in_transaction: bool,
    // Given up after the connection is back, so that whoever waits for it finds it.
    slot: Option<OwnedSemaphorePermit>,
}

/// What a connection is in the middle of.
#[derive(Clone, Copy)]
enum State {
    Nothing,
    /// A statement that began then.
    Statement(Instant),
    /// It is of no use any more.
    Broken,
}

impl<D: Driver> Held<D> {
    fn new(parked: Parked<D>, slot: OwnedSemaphorePermit, shared: &Arc<Shared<D>>) -> Self {
        let shared = Arc::clone(shared);
        Self { parked: Some(parked), shared, state: State::Nothing, in_transaction: false, slot: Some(slot) }
    }

    /// What to run something on, which from now on is under way.
    fn start(&mut self) -> Result<&mut D::Connection> {
        match (&mut self.parked, self.state) {
            (Some(parked), State::Nothing) => {
                self.state = State::Statement(Instant::now());
                Ok(&mut parked.connection)
            }
            _ => Err(busy("the connection is not usable any more")),
        }
    }

    fn ended<T>(&mut self, done: Result<T, sqlx::Error>) -> Result<T> {
        let broken = done.as_ref().err().is_some_and(failure::is_fatal);
        self.state = if broken { State::Broken } else { State::Nothing };
        done.map_err(failure::of)
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
        let done = timeout(LEFT, self.execute("ROLLBACK")).await;
        done.map_err(|_| busy("the transaction could not be undone in time"))??;
        self.in_transaction = false;
        Ok(())
    }

    /// Runs a command of ours that has no values.
    async fn execute(&mut self, command: &'static str) -> Result<()> {
        let done = sqlx::raw_sql(command).execute(self.start()?).await;
        self.ended(done).map(drop)
    }

    async fn fetch(&mut self, statement: Statement) -> Result<Vec<D::Row>> {
        let arguments = driver::arguments::<D>(statement.binds)?;
        // The one place where text becomes SQL: identifiers in it come from descriptors, values are bound.
        let query = sqlx::query_with(AssertSqlSafe(statement.text), arguments);
        let done = query.fetch_all(self.start()?).await;
        self.ended(done)
    }
}

impl<D: Driver> Drop for Held<D> {
    fn drop(&mut self) {
        let Some(mut parked) = self.parked.take() else { return };
        match self.state {
            State::Nothing if self.in_transaction => drop(parked),
            State::Nothing => {
                let now = Instant::now();
                if D::LIFETIME.is_none_or(|most| now.duration_since(parked.made) < most) {
                    parked.since = now;
                    self.shared.idle().connections.push(parked);
                }
            }
            State::Statement(since) => leave(parked, since, self.slot.take(), Arc::clone(&self.shared)),
            State::Broken => self.shared.fail(),
        }
    }
}

/// Sees a statement through that nobody waits for any more, and closes its connection.
fn leave<D: Driver>(mut parked: Parked<D>, since: Instant, slot: Option<OwnedSemaphorePermit>, shared: Arc<Shared<D>>) {
    let rest = LEFT.saturating_sub(since.elapsed());
    let runtime = tokio::runtime::Handle::try_current();
    let (Ok(runtime), false) = (runtime, rest.is_zero()) else { return shared.fail() };
    runtime.spawn(async move {
        match timeout(rest, parked.connection.ping()).await {
            Ok(_) => _ = timeout(SIGN, parked.connection.close()).await,
            Err(_) => shared.fail(),
        }
        drop(slot);
    });
}

fn busy(text: &'static str) -> Error {
    Error::new(Code::Unavailable, "the database is busy or not reachable").source(text)
}
