//! What `user create` takes, as an example in the fields of the app's own login resource.

use super::user;
use crate::{
    column::{Bound, Column, Format},
    input,
    table::Table,
    value::Kind,
};

/// The width of a terminal.
const WIDTH: usize = 80;

/// The examples below the help of `user create`.
pub(super) fn users(program: &str, login: &'static Table) -> String {
    let (create, flag) = (format!("{program} user create"), if login.admin().is_some() { " --admin" } else { "" });
    let plain = command(&create, &fields(login, "Ann"), "");
    let piped = command(&format!("{create}{flag}"), &fields(login, "Root"), "--password-stdin < secret");
    format!("Examples:\n{plain}\n{piped}")
}

/// A command with its arguments, on as many lines as it takes.
pub(super) fn command(program: &str, fields: &[String], behind: &str) -> String {
    let mut lines = vec![format!("  {program}")];
    for part in fields.iter().map(String::as_str).chain(Some(behind).filter(|behind| !behind.is_empty())) {
        match lines.last_mut() {
            // Room for a blank before it, and for what says that it goes on.
            Some(line) if line.chars().count() + part.chars().count() + 3 <= WIDTH => {
                line.push(' ');
                line.push_str(part);
            }
            _ => lines.push(format!("      {part}")),
        }
    }
    lines.join(" \\\n")
}

/// `--set name=Ann`: every field that has to be given, with a value that is taken.
pub(super) fn fields(login: &'static Table, who: &str) -> Vec<String> {
    let required = user::settable(login).filter(|column| column.required());
    required.map(|column| format!("--set {}", quoted(&format!("{}={}", column.json, value(column, who))))).collect()
}

/// A value of somebody that passes all checks of its column. What none of these passes is left to the reader.
fn value(column: &'static Column, who: &str) -> String {
    let taken = |text: &String| user::parse(column, text).is_ok_and(|value| input::check(column, &value).is_ok());
    candidates(column, who).into_iter().find(taken).unwrap_or_else(|| "..".to_owned())
}

fn candidates(column: &Column, who: &str) -> Vec<String> {
    if !column.choices.is_empty() {
        return column.choices.iter().map(|choice| (*choice).to_owned()).collect();
    }
    let lower = who.to_ascii_lowercase();
    let bounds = column.range.into_iter().flat_map(|range| [range.min, range.max]).flatten().map(|bound| match bound {
        Bound::Int(number) => number.to_string(),
        Bound::Float(number) => number.to_string(),
    });
    let texts: Vec<&str> = match column.kind {
        Kind::Bool => vec!["true"],
        Kind::I16 | Kind::I32 | Kind::I64 | Kind::F64 => {
            return std::iter::once("1".to_owned()).chain(bounds).collect();
        }
        Kind::Text if column.format == Some(Format::Url) => vec!["https://example.com"],
        Kind::Text if column.format == Some(Format::Email) => return vec![format!("{lower}@example.com")],
        Kind::Text => return [who, &lower, &who.to_ascii_uppercase(), "12345678", "A1"].map(str::to_owned).into(),
        Kind::Bytes => vec!["AAAA"],
        Kind::Uuid => vec!["01890a5d-ac96-774b-bcce-b302099a8057"],
        Kind::Date => vec!["2026-01-31"],
        Kind::Time => vec!["08:30:00"],
        Kind::DateTime => vec!["2026-01-31T08:30:00"],
        Kind::Timestamp => vec!["2026-01-31T08:30:00Z"],
        Kind::Json => vec!["{}", "[]"],
    };
    texts.into_iter().map(str::to_owned).collect()
}

/// An argument as a shell takes it.
fn quoted(argument: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "=.,:/@+-_".contains(c);
    if argument.chars().all(plain) { argument.to_owned() } else { format!("'{}'", argument.replace('\'', "'\\''")) }
}
