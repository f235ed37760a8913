//! Whether the generated server has become slower, beside the hand-written one, than what is committed.

use std::fmt::Write as _;

use crate::{
    Result,
    arena::Arena,
    baseline::{self, Baseline, TOLERANCE},
    case::{self, Case},
    contender::{self, Contender},
    database::Kind,
    machine::{self, Cores},
    options::Pace,
    trial::{self, Row},
};

/// Measures every row once, and those that come out worse once more. A row that is worse on both tries is an error.
pub(crate) async fn run(contenders: &[Contender], cores: &Cores) -> Result<()> {
    let committed = Baseline::read()?;
    let mut findings = Vec::new();
    for kind in Kind::ALL {
        let arena = Arena::build(kind, contender::line_up(contenders, kind), cores).await?;
        let servers = arena.start().await?;
        let rows = trial::run(&arena, &servers, cases(kind), &Pace::CHECK).await?.rows;
        let mut found = compare(&committed, kind, &rows)?;

        let worse = rows.into_iter().zip(&found).filter(|(_, finding)| finding.is_worse()).map(|(row, _)| row.case);
        let again: Vec<_> = worse.collect();
        if !again.is_empty() {
            for row in trial::run(&arena, &servers, again, &Pace::CHECK).await?.rows {
                let title = row.case.title();
                let finding = found.iter_mut().filter(|finding| finding.title == title);
                finding.for_each(|finding| finding.tries.push(row.cpu_ratio()));
            }
        }
        findings.append(&mut found);
    }
    println!("{}", table(&findings));
    verdict(&findings)
}

/// The rows that can be compared here.
fn cases(kind: Kind) -> Vec<Case> {
    let mut cases = case::all(kind);
    if machine::in_memory(&std::env::temp_dir()) {
        eprintln!("the databases lie in memory: rows that are about waiting for the disk are left out");
        cases.retain(|case| !case.waits_for_disk());
    }
    cases
}

/// A row, what is committed for it, and what it came to.
#[derive(Debug)]
struct Finding {
    kind: Kind,
    title: String,
    committed: f64,
    tries: Vec<f64>,
}

impl Finding {
    /// Whether no try was good enough.
    fn is_worse(&self) -> bool {
        self.tries.iter().all(|measured| baseline::is_worse(self.committed, *measured))
    }

    fn measured(&self) -> String {
        let tries: Vec<_> = self.tries.iter().map(|ratio| format!("{ratio:.2}")).collect();
        tries.join(", then ")
    }
}

fn compare(committed: &Baseline, kind: Kind, rows: &[Row]) -> Result<Vec<Finding>> {
    let find = |row: &Row| {
        let title = row.case.title();
        let committed = committed.ratio(kind, &title);
        let committed = committed.ok_or_else(|| format!("bench/baseline.tsv has no ratio for {title} on {kind:?}"))?;
        Ok(Finding { kind, title, committed, tries: vec![row.cpu_ratio()] })
    };
    rows.iter().map(find).collect()
}

fn table(findings: &[Finding]) -> String {
    let mut text = String::from("| CPU generated/hand | committed | measured |\n| --- | ---: | ---: |\n");
    for finding in findings {
        let (database, title, committed) = (finding.kind.title(), &finding.title, finding.committed);
        // Writing to a String cannot fail.
        let _ = writeln!(text, "| {database}, {title} | {committed:.2} | {} |", finding.measured());
    }
    text
}

fn verdict(findings: &[Finding]) -> Result<()> {
    let worse: Vec<String> = findings
        .iter()
        .filter(|finding| finding.is_worse())
        .map(|finding| {
            let (database, title, committed) = (finding.kind.title(), &finding.title, finding.committed);
            format!("\n  {database}, {title}: {committed:.2} is committed, {} was measured", finding.measured())
        })
        .collect();
    if worse.is_empty() {
        return Ok(());
    }
    Err(format!(
        "CPU generated/hand is more than {TOLERANCE} times what bench/baseline.tsv says, on two tries:{}\n\
         Where that is meant, write new figures: cargo run --release -p restruct-bench -- --write",
        worse.concat()
    )
    .into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workload::Workload;

    fn finding(tries: &[f64]) -> Finding {
        Finding { kind: Kind::Sqlite, title: "GET one".into(), committed: 0.5, tries: tries.to_vec() }
    }

    #[test]
    fn a_row_fails_when_it_is_worse_on_both_tries() {
        let error = verdict(&[finding(&[0.4]), finding(&[0.7, 0.81])]).unwrap_err().to_string();
        assert!(error.contains("\n  SQLite, GET one: 0.50 is committed, 0.70, then 0.81 was measured\n"), "{error}");
        assert_eq!(error.matches("is committed").count(), 1);
    }

    #[test]
    fn a_second_try_can_clear_the_first() {
        assert!(verdict(&[finding(&[0.7, 0.6]), finding(&[0.65])]).is_ok());
    }

    #[test]
    fn a_row_without_a_committed_ratio_is_no_pass() {
        let row = Row::of_cpu(Case::new(Workload::One, vec![0, 1]), &[100.0, 40.0]);
        let committed = Baseline::parse("sqlite\tGET one\t0.40\n").unwrap();
        assert!(compare(&committed, Kind::Sqlite, std::slice::from_ref(&row)).is_ok_and(|found| !found[0].is_worse()));
        assert!(compare(&committed, Kind::Postgres, &[row]).is_err());
    }
}
