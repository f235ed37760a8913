//! Lanes: a handful of connections, taken and given back without a round trip.
//!
//! A pool that asks every connection for a sign of life before and after each use doubles or triples what a small
//! statement costs. Here only one that has been idle for a while is asked, or one from before the last failure.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use sqlx::{Connection as _, Executor, IntoArguments};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::timeout,
};

use super::{driver::Driver, failure, held::Held};
use crate::error::{Code, Error, Result};

/// A connection that has been idle for longer is asked for a sign of life before it is used.
const FRESH: Duration = Duration::from_secs(1);

/// How long a sign of life or a farewell may take.
pub(super) const SIGN: Duration = Duration::from_secs(1);

/// Connections of one kind.
pub(super) struct Lane<D: Driver>(Arc<Shared<D>>);

pub(super) struct Shared<D: Driver> {
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
    /// Since when what is made holds no statement that is outdated.
    renewed: Option<Instant>,
}

/// A connection that nobody uses.
pub(super) struct Parked<D: Driver> {
    pub(super) connection: D::Connection,
    pub(super) limit: D::Limit,
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
            idle: Mutex::new(Idle { connections: Vec::new(), failures: 0, renewed: None }),
        }))
    }

    /// The right to a connection, without one.
    #[cfg(feature = "sqlite-direct")]
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
        let (connection, limit) = D::connect(&self.0.settings).await.map_err(failure::of)?;
        let now = Instant::now();
        Ok(Held::new(Parked { connection, limit, since: now, made: now, failures }, slot, &self.0))
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

    /// Gives a connection back; one that is too old is closed.
    pub(super) fn park(&self, mut parked: Parked<D>) {
        let (now, mut idle) = (Instant::now(), self.idle());
        let outdated = idle.renewed.is_some_and(|renewed| parked.made <= renewed);
        if !outdated && D::LIFETIME.is_none_or(|most| now.duration_since(parked.made) < most) {
            parked.since = now;
            idle.connections.push(parked);
        }
    }

    /// Closes every connection that is there, those in use when they are given back: all of them may hold statements that
    /// were prepared for tables as they were.
    pub(super) fn renew(&self) {
        let mut idle = self.idle();
        idle.renewed = Some(Instant::now());
        idle.connections.clear();
    }

    /// Remembers that a connection has failed.
    pub(super) fn fail(&self) {
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

pub(super) fn busy(text: &'static str) -> Error {
    Error::new(Code::Unavailable, "the database is busy or not reachable").source(text)
}
