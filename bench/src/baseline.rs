//! The ratios that are committed, and what is worse than they are.

use std::{fmt, fs, path::PathBuf};

use crate::{Result, database::Kind, trial::Row};

/// What stands above the ratios.
const HEAD: &str = "\
# CPU of the generated server by that of the hand-written one. `restruct-bench --write` writes it, `check` reads it.
# database	row	ratio
";

/// How many times worse than what is committed a ratio may be.
pub(crate) const TOLERANCE: f64 = 1.3;

/// The ratios of a run.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Baseline {
    entries: Vec<Entry>,
}

#[derive(Debug, PartialEq)]
struct Entry {
    kind: Kind,
    title: String,
    ratio: f64,
}

/// Where they are committed.
pub(crate) fn path() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("baseline.tsv")
}

impl Baseline {
    /// The committed one.
    pub(crate) fn read() -> Result<Self> {
        let text = fs::read_to_string(path()).map_err(|e| format!("bench/baseline.tsv: {e}"))?;
        Self::parse(&text)
    }

    pub(crate) fn parse(text: &str) -> Result<Self> {
        let lines = text.lines().filter(|line| !line.starts_with('#'));
        let entries = lines.map(|line| entry(line).ok_or_else(|| format!("bench/baseline.tsv: {line}").into()));
        Ok(Self { entries: entries.collect::<Result<_>>()? })
    }

    /// Adds what was measured on one database.
    pub(crate) fn add(&mut self, kind: Kind, rows: &[Row]) {
        let entries = rows.iter().map(|row| Entry { kind, title: row.case.title(), ratio: row.cpu_ratio() });
        self.entries.extend(entries);
    }

    pub(crate) fn ratio(&self, kind: Kind, title: &str) -> Option<f64> {
        self.entries.iter().find(|entry| entry.kind == kind && entry.title == title).map(|entry| entry.ratio)
    }
}

impl fmt::Display for Baseline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(HEAD)?;
        for Entry { kind, title, ratio } in &self.entries {
            writeln!(f, "{}\t{title}\t{ratio:.2}", kind.word())?;
        }
        Ok(())
    }
}

/// Whether a ratio is worse than the committed one allows.
pub(crate) fn is_worse(committed: f64, measured: f64) -> bool {
    // What could not be measured is no better.
    measured.is_nan() || measured > committed * TOLERANCE
}

fn entry(line: &str) -> Option<Entry> {
    let mut cells = line.split('\t');
    let (kind, title, ratio) = (cells.next()?, cells.next()?, cells.next()?);
    let entry = Entry { kind: Kind::of_word(kind)?, title: title.into(), ratio: ratio.parse().ok()? };
    cells.next().is_none().then_some(entry)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case;

    #[test]
    fn what_is_written_is_what_is_read() {
        let mut baseline = Baseline::default();
        for kind in Kind::ALL {
            let rows: Vec<Row> = case::all(kind).into_iter().map(|case| Row::of_cpu(case, &[100.0, 45.0])).collect();
            baseline.add(kind, &rows);
        }
        assert_eq!(Baseline::parse(&baseline.to_string()).unwrap(), baseline);
        assert_eq!(baseline.ratio(Kind::Postgres, "GET one"), Some(0.45));
        assert_eq!(baseline.ratio(Kind::Postgres, "GET two"), None);
    }

    #[test]
    fn a_line_that_says_nothing_is_refused() {
        for line in ["oracle\tGET one\t0.5", "sqlite\tGET one", "sqlite\tGET one\tmuch", "sqlite\tGET one\t1\t2", ""] {
            assert!(Baseline::parse(&format!("{line}\n")).is_err(), "{line}");
        }
    }

    #[test]
    fn worse_is_more_than_the_tolerance() {
        assert!(!is_worse(0.50, 0.65));
        assert!(is_worse(0.50, 0.66));
        assert!(!is_worse(0.50, 0.10));
        assert!(is_worse(0.50, f64::NAN));
    }

    #[test]
    fn every_row_is_committed_and_no_other() {
        let committed = Baseline::read().unwrap();
        let there: Vec<_> = committed.entries.iter().map(|entry| (entry.kind, entry.title.clone())).collect();
        let rows = Kind::ALL.into_iter().flat_map(|kind| case::all(kind).into_iter().map(move |c| (kind, c.title())));
        assert_eq!(there, rows.collect::<Vec<_>>());
    }
}
