//! What really stands in the database, whoever made it.
//!
//! The record of what was created (`drift`) does not know what was done by hand since. So the database itself is asked:
//! in one statement, which answers a line for each table, column, key, reference, index and trigger. The plan says the
//! same of what should be there, in the same words. Left out are expressions, the conditions of checks among them: each
//! database spells them in its own way, and what they ask is asked of every value before it is sent.

mod query;

use std::collections::HashMap;

use super::{
    model::{Index, IndexKind, Rule, TableDef},
    plan, text,
};
use crate::{
    column::Column,
    error::{Error, Result},
    row::Row,
    schema::Schema,
    sql::{Dialect, Statement},
    value::{Kind, Value},
};

/// What a database says of the tables that have our names.
#[derive(Debug)]
pub(crate) struct Catalogue {
    dialect: Dialect,
    /// What it is called and how it is declared, by a key that is the same for all that the database takes for one name.
    lines: HashMap<String, (String, String)>,
}

/// How it differs from the plan: `+` is missing in the database, `-` is too much, `~` differs.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Compared {
    /// What no statement of ours may meet: what it is called, and the line for people.
    pub(crate) wrong: Vec<(String, String)>,
    /// What does no harm: a column that needs no value, a default or an index more, or one index less that only makes
    /// reading fast.
    pub(crate) beside: Vec<String>,
}

const DEFAULT: &str = " DEFAULT";

static LABEL: Column = Column::new::<String>("label");
static DECLARED: Column = Column::new::<String>("declared");

impl Catalogue {
    /// What asks for it.
    pub(crate) fn ask(schema: &Schema, dialect: Dialect) -> Result<Statement> {
        let plan = plan::tables(schema, dialect);
        let search = plan.iter().filter_map(|table| table.search.as_ref()).map(|search| &*search.name);
        let names: Vec<_> = plan.iter().map(|table| table.name).chain(search).collect();
        let names = serde_json::to_string(&names).map_err(Error::internal)?;
        let text = match dialect {
            Dialect::Sqlite => query::SQLITE,
            Dialect::Postgres => query::POSTGRES,
        };
        Ok(Statement::new(text.to_owned(), vec![(Kind::Text, Value::Text(names))], vec![&LABEL, &DECLARED]))
    }

    /// What was answered.
    pub(crate) fn read(dialect: Dialect, rows: &[Row]) -> Self {
        let lines = rows.iter().filter_map(|row| match row.values() {
            [Value::Text(label), Value::Text(declared)] => Some((label.clone(), declared.clone())),
            _ => None,
        });
        Self { dialect, lines: lines.map(|line| (key(dialect, &line.0), line)).collect() }
    }

    /// Whether there is a table of this name.
    pub(crate) fn has(&self, table: &str) -> bool {
        self.lines.contains_key(&key(self.dialect, &format!("table {table}")))
    }

    /// Compares it with what the structs say.
    pub(crate) fn compare(mut self, schema: &Schema) -> Compared {
        let mut compared = Compared::default();
        for table in plan::tables(schema, self.dialect) {
            // Of a table that is gone nothing else is to be said.
            let gone = !self.has(table.name);
            let expected = expected(&table, self.dialect);
            for (label, declared) in expected.into_iter().take(if gone { 1 } else { usize::MAX }) {
                let found = self.lines.remove(&key(self.dialect, &label));
                compared.take(label, found.map(|(_, declared)| declared), &declared);
            }
        }
        let mut rest: Vec<_> = self.lines.into_values().collect();
        rest.sort_unstable();
        for (label, declared) in rest {
            compared.take_more(label, &declared);
        }
        compared
    }
}

impl Compared {
    fn take(&mut self, label: String, found: Option<String>, expected: &str) {
        let harmless = match &found {
            None => label.starts_with("index "),
            // Of ours each row brings every value.
            Some(found) => found.strip_suffix(DEFAULT) == Some(expected),
        };
        let line = match found {
            None => line('+', &label, expected),
            Some(found) if found == expected => return,
            // Triggers have many lines.
            Some(found) if found.contains('\n') || expected.contains('\n') => line('~', &label, ""),
            Some(found) => format!("~ {label}: {found} -> {expected}"),
        };
        if harmless { self.beside.push(line) } else { self.wrong.push((label, line)) }
    }

    fn take_more(&mut self, label: String, declared: &str) {
        let given = [DEFAULT, " GENERATED", " IDENTITY"].iter().any(|by| declared.ends_with(by));
        let line = line('-', &label, if label.starts_with("column ") { declared } else { "" });
        // Every new row would have to bring a value that no struct has.
        if label.starts_with("column ") && declared.contains(" NOT NULL") && !given {
            self.wrong.push((label, line));
        } else {
            self.beside.push(line);
        }
    }
}

fn line(sign: char, label: &str, declared: &str) -> String {
    let declared = if declared.contains('\n') { "" } else { declared };
    format!("{sign} {label} {declared}").trim_end().to_owned()
}

/// SQLite's names are one whatever their case.
fn key(dialect: Dialect, label: &str) -> String {
    match dialect {
        Dialect::Sqlite => label.to_ascii_lowercase(),
        Dialect::Postgres => label.to_owned(),
    }
}

/// What the database is to say of a table: what it is called and how it is declared, the table itself first.
fn expected(table: &TableDef, dialect: Dialect) -> Vec<(String, String)> {
    let name = table.name;
    let strict = if dialect == Dialect::Sqlite { "STRICT" } else { "" };
    let mut lines = vec![(format!("table {name}"), strict.to_owned())];
    let columns = table.columns.iter().chain(&table.computed);
    lines.extend(columns.map(|column| (format!("column {name}.{}", column.name), column.told.clone())));
    lines.push((format!("primary key {name}({})", table.key), String::new()));
    for constraint in table.constraints.iter().chain(&table.late) {
        let declared = match constraint.rule {
            Rule::PrimaryKey | Rule::Check(_) => continue,
            Rule::Unique => String::new(),
            Rule::ForeignKey { table, on_delete, .. } => format!("REFERENCES {table}{}", text::action(on_delete)),
        };
        lines.push((text::label(table, constraint), declared));
    }
    lines.extend(table.indexes.iter().map(|index| (index_label(table, index), String::new())));
    let search = table.search.iter().flat_map(|search| text::create_search(table, search));
    lines.extend(search.map(|object| (object.name, object.sql)));
    lines
}

/// By its columns, whatever its name; one of expressions goes by that.
fn index_label(table: &TableDef, index: &Index) -> String {
    let by_columns = || format!("{}({})", table.name, index.columns.join(", "));
    let (kind, over) = match index.kind {
        IndexKind::Plain => ("index", by_columns()),
        IndexKind::Unique => ("unique", by_columns()),
        IndexKind::FoldedUnique => ("unique", index.name.clone()),
        IndexKind::Words(_) => ("index", index.name.clone()),
    };
    let some = if index.live.is_some() { " WHERE .." } else { "" };
    format!("{kind} {over}{some}")
}
