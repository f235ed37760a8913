//! The command line.

use std::path::PathBuf;

use clap::{Arg, ArgAction, Command, value_parser};

use crate::{build::Build, project::Side};

/// What to build, and how often.
#[derive(Debug)]
pub(crate) struct Options {
    pub(crate) builds: Vec<Build>,
    pub(crate) sides: Vec<Side>,
    pub(crate) resources: Vec<usize>,
    /// Of each rebuild; clean builds are made once.
    pub(crate) rounds: usize,
    /// Where the projects, their builds and the samples stay.
    pub(crate) folder: Option<PathBuf>,
    /// Into bench/README.md.
    pub(crate) write: bool,
}

impl Options {
    /// From the arguments; a wrong one ends the process with status 2 and the usage.
    pub(crate) fn parse() -> Self {
        let matches = command().get_matches();
        let chosen = |name: &str| matches.get_many::<String>(name).into_iter().flatten().map(String::as_str);
        Self {
            builds: chosen("builds").filter_map(|name| Build::ALL.into_iter().find(|b| b.name() == name)).collect(),
            sides: chosen("apps").filter_map(|name| Side::ALL.into_iter().find(|s| s.name() == name)).collect(),
            resources: matches.get_many("resources").into_iter().flatten().copied().collect(),
            rounds: matches.get_one("rounds").copied().unwrap_or(3),
            folder: matches.get_one("folder").cloned(),
            write: matches.get_flag("write"),
        }
    }
}

fn command() -> Command {
    let builds = Build::ALL.map(Build::name);
    let sides = Side::ALL.map(Side::name);
    Command::new("restruct-build-cost")
        .about("Measures what it costs to build a generated app, next to one written by hand")
        .arg(list("builds").value_parser(builds).default_values(builds).help("Which builds"))
        .arg(list("apps").value_parser(sides).default_values(sides).help("Which apps"))
        .arg(
            list("resources")
                .value_parser(value_parser!(usize))
                .default_values(["1", "10", "100"])
                .help("How many resources the apps have when they are rebuilt; clean builds have one"),
        )
        .arg(
            Arg::new("rounds")
                .long("rounds")
                .value_name("N")
                .default_value("3")
                .value_parser(value_parser!(usize))
                .help("How often each rebuild is measured, the two apps in turns; 0: only what comes before the first"),
        )
        .arg(
            Arg::new("folder")
                .long("folder")
                .value_name("PATH")
                .value_parser(value_parser!(PathBuf))
                .help("Keeps projects, builds and samples there, so that the next run adds to them"),
        )
        .arg(
            Arg::new("write")
                .long("write")
                .action(ArgAction::SetTrue)
                .help("Writes the tables into bench/README.md as well"),
        )
}

fn list(name: &'static str) -> Arg {
    Arg::new(name).long(name).value_name("LIST").value_delimiter(',')
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_command_line_is_consistent() {
        super::command().debug_assert();
    }
}
