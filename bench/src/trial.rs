//! All rounds on one database.

use std::{
    collections::BTreeSet,
    sync::Arc,
    time::{Duration, Instant},
};

use crate::{
    Result,
    arena::Arena,
    case::Case,
    login, machine,
    measure::{self, Sample},
    medians::Medians,
    options::Pace,
    server::Server,
};

/// Tokens live for a quarter of an hour; a round has to end before they do.
const RENEW_TOKENS: Duration = Duration::from_mins(8);

/// What all rounds on one database came to.
#[derive(Debug)]
pub(crate) struct Trial {
    /// Of which database.
    pub(crate) description: String,
    pub(crate) rounds: usize,
    /// Before or after how many of them something else was at work on the machine.
    pub(crate) busy: usize,
    pub(crate) rows: Vec<Row>,
}

/// The samples of a case, for each of its sides, one a round.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) case: Case,
    samples: Vec<Vec<Sample>>,
}

impl Row {
    fn new(case: Case) -> Self {
        let samples = vec![Vec::new(); case.sides.len()];
        Self { case, samples }
    }

    /// For each side in the case's order.
    pub(crate) fn medians(&self) -> Vec<Medians> {
        self.samples.iter().map(|samples| Medians::of(samples)).collect()
    }

    /// Processor time of the last side by that of the first.
    pub(crate) fn cpu_ratio(&self) -> f64 {
        let medians = self.medians();
        match (medians.first(), medians.last()) {
            (Some(first), Some(last)) => last.cpu / first.cpu,
            _ => f64::NAN,
        }
    }
}

/// Lets the servers of an arena take turns at `cases`: all rounds of those that read, then those of the writes. Writes make
/// rows and change them, for each server others, and what is read is to be the same for all.
pub(crate) async fn run(arena: &Arena<'_>, servers: &[Server], cases: Vec<Case>, pace: &Pace) -> Result<Trial> {
    let mut rows: Vec<Row> = cases.into_iter().map(Row::new).collect();
    let mut session = Session::default();
    let mut busy = BTreeSet::new();
    for (name, mut rows) in passes(&mut rows) {
        let mut before = machine::is_busy().await?;
        // Round 0 warms up: caches, prepared statements, pools.
        for round in 0..=pace.rounds {
            eprintln!("{}, {name}: round {round} of {}", arena.description, pace.rounds);
            session.renew(arena, servers).await?;
            for row in &mut rows {
                row.play(arena, servers, &session, round, pace).await?;
            }
            let after = machine::is_busy().await?;
            // Whatever was beside the warm-up is in no figure.
            if round > 0 && (before || after) {
                busy.insert(round);
            }
            before = after;
        }
    }
    Ok(Trial { description: arena.description.clone(), rounds: pace.rounds, busy: busy.len(), rows })
}

/// What is measured one after the other, without what has no rows.
fn passes(rows: &mut [Row]) -> Vec<(&'static str, Vec<&mut Row>)> {
    let (writes, reads): (Vec<_>, Vec<_>) = rows.iter_mut().partition(|row| row.case.workload.writes());
    [("reads", reads), ("writes", writes)].into_iter().filter(|(_, rows)| !rows.is_empty()).collect()
}

impl Row {
    /// One round: every side has its turn.
    async fn play(
        &mut self,
        arena: &Arena<'_>,
        servers: &[Server],
        session: &Session,
        round: usize,
        pace: &Pace,
    ) -> Result<()> {
        for place in turns(self.case.sides.len(), round) {
            let side = self.case.sides[place];
            let contender = arena.grounds[side].contender;
            let plan = Arc::new(self.case.workload.plan(contender, &session.tokens[side], round));
            let duration = if round == 0 { pace.warm_up } else { pace.measurement };
            let sample = measure::run(&servers[side], &plan, duration)
                .await
                .map_err(|e| format!("{}, {}: {e}", contender.name, self.case.title()))?;
            if round > 0 {
                self.samples[place].push(sample);
            }
        }
        Ok(())
    }
}

/// The tokens of every server's users.
#[derive(Default)]
struct Session {
    tokens: Vec<Vec<String>>,
    since: Option<Instant>,
}

impl Session {
    /// Signs in, and again once the tokens are old.
    async fn renew(&mut self, arena: &Arena<'_>, servers: &[Server]) -> Result<()> {
        if self.since.is_none_or(|at| at.elapsed() > RENEW_TOKENS) {
            self.tokens.clear();
            for server in servers {
                self.tokens.push(login::sign_in(server.address, &arena.password).await?);
            }
            self.since = Some(Instant::now());
        }
        Ok(())
    }
}

/// The order of a round: who comes first changes from one to the next.
fn turns(sides: usize, round: usize) -> impl Iterator<Item = usize> {
    (0..sides).map(move |n| (n + round) % sides)
}

#[cfg(test)]
impl Row {
    /// A row of which every round took so many processor microseconds on each side.
    pub(crate) fn of_cpu(case: Case, cpu: &[f64]) -> Self {
        let sample = |cpu: &f64| Sample { requests_per_second: 1e6 / cpu, cpu: *cpu, p99: Some(cpu / 10.0) };
        Self { case, samples: cpu.iter().map(|cpu| vec![sample(cpu)]).collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{case, database::Kind, workload::Workload};

    #[test]
    fn what_writes_comes_after_all_that_reads() {
        let mut rows: Vec<Row> = case::all(Kind::Sqlite).into_iter().map(Row::new).collect();
        let all = rows.len();
        let passes: Vec<_> = passes(&mut rows)
            .into_iter()
            .map(|(name, rows)| (name, rows.len(), rows.iter().all(|row| row.case.title().starts_with("GET"))))
            .collect();
        assert_eq!(passes, [("reads", 5, true), ("writes", all - 5, false)]);

        let mut rows = [Row::new(Case::new(Workload::Update, vec![0, 1]))];
        assert_eq!(super::passes(&mut rows).len(), 1);
    }

    #[test]
    fn who_comes_first_changes_from_round_to_round() {
        let order = |sides, round| turns(sides, round).collect::<Vec<_>>();
        assert_eq!([order(2, 1), order(2, 2)], [[1, 0], [0, 1]]);
        assert_eq!([order(3, 0), order(3, 1), order(3, 2)], [[0, 1, 2], [1, 2, 0], [2, 0, 1]]);
    }

    #[test]
    fn a_ratio_is_the_last_side_by_the_first() {
        let row = Row::of_cpu(Case::new(Workload::One, vec![0, 1]), &[40.0, 10.0]);
        assert!((row.cpu_ratio() - 0.25).abs() < f64::EPSILON);
    }
}
