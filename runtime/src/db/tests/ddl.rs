//! What SQLite itself says to the statements that make and drop tables.

use sqlx::{AssertSqlSafe, Connection as _, Row as _, SqliteConnection};

use crate::{
    schema::{Schema, tests::table},
    sql::{
        Dialect,
        ddl::{create, drop, inventory, tests::tables},
    },
    table::Table,
};

async fn open() -> SqliteConnection {
    SqliteConnection::connect("sqlite::memory:").await.expect("SQLite opens a database in memory")
}

async fn run(db: &mut SqliteConnection, sql: impl Into<String>) -> Result<(), String> {
    let sql = sql.into();
    let done = sqlx::raw_sql(AssertSqlSafe(sql.clone())).execute(db).await;
    done.map(|_| ()).map_err(|e| format!("{sql}: {e}"))
}

async fn run_all(db: &mut SqliteConnection, statements: impl IntoIterator<Item = String>) -> Result<(), String> {
    run(db, "BEGIN IMMEDIATE").await?;
    for statement in statements {
        run(db, statement).await?;
    }
    run(db, "COMMIT").await
}

fn all() -> Schema {
    Schema::new(&tables::OF_EVERY_SORT).expect("the tables fit together")
}

async fn created(db: &mut SqliteConnection, schema: &Schema) {
    let statements = create(schema, Dialect::Sqlite).into_iter().map(|object| object.sql);
    run_all(db, statements).await.expect("the tables can be created");
}

async fn tables_left(db: &mut SqliteConnection) -> Vec<String> {
    let rows = sqlx::query("SELECT name FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%'").fetch_all(db).await;
    rows.expect("the schema can be read").iter().map(|row| row.get(0)).collect()
}

#[tokio::test]
async fn created_and_dropped_twice_with_rows_in_the_cycle() {
    let (mut db, schema) = (open().await, all());
    for _ in 0..2 {
        created(&mut db, &schema).await;
        run(&mut db, "INSERT INTO teams (parent_id) VALUES (1)").await.expect("a team is its own parent");
        run(&mut db, "INSERT INTO members (team_id) VALUES (1)").await.expect("a member of it");
        run(&mut db, "UPDATE teams SET lead_id = 1").await.expect("who leads it");
        run_all(&mut db, drop(&schema, &[], Dialect::Sqlite)).await.expect("the tables can be dropped");
        assert_eq!(tables_left(&mut db).await, [] as [&str; 0]);
    }
    run_all(&mut db, drop(&schema, &[], Dialect::Sqlite)).await.expect("nothing is there to drop, which is fine");
}

/// FTS5 compares its words with the rows after each statement.
#[tokio::test]
async fn the_words_are_those_of_the_rows() {
    let mut db = open().await;
    created(&mut db, &all()).await;
    let article = "\"_restruct_articles_search\"";
    let note = "\"_restruct_it's_search\"";
    let check = |index: &str| format!("INSERT INTO {index} ({index}, rank) VALUES ('integrity-check', 1)");
    for sql in [
        "INSERT INTO users (email, password, _ver) VALUES ('a@example.com', 'x', 1), ('b@example.com', 'x', 1)",
        "INSERT INTO articles (title, author_id) VALUES ('One two', 1), ('three', 1), ('four', 2)",
        "UPDATE articles SET title = 'Two ONE' WHERE id = 1",
        "UPDATE articles SET title = 'five', id = 9 WHERE id = 2",
        "INSERT OR IGNORE INTO articles (id, title, author_id) VALUES (9, 'six', 1)",
        "INSERT INTO articles (id, title, author_id) VALUES (9, 'x', 1) ON CONFLICT (id) DO UPDATE SET title = 'seven'",
        "INSERT INTO \"it's\" (id, \"a\"\"b\", \"it's\", article_id) VALUES \
         (x'00000000000000000000000000000001', 'north', NULL, 1), (x'00000000000000000000000000000002', 'south', 'west', 9)",
        "DELETE FROM \"it's\" WHERE \"a\"\"b\" = 'north'",
        "VACUUM",
        "UPDATE \"it's\" SET \"it's\" = NULL",
        "DELETE FROM users WHERE id = 1",
    ] {
        run(&mut db, sql).await.expect(sql);
        for index in [article, note] {
            run(&mut db, check(index)).await.expect(sql);
        }
    }
    let left = |query: &str| format!("SELECT count(*) FROM {article} WHERE {article} MATCH '{query}'");
    for (word, count) in [("four", 1), ("one", 0), ("seven", 0)] {
        let row = sqlx::query(AssertSqlSafe(left(word))).fetch_one(&mut db).await.expect("the index answers");
        assert_eq!(row.get::<i64, _>(0), count, "{word}");
    }
    // The check itself would notice.
    run(&mut db, format!("INSERT INTO {article} (rowid, title) VALUES (77, 'stale')")).await.expect("a stray word");
    run(&mut db, check(article)).await.expect_err("words of no row");
}

#[tokio::test]
async fn tables_whose_structs_are_gone_are_dropped_too() {
    static TEAM: Table = table("Team", "teams", &[crate::schema::tests::id()]);
    let (mut db, before) = (open().await, all());
    created(&mut db, &before).await;
    run(&mut db, "INSERT INTO teams DEFAULT VALUES").await.expect("a team");
    run(&mut db, "INSERT INTO members (team_id) VALUES (1)").await.expect("a member of it");
    let now = Schema::new(&[&TEAM]).expect("a table alone fits");
    let stored = inventory(&before, Dialect::Sqlite);
    run_all(&mut db, drop(&now, &stored, Dialect::Sqlite)).await.expect("the tables can be dropped");
    assert_eq!(tables_left(&mut db).await, [] as [&str; 0]);
}

#[tokio::test]
async fn defaults_pass_their_own_checks() {
    let mut db = open().await;
    created(&mut db, &all()).await;
    run(&mut db, "INSERT INTO types (i32, text_min, computed) VALUES (1, 'ab', 1)")
        .await
        .expect("the rest has a default");
    let row = sqlx::query("SELECT i64, f64, text, hex(bytes), timestamp, json FROM types").fetch_one(&mut db).await;
    let row = row.expect("the row can be read");
    assert_eq!(row.get::<i64, _>(0), i64::MIN);
    assert_eq!(row.get::<f64, _>(1).to_bits(), (-1e300_f64).to_bits());
    assert_eq!(row.get::<String, _>(2), "it's \\ \"so\"");
    assert_eq!(row.get::<String, _>(3), "00FF");
    assert_eq!(row.get::<String, _>(4), "1970-01-01T00:00:00.000000Z");
    assert_eq!(row.get::<String, _>(5), "{\"a\":\"'\"}");
    run(&mut db, "INSERT INTO _restruct_seeds (name) VALUES ('x')").await.expect("done_at has a default");
    let at = sqlx::query("SELECT done_at FROM _restruct_seeds").fetch_one(&mut db).await.expect("the seed can be read");
    assert_eq!(at.get::<String, _>(0).len(), "1970-01-01T00:00:00.000000Z".len());
}

#[tokio::test]
async fn what_does_not_pass_is_refused_by_name() {
    let mut db = open().await;
    created(&mut db, &all()).await;
    let users = "INSERT INTO users (email, password, _ver) VALUES";
    run(&mut db, format!("{users} ('a@example.com', 'x', 1)")).await.expect("a user");
    let types = "INSERT INTO types (i32, text_min, computed,";
    let cases = [
        (format!("{users} ('A@Example.com', 'x', 1)"), "UNIQUE constraint failed: users.email"),
        (format!("{types} \"bool\") VALUES (1, 'ab', 1, 2)"), "types_bool_check"),
        (format!("{types} i16) VALUES (1, 'ab', 1, 32768)"), "types_i16_check"),
        (format!("{types} i32_ranged) VALUES (1, 'ab', 1, 2147483648)"), "types_i32_ranged_check"),
        (format!("{types} i32_ranged) VALUES (1, 'ab', 1, -1)"), "types_i32_ranged_check"),
        (format!("{types} f64_ranged) VALUES (1, 'ab', 1, 0.6)"), "types_f64_ranged_check"),
        (format!("{types} text_short) VALUES (1, 'ab', 1, 'ääää')"), "types_text_short_check"),
        (format!("{types} bytes) VALUES (1, 'ab', 1, x'0102030405')"), "types_bytes_check"),
        (format!("{types} uuid) VALUES (1, 'ab', 1, x'00')"), "types_uuid_check"),
        ("INSERT INTO types (i32, text_min, computed) VALUES (1, 'a', 1)".into(), "types_text_min_check"),
        ("INSERT INTO cards (slug, status, position, user_id) VALUES ('a', 'x', 1, 1)".into(), "cards_status_check"),
        ("INSERT INTO cards (slug, position, user_id) VALUES ('a', 0, 1)".into(), "cards_position_check"),
        ("INSERT INTO cards (slug, position, user_id) VALUES ('a', 1, 9)".into(), "FOREIGN KEY constraint failed"),
    ];
    for (sql, reason) in cases {
        let error = run(&mut db, &sql).await.expect_err(&sql);
        assert!(error.contains(reason), "{error}");
    }
    run(&mut db, format!("{types} text_short) VALUES (1, 'ab', 1, 'äää')")).await.expect("characters count, not bytes");
}
