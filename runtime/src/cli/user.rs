//! `user create`: how the first administrator comes to be.

use std::{
    collections::BTreeMap,
    io::{self, BufRead as _, IsTerminal as _},
};

use clap::ArgMatches;

use super::{Failure, connect_for_long, list::print};
use crate::{
    app::{App, not_current},
    column::{Column, Role},
    config::Settings,
    db::{
        Db,
        admin::{self, SchemaState},
    },
    error::{Error, Result},
    input, names,
    schema::Schema,
    table::Table,
    text, typed,
    value::{FieldType as _, Invalid, Kind, Password, Value, json_text},
};

pub(super) async fn run(app: &App, settings: &Settings, matches: &ArgMatches) -> Result<(), Failure> {
    let schema = Schema::new(&app.tables)?;
    let Some(("create", matches)) = matches.subcommand() else { return Ok(()) };
    let Some(table) = schema.login() else {
        return Err(Failure::Usage("this app has no login resource: no field is marked `login`".into()));
    };
    let given = matches.get_many::<String>("set").into_iter().flatten().map(String::as_str);
    let mut fields = Fields::read(table, given)?;
    if matches.get_flag("admin") {
        let Some(column) = table.admin() else {
            let text = format!("{} has no field marked `admin`, so nobody can be one", table.resource);
            return Err(Failure::Usage(text));
        };
        fields.set(column, Ok(Value::Bool(true)));
    }
    if matches.get_flag("password-stdin") {
        fields.set_password(&first_line()?);
        fields.check()?;
    } else {
        // Before the prompt: nobody should type a password for a user that cannot be.
        fields.check()?;
        fields.set_password(&prompt()?);
        fields.check()?;
    }
    let db = connect_for_long(settings, false).await?;
    let outcome = create(&db, &schema, fields).await;
    db.close().await;
    Ok(print(&outcome?)?)
}

async fn create(db: &Db, schema: &Schema, fields: Fields) -> Result<String> {
    match admin::state(db, schema).await? {
        SchemaState::Current => {}
        other => return Err(not_current(other)),
    }
    let with_role = |role| fields.values.iter().find(|(column, _)| column.role == role).map(|(_, value)| value);
    let admin = if with_role(Role::Admin) == Some(&Value::Bool(true)) { ", an administrator" } else { "" };
    let login = if let Some(Value::Text(login)) = with_role(Role::Login) { login } else { "the user" };
    let told = format!("Created {login}{admin}.");
    match typed::insert(db, fields.table, fields.values).await {
        // What a client reads in `errors`, a terminal reads below.
        Err(error) if !error.errors().is_empty() => Err(unmade(error.errors().clone())),
        made => made.map(|_| told),
    }
}

/// The fields of a user to be, and everything wrong with them.
pub(super) struct Fields {
    table: &'static Table,
    pub(super) values: Vec<(&'static Column, Value)>,
    pub(super) errors: BTreeMap<String, String>,
}

impl Fields {
    /// From texts like `name=Ann`. What is missing is an error too, but for the password.
    pub(super) fn read<'a>(
        table: &'static Table,
        settings: impl IntoIterator<Item = &'a str>,
    ) -> Result<Self, Failure> {
        let mut fields = Self { table, values: Vec::new(), errors: BTreeMap::new() };
        let mut seen = Vec::new();
        for setting in settings {
            let Some((name, text)) = setting.split_once('=') else {
                return Err(Failure::Usage(format!("`--set {setting}` has no `=`; write --set name=value")));
            };
            if seen.contains(&name) {
                return Err(Failure::Usage(format!("`{name}` is set twice")));
            }
            seen.push(name);
            match settable(table).find(|column| column.json == name) {
                Some(column) => fields.set(column, parse(column, text)),
                None => drop(fields.errors.insert(names::shown(name), refusal(table, name))),
            }
        }
        let missing = settable(table).filter(|column| column.required() && !seen.contains(&column.json));
        fields.errors.extend(missing.map(|column| (column.json.to_owned(), "is required".to_owned())));
        Ok(fields)
    }

    fn set(&mut self, column: &'static Column, value: Result<Value, Invalid>) {
        match value.and_then(|value| input::check(column, &value).map(|()| value)) {
            Ok(value) => self.values.push((column, value)),
            Err(Invalid(message)) => drop(self.errors.insert(column.json.to_owned(), message)),
        }
    }

    fn set_password(&mut self, password: &Password) {
        if let Some(column) = self.table.password() {
            self.set(column, password.to_value());
        }
    }

    fn check(&self) -> Result<()> {
        if self.errors.is_empty() {
            return Ok(());
        }
        Err(unmade(self.errors.clone()))
    }
}

fn unmade(errors: BTreeMap<String, String>) -> Error {
    Error::startup("the user cannot be created").fields(errors)
}

/// What `--set` takes: neither the password, which must not stand in a process list, nor what the framework keeps.
pub(super) fn settable(table: &'static Table) -> impl Iterator<Item = &'static Column> {
    table.columns.iter().filter(|column| !column.secret && !column.bookkept() && column.role != Role::Admin)
}

pub(super) fn parse(column: &Column, source: &str) -> Result<Value, Invalid> {
    match column.kind {
        Kind::Json => {
            let tree = serde_json::from_str(source).map_err(|_| Invalid::new("must be JSON"))?;
            json_text(&tree)
        }
        _ => text::parse(column, source),
    }
}

/// Why `--set` does not take a name.
fn refusal(table: &'static Table, name: &str) -> String {
    match table.columns.iter().find(|column| column.json == name) {
        Some(column) if column.secret => return "is asked for, or read with --password-stdin".into(),
        Some(column) if column.role == Role::Admin => return "is set with --admin".into(),
        Some(_) => return "is kept by the server".into(),
        None => {}
    }
    let all: Vec<_> = settable(table).map(|column| column.json).collect();
    names::nearest(name, all.iter().copied()).map_or_else(
        || format!("is no field; there are {}", all.join(", ")),
        |near| format!("is no field; did you mean `{near}`?"),
    )
}

fn first_line() -> Result<Password> {
    let mut line = String::new();
    io::stdin().lock().read_line(&mut line).map_err(unreadable)?;
    let line = line.strip_suffix('\n').unwrap_or(&line);
    Ok(Password::new(line.strip_suffix('\r').unwrap_or(line)))
}

/// Asks at the terminal, twice and hidden: no process list and no shell history shows it.
fn prompt() -> Result<Password> {
    if !io::stdin().is_terminal() {
        return Err(Error::startup("there is no terminal to ask for the password at")
            .hint("--password-stdin takes it from standard input"));
    }
    let first = rpassword::prompt_password("Password: ").map_err(unreadable)?;
    let again = rpassword::prompt_password("Again: ").map_err(unreadable)?;
    if first == again {
        Ok(Password::new(first))
    } else {
        Err(Error::startup("the two passwords differ; nothing was created"))
    }
}

fn unreadable(error: io::Error) -> Error {
    Error::startup("the password cannot be read").source(error)
}
