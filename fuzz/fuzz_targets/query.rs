//! A query string, and behind a newline a Range header: nothing makes the parsers panic, nor the
//! statements of what they read.

#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use restruct::{__bench as steps, Dialect, prelude::*};

/// One of some texts.
#[derive(Choice)]
enum Shade {
    Light,
    Dark,
}

/// Who things belong to.
#[derive(Resource)]
#[resource(read = public, write = public)]
struct Person {
    id: Uuid,
    name: String,
    #[resource(write_only)]
    secret: Option<String>,
}

/// A column of every kind.
#[derive(Resource)]
#[resource(read = public, write = public)]
struct Thing {
    id: i64,
    #[resource(search)]
    title: Option<String>,
    small: Option<i16>,
    count: i32,
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
    #[resource(references = Person)]
    person_id: Option<Uuid>,
    #[resource(references = Thing, inverse = "parts")]
    whole_id: Option<i64>,
}

static TABLES: LazyLock<steps::Tables> =
    LazyLock::new(|| steps::Tables::new(&[Person::TABLE, Thing::TABLE]).expect("the tables fit together"));

fuzz_target!(|text: &str| {
    let table = Thing::TABLE;
    let (raw, range) = text.split_once('\n').unwrap_or((text, ""));
    for dialect in [Dialect::Sqlite, Dialect::Postgres] {
        let Ok(mut list) = TABLES.list(table, raw) else { return };
        if !range.is_empty() && list.query.narrow(table, range).is_err() {
            return;
        }
        let statements = list.statements(dialect, table, &Caller::ANONYMOUS);
        assert!(statements.is_ok(), "what is read cannot be asked: {statements:?}");
    }
});
