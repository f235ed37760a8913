//! Builds a generated app and a hand-written one of the same resources, and prints what each build costs.
//!
//! Layout: `options` the command line · `project` an app as a cargo project, written from `templates/` · `build` the
//! kinds of build · `cargo` one build, measured · `samples` every measurement so far · `trial` which builds, in what
//! order · `serve` proof that both apps do the same · `report` medians and tables · `readme` where they go.

mod build;
mod cargo;
mod options;
mod project;
mod readme;
mod report;
mod samples;
mod serve;
mod trial;

use std::process::ExitCode;

use crate::{options::Options, samples::Samples};

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
    let temporary;
    let folder = if let Some(folder) = &options.folder {
        std::fs::create_dir_all(folder)?;
        folder.canonicalize()?
    } else {
        temporary = tempfile::Builder::new().prefix("restruct-build-cost-").tempdir()?;
        temporary.path().to_owned()
    };
    let mut samples = Samples::load(&folder)?;
    trial::run(options, &folder, &mut samples)?;
    let report = report::report(&samples);
    println!("{report}");
    if options.write { readme::write(&report) } else { Ok(()) }
}
