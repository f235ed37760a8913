//! What is printed as a table, or as JSON for programs.

use std::io::{self, Write as _};

use comfy_table::{Cell, CellAlignment, LineStyle, Table, presets::NOTHING};
use serde::Serialize;

use super::config;
use crate::{
    error::{Error, Result},
    routes::Operation,
};

/// The answer of `db status`.
#[derive(Serialize)]
pub(super) struct Status {
    pub(super) database: String,
    /// `current`, `empty`, `drifted` or `foreign`
    pub(super) schema: &'static str,
    pub(super) differences: Vec<String>,
    /// What differs and does no harm.
    pub(super) beside: Vec<String>,
    pub(super) tables: Vec<TableStatus>,
}

/// One table of `db status`.
#[derive(Serialize)]
pub(super) struct TableStatus {
    pub(super) name: &'static str,
    /// `None`: there is no such table.
    pub(super) rows: Option<i64>,
}

/// Prints the routes.
pub(super) fn routes(rows: &[Operation], as_json: bool) -> Result<()> {
    if as_json {
        let rows: Vec<_> = rows.iter().map(|r| Route { method: r.method, path: &r.path, who: &r.who }).collect();
        return print(&json(&rows)?);
    }
    let mut table = table(["Method", "Path", "Who may"]);
    table.add_rows(rows.iter().map(|r| [r.method, &r.path, &r.who]));
    print(&table.trim_fmt())
}

/// Prints the description of the API.
pub(super) fn document(document: &serde_json::Value) -> Result<()> {
    print(&json(document)?)
}

#[derive(Serialize)]
struct Route<'a> {
    method: &'a str,
    path: &'a str,
    who: &'a str,
}

/// Prints what `db status` found.
pub(super) fn status(status: &Status, as_json: bool) -> Result<()> {
    if as_json {
        return print(&json(status)?);
    }
    let mut table = table(["Table", "Rows"]);
    for row in &status.tables {
        let rows = row.rows.map_or_else(|| "missing".into(), |n| n.to_string());
        table.add_row([Cell::new(row.name), Cell::new(rows).set_alignment(CellAlignment::Right)]);
    }
    print(&format!("{}\n{}", status.database, table.trim_fmt()))?;
    if status.beside.is_empty() {
        return Ok(());
    }
    print(&format!("Other than in the structs, which does no harm:\n  {}", status.beside.join("\n  ")))
}

/// Prints the settings.
pub(super) fn settings(rows: &[config::Row], as_json: bool) -> Result<()> {
    if as_json {
        return print(&json(&rows)?);
    }
    let mut table = table(["Setting", "Value", "From"]);
    table.add_rows(rows.iter().map(|row| {
        let value = match &row.value {
            serde_json::Value::Null => String::new(),
            serde_json::Value::String(text) => text.clone(),
            serde_json::Value::Array(items) => {
                items.iter().filter_map(serde_json::Value::as_str).collect::<Vec<_>>().join(", ")
            }
            other => other.to_string(),
        };
        [row.key.to_owned(), value, row.source.clone()]
    }));
    print(&table.trim_fmt())
}

/// Prints a line to standard output; a reader that went away is no failure.
pub(super) fn print(text: &str) -> Result<()> {
    match writeln!(io::stdout(), "{text}") {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Error::startup("standard output cannot be written").source(error))
        }
        _ => Ok(()),
    }
}

fn json(value: &impl Serialize) -> Result<String> {
    serde_json::to_string_pretty(value).map_err(Error::internal)
}

fn table<const N: usize>(header: [&str; N]) -> Table {
    let mut table = Table::new();
    // Aligned columns and a rule under their names: easy to read, and to cut with other tools.
    let style = NOTHING.header_separator(LineStyle::new('─', '─', '─', '─'));
    table.load_style(style).set_header(header);
    table
}
