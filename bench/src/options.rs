//! The command line.

use std::{env, path::PathBuf, time::Duration};

use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};

use crate::{Result, contender::Sides, database::Kind};

/// What to do.
#[derive(Debug)]
pub(crate) enum Task {
    Measure(Measure),
    Check,
    Ablate(Ablation),
}

/// What to measure, and what to do with it.
#[derive(Debug)]
pub(crate) struct Measure {
    pub(crate) databases: Vec<Kind>,
    /// The rows whose titles hold this.
    pub(crate) only: Option<String>,
    pub(crate) pace: Pace,
    pub(crate) sides: Sides,
    /// Whether the READMEs and the baseline are written anew.
    pub(crate) write: bool,
    /// The command that was typed, or one that does the same.
    pub(crate) command: String,
}

/// Which variants to measure, and what to do with it.
#[derive(Debug)]
pub(crate) struct Ablation {
    pub(crate) databases: Vec<Kind>,
    /// The rows whose titles hold this.
    pub(crate) only: Option<String>,
    pub(crate) pace: Pace,
    /// Binaries that were built elsewhere, and what they are called.
    pub(crate) others: Vec<(String, PathBuf)>,
    /// Whether bench/README.md is written anew.
    pub(crate) write: bool,
    /// The command that was typed, or one that does the same.
    pub(crate) command: String,
}

/// How often and for how long.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pace {
    pub(crate) rounds: usize,
    /// Of each server with each kind of request in each round.
    pub(crate) measurement: Duration,
    pub(crate) warm_up: Duration,
}

impl Pace {
    /// What the READMEs' figures are taken at, unless they say otherwise.
    const FULL: Self = Self::of(4_000);
    const QUICK: Self = Self::of(1_000);
    /// Two tries on both databases have to fit into three minutes.
    pub(crate) const CHECK: Self = Self::of(400);

    const fn of(milliseconds: u64) -> Self {
        Self {
            rounds: 5,
            measurement: Duration::from_millis(milliseconds),
            warm_up: Duration::from_millis(milliseconds / 2),
        }
    }
}

impl Task {
    /// From the arguments; a wrong one ends the process with status 2 and the usage.
    pub(crate) fn parse() -> Self {
        let matches = command().get_matches();
        match matches.subcommand() {
            Some(("check", _)) => Self::Check,
            Some((_, matches)) => Self::Ablate(Ablation::from(matches)),
            None => Self::Measure(Measure::from(&matches)),
        }
    }
}

impl From<&ArgMatches> for Measure {
    fn from(matches: &ArgMatches) -> Self {
        Self {
            databases: databases(matches),
            only: matches.get_one("only").cloned(),
            pace: pace(matches),
            sides: Sides { self_check: matches.get_flag("self-check"), tuned: matches.get_flag("tuned") },
            write: matches.get_flag("write"),
            command: typed(),
        }
    }
}

impl From<&ArgMatches> for Ablation {
    fn from(matches: &ArgMatches) -> Self {
        Self {
            databases: databases(matches),
            only: matches.get_one("only").cloned(),
            pace: pace(matches),
            others: matches.get_many("with").unwrap_or_default().cloned().collect(),
            write: matches.get_flag("write"),
            command: typed(),
        }
    }
}

fn databases(matches: &ArgMatches) -> Vec<Kind> {
    let one = matches.get_one::<String>("database").and_then(|word| Kind::of_word(word));
    one.map_or_else(|| Kind::ALL.to_vec(), |kind| vec![kind])
}

fn pace(matches: &ArgMatches) -> Pace {
    let pace = if matches.get_flag("quick") { Pace::QUICK } else { Pace::FULL };
    let rounds = matches.get_one::<u64>("rounds").and_then(|rounds| usize::try_from(*rounds).ok());
    Pace { rounds: rounds.unwrap_or(pace.rounds), ..pace }
}

fn typed() -> String {
    typed_as(env::args().skip(1))
}

/// Where somebody keeps a binary is nothing for a README.
fn typed_as(arguments: impl Iterator<Item = String>) -> String {
    let mut text = String::from("cargo run --release -p restruct-bench");
    let mut before = String::new();
    for (n, argument) in arguments.enumerate() {
        text.push_str(if n == 0 { " -- " } else { " " });
        match argument.rsplit_once('=') {
            Some((name, _)) if before == "--with" || name.starts_with("--with=") => {
                text.push_str(name);
                text.push_str("=..");
            }
            _ => text.push_str(&argument),
        }
        before = argument;
    }
    text
}

fn command() -> Command {
    let write = flag("write", "Write what comes out into the READMEs, and its ratios into bench/baseline.tsv");
    Command::new("restruct-bench")
        .about("Measures the generated server against one written by hand")
        .args_conflicts_with_subcommands(true)
        .args(extent())
        .arg(write.conflicts_with_all(["database", "only", "self-check", "tuned"]))
        .arg(flag("self-check", "Measure the hand-written server against itself: every ratio should be near 1"))
        .arg(flag("tuned", "Set up the hand-written server better than the defaults of sqlx and SQLite do"))
        .subcommand(
            Command::new("check").about("Fails when a ratio is much worse than in bench/baseline.tsv: under 3 minutes"),
        )
        .subcommand(
            Command::new("ablation")
                .about("Measures the generated server with and without some of what makes it fast")
                .args(extent())
                .arg(
                    flag("write", "Write what comes out into bench/README.md").conflicts_with_all(["database", "only"]),
                )
                .arg(
                    Arg::new("with")
                        .long("with")
                        .value_name("NAME=FILE")
                        .action(ArgAction::Append)
                        .value_parser(named)
                        .help("Another `generated`, built elsewhere from changed sources"),
                ),
        )
}

fn extent() -> [Arg; 4] {
    let quick = flag("quick", "Shorter measurements, less exact");
    let database = Arg::new("database")
        .long("database")
        .value_parser(Kind::ALL.map(Kind::word))
        .help("The one database to measure on; without it both");
    let only = Arg::new("only")
        .long("only")
        .value_name("PART")
        .help("The kinds of request whose titles hold this, and nothing else: --only PATCH");
    let rounds = Arg::new("rounds")
        .long("rounds")
        .value_name("N")
        .value_parser(value_parser!(u64).range(1..=1000))
        .help("How many alternating rounds the medians are taken over: 5 unless told otherwise");
    [quick, database, only, rounds]
}

fn named(text: &str) -> Result<(String, PathBuf)> {
    let (name, file) = text.split_once('=').ok_or("write it as NAME=FILE")?;
    // The servers run in folders of their own.
    let file = std::path::absolute(file)?;
    if file.is_file() { Ok((name.into(), file)) } else { Err(format!("there is no {}", file.display()).into()) }
}

fn flag(name: &'static str, help: &'static str) -> Arg {
    Arg::new(name).long(name).action(ArgAction::SetTrue).help(help)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(arguments: &[&str]) -> std::result::Result<ArgMatches, clap::Error> {
        command().try_get_matches_from(["bench"].iter().chain(arguments))
    }

    fn measure(arguments: &[&str]) -> std::result::Result<Measure, clap::Error> {
        matches(arguments).map(|matches| Measure::from(&matches))
    }

    #[test]
    fn the_command_line_is_sound() {
        command().debug_assert();
    }

    #[test]
    fn what_is_written_is_whole() {
        assert!(measure(&["--write", "--quick"]).is_ok_and(|measure| measure.write && measure.databases == Kind::ALL));
        assert!(measure(&["--write", "--database", "sqlite"]).is_err());
        assert!(measure(&["--write", "--self-check"]).is_err());
        assert!(measure(&["--write", "--tuned"]).is_err());
        assert!(measure(&["--write", "--only", "PATCH"]).is_err());
        assert!(matches(&["ablation", "--write", "--only", "PATCH"]).is_err());
        assert!(matches(&["ablation", "--write", "--database", "sqlite"]).is_err());
    }

    #[test]
    fn what_is_committed_is_of_the_hand_written_server_as_it_is() {
        assert!(measure(&["--quick"]).is_ok_and(|measure| !measure.sides.tuned));
        assert!(measure(&["--quick", "--tuned"]).is_ok_and(|measure| measure.sides.tuned));
        assert!(matches(&["--tuned", "check"]).is_err());
        assert!(matches(&["check", "--tuned"]).is_err());
    }

    #[test]
    fn medians_are_taken_over_five_rounds_or_as_many_as_asked_for() {
        assert!(measure(&["--quick"]).is_ok_and(|measure| measure.pace.rounds == 5));
        assert!(measure(&["--rounds", "9"]).is_ok_and(|measure| measure.pace.rounds == 9));
        assert!(measure(&["--rounds", "0"]).is_err());
    }

    #[test]
    fn the_command_is_shown_as_it_was_typed_without_paths() {
        let typed = |text: &str| typed_as(text.split_whitespace().map(str::to_owned));
        let start = "cargo run --release -p restruct-bench";
        assert_eq!(typed(""), start);
        assert_eq!(typed("--quick --rounds=9"), format!("{start} -- --quick --rounds=9"));
        assert_eq!(typed("ablation --with a=/x/y --write"), format!("{start} -- ablation --with a=.. --write"));
        assert_eq!(typed("ablation --with=a=/x/y"), format!("{start} -- ablation --with=a=.."));
    }

    #[test]
    fn another_binary_has_a_name_and_is_there() {
        let parsed = matches(&["ablation", "--with", "cargo=Cargo.toml"]).unwrap();
        let ablation = Ablation::from(parsed.subcommand_matches("ablation").unwrap());
        assert!(matches!(&ablation.others[..], [(name, file)] if name == "cargo" && file.is_absolute()));
        assert!(matches(&["ablation", "--with", "Cargo.toml"]).is_err());
        assert!(matches(&["ablation", "--with", "nothing=not/there"]).is_err());
    }
}
