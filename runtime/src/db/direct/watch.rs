//! Ends statements that take too long.
//!
//! SQLite can be asked to look at the clock every so many steps of its machine, but one step can be a long text against a
//! long pattern. So a thread looks instead, and interrupts from outside.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
    thread,
    time::{Duration, Instant},
};

/// How far apart two looks at the clock are, and so how much later than its deadline a statement may end.
const PERIOD: Duration = Duration::from_millis(200);

/// The deadline of what a connection is doing.
pub(super) struct Watch {
    timeout: Duration,
    /// `None` while it does nothing.
    deadline: Mutex<Option<Instant>>,
    interrupt: Box<dyn Fn() + Send + Sync>,
}

/// A statement under way; at its end nobody interrupts any more.
pub(super) struct Running<'a>(&'a Watch);

impl Watch {
    /// Over a connection that `interrupt` stops, from any thread.
    pub(super) fn new(timeout: Duration, interrupt: impl Fn() + Send + Sync + 'static) -> Arc<Self> {
        let watch = Arc::new(Self { timeout, deadline: Mutex::default(), interrupt: Box::new(interrupt) });
        patrol(Arc::downgrade(&watch));
        watch
    }

    pub(super) fn begin(&self) -> Running<'_> {
        *self.deadline() = Some(Instant::now() + self.timeout);
        Running(self)
    }

    fn deadline(&self) -> MutexGuard<'_, Option<Instant>> {
        self.deadline.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The lock is held meanwhile, so that it is not the next statement that is hit.
    fn look(&self) {
        let mut deadline = self.deadline();
        if deadline.is_some_and(|deadline| deadline < Instant::now()) {
            (self.interrupt)();
            *deadline = None;
        }
    }
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        *self.0.deadline() = None;
    }
}

/// Who is looked after; the thread runs as long as there is anybody.
static WATCHED: Mutex<Vec<Weak<Watch>>> = Mutex::new(Vec::new());

fn patrol(watch: Weak<Watch>) {
    let mut watched = WATCHED.lock().unwrap_or_else(PoisonError::into_inner);
    watched.push(watch);
    if watched.len() == 1 {
        let rounds = || {
            while round() {
                thread::sleep(PERIOD);
            }
        };
        if let Err(error) = thread::Builder::new().name("sqlite-watch".into()).spawn(rounds) {
            // The next connection tries again.
            watched.clear();
            tracing::error!(%error, "no thread ends statements that take too long");
        }
    }
}

/// One look at everybody who is there; `false` when there is nobody.
fn round() -> bool {
    let present: Vec<Arc<Watch>> = {
        let mut watched = WATCHED.lock().unwrap_or_else(PoisonError::into_inner);
        watched.retain(|watch| watch.strong_count() > 0);
        if watched.is_empty() {
            return false;
        }
        watched.iter().filter_map(Weak::upgrade).collect()
    };
    for watch in present {
        watch.look();
    }
    true
}
