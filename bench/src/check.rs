//! Whether the generated server has become slower, beside the hand-written one, than what is committed.

use std::{fmt::Write as _, time::Duration};

use crate::{
    Result,
    arena::Arena,
    baseline::{self, Baseline, TOLERANCE},
    case::{self, Case},
    contender::{Contender, HAND_NORMAL},
    database::Kind,
    machine::{self, Cores},
    options::Pace,
    server::Server,
    trial,
};

/// How often a row is measured, the first time included.
const MOST_TRIES: usize = 4;
/// As often a row has to come out worse while nothing else runs before it is taken for worse.
const QUIET_TRIES: usize = 2;
/// How long to wait for the machine to become quiet before a further try.
const PATIENCE: Duration = Duration::from_secs(20);

/// Measures every row once, and those that come out worse again, in quiet. A row that stays worse is an error.
pub(crate) async fn run(contenders: &[Contender], cores: &Cores) -> Result<()> {
    let committed = Baseline::read()?;
    // Who commits otherwise has no row here.
    let contenders = &contenders[..HAND_NORMAL];
    let mut findings = Vec::new();
    for kind in Kind::ALL {
        let arena = Arena::build(kind, contenders, cores).await?;
        let servers = arena.start().await?;
        // What is read once more is to be what was read before: all tries of the reads come before the writes.
        let (writes, reads) = cases(kind).into_iter().partition(|case| case.workload.writes());
        for cases in [reads, writes] {
            let mut found = Finding::of_cases(&committed, kind, cases)?;
            judge(&arena, &servers, &mut found).await?;
            findings.append(&mut found);
        }
    }
    println!("{}", table(&findings));
    print!("{}", unjudged(&findings));
    conclude(&findings)
}

/// The rows that can be compared here. Where one side waits for the disk and the other does not, the ratio depends on the
/// disk and on what else runs.
fn cases(kind: Kind) -> Vec<Case> {
    let mut cases = case::all(kind);
    cases.retain(Case::commits_alike);
    if machine::in_memory(&std::env::temp_dir()) {
        eprintln!("the databases lie in memory: rows that are about waiting for the disk are left out");
        cases.retain(|case| !case.waits_for_disk());
    }
    cases
}

/// Measures rows until it is clear what they are, as often as that is worth.
async fn judge(arena: &Arena<'_>, servers: &[Server], findings: &mut [Finding]) -> Result<()> {
    for n in 0..MOST_TRIES {
        let mut open: Vec<&mut Finding> = findings.iter_mut().filter(|f| f.verdict() == Verdict::Unclear).collect();
        if open.is_empty() {
            break;
        }
        // Beside other work a row can be good, which is all that most tries are to say; it cannot be worse.
        if n > 0 && !machine::becomes_quiet(PATIENCE).await? {
            break;
        }
        let cases = open.iter().map(|finding| finding.case.clone()).collect();
        let trial = trial::run(arena, servers, cases, &Pace::CHECK).await?;
        let quiet = trial.busy == 0;
        for (finding, row) in open.iter_mut().zip(&trial.rows) {
            finding.tries.push(Try { ratio: row.cpu_ratio(), quiet });
        }
    }
    Ok(())
}

/// A row, what is committed for it, and what it came to.
#[derive(Debug)]
struct Finding {
    kind: Kind,
    case: Case,
    committed: f64,
    tries: Vec<Try>,
}

/// One measurement of a row.
#[derive(Clone, Copy, Debug)]
struct Try {
    ratio: f64,
    /// Whether nothing else ran.
    quiet: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    Good,
    Worse,
    /// Worse, but not often enough without other work beside.
    Unclear,
}

impl Finding {
    /// Nothing was measured yet.
    fn of_cases(committed: &Baseline, kind: Kind, cases: Vec<Case>) -> Result<Vec<Self>> {
        let find = |case: Case| {
            let title = case.title();
            let committed = committed.ratio(kind, &title);
            let committed =
                committed.ok_or_else(|| format!("bench/baseline.tsv has no ratio for {title} on {kind:?}"))?;
            Ok(Self { kind, case, committed, tries: Vec::new() })
        };
        cases.into_iter().map(find).collect()
    }

    fn verdict(&self) -> Verdict {
        let is_worse = |t: &Try| baseline::is_worse(self.committed, t.ratio);
        if !self.tries.iter().all(is_worse) {
            Verdict::Good
        } else if self.tries.iter().filter(|t| t.quiet).count() >= QUIET_TRIES {
            Verdict::Worse
        } else {
            Verdict::Unclear
        }
    }

    fn measured(&self) -> String {
        let show = |t: &Try| format!("{:.2}{}", t.ratio, if t.quiet { "" } else { " (busy)" });
        self.tries.iter().map(show).collect::<Vec<_>>().join(", then ")
    }

    fn line(&self) -> String {
        let (database, title, committed) = (self.kind.title(), self.case.title(), self.committed);
        format!("{database}, {title}: {committed:.2} is committed, {} was measured", self.measured())
    }
}

fn table(findings: &[Finding]) -> String {
    let mut text = String::from("| CPU generated/hand | committed | measured |\n| --- | ---: | ---: |\n");
    for finding in findings {
        let (database, title, committed) = (finding.kind.title(), finding.case.title(), finding.committed);
        // Writing to a String cannot fail.
        let _ = writeln!(text, "| {database}, {title} | {committed:.2} | {} |", finding.measured());
    }
    text
}

/// A line for each row of which nobody knows.
fn unjudged(findings: &[Finding]) -> String {
    let unclear = findings.iter().filter(|finding| finding.verdict() == Verdict::Unclear);
    unclear.flat_map(|finding| ["busy, not judged: ".into(), finding.line(), "\n".into()]).collect()
}

fn conclude(findings: &[Finding]) -> Result<()> {
    let worse = findings.iter().filter(|finding| finding.verdict() == Verdict::Worse);
    let worse: String = worse.flat_map(|finding| ["\n  ".into(), finding.line()]).collect();
    if worse.is_empty() {
        return Ok(());
    }
    Err(format!(
        "CPU generated/hand is more than {TOLERANCE} times what bench/baseline.tsv says, on every try:{worse}\n\
         Where that is meant, write new figures: cargo run --release -p restruct-bench -- --write"
    )
    .into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workload::Workload;

    fn case() -> Case {
        Case::new(Workload::One, vec![0, 1])
    }

    fn finding(tries: &[(f64, bool)]) -> Finding {
        let tries = tries.iter().map(|&(ratio, quiet)| Try { ratio, quiet }).collect();
        Finding { kind: Kind::Sqlite, case: case(), committed: 0.5, tries }
    }

    #[test]
    fn a_row_is_worse_when_it_is_on_two_tries_in_quiet_and_good_on_none() {
        let verdict = |tries: &[(f64, bool)]| finding(tries).verdict();
        assert_eq!(verdict(&[(0.70, true), (0.81, true)]), Verdict::Worse);
        assert_eq!(verdict(&[(0.70, false), (0.81, true), (0.75, true)]), Verdict::Worse);
        assert_eq!(verdict(&[(0.70, true), (0.81, true), (0.5, false)]), Verdict::Good);
        assert_eq!(verdict(&[(0.65, false)]), Verdict::Good);
    }

    #[test]
    fn beside_other_work_nothing_is_worse() {
        let verdict = |tries: &[(f64, bool)]| finding(tries).verdict();
        assert_eq!(verdict(&[]), Verdict::Unclear);
        assert_eq!(verdict(&[(0.70, true)]), Verdict::Unclear);
        assert_eq!(verdict(&[(0.70, false), (0.81, true), (0.90, false), (0.90, false)]), Verdict::Unclear);
    }

    #[test]
    fn only_what_is_worse_is_an_error_and_it_is_named() {
        let findings =
            [finding(&[(0.4, true)]), finding(&[(0.7, true), (0.81, true)]), finding(&[(0.9, false), (0.95, true)])];
        let error = conclude(&findings).unwrap_err().to_string();
        assert!(error.contains("\n  SQLite, GET one: 0.50 is committed, 0.70, then 0.81 was measured\n"), "{error}");
        assert_eq!(error.matches("is committed").count(), 1);
        let line = "busy, not judged: SQLite, GET one: 0.50 is committed, 0.90 (busy), then 0.95 was measured\n";
        assert_eq!(unjudged(&findings), line);
        assert!(conclude(&findings[2..]).is_ok());
    }

    #[test]
    fn a_row_without_a_committed_ratio_is_no_pass() {
        let committed = Baseline::parse("sqlite\tGET one\t0.40\n").unwrap();
        assert!(Finding::of_cases(&committed, Kind::Sqlite, vec![case()]).is_ok());
        assert!(Finding::of_cases(&committed, Kind::Postgres, vec![case()]).is_err());
    }

    #[test]
    fn what_one_side_commits_without_waiting_is_not_judged() {
        assert!(cases(Kind::Sqlite).iter().all(|case| !case.workload.writes() || case.waits_for_disk()));
    }
}
