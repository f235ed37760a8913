//! `user create`: how the first administrator comes to be.

use std::{
    collections::BTreeMap,
    io::{self, BufRead as _, IsTerminal as _},
};

use clap::ArgMatches;

use super::{Failure, connect, list::print};
use crate::{
    app::{App, not_current},
    column::{Column, Role},
    config::DatabaseUrl,
    db::{
        Db,
        admin::{self, SchemaState},
    },
    error::{Error, Result},
    schema::Schema,
    table::Table,
    typed,
    value::{self, FieldType as _, Invalid, Kind, Password, Value},
};

/// Columns and what they are set to.
type Values = Vec<(&'static Column, Value)>;

pub(super) async fn run(app: &App, url: &DatabaseUrl, matches: &ArgMatches) -> Result<(), Failure> {
    let schema = Schema::new(&app.tables)?;
    let Some(("create", matches)) = matches.subcommand() else { return Ok(()) };
    let Some(table) = schema.login() else {
        return Err(Failure::Usage("this app has no login resource: no field is marked `login`".into()));
    };
    let texts: Vec<&str> = matches.get_many::<String>("set").into_iter().flatten().map(String::as_str).collect();
    let mut values = fields(table, &texts)?;
    if matches.get_flag("admin") {
        let Some(column) = table.admin() else {
            let text = format!("{} has no field marked `admin`, so nobody can be one", table.resource);
            return Err(Failure::Usage(text));
        };
        values.push((column, Value::Bool(true)));
    }
    let db = connect(url).await?;
    let outcome = create(&db, &schema, table, values, matches.get_flag("password-stdin")).await;
    db.close().await;
    Ok(print(&outcome?)?)
}

async fn create(
    db: &Db,
    schema: &Schema,
    table: &'static Table,
    mut values: Values,
    from_stdin: bool,
) -> Result<String> {
    match admin::state(db, schema).await? {
        SchemaState::Current => {}
        other => return Err(not_current(other)),
    }
    if let Some(column) = table.password() {
        let invalid = |Invalid(text)| Error::invalid([(column.json.to_owned(), text)]);
        values.push((column, password(from_stdin)?.to_value().map_err(invalid)?));
    }
    let is_admin = values.iter().any(|(column, value)| column.role == Role::Admin && *value == Value::Bool(true));
    let login = values.iter().find(|(column, _)| column.role == Role::Login).map(|(_, value)| value.clone());
    typed::insert(db, table, values).await?;
    let login = if let Some(Value::Text(login)) = login { login } else { String::new() };
    Ok(format!("Created {login}{}.", if is_admin { ", an administrator" } else { "" }))
}

/// The values of `--set name=value`; everything wrong with them at once.
pub(super) fn fields(table: &'static Table, texts: &[&str]) -> Result<Values, Failure> {
    let (mut values, mut errors) = (Values::new(), BTreeMap::new());
    for text in texts {
        let Some((name, text)) = text.split_once('=') else {
            return Err(Failure::Usage(format!("`--set {text}` has no `=`; write --set name=value")));
        };
        let Some(column) = settable(table).find(|column| column.json == name) else {
            errors.insert(name.to_owned(), unknown(table, name));
            continue;
        };
        if values.iter().any(|(known, _): &(&Column, Value)| known.name == column.name) {
            return Err(Failure::Usage(format!("`{name}` is set twice")));
        }
        match read(column, text) {
            Ok(value) => values.push((column, value)),
            Err(Invalid(message)) => {
                errors.insert(name.to_owned(), message);
            }
        }
    }
    if errors.is_empty() {
        return Ok(values);
    }
    let missing =
        settable(table).filter(|column| column.required() && values.iter().all(|(c, _)| c.name != column.name));
    for column in missing {
        errors.entry(column.json.to_owned()).or_insert_with(|| "is required".into());
    }
    Err(Failure::Failed(Error::startup("the user cannot be created").fields(errors)))
}

/// What `--set` takes: neither the password, which must not stand in a process list, nor what the framework keeps.
fn settable(table: &'static Table) -> impl Iterator<Item = &'static Column> {
    table.columns.iter().filter(|column| !column.secret && !column.bookkept() && column.role != Role::Admin)
}

fn unknown(table: &'static Table, name: &str) -> String {
    match table.columns.iter().find(|column| column.json == name) {
        Some(column) if column.secret => return "is asked for, or read with --password-stdin".into(),
        Some(column) if column.role == Role::Admin => return "is set with --admin".into(),
        Some(_) => return "is kept by the server".into(),
        None => {}
    }
    let near = settable(table)
        .max_by(|a, b| strsim::jaro_winkler(a.json, name).total_cmp(&strsim::jaro_winkler(b.json, name)));
    match near {
        Some(column) if strsim::jaro_winkler(column.json, name) > 0.8 => {
            format!("is no field; did you mean `{}`?", column.json)
        }
        _ => {
            let names: Vec<_> = settable(table).map(|column| column.json).collect();
            format!("is no field; there are {}", names.join(", "))
        }
    }
}

/// The value of a text from the command line.
fn read(column: &Column, text: &str) -> Result<Value, Invalid> {
    let wrong = || Invalid::new(format!("must be {}", column.kind.noun()));
    match column.kind {
        Kind::Bool => text.parse().map(Value::Bool).map_err(|_| wrong()),
        Kind::I16 => text.parse::<i16>().map(|n| Value::Int(n.into())).map_err(|_| wrong()),
        Kind::I32 => text.parse::<i32>().map(|n| Value::Int(n.into())).map_err(|_| wrong()),
        Kind::I64 => text.parse().map(Value::Int).map_err(|_| wrong()),
        Kind::F64 => text.parse::<f64>().map_err(|_| wrong()).and_then(|n| n.to_value()),
        Kind::Text => value::text(text),
        Kind::Bytes => value::unbase64(text).map(Value::Bytes).ok_or_else(wrong),
        Kind::Uuid => text.parse().map(Value::Uuid).map_err(|_| wrong()),
        Kind::Date => text.parse::<chrono::NaiveDate>().map_err(|_| wrong()).and_then(|v| v.to_value()),
        Kind::Time => text.parse::<chrono::NaiveTime>().map_err(|_| wrong()).and_then(|v| v.to_value()),
        Kind::DateTime => text.parse::<chrono::NaiveDateTime>().map_err(|_| wrong()).and_then(|v| v.to_value()),
        Kind::Timestamp => {
            text.parse::<chrono::DateTime<chrono::Utc>>().map_err(|_| wrong()).and_then(|v| v.to_value())
        }
        Kind::Json => serde_json::from_str(text).map_err(|_| wrong()).and_then(|tree| value::json_text(&tree)),
    }
}

/// The password, from where no process list and no shell history shows it.
fn password(from_stdin: bool) -> Result<Password> {
    if from_stdin {
        let mut line = String::new();
        io::stdin().lock().read_line(&mut line).map_err(unreadable)?;
        let line = line.strip_suffix('\n').unwrap_or(&line);
        return Ok(Password::new(line.strip_suffix('\r').unwrap_or(line)));
    }
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
