//! What each trick of the generated server brings by itself: builds with and without it, side by side.

use std::{
    ffi::OsStr,
    fmt::Write as _,
    fs,
    os::unix::ffi::OsStrExt as _,
    path::{Path, PathBuf},
    process::Command,
};

use crate::{
    Result,
    arena::Arena,
    case::{self, Case},
    contender::{self, Contender, Sources},
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
    /// What is written otherwise in the sources.
    changes: &'static [Change],
}

/// A text that stands once in a file, and what stands there instead.
struct Change {
    file: &'static str,
    from: &'static str,
    to: &'static str,
}

/// The first is what the others are compared with.
const VARIANTS: [Variant; 10] = [
    Variant { name: "as it is", options: &[], changes: &[] },
    Variant { name: "no `sqlite-direct`", options: &["--no-default-features"], changes: &[] },
    Variant { name: "mimalloc", options: &["--features", "mimalloc"], changes: &[] },
    Variant {
        name: "writes one by one",
        options: &[],
        changes: &[
            Change { file: "runtime/src/db/group.rs", from: "const MOST: usize = 256;", to: "const MOST: usize = 1;" },
            Change { file: "runtime/src/db/batch/mod.rs", from: "if gate.is_refused() {", to: "if true {" },
        ],
    },
    Variant {
        name: "a ping before each use",
        options: &[],
        changes: &[Change {
            file: "runtime/src/db/lane.rs",
            from: "const FRESH: Duration = Duration::from_secs(1);",
            to: "const FRESH: Duration = Duration::ZERO;",
        }],
    },
    Variant {
        name: "plans by what is bound",
        options: &[],
        changes: &[Change {
            file: "runtime/src/db/direct/connection.rs",
            from: "SQLITE_DBCONFIG_ENABLE_QPSG, true",
            to: "SQLITE_DBCONFIG_ENABLE_QPSG, false",
        }],
    },
    Variant {
        name: "no `sqlite-direct`, a bare `LIMIT ?`",
        options: &["--no-default-features"],
        changes: &[Change {
            file: "runtime/src/sql/rows.rs",
            from: r#"if self.dialect == Dialect::Sqlite { "+0" }"#,
            to: r#"if self.dialect == Dialect::Sqlite { "" }"#,
        }],
    },
    Variant {
        name: "tokens verified each time",
        options: &[],
        changes: &[Change {
            file: "runtime/src/auth/verified.rs",
            from: "if generations.young.len() >= GENERATION {",
            to: "if true { return }\n        if generations.young.len() >= GENERATION {",
        }],
    },
    Variant {
        name: "no mapped pages",
        options: &[],
        changes: &[Change {
            file: "runtime/src/db/direct/connection.rs",
            from: "; PRAGMA mmap_size = 134217728",
            to: "",
        }],
    },
    Variant {
        name: "every read on a thread",
        options: &[],
        changes: &[Change {
            file: "runtime/src/db/direct/mod.rs",
            from: "let at_once = (!settings.in_memory)",
            to: "let at_once = false",
        }],
    },
];

const WORKLOADS: [Workload; 7] = [
    Workload::One,
    Workload::Page,
    Workload::Filtered,
    Workload::LongPage,
    Workload::Board,
    Workload::Create,
    Workload::Update,
];

/// Builds the variants, lets them take turns, and prints and writes the table.
pub(crate) async fn run(options: &Ablation) -> Result<()> {
    let sides: Vec<usize> = (0..VARIANTS.len() + options.others.len()).collect();
    let rows = |_| WORKLOADS.map(|workload| Case::new(workload, sides.clone())).to_vec();
    let asked_for = case::asked_for(&options.databases, options.only.as_deref(), rows)?;
    let folder = tempfile::Builder::new().prefix("restruct-bench-variants-").tempdir()?;
    let mut contenders = build(folder.path())?;
    let others = options.others.iter().map(|(name, binary)| Contender::generated(name, binary.clone()));
    contenders.extend(others);
    let cores = Cores::divide()?;
    let mut text = format!("From `{}`:\n\n{}\n", options.command, machine::line(&cores, &std::env::temp_dir()));
    for (kind, cases) in asked_for {
        let arena = Arena::build(kind, &contenders, &cores).await?;
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
        let sources = if variant.changes.is_empty() { Sources::own()? } else { changed(variant.changes)? };
        contender::cargo_build(&sources, &["generated"], variant.options)?;
        let binary: PathBuf = folder.join(format!("variant_{n}"));
        fs::copy(sources.program("generated"), &binary)?;
        contenders.push(Contender::generated(variant.name, binary));
    }
    contenders.reverse();
    Ok(contenders)
}

/// A copy of the sources in which some things are written otherwise.
fn changed(changes: &[Change]) -> Result<Sources> {
    let (own, copy) = (contender::workspace(), Sources::copy()?);
    if copy.workspace.exists() {
        fs::remove_dir_all(&copy.workspace)?;
    }
    let tracked = Command::new("git").args(["ls-files", "-z"]).current_dir(&own).output()?;
    if !tracked.status.success() {
        let reason = String::from_utf8_lossy(&tracked.stderr);
        return Err(format!("the sources are copied as git lists them, so build in a clone: {}", reason.trim()).into());
    }
    for name in tracked.stdout.split(|byte| *byte == 0).filter(|name| !name.is_empty()) {
        let (from, to) = (own.join(OsStr::from_bytes(name)), copy.workspace.join(OsStr::from_bytes(name)));
        fs::create_dir_all(to.parent().unwrap_or(&to))?;
        fs::copy(from, to)?;
    }
    for Change { file, from, to } in changes {
        let path = copy.workspace.join(file);
        let text = fs::read_to_string(&path)?;
        if text.matches(from).count() != 1 {
            return Err(format!("{file} does not hold `{from}` once").into());
        }
        fs::write(path, text.replace(from, to))?;
    }
    Ok(copy)
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
    fn what_a_variant_changes_stands_in_the_sources() {
        for Change { file, from, .. } in VARIANTS.iter().flat_map(|variant| variant.changes) {
            let text = fs::read_to_string(contender::workspace().join(file)).unwrap();
            assert_eq!(text.matches(from).count(), 1, "{file}: {from}");
        }
    }

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
