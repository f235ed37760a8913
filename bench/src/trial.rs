//! All rounds on one database.

use std::{
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
    /// Before how many of them something else was at work on the machine.
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

/// Lets the servers of an arena take turns at `cases`.
pub(crate) async fn run(arena: &Arena<'_>, servers: &[Server], cases: Vec<Case>, pace: &Pace) -> Result<Trial> {
    let mut rows: Vec<Row> = cases.into_iter().map(Row::new).collect();
    let mut tokens = Vec::new();
    let mut signed_in = None;
    let mut busy = 0;
    // Round 0 warms up: caches, prepared statements, pools.
    for round in 0..=pace.rounds {
        eprintln!("{}: round {round} of {}", arena.description, pace.rounds);
        let is_busy = machine::is_busy().await?;
        busy += usize::from(is_busy && round > 0);
        if signed_in.is_none_or(|at: Instant| at.elapsed() > RENEW_TOKENS) {
            tokens.clear();
            for server in servers {
                tokens.push(login::sign_in(server.address, &arena.password).await?);
            }
            signed_in = Some(Instant::now());
        }
        for row in &mut rows {
            for place in turns(row.case.sides.len(), round) {
                let side = row.case.sides[place];
                let contender = arena.grounds[side].contender;
                let plan = Arc::new(row.case.workload.plan(contender, &tokens[side], round));
                let duration = if round == 0 { pace.warm_up } else { pace.measurement };
                let sample = measure::run(&servers[side], &plan, duration)
                    .await
                    .map_err(|e| format!("{}, {}: {e}", contender.name, row.case.title()))?;
                if round > 0 {
                    row.samples[place].push(sample);
                }
            }
        }
    }
    Ok(Trial { description: arena.description.clone(), rounds: pace.rounds, busy, rows })
}

/// The order of a round: who comes first changes from one to the next.
fn turns(sides: usize, round: usize) -> impl Iterator<Item = usize> {
    (0..sides).map(move |n| (n + round) % sides)
}

#[cfg(test)]
impl Row {
    /// A row of which every round took so many processor microseconds on each side.
    pub(crate) fn of_cpu(case: Case, cpu: &[f64]) -> Self {
        let sample = |cpu: &f64| Sample { requests_per_second: 1e6 / cpu, cpu: *cpu, p99: cpu / 10.0 };
        Self { case, samples: cpu.iter().map(|cpu| vec![sample(cpu)]).collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workload::Workload;

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
