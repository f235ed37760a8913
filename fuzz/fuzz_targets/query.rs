//! A query string, and behind a newline a Range header: nothing makes the parsers panic, nor what they read the SQL.

#![no_main]

use libfuzzer_sys::fuzz_target;
use restruct::{__bench as steps, Action, Dialect, prelude::*};

/// One of some texts.
#[derive(Choice)]
enum Shade {
    Light,
    Dark,
}

/// A column of every kind.
#[derive(Resource)]
#[resource(read = public, write = public)]
struct Thing {
    id: i64,
    #[resource(search)]
    title: Option<String>,
    small: Option<i16>,
    count: Option<i32>,
    ratio: Option<f64>,
    flag: Option<bool>,
    bytes: Option<Vec<u8>>,
    key: Option<Uuid>,
    day: Option<NaiveDate>,
    time: Option<NaiveTime>,
    moment: Option<NaiveDateTime>,
    stamp: Option<DateTime<Utc>>,
    tree: Option<serde_json::Value>,
    shade: Option<Shade>,
    #[resource(write_only)]
    hidden: Option<String>,
}

fuzz_target!(|text: &str| {
    let table = Thing::TABLE;
    let (raw, range) = text.split_once('\n').unwrap_or((text, ""));
    let Ok(mut query) = steps::query(table, raw) else { return };
    if !range.is_empty() && query.narrow(table, range).is_err() {
        return;
    }
    let scope = steps::authorize(table, Action::Read, &Caller::ANONYMOUS).expect("anybody may read");
    for dialect in [Dialect::Sqlite, Dialect::Postgres] {
        let statement = scope.select(dialect, &query);
        assert!(statement.is_ok(), "what is read cannot be asked: {statement:?}");
    }
});
