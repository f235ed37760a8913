//! Threads that each own something which blocks, such as a connection to SQLite, and work off one queue.

use std::{
    collections::VecDeque,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread::{self, JoinHandle, Thread},
    time::Duration,
};

use tokio::{sync::oneshot, time::timeout};

use crate::error::{Code, Error, Result};

/// Whoever waits for longer wakes one thread more: those that are awake are busy with something slow.
const SLOW: Duration = Duration::from_millis(10);

/// Threads that own a `W` each. They start when there is work for them, and end with this value.
pub(super) struct Workers<W: 'static>(Arc<Shared<W>>);

struct Shared<W> {
    name: &'static str,
    /// Makes what a thread owns, on that thread.
    make: Box<dyn Fn() -> Result<W> + Send + Sync>,
    /// This many threads share the work; more are woken only when it is slow.
    eager: usize,
    most: usize,
    state: Mutex<State<W>>,
}

struct State<W> {
    jobs: VecDeque<Job<W>>,
    /// The one that went to sleep last is woken first: its memory is still warm.
    asleep: Vec<Arc<Sleeper>>,
    awake: usize,
    threads: Vec<JoinHandle<()>>,
    closed: bool,
}

type Job<W> = Box<dyn FnOnce(Result<&mut W>) + Send>;

struct Sleeper {
    thread: Thread,
    woken: AtomicBool,
}

impl<W: 'static> Workers<W> {
    /// No thread yet; `eager` of at most `most` threads share the work as long as it is quick.
    pub(super) fn new(
        name: &'static str,
        [eager, most]: [usize; 2],
        make: impl Fn() -> Result<W> + Send + Sync + 'static,
    ) -> Self {
        let state = State { jobs: VecDeque::new(), asleep: Vec::new(), awake: 0, threads: Vec::new(), closed: false };
        Self(Arc::new(Shared { name, make: Box::new(make), eager, most, state: Mutex::new(state) }))
    }

    /// Has some work done and waits for it. Work that nobody waits for any more is not begun.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut W) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let (answer, mut done) = oneshot::channel();
        let job: Job<W> = Box::new(move |owned| {
            if !answer.is_closed() {
                // Whoever has gone away in the meantime wants no answer.
                let _ = answer.send(owned.and_then(work));
            }
        });
        Shared::submit(&self.0, job)?;
        loop {
            match timeout(SLOW, &mut done).await {
                Ok(answer) => return answer.map_err(|_| Error::internal("a database thread panicked"))?,
                Err(_) => Shared::help(&self.0),
            }
        }
    }

    /// Ends the threads, after the work that has queued.
    pub(super) async fn close(&self) {
        let threads = self.0.end();
        let joined = tokio::task::spawn_blocking(move || {
            for thread in threads {
                // What panicked on it was told to whoever waited.
                let _ = thread.join();
            }
        });
        let _ = joined.await;
    }
}

impl<W: 'static> Drop for Workers<W> {
    fn drop(&mut self) {
        self.0.end();
    }
}

impl<W: 'static> Shared<W> {
    fn state(&self) -> MutexGuard<'_, State<W>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn submit(shared: &Arc<Self>, job: Job<W>) -> Result<()> {
        let mut state = shared.state();
        if state.closed {
            return Err(Error::new(Code::Unavailable, "the database is being closed"));
        }
        state.jobs.push_back(job);
        if state.awake < shared.eager { Self::wake(shared, state) } else { Ok(()) }
    }

    /// Wakes one thread more than are awake, if work is waiting.
    fn help(shared: &Arc<Self>) {
        let state = shared.state();
        if !state.jobs.is_empty() && state.awake < shared.most && Self::wake(shared, state).is_err() {
            tracing::warn!(name = shared.name, "no further thread can be started");
        }
    }

    fn wake(shared: &Arc<Self>, mut state: MutexGuard<'_, State<W>>) -> Result<()> {
        if let Some(sleeper) = state.asleep.pop() {
            state.awake += 1;
            drop(state);
            sleeper.woken.store(true, Ordering::Release);
            sleeper.thread.unpark();
            return Ok(());
        }
        let own = Arc::clone(shared);
        match thread::Builder::new().name(shared.name.to_owned()).spawn(move || own.work()) {
            Ok(thread) => {
                state.awake += 1;
                state.threads.push(thread);
                Ok(())
            }
            // Those that there are will come to it.
            Err(_) if state.awake > 0 => Ok(()),
            Err(error) => {
                state.jobs.pop_back();
                Err(Error::new(Code::Unavailable, "the server is out of threads").source(error))
            }
        }
    }

    fn end(&self) -> Vec<JoinHandle<()>> {
        let mut state = self.state();
        state.closed = true;
        for sleeper in state.asleep.drain(..) {
            sleeper.woken.store(true, Ordering::Release);
            sleeper.thread.unpark();
        }
        std::mem::take(&mut state.threads)
    }

    fn work(&self) {
        let me = Arc::new(Sleeper { thread: thread::current(), woken: AtomicBool::new(false) });
        let mut owned = None;
        while let Some(job) = self.next(&me) {
            let made = match owned.take() {
                Some(owned) => Ok(owned),
                None => (self.make)(),
            };
            match made {
                // After a panic nobody knows in which state what is owned was left; the next job gets a new one.
                Ok(mut kept) => {
                    if catch_unwind(AssertUnwindSafe(|| job(Ok(&mut kept)))).is_ok() {
                        owned = Some(kept);
                    }
                }
                Err(error) => job(Err(error)),
            }
        }
    }

    /// The next job, waited for; `None` at the end.
    fn next(&self, me: &Arc<Sleeper>) -> Option<Job<W>> {
        let mut state = self.state();
        loop {
            if let Some(job) = state.jobs.pop_front() {
                return Some(job);
            }
            if state.closed {
                return None;
            }
            state.awake -= 1;
            state.asleep.push(Arc::clone(me));
            drop(state);
            while !me.woken.swap(false, Ordering::Acquire) {
                thread::park();
            }
            state = self.state();
        }
    }
}

#[cfg(test)]
mod tests;
