//! Where writes of one shape meet.

use std::{
    collections::HashSet,
    sync::{
        Arc, Mutex, MutexGuard, OnceLock, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use tokio::sync::oneshot::{self, Receiver, Sender};

use crate::{
    error::Result,
    row::Row,
    sql::{Key, Statement},
    value::Value,
};

/// The most writes of one batch.
pub(super) const MOST: usize = 256;

/// The most bytes that are bound to a batch of several.
const HEAVIEST: usize = 1 << 20;

/// What writes of one shape pass through. At any time at most one statement of theirs, alone or a batch, is the one that
/// others wait for.
pub(super) struct Gate {
    /// What each of them says.
    text: String,
    key: Key,
    /// What a batch of them says.
    together: OnceLock<Option<Arc<str>>>,
    refused: AtomicBool,
    queue: Mutex<Queue>,
}

#[derive(Default)]
struct Queue {
    /// Whether something is under way for whose end those that come have to wait.
    busy: bool,
    /// The number of what is; what is under way with another has taken long, and nobody waits for it.
    turn: u64,
    waiting: Vec<Job>,
}

/// A write that waits, and whoever waits for it.
pub(super) struct Job {
    pub(super) statement: Statement,
    pub(super) answer: Sender<Outcome>,
}

/// What became of it.
pub(super) enum Outcome {
    Done(Result<Vec<Row>>),
    /// Nothing of it was kept; to be run by itself.
    Alone(Statement),
}

/// How a gate is found.
pub(super) enum Entry {
    /// Nothing of this shape is under way, until now.
    Open { statement: Statement, turn: u64 },
    /// Something is, and so many wait, this one included.
    Behind { answer: Receiver<Outcome>, turn: u64, waiting: usize },
}

impl Gate {
    pub(super) fn new(text: String, key: Key) -> Self {
        let (together, refused) = (OnceLock::new(), AtomicBool::new(false));
        Self { text, key, together, refused, queue: Mutex::default() }
    }

    /// Whether a statement is of its shape, which the text decides: it names the table and every column.
    pub(super) fn is_for(&self, statement: &Statement) -> bool {
        self.text == statement.text
    }

    /// What a batch of statements like this one says.
    pub(super) fn together(&self, one: &Statement) -> Option<Arc<str>> {
        self.together.get_or_init(|| one.batched().map(Arc::from)).clone()
    }

    /// From now on there is no batch of them.
    pub(super) fn refuse(&self) {
        self.refused.store(true, Ordering::Relaxed);
    }

    pub(super) fn is_refused(&self) -> bool {
        self.refused.load(Ordering::Relaxed)
    }

    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets a write in, or has it wait.
    pub(super) fn enter(&self, statement: Statement) -> Entry {
        let mut queue = self.queue();
        if !queue.busy {
            queue.busy = true;
            queue.turn += 1;
            return Entry::Open { statement, turn: queue.turn };
        }
        let (sender, answer) = oneshot::channel();
        queue.waiting.push(Job { statement, answer: sender });
        Entry::Behind { answer, turn: queue.turn, waiting: queue.waiting.len() }
    }

    /// Lets all in that wait behind a turn, in batches with turns of their own; nobody where that has happened already.
    pub(super) fn follow(&self, turn: u64, ended: bool) -> Vec<(u64, Vec<Job>)> {
        let mut batches = Vec::new();
        let mut queue = self.queue();
        if queue.turn == turn {
            while !queue.waiting.is_empty() {
                let most = load(&queue.waiting);
                let rest = queue.waiting.split_off(most);
                queue.turn += 1;
                batches.push((queue.turn, std::mem::replace(&mut queue.waiting, rest)));
            }
            queue.busy = !(ended && batches.is_empty());
        }
        batches
    }

    /// Those that can be told apart, in the order of their keys, in which all lock their rows; and what remains.
    pub(super) fn told_apart(&self, jobs: Vec<Job>) -> (Vec<Job>, Vec<Job>) {
        let Key::Bound(at) = self.key else { return (jobs, Vec::new()) };
        let key = |job: &Job| match job.statement.binds.get(at) {
            Some((_, Value::Int(key))) => Some(u128::from(key.cast_unsigned())),
            Some((_, Value::Uuid(key))) => Some(key.as_u128()),
            _ => None,
        };
        let mut keys = HashSet::with_capacity(jobs.len());
        let (mut apart, rest): (Vec<_>, Vec<_>) =
            jobs.into_iter().partition(|job| key(job).is_some_and(|key| keys.insert(key)));
        apart.sort_by_key(key);
        (apart, rest)
    }
}

/// How many of the first make a batch; one that is too heavy goes alone.
fn load(jobs: &[Job]) -> usize {
    let weigh = |weight: &mut usize, job: &Job| {
        *weight += job.statement.weight();
        Some(*weight)
    };
    jobs.iter().take(MOST).scan(0, weigh).take_while(|weight| *weight <= HEAVIEST).count().max(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::Kind;

    fn gate() -> Gate {
        Gate::new(String::new(), Key::Bound(0))
    }

    fn write(key: i64, text: &str) -> Statement {
        let binds = vec![(Kind::I64, Value::Int(key)), (Kind::Text, Value::Text(text.into()))];
        Statement::new(String::new(), binds, Vec::new())
    }

    #[track_caller]
    fn open(gate: &Gate) -> u64 {
        match gate.enter(write(0, "")) {
            Entry::Open { turn, .. } => turn,
            Entry::Behind { .. } => panic!("it has to wait"),
        }
    }

    /// Has writes wait; gives the turn that they wait for.
    #[track_caller]
    fn wait(gate: &Gate, keys: impl IntoIterator<Item = i64>, text: &str) -> u64 {
        let turns = keys.into_iter().map(|key| match gate.enter(write(key, text)) {
            Entry::Behind { turn, .. } => turn,
            Entry::Open { .. } => panic!("nothing is under way"),
        });
        turns.last().expect("some")
    }

    fn sizes(batches: &[(u64, Vec<Job>)]) -> Vec<usize> {
        batches.iter().map(|(_, jobs)| jobs.len()).collect()
    }

    #[test]
    fn who_comes_alone_waits_for_nobody() {
        let gate = gate();
        for _ in 0..3 {
            let turn = open(&gate);
            assert!(gate.follow(turn, true).is_empty());
        }
    }

    #[test]
    fn those_behind_one_are_the_next() {
        let gate = gate();
        let first = open(&gate);
        assert_eq!(wait(&gate, 1..4, ""), first);
        let batches = gate.follow(first, true);
        assert_eq!(sizes(&batches), [3]);
        let second = batches[0].0;
        assert_eq!(wait(&gate, 4..6, ""), second);
        assert!(gate.follow(first, false).is_empty(), "whoever watched the first has been let in");
        let batches = gate.follow(second, true);
        assert_eq!(sizes(&batches), [2]);
        assert!(gate.follow(batches[0].0, true).is_empty());
        open(&gate);
    }

    #[test]
    fn what_takes_long_is_overtaken() {
        let gate = gate();
        let first = open(&gate);
        wait(&gate, 1..3, "");
        let second = gate.follow(first, false)[0].0;
        assert_eq!(wait(&gate, 3..4, ""), second, "nobody waits for the first any more");
        assert!(gate.follow(first, true).is_empty());
        let third = gate.follow(second, true)[0].0;
        assert!(gate.follow(third, true).is_empty());
        open(&gate);
    }

    #[test]
    fn batches_have_an_end() {
        let gate = gate();
        let first = open(&gate);
        wait(&gate, 0..300, "");
        let batches = gate.follow(first, true);
        assert_eq!(sizes(&batches), [MOST, 300 - MOST]);
        assert!(gate.follow(batches[0].0, true).is_empty());
        let next = wait(&gate, 0..1, "");
        assert_eq!(next, batches[1].0, "the last of them is the one to wait for");
        let batches = gate.follow(next, true);
        // Each of these is more than half of what a batch may weigh; the last is more than all of it.
        wait(&gate, 0..2, &"x".repeat(HEAVIEST / 2));
        wait(&gate, 2..3, &"x".repeat(HEAVIEST));
        wait(&gate, 3..5, "");
        assert_eq!(sizes(&gate.follow(batches[0].0, true)), [1, 1, 1, 2]);
    }

    #[test]
    fn nobody_shares_a_row() {
        let gate = gate();
        let first = open(&gate);
        wait(&gate, [3, 1, 3, 2, 1], "");
        let (_, jobs) = gate.follow(first, true).remove(0);
        let (apart, rest) = gate.told_apart(jobs);
        let keys = |jobs: &[Job]| jobs.iter().map(|job| job.statement.binds[0].1.clone()).collect::<Vec<_>>();
        assert_eq!(keys(&apart), [Value::Int(1), Value::Int(2), Value::Int(3)]);
        assert_eq!(keys(&rest), [Value::Int(3), Value::Int(1)]);
    }
}
