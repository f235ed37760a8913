//! The command line.

use std::path::PathBuf;

use clap::{Arg, ArgAction, ArgGroup, Command, value_parser};

/// What to do, and with which steps.
pub(crate) struct Options {
    pub(crate) task: Task,
    /// What the names of the steps hold.
    pub(crate) only: String,
    /// Where callgrind's profiles are left.
    pub(crate) profiles: Option<PathBuf>,
}

pub(crate) enum Task {
    Time,
    Count,
    /// Count, and fail where a step needs too much.
    Check,
    /// Count, and commit it.
    Update,
    /// Be what callgrind counts: the case of this name.
    Counted(String),
}

impl Options {
    /// From the arguments; a wrong one ends the process with status 2 and the usage.
    pub(crate) fn parse() -> Self {
        let mut matches = command().get_matches();
        let task = match ["instructions", "check", "update"].map(|flag| matches.get_flag(flag)) {
            [true, ..] => Task::Count,
            [_, true, _] => Task::Check,
            [.., true] => Task::Update,
            [..] => matches.remove_one(COUNTED).map_or(Task::Time, Task::Counted),
        };
        let only = matches.remove_one("only").unwrap_or_default();
        Self { task, only, profiles: matches.remove_one("profiles") }
    }
}

/// The option of [`Task::Counted`].
pub(crate) const COUNTED: &str = "counted";

fn command() -> Command {
    Command::new("restruct-micro")
        .about("Measures the steps of a request one by one")
        .arg(flag("instructions", "Count instructions by callgrind instead of taking the time"))
        .arg(flag("check", "Count, and fail where a step needs over 1.1 times the committed instructions"))
        .arg(flag("update", "Count, and write instructions.tsv").conflicts_with("only"))
        .arg(Arg::new(COUNTED).long(COUNTED).value_name("NAME").hide(true))
        .group(ArgGroup::new("task").args(["instructions", "check", "update", COUNTED]))
        .arg(Arg::new("only").long("only").value_name("PART").help("The steps whose name holds this"))
        .arg(
            Arg::new("profiles")
                .long("profiles")
                .value_name("FOLDER")
                .value_parser(value_parser!(PathBuf))
                .help("Leave a profile of each step here, for callgrind_annotate"),
        )
}

fn flag(name: &'static str, help: &'static str) -> Arg {
    Arg::new(name).long(name).action(ArgAction::SetTrue).help(help)
}
