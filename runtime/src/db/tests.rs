//! What every backend has to do alike, asked of SQLite through both of its drivers.

mod ddl;
mod drift;

use chrono::{DateTime, Utc};

use super::{Db, DbOptions, Lane, Run as _};
use crate::{
    column::Column,
    error::Code,
    output::{Aside, JsonRows, Shape},
    sql::Statement,
    value::{Kind, Value},
};

static NUMBER: Column = Column::new::<i64>("n");
static STAMP: Column = Column::new::<DateTime<Utc>>("stamp");

const AT: &str = "2026-01-02T03:04:05.000006Z";

/// Two rows, by each driver. What is in the URL beside its file, sqlx alone reads.
async fn rows(shape: Option<Shape>) -> Vec<JsonRows> {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("rows.db");
    let mut all = Vec::new();
    for parameters in ["", "?mode=rwc&cache=private"] {
        let db = Db::connect(&format!("sqlite:{}{parameters}", file.display())).await.expect("a database");
        let text = format!("SELECT column1, '{AT}', column1 * 10, '{AT}' FROM (VALUES (1), (2))");
        let mut statement = Statement::new(text, Vec::new(), vec![&NUMBER, &STAMP, &NUMBER, &STAMP]);
        statement.shape = shape.clone().map(Box::new);
        all.push(db.json(statement).await.expect("rows"));
        db.close().await;
    }
    all
}

fn text(rows: &JsonRows) -> &str {
    std::str::from_utf8(&rows.body).expect("text")
}

/// Rows for which there is no room are refused, and the connection is as good as ever, within a transaction too.
#[tokio::test]
async fn what_is_too_much_is_not_kept() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("much.db");
    let numbers = |most: i64| {
        let text = "WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < ?1) SELECT x FROM n";
        Statement::new(text.to_owned(), vec![(Kind::I64, Value::Int(most))], vec![&NUMBER])
    };
    for parameters in ["", "?mode=rwc&cache=private"] {
        let options = DbOptions { max_connections: 1, ..DbOptions::default() };
        let url = format!("sqlite:{}{parameters}", file.display());
        let db = Db::connect_with(&url, options).await.expect("a database").answering(1000);
        for _ in 0..3 {
            let refused = db.json(numbers(20_000)).await.expect_err("more than there is room for");
            assert_eq!(refused.code(), Code::AnswerTooLarge);
            assert_eq!(db.json(numbers(9)).await.expect("rows").count, 9);
            assert!(db.run(Lane::Read, numbers(20_000)).await.is_err());
            let tx = db.begin().await.expect("a transaction");
            assert!(tx.run(Lane::Read, numbers(20_000)).await.is_err());
            assert_eq!(tx.run(Lane::Read, numbers(9)).await.expect("rows").len(), 9);
            tx.rollback().await.expect("it is there");
        }
        // Nobody could undo it any more.
        assert_eq!(db.run(Lane::Write, numbers(20_000)).await.expect("rows").len(), 20_000);
        assert_eq!(db.answering(usize::MAX).json(numbers(20_000)).await.expect("rows").count, 20_000);
    }
}

#[tokio::test]
async fn without_a_shape_every_column_is_shown_under_its_name() {
    for rows in rows(None).await {
        let row = |n| format!(r#"{{"n":{n},"stamp":"{AT}","n":{n}0,"stamp":"{AT}"}}"#);
        assert_eq!(text(&rows), format!("[{},{}]", row(1), row(2)));
        assert!(rows.count == 2 && rows.holes.is_empty() && rows.ends.is_empty() && rows.aside.is_empty(), "{rows:?}");
    }
}

#[tokio::test]
async fn names_holes_and_what_is_told_aside() {
    let mut shape = Shape::empty();
    shape.column("number");
    shape.hole("hole");
    shape.column("at");
    let at = Value::Timestamp(AT.parse().expect("a time"));
    let told = |n: i64| [Value::Int(n * 10), at.clone()];
    for (aside, expected) in [
        (Aside::No, vec![]),
        (Aside::Row(1), told(2).to_vec()),
        (Aside::Row(2), vec![]),
        (Aside::Every, [told(1), told(2)].concat()),
    ] {
        for rows in rows(Some(shape.clone().telling(aside))).await {
            let row = |n| format!(r#"{{"number":{n},"hole":,"at":"{AT}"}}"#);
            assert_eq!(text(&rows), format!("[{},{}]", row(1), row(2)));
            assert_eq!(rows.aside, expected, "as values, not as the text that is shown");
            let (holes, ends): (Vec<_>, Vec<_>) =
                (rows.holes.iter().map(|at| &text(&rows)[..*at]).collect(), rows.ends.clone());
            assert!(holes.len() == 2 && holes.iter().all(|before| before.ends_with(r#""hole":"#)), "{holes:?}");
            assert_eq!(ends, [1 + row(1).len(), 2 + row(1).len() + row(2).len()]);
        }
    }
}
