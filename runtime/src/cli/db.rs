//! `db create`, `db seed`, `db drop`, `db reset`, `db status`.

use std::io::{self, IsTerminal as _};

use clap::ArgMatches;

use super::{
    Failure,
    banner::Accounts,
    connect_for_long,
    list::{self, Status, TableStatus, print},
};
use crate::{
    app::{App, not_current},
    config::{DatabaseUrl, Settings},
    db::{
        Db,
        admin::{self, Inspection, SchemaState},
    },
    error::{Error, Result},
    schema::Schema,
    seed,
    sql::{Dialect, ddl},
};

pub(super) async fn run(app: &App, settings: &Settings, matches: &ArgMatches) -> Result<(), Failure> {
    let url = &settings.database();
    let schema = Schema::new(&app.tables)?;
    let Some((name, matches)) = matches.subcommand() else { return Ok(()) };
    if name == "create" && matches.get_flag("print") {
        // No connection: the script can be read before there is a database.
        return Ok(print(&ddl::script(&ddl::create(&schema, dialect(url)?)))?);
    }
    let unsure = matches!(name, "drop" | "reset") && !matches.get_flag("yes");
    // Only what makes tables makes the file that they are in.
    let makes = name == "create" || (name == "reset" && !unsure);
    let db = match connect_for_long(settings, makes).await {
        // Without `--yes` it was asked wrongly; what else stands in the way is told to whoever asks with it.
        Err(Failure::Failed(_)) if unsure => return Err(unconfirmed(name, url, "whatever is there")),
        db => db?,
    };
    let outcome = match name {
        "create" => create(&db, &schema, url).await.map_err(Failure::from),
        "seed" => seed(&db, &schema).await.map_err(Failure::from),
        "drop" => drop(&db, &schema, url, matches.get_flag("yes")).await,
        "reset" => reset(&db, &schema, url, matches.get_flag("yes")).await,
        _ => status(&db, &schema, url, matches.get_flag("json")).await,
    };
    db.close().await;
    outcome
}

fn dialect(url: &DatabaseUrl) -> Result<Dialect> {
    match url.reveal().split_once(':').map(|(scheme, _)| scheme) {
        Some("sqlite") => Ok(Dialect::Sqlite),
        Some("postgres" | "postgresql") => Ok(Dialect::Postgres),
        _ => Err(Error::startup("the database URL names no database that this program speaks")
            .hint("DATABASE_URL is sqlite:<path> or postgres://user@host/name")),
    }
}

async fn create(db: &Db, schema: &Schema, url: &DatabaseUrl) -> Result<()> {
    match admin::state(db, schema).await? {
        SchemaState::Empty => {
            admin::create(db, schema).await?;
            print(&format!("{} in {url} now.", tables(schema.tables().len())))
        }
        SchemaState::Current => print(&format!("The tables are in {url} already; nothing was done.")),
        other => Err(not_current(other)),
    }
}

async fn seed(db: &Db, schema: &Schema) -> Result<()> {
    match admin::state(db, schema).await? {
        SchemaState::Current => {}
        other => return Err(not_current(other)),
    }
    let report = seed::run(db, schema, io::stderr().is_terminal()).await?;
    let text = match (report.done.as_slice(), report.skipped.as_slice()) {
        ([], []) => "No resource has a seed hook.".to_owned(),
        ([], _) => "Every seed hook has run before; nothing was done.".to_owned(),
        (done, _) => format!("Seeded: {}.", done.join(", ")),
    };
    let accounts = Accounts { report: &report, terminal: io::stdout().is_terminal() };
    print(format!("{text}\n{accounts}").trim_end())
}

async fn drop(db: &Db, schema: &Schema, url: &DatabaseUrl, yes: bool) -> Result<(), Failure> {
    let doomed = doomed(db, schema).await?;
    confirm("drop", doomed.as_deref(), url, yes)?;
    let Some(doomed) = doomed else {
        return Ok(print(&format!("{url} is empty; there is nothing to drop."))?);
    };
    admin::drop(db, schema).await?;
    Ok(print(&format!("Dropped from {url}: {doomed}."))?)
}

async fn reset(db: &Db, schema: &Schema, url: &DatabaseUrl, yes: bool) -> Result<(), Failure> {
    let doomed = doomed(db, schema).await?;
    confirm("reset", doomed.as_deref(), url, yes)?;
    if doomed.is_some() {
        admin::drop(db, schema).await?;
    }
    admin::create(db, schema).await?;
    print(&format!("{} in {url} now, new and empty.", tables(schema.tables().len())))?;
    Ok(seed(db, schema).await?)
}

/// What dropping would destroy: `cards (48 rows), users (5 rows)`. `None`: nothing is there.
async fn doomed(db: &Db, schema: &Schema) -> Result<Option<String>> {
    match admin::state(db, schema).await? {
        SchemaState::Empty => return Ok(None),
        SchemaState::Current | SchemaState::Drifted(_) => {}
        state @ SchemaState::Foreign(_) => return Err(not_current(state)),
    }
    let mut parts = Vec::new();
    for table in schema.tables() {
        if let Some(rows) = admin::row_count(db, table).await? {
            parts.push(format!("{} ({rows} {})", table.name, if rows == 1 { "row" } else { "rows" }));
        }
    }
    Ok(Some(parts.join(", ")))
}

/// Without `--yes` it stops, whatever is there: a script should not find out on the day that there are rows.
fn confirm(name: &str, doomed: Option<&str>, url: &DatabaseUrl, yes: bool) -> Result<(), Failure> {
    if yes { Ok(()) } else { Err(unconfirmed(name, url, doomed.unwrap_or("nothing, since it is empty"))) }
}

fn unconfirmed(name: &str, url: &DatabaseUrl, doomed: &str) -> Failure {
    Failure::Usage(format!(
        "this would destroy in {url}: {doomed}\n  hint: `db {name} --yes` does it; nothing was done yet"
    ))
}

async fn status(db: &Db, schema: &Schema, url: &DatabaseUrl, as_json: bool) -> Result<(), Failure> {
    let Inspection { state, beside } = admin::inspect(db, schema).await?;
    let mut tables = Vec::new();
    for table in schema.tables() {
        tables.push(TableStatus { name: table.name, rows: admin::row_count(db, table).await? });
    }
    let (word, differences) = match &state {
        SchemaState::Current => ("current", Vec::new()),
        SchemaState::Empty => ("empty", Vec::new()),
        SchemaState::Foreign(_) => ("foreign", Vec::new()),
        SchemaState::Drifted(differences) => ("drifted", differences.clone()),
    };
    list::status(&Status { database: url.to_string(), schema: word, differences, beside, tables }, as_json)?;
    match (state, as_json) {
        (SchemaState::Current, true) => Ok(()),
        (SchemaState::Current, false) => Ok(print("The structs and the schema agree.")?),
        (_, true) => Err(Failure::Told),
        (other, false) => Err(Failure::Failed(not_current(other))),
    }
}

fn tables(count: usize) -> String {
    if count == 1 { "1 table is".into() } else { format!("{count} tables are") }
}
