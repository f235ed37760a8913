//! Columns that the database computes: generated ones, stored by PostgreSQL, virtual on SQLite.

use super::{column, literal, model::ColumnDef, names::Names};
use crate::{
    column::{Column, Computed},
    sql::{
        Dialect,
        ident::{Ident, list},
    },
    table::Table,
    value::Kind,
};

/// The computed columns of a table.
pub(super) fn columns(table: &'static Table, dialect: Dialect, names: &mut Names) -> Vec<ColumnDef> {
    let computed = table.columns.iter().filter_map(|column| Some((column, column.computed?)));
    computed
        .map(|(column, by)| {
            let mut definition = generated(column, by, dialect);
            if let Some(check) = check(column, dialect) {
                let name = names.derive(table.name, &[column.name], "check");
                definition = format!("{definition} CONSTRAINT {} CHECK ({check})", Ident(&name));
            }
            let trial = if dialect == Dialect::Sqlite { trial(table, column) } else { Vec::new() };
            ColumnDef { name: column.name, definition, told: column::told(column, dialect), trial }
        })
        .collect()
}

fn generated(column: &Column, by: Computed, dialect: Dialect) -> String {
    let (expression, storage) = match dialect {
        Dialect::Sqlite => (by.sqlite, "VIRTUAL"), // all that can be added to a table
        Dialect::Postgres => (by.postgres, "STORED"), // all that it has before version 18
    };
    let null = if column.nullable { "" } else { " NOT NULL" };
    format!("{}{null} GENERATED ALWAYS AS ({expression}) {storage}", column::type_of(column, dialect))
}

/// What other columns check, and on SQLite the type: it is STRICT about a virtual column only when it computes it, so each
/// write has to, or a row would stand there that cannot be read.
fn check(column: &Column, dialect: Dialect) -> Option<String> {
    let of_type = (dialect == Dialect::Sqlite).then(|| {
        let name = Ident(column.name);
        let stored = literal::quoted(&column::sqlite_type(column.kind).to_ascii_lowercase());
        let width = match column.kind {
            Kind::Date => Some(10),
            Kind::Time => Some(15),
            Kind::DateTime => Some(26),
            Kind::Timestamp => Some(27),
            _ => None,
        };
        let of_width = width.map(|width| format!(" AND length({name}) = {width}")).unwrap_or_default();
        let of_type = format!("typeof({name}) = {stored}{of_width}");
        if column.nullable { format!("({name} IS NULL OR {of_type})") } else { of_type }
    });
    let parts: Vec<_> = [of_type, column::check(column, dialect)].into_iter().flatten().collect();
    (!parts.is_empty()).then(|| parts.join(" AND "))
}

/// SQLite looks up functions, and whether each run of them has the same result, when it computes a value. So it has to
/// compute one: in a table of its own, of the columns up to this one, whose other values are NULL.
fn trial(table: &'static Table, last: &Column) -> Vec<String> {
    let name = Ident("_restruct_trial");
    let computed = table.columns.iter().filter(|column| column.computed.is_some());
    let known = computed.take_while(|column| column.name != last.name).chain([last]);
    let plain = table.stored().filter(|column| column.computed.is_none()).map(|column| Ident(column.name).to_string());
    let generated = known.filter_map(|column| {
        let by = column.computed?;
        Some(format!("{} GENERATED ALWAYS AS ({})", Ident(column.name), by.sqlite))
    });
    let columns: Vec<_> = plain.chain(generated).collect();
    vec![
        format!("CREATE TEMP TABLE {name} ({})", columns.join(", ")),
        format!("INSERT INTO {name} DEFAULT VALUES"),
        format!("SELECT {} FROM {name}", list(&[last.name]).trim_matches(['(', ')'])),
        format!("DROP TABLE {name}"),
    ]
}
