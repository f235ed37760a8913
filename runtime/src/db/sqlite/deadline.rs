//! Ends statements that take too long on the connections that sqlx has.
//!
//! Nothing of sqlx's interrupts one from outside, so SQLite is told to ask, every few steps of its machine. A step can be
//! a long text against a long pattern: few of them are a second at worst, and asking costs less than they do.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use sqlx::{SqliteConnection, sqlite::SqliteConnectOptions};

/// Steps from one question to the next.
const STEPS: i32 = 50;

/// How to connect, and how long a statement may take.
#[derive(Clone)]
pub(in crate::db) struct Settings {
    pub(super) connect: SqliteConnectOptions,
    pub(super) timeout: Option<Duration>,
}

/// When the statement under way has to end.
#[derive(Clone, Default)]
pub(in crate::db) struct Deadline(Option<Arc<Limit>>);

struct Limit {
    timeout: Duration,
    start: Instant,
    /// Nanoseconds from the start; 0 while nothing runs.
    at: AtomicU64,
}

impl Deadline {
    /// Has a connection look at it.
    pub(super) async fn over(
        connection: &mut SqliteConnection,
        timeout: Option<Duration>,
    ) -> Result<Self, sqlx::Error> {
        let Some(timeout) = timeout else { return Ok(Self(None)) };
        let limit = Arc::new(Limit { timeout, start: Instant::now(), at: AtomicU64::new(0) });
        let own = Arc::clone(&limit);
        connection.lock_handle().await?.set_progress_handler(STEPS, move || !own.has_passed());
        Ok(Self(Some(limit)))
    }

    /// A statement begins.
    pub(super) fn begin(&self) {
        if let Some(limit) = &self.0 {
            limit.at.store(nanoseconds(limit.start.elapsed() + limit.timeout), Ordering::Relaxed);
        }
    }

    /// It has ended, and what comes without one is not limited: the end of a transaction must not be.
    pub(super) fn end(&self) {
        if let Some(limit) = &self.0 {
            limit.at.store(0, Ordering::Relaxed);
        }
    }
}

impl Limit {
    fn has_passed(&self) -> bool {
        let at = self.at.load(Ordering::Relaxed);
        at != 0 && nanoseconds(self.start.elapsed()) > at
    }
}

fn nanoseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}
