//! Measures the steps of a request one by one, without sockets and without a database.
//!
//! Layout: `options` the command line · `resources` the tables · `case` one step to be repeated · `cases` all of them ·
//! `time` medians · `instructions` counts under callgrind · `ledger` the committed counts

mod case;
mod cases;
mod instructions;
mod ledger;
mod options;
mod resources;
mod time;

use std::process::ExitCode;

use crate::{
    case::Case,
    ledger::Ledger,
    options::{Options, Task},
};

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

fn main() -> ExitCode {
    match run(&Options::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(e) => {
            eprintln!("error: {e}");
            ExitCode::FAILURE
        }
    }
}

fn run(options: &Options) -> Result<()> {
    let cases = cases::of(&options.only)?;
    match &options.task {
        Task::Time => {
            time(&cases);
            Ok(())
        }
        Task::Counted(name) => {
            cases.iter().filter(|case| case.name == *name).for_each(instructions::run);
            Ok(())
        }
        Task::Count => count(options, &cases).map(drop),
        Task::Check => check(options, &cases),
        Task::Update => count(options, &cases)?.write(),
    }
}

fn time(cases: &[Case]) {
    println!("| step | ns |\n| --- | ---: |");
    for case in cases {
        println!("| {} | {:.0} |", case.name, time::nanoseconds(case));
    }
}

fn count(options: &Options, cases: &[Case]) -> Result<Ledger> {
    let scratch = tempfile::tempdir()?;
    let folder = options.profiles.as_deref().unwrap_or(scratch.path());
    let counts = cases.iter().map(|case| instructions::count(case, folder)).collect::<Result<Vec<_>>>()?;
    let ledger = Ledger::new(cases, &counts)?;
    print!("{}", ledger.table(Ledger::read().ok().as_ref()));
    Ok(ledger)
}

fn check(options: &Options, cases: &[Case]) -> Result<()> {
    let complaints = Ledger::read()?.complaints(&count(options, cases)?, options.only.is_empty());
    if complaints.is_empty() {
        return Ok(());
    }
    Err(format!("{}\nIf it has to be so: cargo run --release -p restruct-micro -- --update", complaints.join("\n"))
        .into())
}
