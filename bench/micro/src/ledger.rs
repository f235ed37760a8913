//! `instructions.tsv`: what each step needed when it was last looked at.

use std::{fmt::Write as _, fs, path::PathBuf, process::Command};

use crate::{Result, case::Case};

/// A step may need this much of the committed figure before the check fails.
const TOLERANCE: f64 = 1.1;

/// The committed figures, in the order of the cases.
pub(crate) struct Ledger {
    /// The compiler that they hold for.
    compiler: String,
    figures: Vec<(String, u64)>,
}

impl Ledger {
    pub(crate) fn new(cases: &[Case], counts: &[u64]) -> Result<Self> {
        let figures = cases.iter().zip(counts).map(|(case, count)| (case.name.to_owned(), *count)).collect();
        Ok(Self { compiler: compiler()?, figures })
    }

    pub(crate) fn read() -> Result<Self> {
        Self::parse(&fs::read_to_string(path())?)
    }

    pub(crate) fn write(&self) -> Result<()> {
        Ok(fs::write(path(), self.print())?)
    }

    /// What the committed figures have against these; nothing where they agree. Where these are of all steps, no other
    /// may be committed: its name was changed, or nobody counts it any more.
    pub(crate) fn complaints(&self, now: &Self, all: bool) -> Vec<String> {
        let mut complaints: Vec<_> = now
            .figures
            .iter()
            .filter_map(|(name, count)| match self.of(name) {
                None => Some(format!("{name} is not committed")),
                Some(was) if ratio(*count, was) > TOLERANCE => Some(format!(
                    "{name} needs {count} instructions, {:.2} times the {was} committed",
                    ratio(*count, was)
                )),
                Some(_) => None,
            })
            .collect();
        if all {
            let gone = self.figures.iter().filter(|(name, _)| now.of(name).is_none());
            complaints.extend(gone.map(|(name, _)| format!("{name} is committed, and there is no such step")));
        }
        if !complaints.is_empty() && self.compiler != now.compiler {
            complaints.push(format!("the committed figures are of {}, these of {}", self.compiler, now.compiler));
        }
        complaints
    }

    /// A markdown table, beside the committed figures where there are some.
    pub(crate) fn table(&self, committed: Option<&Self>) -> String {
        let mut text = "| step | instructions | of those committed |\n| --- | ---: | ---: |\n".to_owned();
        for (name, count) in &self.figures {
            let of =
                committed.and_then(|c| c.of(name)).map_or("-".to_owned(), |was| format!("{:.2}", ratio(*count, was)));
            // Writing to a String cannot fail.
            let _ = writeln!(text, "| {name} | {count} | {of} |");
        }
        text
    }

    fn of(&self, name: &str) -> Option<u64> {
        self.figures.iter().find(|(n, _)| n == name).map(|(_, count)| *count)
    }

    fn parse(text: &str) -> Result<Self> {
        let mut lines = text.lines();
        let compiler = lines.next().and_then(|line| line.strip_prefix("# ")).ok_or("no compiler in the first line")?;
        let figure = |line: &str| -> Result<_> {
            let (name, count) = line.split_once('\t').ok_or_else(|| format!("no tab in {line}"))?;
            Ok((name.to_owned(), count.parse()?))
        };
        Ok(Self { compiler: compiler.to_owned(), figures: lines.map(figure).collect::<Result<_>>()? })
    }

    fn print(&self) -> String {
        let mut text = format!("# {}\n", self.compiler);
        for (name, count) in &self.figures {
            // Writing to a String cannot fail.
            let _ = writeln!(text, "{name}\t{count}");
        }
        text
    }
}

#[expect(clippy::cast_precision_loss, reason = "both lie far below 2^52")]
fn ratio(now: u64, was: u64) -> f64 {
    now as f64 / was as f64
}

fn path() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("instructions.tsv")
}

fn compiler() -> Result<String> {
    let output = Command::new("rustc").arg("--version").output()?;
    Ok(String::from_utf8(output.stdout)?.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ledger(compiler: &str, figures: &[(&str, u64)]) -> Ledger {
        let figures = figures.iter().map(|(name, count)| ((*name).to_owned(), *count)).collect();
        Ledger { compiler: compiler.to_owned(), figures }
    }

    #[test]
    fn what_is_committed_reads_back() {
        let text = ledger("rustc 1", &[("a", 1), ("b", 20)]).print();
        assert_eq!(text, "# rustc 1\na\t1\nb\t20\n");
        assert_eq!(Ledger::parse(&text).expect("it is as printed").print(), text);
        assert!(Ledger::parse("a\t1\n").is_err());
        assert!(Ledger::parse("# rustc 1\na 1\n").is_err());
    }

    #[test]
    fn more_than_a_tenth_more_is_too_much() {
        let committed = ledger("rustc 1", &[("a", 100), ("b", 100)]);
        let complaints = |figures| committed.complaints(&ledger("rustc 1", figures), false);
        assert_eq!(complaints(&[("a", 110), ("b", 50)]), Vec::<String>::new());
        assert_eq!(complaints(&[("a", 111)]), ["a needs 111 instructions, 1.11 times the 100 committed"]);
        assert_eq!(complaints(&[("c", 1)]), ["c is not committed"]);
    }

    #[test]
    fn what_is_committed_is_counted_where_all_is() {
        let (committed, now) = (ledger("rustc 1", &[("a", 1), ("b", 1)]), ledger("rustc 1", &[("b", 1)]));
        assert_eq!(committed.complaints(&now, true), ["a is committed, and there is no such step"]);
        assert_eq!(committed.complaints(&now, false), Vec::<String>::new());
    }

    #[test]
    fn another_compiler_is_named_where_it_may_be_the_cause() {
        let (committed, now) = (ledger("rustc 1", &[("a", 100)]), |count| ledger("rustc 2", &[("a", count)]));
        assert_eq!(committed.complaints(&now(100), true), Vec::<String>::new());
        assert_eq!(committed.complaints(&now(200), true).len(), 2);
    }
}
