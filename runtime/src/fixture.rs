//! Two tables with a column of every sort, for the tests of the pure steps.

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use proptest::prelude::*;
use uuid::Uuid;

use crate::{
    column::{Bound, Column, Format, OnDelete, Role},
    error::Result,
    resource::{Field, Resource},
    row::Row,
    table::{Page, Rule, Rules, Table},
    value::{FieldType, Invalid, Json, Kind, Password, Value},
};

/// A row as bare values.
pub(crate) struct Thing(pub(crate) Vec<Value>);

#[derive(Clone, Copy)]
struct Status;

impl FieldType for Status {
    const KIND: Kind = Kind::Text;
    const CHOICES: &'static [&'static str] = &["To Do", "Done"];
    fn to_value(&self) -> Result<Value, Invalid> {
        Ok(Value::Text("To Do".into()))
    }
    fn from_value(_: Value) -> Result<Self, Invalid> {
        Ok(Self)
    }
}

const fn column<T: FieldType>(name: &'static str) -> Column {
    Field::<Thing, T>::new(name).shape()
}

fn even(value: &Value) -> Result<(), Invalid> {
    Field::<Thing, i32>::new("count").validate(value, |v| if v % 2 == 0 { Ok(()) } else { Err("must be even") })
}

fn things() -> &'static Table {
    &THINGS
}

fn users() -> &'static Table {
    &USERS
}

pub(crate) static THINGS: Table = Table {
    resource: "Thing",
    name: "things",
    path: "things",
    columns: &[
        column::<i64>("id").role(Role::Id),
        column::<String>("title_text").json("title").length(1, Some(10)).search(things),
        column::<Status>("status").default(|| Status.to_value(), true).index(),
        column::<Option<bool>>("done"),
        column::<Option<i16>>("small"),
        column::<i32>("count")
            .range(Some(Bound::Int(0)), Some(Bound::Int(100)))
            .validate(even)
            .default(|| Ok(Value::Int(2)), true),
        column::<Option<i64>>("big"),
        column::<Option<f64>>("price").range(Some(Bound::Float(0.5)), None),
        column::<Option<String>>("code").pattern("^[a-z]+$").unique(),
        column::<Option<String>>("site").format(Format::Url).search(things),
        column::<Option<Vec<u8>>>("blob").length(0, Some(4)),
        column::<Option<Uuid>>("uid"),
        column::<Option<NaiveDate>>("day"),
        column::<Option<NaiveTime>>("clock"),
        column::<Option<NaiveDateTime>>("local"),
        column::<Option<DateTime<Utc>>>("instant"),
        column::<Option<serde_json::Value>>("meta"),
        column::<Option<Json<Vec<i32>>>>("numbers"),
        column::<Option<String>>("note").write_only(),
        column::<Option<String>>("origin").immutable(),
        column::<i32>("stamp").read_only().default(|| Ok(Value::Int(7)), true),
        column::<i64>("user_id").role(Role::Owner).references(users, OnDelete::Cascade),
        column::<DateTime<Utc>>("created_at").role(Role::CreatedAt),
        column::<i64>("version").role(Role::Version),
    ],
    rules: Rules { read: Rule::PUBLIC, create: Rule::OWNER, update: Rule::OWNER, delete: Rule::OWNER },
    page: Page { default: 20, max: 50 },
    ..Table::BLANK
};

pub(crate) static USERS: Table = Table {
    resource: "User",
    name: "users",
    path: "users",
    columns: &[
        column::<i64>("id").role(Role::Id),
        column::<String>("email").role(Role::Login).format(Format::Email),
        column::<Password>("password"),
        column::<bool>("is_admin").role(Role::Admin),
    ],
    rules: Rules { read: Rule::OWNER, create: Rule::PUBLIC, update: Rule::OWNER, delete: Rule::ADMIN },
    register: true,
    ..Table::BLANK
};

impl Resource for Thing {
    type Key = i64;
    const LOGIN: bool = false;
    const KEY: Field<Self, i64> = Field::new("id");
    const TABLE: &'static Table = &THINGS;

    fn from_row(_: &mut Row) -> Result<Self> {
        Ok(Self(Vec::new()))
    }

    fn to_values(&self) -> Result<Vec<Value>, Invalid> {
        Ok(self.0.clone())
    }
}

/// A statement in lines, for snapshots.
pub(crate) fn lines(text: &str) -> String {
    const WORDS: [&str; 12] = [
        " WHERE ",
        " FROM ",
        " USING ",
        " FULL JOIN ",
        " \"_restruct_out\" AS ",
        " ON CONFLICT ",
        " RETURNING ",
        " SET ",
        " ORDER BY ",
        " FOR NO KEY UPDATE",
        " FOR UPDATE",
        " UPDATE \"",
    ];
    WORDS.iter().fold(text.to_owned(), |text, word| text.replace(word, &format!("\n{}", word.trim_start())))
}

/// The column of a table by its JSON name.
pub(crate) fn named(table: &'static Table, json: &str) -> &'static Column {
    table.columns.iter().find(|c| c.json == json).expect("the fixture has the column")
}

/// Any value that could be stored in a column, as far as its kind and choices go.
pub(crate) fn stored(column: &'static Column) -> BoxedStrategy<Value> {
    if !column.choices.is_empty() {
        return proptest::sample::select(column.choices).prop_map(|v| Value::Text(v.into())).boxed();
    }
    let time = || {
        (0..86_400_u32, 0..1_000_000_u32).prop_map(|(second, micro)| {
            NaiveTime::from_num_seconds_from_midnight_opt(second, micro * 1000).expect("within a day")
        })
    };
    let date =
        || (1..=9999, 1..=365_u32).prop_map(|(year, day)| NaiveDate::from_yo_opt(year, day).expect("within a year"));
    match column.kind {
        Kind::Bool => any::<bool>().prop_map(Value::Bool).boxed(),
        Kind::I16 => any::<i16>().prop_map(|v| Value::Int(v.into())).boxed(),
        Kind::I32 => any::<i32>().prop_map(|v| Value::Int(v.into())).boxed(),
        Kind::I64 => any::<i64>().prop_map(Value::Int).boxed(),
        Kind::F64 => any::<f64>().prop_filter("finite", |v| v.is_finite()).prop_map(|v| Value::Float(v + 0.0)).boxed(),
        Kind::Text => "[^\\x00]{0,12}".prop_map(Value::Text).boxed(),
        Kind::Bytes => any::<Vec<u8>>().prop_map(Value::Bytes).boxed(),
        Kind::Uuid => any::<u128>().prop_map(|v| Value::Uuid(Uuid::from_u128(v))).boxed(),
        Kind::Date => date().prop_map(Value::Date).boxed(),
        Kind::Time => time().prop_map(Value::Time).boxed(),
        Kind::DateTime => (date(), time()).prop_map(|(d, t)| Value::DateTime(d.and_time(t))).boxed(),
        Kind::Timestamp => (date(), time()).prop_map(|(d, t)| Value::Timestamp(d.and_time(t).and_utc())).boxed(),
        Kind::Json => (any::<Vec<f64>>(), "[^\\x00]{0,12}", any::<i64>())
            .prop_map(|(floats, text, number)| {
                let tree = serde_json::json!({ "b": floats, &text: [number, null, true], "a": text });
                crate::value::json_text(&tree).expect("holds no U+0000")
            })
            .boxed(),
    }
}
