use std::{
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};

use super::*;
use crate::{
    column::Column,
    value::{Kind, Value},
};

static NUMBER: Column = Column::new::<i64>("n");

/// A statement of the tests' own.
fn statement(text: &str, binds: Vec<i64>) -> Statement {
    let binds = binds.into_iter().map(|n| (Kind::I64, Value::Int(n))).collect();
    Statement::new(text.to_owned(), binds, vec![&NUMBER])
}

/// A database in memory of its own, and who writes to it.
fn memory(timeout: Option<Duration>) -> (Settings, Direct) {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let file = format!("file:direct-{}", NEXT.fetch_add(1, Ordering::Relaxed)).into();
    let settings = Settings { file, in_memory: true, timeout };
    let writer = Direct::open(&settings, Purpose::Write).expect("a database in memory");
    writer.rows(&statement("CREATE TABLE t (n INTEGER PRIMARY KEY, CHECK (n < 100)) STRICT", vec![])).expect("a table");
    (settings, writer)
}

fn numbers(rows: Result<Vec<Row>>) -> Result<Vec<Value>, Code> {
    rows.map(|rows| rows.iter().map(|row| row.values()[0].clone()).collect()).map_err(|error| error.code())
}

fn insert(n: i64) -> Statement {
    statement("INSERT INTO t (n) VALUES (?1) RETURNING n", vec![n])
}

fn all(direct: &Direct) -> Result<Vec<Value>, Code> {
    numbers(direct.rows(&statement("SELECT n FROM t ORDER BY n", vec![])))
}

const ENDLESS: &str = "WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r) SELECT count(*) FROM r";

#[test]
fn a_statement_is_given_up_at_its_deadline_and_the_next_is_not() {
    let (settings, writer) = memory(Some(Duration::from_millis(50)));
    let reader = Direct::open(&settings, Purpose::Read).expect("a reader");
    for direct in [&reader, &writer] {
        assert_eq!(numbers(direct.rows(&statement(ENDLESS, vec![]))), Err(Code::Unavailable));
        assert_eq!(all(direct), Ok(vec![]));
    }
    let batch = [insert(1), statement(&format!("INSERT INTO t {ENDLESS}"), vec![]), insert(2)];
    assert!(writer.together(&batch).is_err(), "SQLite has undone the whole transaction");
    assert_eq!(all(&writer), Ok(vec![]));
    assert_eq!(numbers(writer.rows(&insert(3))), Ok(vec![Value::Int(3)]));
}

#[test]
fn who_breaks_a_constraint_fails_alone() {
    let (_, writer) = memory(None);
    let done = writer.together(&[insert(1), insert(1), insert(100), insert(2)]).expect("a batch");
    done.committed.expect("a commit");
    let codes: Vec<_> = done.results.into_iter().map(numbers).collect();
    let one = |n| Ok(vec![Value::Int(n)]);
    assert_eq!(codes, [one(1), Err(Code::Unique), Err(Code::Invalid), one(2)]);
    assert_eq!(all(&writer), Ok(vec![Value::Int(1), Value::Int(2)]));
}

#[test]
fn any_other_failure_undoes_the_batch() {
    let (_, writer) = memory(None);
    let wrong = statement("INSERT INTO nowhere (n) VALUES (?1)", vec![1]);
    assert!(writer.together(&[insert(1), wrong]).is_err());
    assert_eq!(all(&writer), Ok(vec![]));
}

#[test]
fn a_reader_writes_nothing() {
    let (settings, writer) = memory(None);
    let reader = Direct::open(&settings, Purpose::Read).expect("a reader");
    assert_eq!(numbers(reader.rows(&insert(1))), Err(Code::Internal));
    assert_eq!(all(&writer), Ok(vec![]));
}

#[test]
fn a_locked_file_is_left_to_who_can_wait() {
    let folder = tempfile::tempdir().expect("a folder");
    let settings = Settings { file: folder.path().join("locked.db"), in_memory: false, timeout: None };
    let writer = without_wal(&settings.file);
    let at_once = AtOnce { settings, most: 1, free: Mutex::default() };
    let select = statement("SELECT n FROM t", vec![]);
    assert!(matches!(at_once.read(&select, Direct::rows), Some(Ok(rows)) if rows.is_empty()));
    writer.rows(&statement("BEGIN EXCLUSIVE", vec![])).expect("a lock");
    assert!(at_once.read(&select, Direct::rows).is_none(), "it would have to wait");
    writer.rows(&statement("ROLLBACK", vec![])).expect("an end");
}

/// A file that is not in WAL mode, where a writer locks readers out.
fn without_wal(file: &std::path::Path) -> Direct {
    std::fs::write(file, b"").expect("an empty file is an empty database");
    let settings = Settings { file: file.to_owned(), in_memory: false, timeout: None };
    let writer = Direct::open(&settings, Purpose::Write).expect("a file");
    writer.rows(&statement("CREATE TABLE t (n INTEGER PRIMARY KEY) STRICT", vec![])).expect("a table");
    writer
}

#[test]
fn a_statement_is_prepared_once_whatever_is_bound_to_it() {
    let (settings, writer) = memory(None);
    let reader = Direct::open(&settings, Purpose::Read).expect("a reader");
    for text in [
        "CREATE TABLE words (n INTEGER PRIMARY KEY, word TEXT NOT NULL) STRICT",
        "CREATE INDEX words_word ON words (word)",
        "INSERT INTO words SELECT n, 'word ' || n FROM (WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r \
         WHERE n < 99) SELECT n FROM r)",
        "ANALYZE",
    ] {
        writer.rows(&statement(text, vec![])).expect("done");
    }
    for text in [
        "SELECT n FROM words WHERE n >= ?1",
        "SELECT n FROM words WHERE word > CAST(?1 AS TEXT)",
        "SELECT n FROM words WHERE word = ?1",
        "SELECT n FROM words WHERE word GLOB ?1",
        "SELECT n FROM words LIMIT ?1",
    ] {
        for n in [1, 50, 3] {
            reader.rows(&statement(text, vec![n])).expect("rows");
        }
        assert_eq!(reader.prepared_anew(&statement(text, vec![])), 0, "{text}");
    }
}
