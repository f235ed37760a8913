//! Inserts of several requests in one statement.
//!
//! An insert that comes alone runs at once, on a connection of its own. Those of the same shape that come while it runs
//! are sent together when it has ended; or before that, on another connection, when it takes long. Nothing waits for
//! company.
//!
//! A batch is kept as a whole or not at all. After an error each of its inserts runs by itself and has its own outcome;
//! but where it is not known whether the batch was kept, nothing of it runs again.

use std::{
    collections::HashSet,
    sync::{
        Arc, Mutex, MutexGuard, OnceLock, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use sqlx::Postgres;
use tokio::{
    runtime::Handle,
    sync::oneshot::{self, Receiver, Sender, error::RecvError},
    time::timeout,
};

use super::{
    arrays, failure,
    lane::{Lane, busy},
};
use crate::{
    error::{Error, Result},
    row::Row,
    sql::{Key, Statement},
    value::Value,
};

/// The most inserts of one batch.
const MOST: usize = 256;

/// For how long those that wait leave what is under way alone.
const PATIENCE: Duration = Duration::from_millis(10);

/// How many shapes of inserts are remembered.
const SHAPES: usize = 64;

/// The way of inserts to the connections of a lane.
pub(super) struct Batches(Arc<Shared>);

struct Shared {
    lane: Lane<Postgres>,
    /// How many statements of one shape may be under way while others wait.
    most: u32,
    gates: Mutex<Vec<Arc<Gate>>>,
}

/// What inserts of one shape pass through.
struct Gate {
    /// What each of them says.
    text: String,
    key: Key,
    /// What a batch of them says.
    together: OnceLock<Option<Arc<str>>>,
    /// Whether PostgreSQL takes no batch of them.
    refused: AtomicBool,
    queue: Mutex<Queue>,
}

#[derive(Default)]
struct Queue {
    running: u32,
    waiting: Vec<Job>,
}

struct Job {
    statement: Statement,
    answer: Sender<Outcome>,
}

enum Outcome {
    Done(Result<Vec<Row>>),
    /// Nothing of it was kept; to be run by itself.
    Alone(Statement),
}

/// How a gate is found.
enum Entry {
    /// Nothing of this shape is under way, until now.
    Open(Statement),
    /// Something is, and the insert waits; the first to do so keeps watch.
    Behind { answer: Receiver<Outcome>, first: bool },
}

impl Batches {
    pub(super) fn new(lane: Lane<Postgres>, most: u32) -> Self {
        Self(Arc::new(Shared { lane, most: most.max(1), gates: Mutex::default() }))
    }

    /// Runs an insert, alone or in company, and gives its row.
    pub(super) async fn run(&self, key: Key, statement: Statement) -> Result<Vec<Row>> {
        let gate = self.0.gate(key, &statement);
        let (answer, first) = match gate.enter(statement) {
            Entry::Open(statement) => {
                let _turn = Turn { shared: Arc::clone(&self.0), gate };
                return self.0.alone(statement).await;
            }
            Entry::Behind { answer, first } => (answer, first),
        };
        // The first watches for all.
        let outcome = if first { Watch::over(&self.0, &gate, answer).await } else { answer.await };
        match outcome {
            Ok(Outcome::Done(result)) => result,
            Ok(Outcome::Alone(statement)) => self.0.alone(statement).await,
            Err(_) => Err(unknown()),
        }
    }
}

impl Shared {
    /// The gate of a statement's shape, which its text decides: it names the table and every column.
    fn gate(&self, key: Key, statement: &Statement) -> Arc<Gate> {
        let mut gates = self.gates.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(gate) = gates.iter().find(|gate| gate.text == statement.text) {
            return Arc::clone(gate);
        }
        if gates.len() >= SHAPES {
            gates.retain(|gate| Arc::strong_count(gate) > 1);
        }
        let gate = Arc::new(Gate {
            text: statement.text.clone(),
            key,
            together: OnceLock::new(),
            refused: AtomicBool::new(false),
            queue: Mutex::default(),
        });
        gates.push(Arc::clone(&gate));
        gate
    }

    async fn alone(&self, statement: Statement) -> Result<Vec<Row>> {
        self.lane.take().await?.rows(statement).await
    }

    /// Sends off what waits, as far as there may be more under way, after `ended` of it have come to an end.
    fn advance(self: &Arc<Self>, gate: &Arc<Gate>, ended: u32) {
        let mut batches = Vec::new();
        let mut queue = gate.queue();
        queue.running -= ended;
        while queue.running < self.most && !queue.waiting.is_empty() {
            queue.running += 1;
            let most = queue.waiting.len().min(MOST);
            let rest = queue.waiting.split_off(most);
            batches.push(std::mem::replace(&mut queue.waiting, rest));
        }
        drop(queue);
        let runtime = Handle::try_current();
        for jobs in batches {
            let turn = Turn { shared: Arc::clone(self), gate: Arc::clone(gate) };
            // Without a runtime there is nobody left who waits.
            if let Ok(runtime) = &runtime {
                runtime.spawn(turn.run(jobs));
            }
        }
    }

    /// Runs all of them in one statement, and gives each its rows; `None` where nothing was kept.
    async fn together(&self, gate: &Gate, jobs: &[Job]) -> Option<Vec<Result<Vec<Row>>>> {
        let each = |error: fn() -> Error| Some(jobs.iter().map(|_| Err(error())).collect());
        let text = gate.together(&jobs[0].statement)?;
        let statements: Vec<_> = jobs.iter().map(|job| &job.statement).collect();
        let arguments = arrays::arguments(&statements).ok()?;
        let Ok(mut connection) = self.lane.take().await else {
            return each(|| busy("no connection was to be had for a batch"));
        };
        match connection.shared(text, arguments).await {
            Ok(rows) => {
                drop(connection);
                Some(arrays::answers(&rows, &statements))
            }
            Err(error) if failure::is_undone(&error) => {
                if failure::is_refusal(&error) {
                    tracing::warn!(%error, "PostgreSQL refuses a batch of inserts; from now on they run one by one");
                    gate.refused.store(true, Ordering::Relaxed);
                }
                None
            }
            Err(error) => {
                tracing::error!(%error, inserts = jobs.len(), "what became of a batch of inserts is not known");
                each(unknown)
            }
        }
    }
}

impl Gate {
    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn enter(&self, statement: Statement) -> Entry {
        let mut queue = self.queue();
        if queue.running == 0 || self.refused.load(Ordering::Relaxed) {
            queue.running += 1;
            return Entry::Open(statement);
        }
        let (sender, answer) = oneshot::channel();
        queue.waiting.push(Job { statement, answer: sender });
        Entry::Behind { answer, first: queue.waiting.len() == 1 }
    }

    fn together(&self, one: &Statement) -> Option<Arc<str>> {
        self.together.get_or_init(|| one.batched().map(Arc::from)).clone()
    }

    /// Whether each of them can be told from the others.
    fn tells_apart(&self, jobs: &[Job]) -> bool {
        let Key::Bound(at) = self.key else { return true };
        let mut keys = HashSet::with_capacity(jobs.len());
        jobs.iter().all(|job| matches!(job.statement.binds.get(at), Some((_, Value::Uuid(key))) if keys.insert(*key)))
    }
}

/// A statement under way; at its end, however it ends, those that wait are sent off.
struct Turn {
    shared: Arc<Shared>,
    gate: Arc<Gate>,
}

impl Turn {
    async fn run(self, mut jobs: Vec<Job>) {
        // Whoever has gone away in the meantime wants nothing done.
        jobs.retain(|job| !job.answer.is_closed());
        let results = match jobs.len() {
            2.. if self.gate.tells_apart(&jobs) => self.shared.together(&self.gate, &jobs).await,
            _ => None,
        };
        // Nobody waits for an answer that cannot be sent.
        match results {
            Some(results) => {
                for (job, result) in std::iter::zip(jobs, results) {
                    let _ = job.answer.send(Outcome::Done(result));
                }
            }
            None => {
                for job in jobs {
                    let _ = job.answer.send(Outcome::Alone(job.statement));
                }
            }
        }
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.shared.advance(&self.gate, 1);
    }
}

/// Has those that wait sent off when what is under way takes long, or when whoever watches goes away.
struct Watch<'a> {
    shared: &'a Arc<Shared>,
    gate: &'a Arc<Gate>,
    over: bool,
}

impl Watch<'_> {
    async fn over(
        shared: &Arc<Shared>,
        gate: &Arc<Gate>,
        mut answer: Receiver<Outcome>,
    ) -> std::result::Result<Outcome, RecvError> {
        let mut watch = Watch { shared, gate, over: false };
        if let Ok(outcome) = timeout(PATIENCE, &mut answer).await {
            watch.over = true;
            return outcome;
        }
        drop(watch);
        answer.await
    }
}

impl Drop for Watch<'_> {
    fn drop(&mut self) {
        if !self.over {
            self.shared.advance(self.gate, 0);
        }
    }
}

fn unknown() -> Error {
    busy("what became of the insert is not known")
}
