//! What the command line takes.

use std::path::PathBuf;

use clap::{Arg, ArgAction, ArgMatches, Command, error::ErrorKind, parser::ValueSource, value_parser};

use super::example;
use crate::{
    app::{App, Custom},
    config::{self, Flag, Kind, Setting, TABLE},
    error::Error,
    table::Table,
};

/// The whole tree of commands, the user's own last.
pub(super) fn command(app: &App) -> Command {
    let name = app.name;
    let login = app.tables.iter().copied().find(|table| table.login().is_some());
    let first = login.map_or_else(String::new, |login| {
        let flag = if login.admin().is_some() { " --admin" } else { "" };
        example::command(&format!("{name} user create{flag}"), &example::fields(login, "Ann"), "") + "\n"
    });
    let examples = format!(
        "Examples:
  {name}                           serve; make and seed a new database first
  {name} --port 3000               on another port
  {name} db create --print         show the SQL that makes the tables
{first}  {name} routes                    show the generated routes and who may use them
  {name} openapi > openapi.json    write the description of the API to a file

A database is made, and a secret made up, in development mode alone: in a debug
build on a loopback address, or with --dev. Elsewhere run `db create` and set
JWT_SECRET to at least 32 bytes. A file .env can set variables too, and
restruct.toml every setting: `config show` lists them."
    );
    let root = Command::new(name)
        .bin_name(name)
        .about("Serves the app, and looks after its database")
        .after_help(examples)
        .max_term_width(80)
        .args(global_args())
        .args(serve_args())
        .subcommand(Command::new("serve").about("Serve the app; what the bare command does").args(serve_args()))
        .subcommand(config())
        .subcommand(db())
        .subcommand(Command::new("routes").about("List the generated routes: method, path, who may").arg(json()))
        .subcommand(Command::new("openapi").about("Print the description of the API (OpenAPI 3.1)"))
        .subcommand(user(name, login));
    let root = match app.version {
        Some(version) => root.version(version),
        None => root,
    };
    root.subcommands(app.commands.iter().map(|custom| custom.command.clone()))
}

/// The flags of every command: the file, and the settings that are not about serving.
fn global_args() -> Vec<Arg> {
    let config = Arg::new("config")
        .long("config")
        .value_name("FILE")
        .value_parser(value_parser!(PathBuf))
        .help(format!("Settings, instead of {} where there is one [env: RESTRUCT_CONFIG]", config::NAME));
    let settings = settings().filter(|(_, flag)| matches!(flag, Flag::Global(_)));
    std::iter::once(config)
        .chain(settings.map(|(setting, flag)| arg(setting, flag)))
        .map(|arg| arg.global(true))
        .collect()
}

/// The flags of what serves.
fn serve_args() -> Vec<Arg> {
    let dev = Arg::new("dev")
        .long("dev")
        .action(ArgAction::SetTrue)
        .help("Development mode, whatever the build and the address");
    let settings = settings().filter(|(_, flag)| matches!(flag, Flag::Serve(_)));
    settings.map(|(setting, flag)| arg(setting, flag)).chain([dev]).collect()
}

fn settings() -> impl Iterator<Item = (&'static Setting, Flag)> {
    TABLE.iter().filter_map(|setting| Some((setting, setting.flag?)))
}

/// The flag of a setting. Help names the variable and never what it holds, which can be secret.
fn arg(setting: &'static Setting, flag: Flag) -> Arg {
    let value = match setting.kind {
        Kind::Text => "TEXT",
        Kind::Number { .. } => "NUMBER",
        Kind::OneOf(_) => "WORD",
        Kind::Switch => "true|false",
        Kind::Address => "IP:PORT",
        Kind::Origins => "ORIGINS",
    };
    let default = Some(setting.default).filter(|default| !default.is_empty());
    let default = default.map_or_else(String::new, |default| format!(" [default: {default}]"));
    let about = format!("{} [env: {}]{default}", setting.told(), setting.variable);
    let kind = setting.kind;
    let read = move |text: &str| kind.check(text).map(|()| text.to_owned());
    Arg::new(flag.name()).long(flag.name()).value_name(value).value_parser(read).help(about)
}

/// The settings that the command line says, by key.
pub(super) fn flags(matches: &ArgMatches) -> Vec<(&'static str, String)> {
    // Below another subcommand a flag of that name is the user's own.
    let serving = match matches.subcommand() {
        None => Some(matches),
        Some(("serve", below)) => Some(below),
        Some(("config", below)) => below.subcommand().map(|(_, below)| below),
        Some(_) => None,
    };
    let given = |flag| {
        let matches = if matches!(flag, Flag::Global(_)) { Some(matches) } else { serving };
        matches?.get_one::<String>(flag.name()).cloned()
    };
    settings().filter_map(|(setting, flag)| Some((setting.key, given(flag)?))).collect()
}

fn json() -> Arg {
    Arg::new("json").long("json").action(ArgAction::SetTrue).help("Print JSON")
}

fn config() -> Command {
    let show = Command::new("show")
        .about("Show every setting, its value and where it comes from; secrets are masked")
        .arg(json())
        .args(serve_args());
    Command::new("config")
        .about("Look at the settings")
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommand(show)
}

fn db() -> Command {
    let yes = || Arg::new("yes").long("yes").action(ArgAction::SetTrue).help("Really do it; the rows are lost");
    let print = Arg::new("print").long("print").action(ArgAction::SetTrue).help("Print the SQL and touch nothing");
    Command::new("db")
        .about("Make, fill, drop and look at the tables")
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommand(Command::new("create").about("Make the tables in an empty database").arg(print))
        .subcommand(Command::new("seed").about("Run the seed hooks that have not run yet"))
        .subcommand(Command::new("drop").about("Drop the tables and all their rows").arg(yes()))
        .subcommand(Command::new("reset").about("Drop the tables, make them again, seed them").arg(yes()))
        .subcommand(
            Command::new("status")
                .about("Show tables and rows; exit with 1 where the schema is not the structs'")
                .arg(json()),
        )
}

fn user(program: &str, login: Option<&'static Table>) -> Command {
    let set = Arg::new("set")
        .long("set")
        .value_name("NAME=VALUE")
        .action(ArgAction::Append)
        .help("A field of the user, by its JSON name; once for each");
    let admin = Arg::new("admin").long("admin").action(ArgAction::SetTrue).help("Make it an administrator");
    let stdin = Arg::new("password-stdin")
        .long("password-stdin")
        .action(ArgAction::SetTrue)
        .help("Take the password from the first line of standard input");
    let create = Command::new("create")
        .about("Create a user; the password is asked for and not shown")
        .args([admin, set, stdin])
        .after_help(login.map_or_else(String::new, |login| example::users(program, login)));
    Command::new("user")
        .about("Create users, the first administrator among them")
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommand(create)
}

/// A user's own command that has the name of one that is there already.
pub(super) fn taken(custom: &[Custom]) -> Option<Error> {
    let mut names = vec!["serve", "config", "db", "routes", "openapi", "user", "help"];
    for custom in custom {
        let name = custom.command.get_name();
        if names.contains(&name) {
            let text = format!("there are two commands `{name}`");
            return Some(Error::startup(text).hint("give the one passed to `.command(..)` another name"));
        }
        names.push(name);
    }
    None
}

/// `--port` and its like stand on the bare command too; before another subcommand they would do nothing.
pub(super) fn refuse_stray(command: &mut Command, matches: &ArgMatches) -> Result<(), clap::Error> {
    let Some((subcommand, _)) = matches.subcommand() else { return Ok(()) };
    let serving = settings().filter(|(_, flag)| matches!(flag, Flag::Serve(_))).map(|(_, flag)| flag.name());
    let stray = serving.chain(["dev"]).find(|name| matches.value_source(name) == Some(ValueSource::CommandLine));
    stray.map_or(Ok(()), |name| {
        let text = format!("`--{name}` does nothing before `{subcommand}`; it belongs to `serve`, after it");
        Err(command.error(ErrorKind::ArgumentConflict, text))
    })
}
