//! Writes of several requests in one statement.
//!
//! A write that comes alone runs at once, on a connection of its own. Those of the same shape that come while it runs are
//! sent together when it has ended; or before that, on another connection, when it takes long or they are many. Nothing
//! waits for company.
//!
//! A batch is kept as a whole or not at all. After an error each of its writes runs by itself and has its own outcome;
//! but where it is not known whether the batch was kept, nothing of it runs again.

pub(super) mod arrays;
mod gate;

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use sqlx::Postgres;
use tokio::{runtime::Handle, time::timeout};

use self::gate::{Entry, Gate, Job, MOST, Outcome};
use super::{
    failure,
    lane::{Lane, busy},
};
use crate::{
    error::{Error, Result},
    row::Row,
    sql::{Key, Statement},
};

/// For how long those that wait leave what is under way alone.
const PATIENCE: Duration = Duration::from_millis(10);

/// How many shapes of writes are remembered.
const SHAPES: usize = 64;

/// The way of writes to the connections of a lane.
pub(super) struct Batches(Arc<Shared>);

struct Shared {
    lane: Lane<Postgres>,
    gates: Mutex<Vec<Arc<Gate>>>,
}

impl Batches {
    pub(super) fn new(lane: Lane<Postgres>) -> Self {
        Self(Arc::new(Shared { lane, gates: Mutex::default() }))
    }

    /// Runs a write, alone or in company, and gives its row.
    pub(super) async fn run(&self, key: Key, statement: Statement) -> Result<Vec<Row>> {
        let gate = self.0.gate(key, &statement);
        if gate.is_refused() {
            return self.0.lane.rows(statement).await;
        }
        let outcome = match gate.enter(statement) {
            Entry::Open { statement, turn } => {
                let _turn = Turn { shared: Arc::clone(&self.0), gate, number: turn };
                return self.0.lane.rows(statement).await;
            }
            // The first keeps watch.
            Entry::Behind { mut answer, turn, waiting: 1 } => {
                let watch = Watch { shared: &self.0, gate: &gate, turn };
                let soon = timeout(PATIENCE, &mut answer).await;
                drop(watch);
                match soon {
                    Ok(outcome) => outcome,
                    Err(_) => answer.await,
                }
            }
            Entry::Behind { answer, turn, waiting } => {
                if waiting >= MOST {
                    self.0.follow(&gate, turn, false);
                }
                answer.await
            }
        };
        match outcome {
            Ok(Outcome::Done(result)) => result,
            Ok(Outcome::Alone(statement)) => self.0.lane.rows(statement).await,
            Err(_) => Err(unknown()),
        }
    }
}

impl Shared {
    fn gate(&self, key: Key, statement: &Statement) -> Arc<Gate> {
        let mut gates = self.gates.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(gate) = gates.iter().find(|gate| gate.is_for(statement)) {
            return Arc::clone(gate);
        }
        if gates.len() >= SHAPES {
            gates.retain(|gate| Arc::strong_count(gate) > 1);
        }
        let gate = Arc::new(Gate::new(statement.text.clone(), key));
        gates.push(Arc::clone(&gate));
        gate
    }

    /// Sends off all that waits behind a turn.
    fn follow(self: &Arc<Self>, gate: &Arc<Gate>, turn: u64, ended: bool) {
        let batches = gate.follow(turn, ended);
        let runtime = Handle::try_current();
        for (number, jobs) in batches {
            let turn = Turn { shared: Arc::clone(self), gate: Arc::clone(gate), number };
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
                    tracing::warn!(%error, "PostgreSQL refuses a batch of writes; from now on they run one by one");
                    gate.refuse();
                }
                None
            }
            Err(error) => {
                tracing::error!(%error, writes = jobs.len(), "what became of a batch of writes is not known");
                each(unknown)
            }
        }
    }
}

/// A statement under way; at its end, however it ends, those that wait are sent off.
struct Turn {
    shared: Arc<Shared>,
    gate: Arc<Gate>,
    number: u64,
}

impl Turn {
    async fn run(self, mut jobs: Vec<Job>) {
        // Whoever has gone away in the meantime wants nothing done.
        jobs.retain(|job| !job.answer.is_closed());
        let (jobs, mut alone) = self.gate.told_apart(jobs);
        let results = if jobs.len() < 2 { None } else { self.shared.together(&self.gate, &jobs).await };
        // Nobody waits for an answer that cannot be sent.
        match results {
            Some(results) => {
                for (job, result) in std::iter::zip(jobs, results) {
                    let _ = job.answer.send(Outcome::Done(result));
                }
            }
            None => alone.extend(jobs),
        }
        for job in alone {
            let _ = job.answer.send(Outcome::Alone(job.statement));
        }
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.shared.follow(&self.gate, self.number, true);
    }
}

/// While it stands nobody overtakes what is under way. It falls when that takes long, or when whoever watches goes away.
struct Watch<'a> {
    shared: &'a Arc<Shared>,
    gate: &'a Arc<Gate>,
    turn: u64,
}

impl Drop for Watch<'_> {
    fn drop(&mut self) {
        self.shared.follow(self.gate, self.turn, false);
    }
}

fn unknown() -> Error {
    busy("what became of the write is not known")
}
