//! Drives the hand-written and the generated kanban server side by side and prints what each costs.
//!
//! Layout: `options` the command line · `machine` cores and versions · `contender` the two servers · `server` one
//! of them running · `cluster` a private PostgreSQL · `database` one database of one server · `dataset` its rows ·
//! `client` HTTP/1.1 · `workload` the requests and what their answers must be · `measure` one measurement ·
//! `trial` all rounds on one database · `report` medians and tables.

mod client;
mod cluster;
mod contender;
mod database;
mod dataset;
mod machine;
mod measure;
mod options;
mod report;
mod server;
mod trial;
mod workload;

use std::process::ExitCode;

use crate::{cluster::Cluster, database::Kind, machine::Cores, options::Options};

type Result<T> = std::result::Result<T, Box<dyn std::error::Error + Send + Sync>>;

// One thread: it stays on its own core and needs no locks around what it counts.
#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let options = Options::parse();
    // What runs is stopped and removed when it is dropped, so an interrupt has to end `run`, not the process.
    let done = tokio::select! {
        done = run(&options) => done,
        _ = tokio::signal::ctrl_c() => Err("interrupted".into()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(e) => {
            eprintln!("error: {e}");
            ExitCode::FAILURE
        }
    }
}

async fn run(options: &Options) -> Result<()> {
    let contenders = contender::build(options.self_check)?;
    let cores = Cores::divide()?;
    let mut tables = Vec::new();
    for kind in &options.databases {
        let directory = tempfile::Builder::new().prefix("restruct-bench-").tempdir()?;
        let cluster = match kind {
            Kind::Sqlite => None,
            Kind::Postgres => Some(Cluster::start(&cores)?),
        };
        let trial = trial::run(options, &contenders, &cores, cluster.as_ref(), directory.path()).await?;
        tables.push(report::table(&contenders, &trial));
    }
    println!("{}\n", machine::line(&cores, &std::env::temp_dir()));
    for table in tables {
        println!("{table}");
    }
    Ok(())
}
