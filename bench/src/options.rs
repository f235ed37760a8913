//! The command line.

use std::time::Duration;

use clap::{Arg, ArgAction, Command, value_parser};

use crate::database::Kind;

/// What to measure, and for how long.
#[derive(Debug)]
pub(crate) struct Options {
    pub(crate) databases: Vec<Kind>,
    pub(crate) rounds: usize,
    /// Of each server with each kind of request in each round.
    pub(crate) measurement: Duration,
    pub(crate) warm_up: Duration,
    /// SQLite's `synchronous` in the hand-written server.
    pub(crate) synchronous: String,
    pub(crate) self_check: bool,
}

impl Options {
    /// From the arguments; a wrong one ends the process with status 2 and the usage.
    pub(crate) fn parse() -> Self {
        let matches = command().get_matches();
        let quick = matches.get_flag("quick");
        let databases = match matches.get_one::<String>("database").map(String::as_str) {
            Some("sqlite") => vec![Kind::Sqlite],
            Some("postgres") => vec![Kind::Postgres],
            _ => vec![Kind::Sqlite, Kind::Postgres],
        };
        let rounds = matches.get_one::<u64>("rounds").and_then(|r| usize::try_from(*r).ok()).unwrap_or(5);
        let synchronous = matches.get_one::<String>("synchronous").map_or("FULL", |s| s).to_uppercase();
        let milliseconds = if quick { 750 } else { 4000 };
        Self {
            databases,
            rounds,
            measurement: Duration::from_millis(milliseconds),
            warm_up: Duration::from_millis(milliseconds / 2),
            synchronous,
            self_check: matches.get_flag("self-check"),
        }
    }
}

fn command() -> Command {
    Command::new("restruct-bench")
        .about("Measures the generated server against one written by hand")
        .arg(flag("quick", "Shorter measurements: under 3 minutes for both databases"))
        .arg(choice("database", ["sqlite", "postgres", "both"], "both", "Which database to measure on"))
        .arg(
            Arg::new("rounds")
                .long("rounds")
                .value_name("N")
                .default_value("5")
                .value_parser(value_parser!(u64).range(1..=1000))
                .help("How many alternating rounds the medians are taken over"),
        )
        .arg(choice("synchronous", ["full", "normal"], "full", "SQLite's setting in the hand-written server"))
        .arg(flag("self-check", "Drive the hand-written server against itself: every ratio should be near 1"))
}

fn flag(name: &'static str, help: &'static str) -> Arg {
    Arg::new(name).long(name).action(ArgAction::SetTrue).help(help)
}

fn choice<const N: usize>(
    name: &'static str,
    values: [&'static str; N],
    default: &'static str,
    help: &'static str,
) -> Arg {
    Arg::new(name).long(name).value_parser(values).default_value(default).help(help)
}
