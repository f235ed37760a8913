//! The schema in the database: made, dropped, compared with the structs.

use super::{Db, Lane, Run as _, Session, Tx};
use crate::{
    column::Column,
    error::{Error, Result},
    row::Row,
    schema::Schema,
    sql::{Dialect, Statement, ddl, ident::Ident},
    table::Table,
    value::{Kind, Value},
};

/// What the database holds of the app's schema.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum SchemaState {
    /// None of the app's tables.
    Empty,
    /// What the structs say.
    Current,
    /// Something else; a line for each difference.
    Drifted(Vec<String>),
    /// Tables of these names that this program did not make.
    Foreign(Vec<String>),
}

/// What a look at the database finds.
#[derive(Debug)]
pub(crate) struct Inspection {
    pub(crate) state: SchemaState,
    /// What is there beside the schema or is missing in it, a line each, and does no harm.
    pub(crate) beside: Vec<String>,
}

const META: &str = "_restruct_meta";
const FINGERPRINT: &str = "ddl_hash";
const INVENTORY: &str = "inventory";

/// Compares the database with the structs.
pub(crate) async fn state(db: &Db, schema: &Schema) -> Result<SchemaState> {
    inspect(db, schema).await.map(|found| found.state)
}

/// Compares what is really there, and the record of what was made, with the structs: at most three small statements.
pub(crate) async fn inspect(db: &Db, schema: &Schema) -> Result<Inspection> {
    let rows = db.run(Lane::Read, ddl::Catalogue::ask(schema, db.dialect())?).await?;
    let there = ddl::Catalogue::read(db.dialect(), &rows);
    if !there.has(META) {
        let taken = schema.tables().iter().filter(|table| there.has(table.name));
        let taken: Vec<_> = taken.map(|table| table.name.to_owned()).collect();
        let state = if taken.is_empty() { SchemaState::Empty } else { SchemaState::Foreign(taken) };
        return Ok(Inspection { state, beside: Vec::new() });
    }
    let ddl::Compared { wrong, beside } = there.compare(schema);
    // A record that was changed itself cannot be read.
    let legible = !wrong.iter().any(|(label, _)| label.starts_with("column _restruct_meta."));
    let mut lines = if legible { recorded(db, schema).await? } else { Vec::new() };
    for (label, line) in wrong {
        // Where the structs have changed as well, the record has told of most already.
        if !lines.iter().any(|told| is_about(told, &label)) {
            lines.push(line);
        }
    }
    let state = if lines.is_empty() { SchemaState::Current } else { SchemaState::Drifted(lines) };
    Ok(Inspection { state, beside })
}

/// How the structs differ from what was made by those of then.
async fn recorded(db: &Db, schema: &Schema) -> Result<Vec<String>> {
    if meta(db, FINGERPRINT).await?.as_deref() == Some(&*ddl::fingerprint(schema, db.dialect())) {
        return Ok(Vec::new());
    }
    let mut lines = ddl::differences(&stored_inventory(db).await?, &ddl::inventory(schema, db.dialect()));
    if lines.is_empty() {
        lines.push("~ the record of the schema in _restruct_meta".to_owned());
    }
    Ok(lines)
}

/// Whether a line is about what is called so.
fn is_about(line: &str, label: &str) -> bool {
    let rest = line.get(2..).and_then(|line| line.strip_prefix(label));
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', ':']))
}

/// Makes every table, in one transaction.
pub(crate) async fn create(db: &Db, schema: &Schema) -> Result<()> {
    let tx = db.begin().await?;
    create_in(&tx, schema).await?;
    tx.commit().await
}

/// Makes every table, in a transaction that goes on.
pub(crate) async fn create_in(tx: &Tx, schema: &Schema) -> Result<()> {
    let dialect = tx.speaks();
    for ddl::Object { name, sql, trial, .. } in ddl::create(schema, dialect) {
        let computed = computed(schema, &name);
        for statement in std::iter::once(sql).chain(trial) {
            execute(tx, statement, Vec::new()).await.map_err(|error| {
                let (what, hint) = match &computed {
                    Some(field) => (format!("`{field}`"), "the database refuses the expression of `computed`"),
                    None => (name.clone(), "db status compares the database with the structs"),
                };
                Error::startup(format!("cannot make {what}")).hint(hint).source(error)
            })?;
        }
    }
    let inventory = serde_json::to_string(&ddl::inventory(schema, dialect)).map_err(Error::internal)?;
    for (name, value) in [(FINGERPRINT, ddl::fingerprint(schema, dialect)), (INVENTORY, inventory)] {
        // Both databases read `$1`.
        let insert = "INSERT INTO \"_restruct_meta\" (name, value) VALUES ($1, $2)";
        execute(tx, insert.to_owned(), vec![name.to_owned(), value]).await?;
    }
    Ok(())
}

/// The computed field, as errors of the structs call it, of an object that is its column.
fn computed(schema: &Schema, object: &str) -> Option<String> {
    let of_table = |table: &&'static Table| table.columns.iter().map(|column| (*table, column)).collect::<Vec<_>>();
    let mut columns = schema.tables().iter().flat_map(of_table).filter(|(_, column)| column.computed.is_some());
    let found = columns.find(|(table, column)| object == format!("column {}.{}", table.name, column.name));
    found.map(|(table, column)| format!("{}.{}", table.resource, column.name))
}

/// Drops every table, in one transaction, those included whose structs are gone since they were made.
pub(crate) async fn drop(db: &Db, schema: &Schema) -> Result<()> {
    let known = holds(&table_names(db).await?, META, db.dialect());
    let stored = if known { stored_inventory(db).await? } else { Vec::new() };
    let tx = db.begin().await?;
    for sql in ddl::drop(schema, &stored, db.dialect()) {
        execute(&tx, sql, Vec::new()).await?;
    }
    tx.commit().await
}

/// How many rows a table has; none where there is no such table.
pub(crate) async fn row_count(db: &Db, table: &'static Table) -> Result<Option<i64>> {
    if !holds(&table_names(db).await?, table.name, db.dialect()) {
        return Ok(None);
    }
    let text = format!("SELECT count(*) FROM {}", Ident(table.name));
    let rows = db.run(Lane::Read, Statement::new(text, Vec::new(), vec![&COUNT])).await?;
    match rows.first().and_then(|row| row.values().first()) {
        Some(Value::Int(n)) => Ok(Some(*n)),
        _ => Err(Error::internal("count(*) answered no number")),
    }
}

/// Whether a seed hook has run.
pub(crate) async fn is_seeded(session: &dyn Session, name: &str) -> Result<bool> {
    let query = "SELECT name FROM \"_restruct_seeds\" WHERE name = $1";
    Ok(!texts(session, query.to_owned(), vec![name.to_owned()]).await?.is_empty())
}

/// Remembers that a seed hook has run.
pub(crate) async fn set_seeded(session: &dyn Session, name: &str) -> Result<()> {
    // `done_at` has a default.
    let insert = "INSERT INTO \"_restruct_seeds\" (name) VALUES ($1)";
    execute(session, insert.to_owned(), vec![name.to_owned()]).await
}

static TEXT: Column = Column::new::<Option<String>>("text");
static COUNT: Column = Column::new::<i64>("count");

async fn meta(db: &Db, name: &str) -> Result<Option<String>> {
    let query = "SELECT value FROM \"_restruct_meta\" WHERE name = $1";
    Ok(texts(db, query.to_owned(), vec![name.to_owned()]).await?.pop())
}

async fn stored_inventory(db: &Db) -> Result<Vec<(String, String)>> {
    let text = meta(db, INVENTORY).await?.unwrap_or_else(|| "[]".to_owned());
    serde_json::from_str(&text)
        .map_err(|error| Error::startup("the record of the schema in _restruct_meta cannot be read").source(error))
}

async fn table_names(db: &Db) -> Result<Vec<String>> {
    let query = match db.dialect() {
        Dialect::Sqlite => "SELECT name FROM sqlite_schema WHERE type = 'table'",
        Dialect::Postgres => "SELECT tablename::text FROM pg_tables WHERE schemaname = current_schema()",
    };
    texts(db, query.to_owned(), Vec::new()).await
}

/// SQLite's names are one whatever their case.
fn holds(names: &[String], name: &str, dialect: Dialect) -> bool {
    names.iter().any(|one| match dialect {
        Dialect::Sqlite => one.eq_ignore_ascii_case(name),
        Dialect::Postgres => one == name,
    })
}

async fn texts(session: &dyn Session, text: String, binds: Vec<String>) -> Result<Vec<String>> {
    let binds = binds.into_iter().map(|value| (Kind::Text, Value::Text(value))).collect();
    let rows = session.run(Lane::Read, Statement::new(text, binds, vec![&TEXT])).await?;
    let text = |row: &Row| match row.values().first() {
        Some(Value::Text(text)) => Some(text.clone()),
        _ => None,
    };
    Ok(rows.iter().filter_map(text).collect())
}

async fn execute(session: &dyn Session, text: String, binds: Vec<String>) -> Result<()> {
    let binds = binds.into_iter().map(|value| (Kind::Text, Value::Text(value))).collect();
    session.run(Lane::Write, Statement::new(text, binds, Vec::new())).await.map(|_| ())
}
