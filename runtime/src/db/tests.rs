//! What every backend has to do alike, asked of SQLite through both of its drivers.

mod ddl;
mod drift;

use chrono::{DateTime, Utc};

use super::Db;
use crate::{
    column::Column,
    output::{Aside, JsonRows, Shape},
    sql::Statement,
    value::Value,
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
