//! Tables that somebody changed by hand: what no statement may meet is noticed, what does no harm is in nobody's way.

use restruct::App;
use restruct_tests::{
    Backend, Database, Server, both, both_databases,
    process::{Program, SECRET},
    resources::{closed, families, guests, kanban, kept, library, marked, odd, offices, related, ruled, travels},
};
use serde_json::{Value, json};

use crate::KANBAN;

both!(kept; is_not_ready_while_a_table_differs, is_ready_with_what_does_no_harm);
both_databases!(every_schema_is_found_as_it_was_made, the_operator_is_told_what);

/// What is done by hand, and what undoes it.
type Change = (String, String);

fn change(done: &str, undone: &str) -> Change {
    (done.to_owned(), undone.to_owned())
}

/// What both databases can have done to them.
fn changes(backend: Backend) -> Vec<Change> {
    let (text, bytes, int, stays) = match backend {
        Backend::Sqlite => ("TEXT", "BLOB", "INTEGER", "VIRTUAL"),
        Backend::Postgres => ("TEXT COLLATE \"C\"", "BYTEA", "BIGINT", "STORED"),
    };
    let drop = "ALTER TABLE cards DROP COLUMN description;";
    let add = format!("ALTER TABLE cards ADD COLUMN description {text}");
    let index = "CREATE UNIQUE INDEX relics_name_key ON relics (name) WHERE gone_at IS NULL";
    let odds = format!("ALTER TABLE purchases DROP COLUMN odds; ALTER TABLE purchases ADD COLUMN odds {int}");
    vec![
        change(drop, &add),
        change(&format!("{drop} ALTER TABLE cards ADD COLUMN description {bytes}"), &format!("{drop} {add}")),
        change(&format!("{drop} {add} NOT NULL DEFAULT ''"), &format!("{drop} {add}")),
        change(
            "ALTER TABLE cards RENAME COLUMN description TO details",
            "ALTER TABLE cards RENAME COLUMN details TO description",
        ),
        change("ALTER TABLE cards RENAME TO tasks", "ALTER TABLE tasks RENAME TO cards"),
        // The record of the schema itself.
        change(
            "ALTER TABLE _restruct_meta RENAME COLUMN value TO words",
            "ALTER TABLE _restruct_meta RENAME COLUMN words TO value",
        ),
        // Every new row would have to bring it.
        change("ALTER TABLE plaques ADD COLUMN weight INTEGER NOT NULL", "ALTER TABLE plaques DROP COLUMN weight"),
        change(&odds, &format!("{odds} GENERATED ALWAYS AS (600 / nullif(13 - count, 13)) {stays}")),
        change("DROP INDEX relics_name_key", index),
        change(
            "DROP INDEX relics_name_key; CREATE INDEX relics_name_key ON relics (name) WHERE gone_at IS NULL",
            &format!("DROP INDEX relics_name_key; {index}"),
        ),
        change(
            "DROP INDEX relics_name_key; CREATE UNIQUE INDEX relics_name_key ON relics (name)",
            &format!("DROP INDEX relics_name_key; {index}"),
        ),
    ]
}

/// SQLite has the words of a text in a table of their own.
async fn on_sqlite(database: &Database) -> Vec<Change> {
    let find = "SELECT sql FROM sqlite_schema WHERE name = '_restruct_cards_search_insert'";
    let trigger = database.texts(find).await.remove(0).expect("a trigger");
    let (drop, nothing) =
        ("DROP TRIGGER _restruct_cards_search_insert;", trigger.replace("INSERT INTO", "SELECT 1; --"));
    vec![change(drop, &trigger), change(&format!("{drop} {nothing}"), &format!("{drop} {trigger}"))]
}

/// PostgreSQL can be told more.
fn on_postgres() -> Vec<Change> {
    let reference = "FOREIGN KEY (card_id) REFERENCES cards (id)";
    let (drop, add) = (
        "ALTER TABLE comments DROP CONSTRAINT comments_card_id_fkey;",
        format!("ALTER TABLE comments ADD CONSTRAINT comments_card_id_fkey {reference}"),
    );
    vec![
        change(drop, &format!("{add} ON DELETE CASCADE")),
        change(&format!("{drop} {add}"), &format!("{drop} {add} ON DELETE CASCADE")),
        change(
            "DROP INDEX users_email_key",
            r#"CREATE UNIQUE INDEX users_email_key ON users (lower(email COLLATE "C"))"#,
        ),
        change(
            r#"ALTER TABLE comments ALTER COLUMN message TYPE TEXT COLLATE "default""#,
            r#"ALTER TABLE comments ALTER COLUMN message TYPE TEXT COLLATE "C""#,
        ),
        change(
            "ALTER TABLE cards ALTER COLUMN id DROP IDENTITY",
            "ALTER TABLE cards ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY",
        ),
        change(
            "ALTER TABLE cards ALTER COLUMN status DROP DEFAULT",
            "ALTER TABLE cards ALTER COLUMN status SET DEFAULT 'To Do'",
        ),
    ]
}

async fn is_not_ready_while_a_table_differs(server: Server) {
    let mut all = changes(server.backend());
    all.extend(match server.backend() {
        Backend::Sqlite => on_sqlite(&server.database).await,
        Backend::Postgres => on_postgres(),
    });
    // There is nothing to undo the last one with.
    all.push(change("DROP TABLE plaques", "SELECT 1"));
    let last = all.len() - 1;
    for (at, (done, undone)) in all.iter().enumerate() {
        server.get("/readyz").send().await.assert_status(200);
        server.database.execute(done).await;
        let refused = server.get("/readyz").send().await;
        assert_eq!(refused.status, 503, "{done}");
        refused.assert_problem(503, "PT503");
        for word in ["card", "description", "relic", "plaque", "comment", "user", "purchase", "search"] {
            assert!(!refused.text().contains(word), "nothing internal is told after {done}: {refused:?}");
        }
        if at < last {
            server.database.execute(undone).await;
        }
    }
    server.get("/healthz").send().await.assert_status(200);
}

async fn is_ready_with_what_does_no_harm(server: Server) {
    let ann = server.register("Ann").await;
    let default = match server.backend() {
        Backend::Sqlite => {
            "ALTER TABLE cards DROP COLUMN description; ALTER TABLE cards ADD COLUMN description TEXT DEFAULT 'none'"
        }
        Backend::Postgres => "ALTER TABLE cards ALTER COLUMN description SET DEFAULT 'none'",
    };
    for done in [
        default,
        "ALTER TABLE cards ADD COLUMN remark TEXT",
        "ALTER TABLE cards ADD COLUMN weight INTEGER NOT NULL DEFAULT 0",
        "CREATE INDEX cards_by_priority ON cards (priority)",
        "CREATE INDEX cards_by_name ON cards (lower(title))",
        "CREATE UNIQUE INDEX relics_by_name ON relics (name) WHERE hall > 0",
        "DROP INDEX purchases_initial_idx",
        "CREATE TABLE somebody_elses (id INTEGER)",
    ] {
        server.database.execute(done).await;
        let ready = server.get("/readyz").send().await;
        assert_eq!(ready.status, 200, "{done}: {ready:?}");
    }
    let card = server.create("/cards", &ann.token, &json!({"title": "x"})).await;
    assert_eq!(card["description"], Value::Null, "the program brings its own defaults");
}

/// What the plan expects is what each database says of what it has made, whatever the columns are.
async fn every_schema_is_found_as_it_was_made(database: Database) {
    let apps: [fn() -> App; 12] =
        [kanban, ruled, odd, related, families, offices, library, kept, guests, closed, marked, travels];
    for (at, app) in apps.into_iter().enumerate() {
        let url = match database.backend {
            Backend::Sqlite => database.url.replace("test.db", &format!("{at}.db")),
            Backend::Postgres => {
                database.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public").await;
                database.url.clone()
            }
        };
        let server = Server::start(app(), Database::at(database.backend, url)).await;
        let ready = server.get("/readyz").send().await;
        assert_eq!(ready.status, 200, "{:?}: {ready:?}", app());
        app().create(&server.db).await.expect("there is nothing to be made");
        server.db.close().await;
    }
}

async fn the_operator_is_told_what(database: Database) {
    let program = Program::new(KANBAN, &database).env("JWT_SECRET", SECRET);
    let status = async |code| -> Value {
        let status = program.run(&["db", "status", "--json"]).await;
        status.assert_code(code);
        let status: Value = serde_json::from_str(&status.stdout).expect("JSON");
        json!([status["schema"], status["differences"], status["beside"]])
    };
    program.run(&["db", "create"]).await.assert_code(0);
    assert_eq!(status(0).await, json!(["current", [], []]));

    let running = program.serve(&[]).await;
    running.client.get("/readyz").send().await.assert_status(200);
    let (text, collated) = match database.backend {
        Backend::Sqlite => ("TEXT", "TEXT"),
        Backend::Postgres => ("TEXT", "TEXT COLLATE \"C\""),
    };
    let by_hand = format!("ALTER TABLE cards DROP COLUMN description; ALTER TABLE cards ADD COLUMN remark {text}");
    database.execute(&by_hand).await;
    running.client.get("/readyz").send().await.assert_problem(503, "PT503");
    let log = running.stop().await;
    assert!(log.contains("+ column cards.description TEXT"), "{log}");

    let missing = format!("+ column cards.description {collated}");
    assert_eq!(status(1).await, json!(["drifted", [missing], ["- column cards.remark TEXT"]]));
    for arguments in [&["serve", "--port", "0"][..], &["db", "status"], &["db", "seed"], &["db", "create"]] {
        program.run(arguments).await.assert_code(1).assert_says(&missing).assert_says("change the tables");
    }

    database.execute(&format!("ALTER TABLE cards ADD COLUMN description {collated}")).await;
    assert_eq!(status(0).await, json!(["current", [], ["- column cards.remark TEXT"]]));
    program.run(&["db", "status"]).await.assert_code(0).assert_says("agree").assert_says("- column cards.remark TEXT");
    program.serve(&[]).await.stop().await;

    database.execute("ALTER TABLE cards DROP COLUMN date; ALTER TABLE cards ADD COLUMN date INTEGER").await;
    let kind = if database.backend == Backend::Sqlite { "TEXT" } else { "DATE" };
    let drifted = program.run(&["db", "status"]).await;
    drifted.assert_code(1).assert_says(&format!("~ column cards.date: INTEGER -> {kind}"));
}
