//! Drives the hand-written and the generated kanban server side by side and prints what each costs.
//!
//! Layout: `options` the command line · `stop` what ends it early · `machine` cores and versions · `contender` the
//! servers · `case` the rows of the tables · `arena` a database for each server · `cluster` a private PostgreSQL ·
//! `database` plain SQL · `dataset` the rows in it · `server` one of the servers, running · `process` its time and
//! memory · `client` HTTP/1.1 · `login` tokens · `workload` the requests and what their answers must be · `measure` one
//! measurement · `trial` all rounds on one database · `figures` what is no row of requests · `medians` what rounds come
//! to · `report` tables · `readme` where they are written · `baseline` the committed ratios · `check` whether they
//! still hold · `ablation` variants of the generated server.

mod ablation;
mod arena;
mod baseline;
mod case;
mod check;
mod client;
mod cluster;
mod contender;
mod database;
mod dataset;
mod figures;
mod login;
mod machine;
mod measure;
mod medians;
mod options;
mod process;
mod readme;
mod report;
mod server;
mod stop;
mod trial;
mod workload;

use std::{fs, process::ExitCode};

use crate::{
    arena::Arena,
    baseline::Baseline,
    case::Case,
    contender::{GENERATED, HAND, Sides},
    machine::Cores,
    options::{Measure, Task},
    readme::Readme,
    stop::Stop,
};

type Result<T> = std::result::Result<T, Box<dyn std::error::Error + Send + Sync>>;

// One thread: it stays on its own core and needs no locks around what it counts.
#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let task = Task::parse();
    match run_or_stop(&task).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(e) => {
            eprintln!("error: {e}");
            ExitCode::FAILURE
        }
    }
}

async fn run_or_stop(task: &Task) -> Result<()> {
    let mut stop = Stop::listen()?;
    tokio::select! {
        done = run(task) => done,
        why = stop.come() => Err(why.into()),
    }
}

async fn run(task: &Task) -> Result<()> {
    match task {
        Task::Measure(options) => measure(options).await,
        Task::Check => check::run(&contender::build(Sides::default())?, &Cores::divide()?).await,
        Task::Ablate(options) => ablation::run(options).await,
    }
}

async fn measure(options: &Measure) -> Result<()> {
    let rows = |kind| {
        let mut cases = case::all(kind);
        if options.sides.self_check {
            cases.retain(Case::commits_alike);
        }
        cases
    };
    let asked_for = case::asked_for(&options.databases, options.only.as_deref(), rows)?;
    let contenders = contender::build(options.sides)?;
    let names = [HAND, GENERATED].map(|side| &*contenders[side].name);
    let cores = Cores::divide()?;
    let mut baseline = Baseline::default();
    let mut text = format!("From `{}`:\n\n{}\n", options.command, machine::line(&cores, &std::env::temp_dir()));
    for (kind, cases) in asked_for {
        let arena = Arena::build(kind, contender::line_up(&contenders, kind), &cores).await?;
        let trial = trial::run(&arena, &arena.start().await?, cases, &options.pace).await?;
        text.push('\n');
        text.push_str(&report::rows(&trial, names));
        if options.only.is_none() {
            let others = figures::run(&arena, &options.pace).await?;
            text.push('\n');
            text.push_str(&figures::table(kind, names, &others));
        }
        baseline.add(kind, &trial.rows);
    }
    println!("{text}");
    if options.write {
        Readme::Bench.write("figures", &text)?;
        Readme::Project.write("figures", &report::summary(&baseline))?;
        fs::write(baseline::path(), baseline.to_string())?;
    }
    Ok(())
}
