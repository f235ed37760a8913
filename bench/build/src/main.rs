//! Builds a generated app and a hand-written one of the same resources, and prints what each build costs.
//!
//! Layout: `options` the command line · `project` an app as a cargo project, written from `templates/` · `build` the
//! kinds of build · `cargo` one build, measured · `interrupt` an end before its time · `samples` every measurement so far · `trial` which builds, in what
//! order · `serve` proof that both apps do the same · `report` medians and tables · `readme` where they go.

mod build;
mod cargo;
mod interrupt;
mod options;
mod project;
mod readme;
mod report;
mod samples;
mod serve;
mod trial;

use std::{
    fs, io,
    path::{Path, PathBuf},
    process::ExitCode,
};

use crate::{options::Options, samples::Samples};

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

fn main() -> ExitCode {
    let done = run(&Options::parse());
    match (done, interrupt::status()) {
        (Ok(()), _) => ExitCode::SUCCESS,
        (Err(_), Some(status)) => {
            eprintln!("error: interrupted");
            ExitCode::from(status)
        }
        (Err(e), None) => {
            eprintln!("error: {e}");
            ExitCode::FAILURE
        }
    }
}

fn run(options: &Options) -> Result<()> {
    interrupt::listen()?;
    let temporary;
    let folder = if let Some(folder) = &options.folder {
        made(folder).map_err(|e| format!("--folder {}: {e}", folder.display()))?
    } else {
        // Removed with all that is in it, however this ends.
        temporary = tempfile::Builder::new().prefix("restruct-build-cost-").tempdir()?;
        temporary.path().to_owned()
    };
    let mut samples = Samples::load(&folder)?;
    trial::run(options, &folder, &mut samples)?;
    match report::report(&samples) {
        Some(report) => {
            println!("{report}");
            if options.write { readme::write(&report) } else { Ok(()) }
        }
        None if options.write => Err("nothing was measured of both apps, so there is nothing to write".into()),
        None => Ok(()),
    }
}

fn made(folder: &Path) -> io::Result<PathBuf> {
    fs::create_dir_all(folder)?;
    folder.canonicalize()
}
