//! The command line.

use std::path::PathBuf;

use clap::{Arg, ArgAction, ArgMatches, Command, builder::RangedU64ValueParser, value_parser};

use crate::{build::Build, project::Side};

/// An app of more takes longer to build than anybody waits.
const MOST_RESOURCES: u64 = 1000;

const MOST_ROUNDS: u64 = 1000;

/// What to build, and how often.
#[derive(Debug)]
pub(crate) struct Options {
    pub(crate) builds: Vec<Build>,
    pub(crate) sides: Vec<Side>,
    pub(crate) resources: Vec<usize>,
    /// Of each build, where they are said.
    rounds: Option<usize>,
    /// Where the projects, their builds and the samples stay.
    pub(crate) folder: Option<PathBuf>,
    /// Into bench/README.md.
    pub(crate) write: bool,
}

impl Options {
    /// From the arguments; a wrong one ends the process with status 2 and the usage.
    pub(crate) fn parse() -> Self {
        Self::of(&command().get_matches())
    }

    fn of(matches: &ArgMatches) -> Self {
        let chosen = |name: &str| matches.get_many::<String>(name).into_iter().flatten().map(String::as_str);
        Self {
            builds: once(chosen("builds").filter_map(|name| Build::ALL.into_iter().find(|b| b.name() == name))),
            sides: once(chosen("apps").filter_map(|name| Side::ALL.into_iter().find(|s| s.name() == name))),
            resources: once(matches.get_many("resources").into_iter().flatten().copied()),
            rounds: matches.get_one("rounds").copied(),
            folder: matches.get_one("folder").cloned(),
            write: matches.get_flag("write"),
        }
    }

    /// How often a build is measured. A clean one takes minutes, and is long enough to be near its median.
    pub(crate) fn rounds(&self, build: Build) -> usize {
        self.rounds.unwrap_or(if build.is_clean() { 1 } else { 3 })
    }
}

/// Each of them, however often it was named.
fn once<T: PartialEq>(named: impl Iterator<Item = T>) -> Vec<T> {
    named.fold(Vec::new(), |mut all, one| {
        if !all.contains(&one) {
            all.push(one);
        }
        all
    })
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
                .value_parser(RangedU64ValueParser::<usize>::new().range(1..=MOST_RESOURCES))
                .default_values(["1", "10", "100"])
                .help("How many resources the apps have when they are rebuilt; clean builds have one"),
        )
        .arg(
            Arg::new("rounds")
                .long("rounds")
                .value_name("N")
                .value_parser(RangedU64ValueParser::<usize>::new().range(..=MOST_ROUNDS))
                .help(
                    "How often each build is measured, the two apps in turns: 3 times a rebuild and once a clean build, \
                     if nothing is said; 0: only what comes before the first",
                ),
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
    use super::*;

    fn read(arguments: &str) -> Result<Options, String> {
        let words = std::iter::once("restruct-build-cost").chain(arguments.split_whitespace());
        command().try_get_matches_from(words).map(|matches| Options::of(&matches)).map_err(|e| e.to_string())
    }

    #[test]
    fn the_command_line_is_consistent() {
        command().debug_assert();
    }

    #[test]
    fn an_app_has_a_resource_at_least() {
        assert_eq!(read("--resources 1,1000").unwrap().resources, [1, 1000]);
        for wrong in ["0", "10,0", "1001", "-1", "ten", "1,,2"] {
            let refused = read(&format!("--resources={wrong}")).unwrap_err();
            assert!(refused.contains("'--resources <LIST>'"), "{wrong}: {refused}");
        }
        assert!(read("--resources 0").unwrap_err().contains("1..=1000"));
    }

    #[test]
    fn what_is_named_twice_is_built_once() {
        let options = read("--resources 10,1,10 --builds check,debug,check --apps hand,hand").unwrap();
        assert_eq!(options.resources, [10, 1]);
        assert_eq!(options.builds, [Build::Check, Build::Debug]);
        assert_eq!(options.sides, [Side::Hand]);
    }

    #[test]
    fn rounds_are_of_every_build() {
        let of = |arguments| [Build::CleanDebug, Build::Debug].map(|build| read(arguments).unwrap().rounds(build));
        assert_eq!(of(""), [1, 3]);
        assert_eq!(of("--rounds 5"), [5, 5]);
        assert_eq!(of("--rounds 0"), [0, 0]);
        assert!(read("--rounds -1").is_err() && read("--rounds 1001").is_err());
    }
}
