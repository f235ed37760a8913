//! What the command line takes.

use clap::{
    Arg, ArgAction, ArgMatches, Command, builder::NonEmptyStringValueParser, error::ErrorKind, parser::ValueSource,
    value_parser,
};

use crate::{app::Custom, config::Given, error::Error};

/// The whole tree of commands, the user's own last.
pub(super) fn command(name: &'static str, custom: &[Custom]) -> Command {
    let examples = format!(
        "Examples:
  {name}                           serve; make and seed a new database first
  {name} --port 3000               on another port
  {name} db create --print         show the SQL that makes the tables
  {name} user create --admin --set name=Ann --set email=ann@example.com
  {name} routes                    show every route and who may use it

A database is made, and a secret made up, in development mode alone: in a debug
build on a loopback address, or with --dev. Elsewhere run `db create` and set
JWT_SECRET to at least 32 bytes. A file .env can set variables too."
    );
    let root = Command::new(name)
        .bin_name(name)
        .about("Serves the app, and looks after its database")
        .after_help(examples)
        .max_term_width(80)
        .args(global_args())
        .args(serve_args())
        .subcommand(Command::new("serve").about("Serve the app; what the bare command does").args(serve_args()))
        .subcommand(db())
        .subcommand(Command::new("routes").about("List every route: method, path, who may").arg(json()))
        .subcommand(user());
    root.subcommands(custom.iter().map(|custom| custom.command.clone()))
}

fn global_args() -> [Arg; 2] {
    let database = Arg::new("database-url")
        .long("database-url")
        .env("DATABASE_URL")
        .value_name("URL")
        .value_parser(NonEmptyStringValueParser::new())
        .help("Database: sqlite:app.db or postgres://user@host/name");
    let format = Arg::new("log-format")
        .long("log-format")
        .env("LOG_FORMAT")
        .value_name("FORMAT")
        .value_parser(["text", "json"])
        .default_value("text")
        .help("How the log is written; RUST_LOG says what is");
    // Values can be secret: help names the variables and not what they hold.
    [database, format].map(|arg| arg.global(true).hide_env_values(true))
}

fn serve_args() -> [Arg; 4] {
    let host = Arg::new("host")
        .long("host")
        .env("HOST")
        .value_name("ADDRESS")
        .default_value(Given::HOST)
        .value_parser(NonEmptyStringValueParser::new())
        .help("Address to listen on");
    let port = Arg::new("port")
        .long("port")
        .env("PORT")
        .value_name("PORT")
        .default_value("8080")
        .value_parser(value_parser!(u16))
        .help("Port to listen on; 0 takes any that is free");
    let dev = Arg::new("dev")
        .long("dev")
        .action(ArgAction::SetTrue)
        .help("Development mode, whatever the build and the address");
    let connections = Arg::new("max-connections")
        .long("max-connections")
        .value_name("COUNT")
        .default_value("1024")
        .value_parser(value_parser!(u32).range(1..=1_000_000))
        .help("Connections at a time; more have to wait");
    [host, port, dev, connections].map(|arg| arg.hide_env_values(true))
}

fn json() -> Arg {
    Arg::new("json").long("json").action(ArgAction::SetTrue).help("Print JSON")
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

fn user() -> Command {
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
        .after_help(
            "Examples:
  user create --set name=Ann --set email=ann@example.com
  user create --admin --set email=root@example.com --password-stdin < secret",
        );
    Command::new("user")
        .about("Create users, the first administrator among them")
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommand(create)
}

/// A user's own command that has the name of one that is there already.
pub(super) fn taken(custom: &[Custom]) -> Option<Error> {
    let mut names = vec!["serve", "db", "routes", "user", "help"];
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
    let stray = ["host", "port", "dev", "max-connections"]
        .into_iter()
        .find(|name| matches.value_source(name) == Some(ValueSource::CommandLine));
    stray.map_or(Ok(()), |name| {
        let text = format!("`--{name}` does nothing before `{subcommand}`; it belongs to `serve`, after it");
        Err(command.error(ErrorKind::ArgumentConflict, text))
    })
}

/// A text argument with a default.
pub(super) fn text<'a>(matches: &'a ArgMatches, name: &str) -> &'a str {
    matches.get_one::<String>(name).map_or("", String::as_str)
}
