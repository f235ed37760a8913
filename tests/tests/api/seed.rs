//! Seed hooks: once, in one transaction, and never against somebody's will.

use restruct_tests::{Database, both_databases, process::Program};

use crate::{KANBAN, VARIANTS};

both_databases!(seeds_an_empty_database_once, brings_back_nothing, a_failing_hook_rolls_all_back);

const TABLES: [&str; 3] = ["users", "cards", "comments"];

async fn counts(database: &Database) -> Vec<i64> {
    let mut counts = Vec::new();
    for table in TABLES {
        counts.push(database.number(&format!("SELECT count(*) FROM {table}")).await);
    }
    counts
}

async fn seeds_an_empty_database_once(database: Database) {
    let program = Program::new(KANBAN, &database).full_cost();
    let running = program.serve(&[]).await;
    let cards = running.client.get("/cards").send().await.rows();
    assert!(cards.len() >= 24, "some dozens of cards: {}", cards.len());
    running.stop().await;
    let before = counts(&database).await;
    assert!(before.iter().all(|count| *count > 0), "{before:?}");
    program.serve(&[]).await.stop().await;
    assert_eq!(counts(&database).await, before, "a second start seeds nothing");
    program.run(&["db", "seed"]).await.assert_code(0);
    assert_eq!(counts(&database).await, before, "nor does the command");
    let hashes = database.texts("SELECT password FROM users").await;
    assert!(hashes.iter().flatten().all(|hash| hash.starts_with("$2b$12$")), "{hashes:?}");
}

async fn brings_back_nothing(database: Database) {
    let program = Program::new(KANBAN, &database);
    program.run(&["db", "create"]).await.assert_code(0);
    assert_eq!(counts(&database).await, [0, 0, 0], "creating is not seeding");
    program.run(&["db", "seed"]).await.assert_code(0);
    database.execute("DELETE FROM comments; DELETE FROM cards").await;
    program.run(&["db", "seed"]).await.assert_code(0);
    program.serve(&[]).await.stop().await;
    assert_eq!(counts(&database).await[1..], [0, 0]);
    program.run(&["db", "reset", "--yes"]).await.assert_code(0);
    assert!(counts(&database).await.iter().all(|count| *count > 0), "a new start is one");
}

async fn a_failing_hook_rolls_all_back(database: Database) {
    let failing = Program::new(VARIANTS, &database).env("VARIANT", "failing");
    failing.run(&["db", "create"]).await.assert_code(0);
    for _ in 0..2 {
        let failed = failing.run(&["db", "seed"]).await;
        failed.assert_code(1).assert_says("first_items").assert_says("the milk is sour");
        assert_eq!(database.number("SELECT count(*) FROM shops").await, 0, "the hook before it is undone too");
        assert_eq!(database.number("SELECT count(*) FROM items").await, 0);
    }
    let mended = Program::new(VARIANTS, &database).env("VARIANT", "mended");
    mended.run(&["db", "seed"]).await.assert_code(0);
    assert_eq!(database.number("SELECT count(*) FROM shops").await, 1);
    assert_eq!(database.number("SELECT count(*) FROM items").await, 1);
}
