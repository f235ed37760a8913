//! What each trick of the generated server brings by itself: builds with and without it, side by side.

use std::{
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

use crate::{
    Result,
    arena::Arena,
    case::Case,
    contender::{self, Contender},
    machine::{self, Cores},
    options::Ablation,
    readme::Readme,
    report,
    trial::{self, Row},
    workload::Workload,
};

/// A way to build the generated server.
struct Variant {
    name: &'static str,
    /// What cargo is told.
    options: &'static [&'static str],
}

/// The first is what the others are compared with.
const VARIANTS: [Variant; 3] = [
    Variant { name: "as it is", options: &[] },
    Variant { name: "no `sqlite-direct`", options: &["--no-default-features"] },
    Variant { name: "mimalloc", options: &["--features", "mimalloc"] },
];

const WORKLOADS: [Workload; 6] =
    [Workload::One, Workload::Page, Workload::Filtered, Workload::LongPage, Workload::Create, Workload::Update];

/// Builds the variants, lets them take turns, and prints and writes the table.
pub(crate) async fn run(options: &Ablation) -> Result<()> {
    let folder = tempfile::Builder::new().prefix("restruct-bench-variants-").tempdir()?;
    let mut contenders = build(folder.path())?;
    let others = options.others.iter().map(|(name, binary)| Contender::generated(name, binary.clone()));
    contenders.extend(others);
    let cores = Cores::divide()?;
    let mut text = format!("From `{}`:\n\n{}\n", options.command, machine::line(&cores, &std::env::temp_dir()));
    for &kind in &options.databases {
        let arena = Arena::build(kind, &contenders, &cores).await?;
        let sides: Vec<usize> = (0..contenders.len()).collect();
        let mut cases = WORKLOADS.map(|workload| Case::new(workload, sides.clone())).to_vec();
        cases.retain(|case| case.holds(options.only.as_deref()));
        let trial = trial::run(&arena, &arena.start().await?, cases, &options.pace).await?;
        let names: Vec<&str> = contenders.iter().map(|contender| contender.name.as_str()).collect();
        text.push('\n');
        text.push_str(&report::caption(&trial));
        text.push_str(&table(&names, &trial.rows));
    }
    println!("{text}");
    if options.write {
        Readme::Bench.write("ablation", &text)?;
    }
    Ok(())
}

/// They all have the same name where cargo puts them, so each is copied away before the next. The first is built last:
/// its features are what everybody else expects to find there.
fn build(folder: &Path) -> Result<Vec<Contender>> {
    let mut contenders = Vec::new();
    for (n, variant) in VARIANTS.iter().enumerate().rev() {
        eprintln!("building: {}", variant.name);
        contender::cargo_build(&["generated"], variant.options)?;
        let binary: PathBuf = folder.join(format!("variant_{n}"));
        fs::copy(contender::folder()?.join("generated"), &binary)?;
        contenders.push(Contender::generated(variant.name, binary));
    }
    contenders.reverse();
    Ok(contenders)
}

/// Processor time of a request, and how many times that of the first variant it is.
fn table(names: &[&str], rows: &[Row]) -> String {
    let mut text = format!("| CPU µs | {} |\n| --- |{}\n", names.join(" | "), " ---: |".repeat(names.len()));
    for row in rows {
        let medians = row.medians();
        let _ = write!(text, "| {} |", row.case.title());
        for (n, median) in medians.iter().enumerate() {
            let _ = match n {
                0 => write!(text, " {:.0} |", median.cpu),
                _ => write!(text, " {:.0} (x{:.2}) |", median.cpu, median.cpu / medians[0].cpu),
            };
        }
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variants_are_compared_with_the_first() {
        let row = Row::of_cpu(Case::new(Workload::One, vec![0, 1, 2]), &[40.0, 50.0, 30.0]);
        assert_eq!(
            table(&["as it is", "less", "more"], &[row]),
            "| CPU µs | as it is | less | more |\n| --- | ---: | ---: | ---: |\n\
             | GET one | 40 | 50 (x1.25) | 30 (x0.75) |\n"
        );
    }
}
