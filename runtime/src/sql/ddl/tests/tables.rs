//! Tables as the derive would write them.

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use uuid::Uuid;

use crate::{
    column::{Bound, Column, Format, OnDelete, Role},
    error::Result,
    resource::{Field, Resource, table_of},
    row::Row,
    schema::tests::{id, table},
    table::Table,
    value::{FieldType, Invalid, Kind, Password, Value},
};

struct Status;

impl FieldType for Status {
    const KIND: Kind = Kind::Text;
    const CHOICES: &'static [&'static str] = &["To Do", "Won't"];
    fn to_value(&self) -> Result<Value, Invalid> {
        Ok(Value::Text("To Do".into()))
    }
    fn from_value(_: Value) -> Result<Self, Invalid> {
        Ok(Self)
    }
}

/// Every type, bare, optional and with a default.
pub(crate) static TYPES: Table = table(
    "Types",
    "types",
    &[
        id(),
        Column::new::<bool>("bool").default(|| Ok(Value::Bool(true)), true),
        Column::new::<i16>("i16").default(|| Ok(Value::Int(-1)), true),
        Column::new::<i32>("i32"),
        Column::new::<Option<i32>>("i32_ranged").range(Some(Bound::Int(0)), Some(Bound::Int(i64::MAX))),
        Column::new::<i64>("i64").default(|| Ok(Value::Int(i64::MIN)), true),
        Column::new::<i64>("i64_ranged")
            .range(Some(Bound::Int(-5)), Some(Bound::Int(5)))
            .default(|| Ok(Value::Int(0)), true),
        Column::new::<f64>("f64").default(|| Ok(Value::Float(-1e300)), true),
        Column::new::<f64>("f64_ranged").range(None, Some(Bound::Float(0.5))).default(|| Ok(Value::Float(0.0)), true),
        Column::new::<String>("text").default(|| Ok(Value::Text("it's \\ \"so\"".into())), true),
        Column::new::<Option<String>>("text_short").length(1, Some(3)),
        Column::new::<String>("text_min").length(2, None),
        Column::new::<Vec<u8>>("bytes").length(0, Some(4)).default(|| Ok(Value::Bytes(vec![0, 255])), true),
        Column::new::<Uuid>("uuid").default(|| Ok(Value::Uuid(Uuid::nil())), true),
        Column::new::<Option<NaiveDate>>("date").default(|| Ok(Value::Date(NaiveDate::default())), true),
        Column::new::<NaiveTime>("time").default(|| Ok(Value::Time(NaiveTime::MIN)), true),
        Column::new::<NaiveDateTime>("datetime")
            .default(|| Ok(Value::DateTime(DateTime::UNIX_EPOCH.naive_utc())), true),
        Column::new::<DateTime<Utc>>("timestamp").default(|| Ok(Value::Timestamp(DateTime::UNIX_EPOCH)), true),
        Column::new::<serde_json::Value>("json").default(|| Ok(Value::Json("{\"a\":\"'\"}".into())), true),
        Column::new::<Option<i64>>("nothing").default(|| Ok(Value::Null), true),
        // Not constant: another for every row, so not in the DDL.
        Column::new::<i64>("computed").default(|| Ok(Value::Int(1)), false),
    ],
);

/// The login resource.
pub(crate) static USER: Table = table(
    "User",
    "users",
    &[
        id(),
        Column::new::<String>("email").role(Role::Login).format(Format::Email),
        Column::new::<Password>("password").length(8, Some(72)),
        Column::new::<bool>("is_admin").role(Role::Admin).default(|| Ok(Value::Bool(false)), true),
    ],
);

/// Checks, keys and indexes of every sort.
pub(crate) static CARD: Table = Table {
    uniques: &[&["user_id", "position"], &["slug"]],
    indexes: &[&["status", "position"], &["position"]],
    ..table(
        "Card",
        "cards",
        &[
            id(),
            Column::new::<String>("slug").unique().index(),
            Column::new::<Status>("status").index().default(|| Ok(Value::Text("Won't".into())), true),
            Column::new::<i32>("position").range(Some(Bound::Int(1)), None),
            Column::new::<i64>("user_id").role(Role::Owner).references(|| &USER, OnDelete::Cascade),
            Column::new::<Option<i64>>("reviewer_id").references(|| &USER, OnDelete::SetNull).inverse("reviews"),
            Column::new::<Option<i64>>("parent_id").references(|| &CARD, OnDelete::Restrict),
        ],
    )
};

/// A login resource whose rows stay when they are deleted, and what they leave.
pub(crate) static GUEST: Table = Table {
    uniques: &[&["name", "email"]],
    ..table(
        "Guest",
        "guests",
        &[
            id(),
            Column::new::<String>("name").unique(),
            Column::new::<String>("email").role(Role::Login).format(Format::Email),
            Column::new::<Password>("password"),
            Column::new::<Option<DateTime<Utc>>>("left_at").role(Role::DeletedAt),
        ],
    )
};

pub(crate) static TRACE: Table = table(
    "Trace",
    "traces",
    &[
        id(),
        Column::new::<i64>("guest_id").unique().references(|| &GUEST, OnDelete::Cascade),
        Column::new::<Option<DateTime<Utc>>>("gone").role(Role::DeletedAt).index(),
    ],
);

/// Tables with columns, keys and names of every sort, but for what the database computes.
pub(crate) static OF_EVERY_SORT: [&Table; 9] = [&TYPES, &USER, &CARD, &MEMBER, &TEAM, &ODD, &LONG, &ARTICLE, &NOTE];

/// Columns that the database computes, of every sort that is checked otherwise.
pub(crate) static PURCHASE: Table = Table {
    indexes: &[&["price", "total"]],
    ..table(
        "Purchase",
        "purchases",
        &[
            id(),
            Column::new::<i64>("price"),
            Column::new::<i64>("total").computed("price * 2", "price * 2"),
            Column::new::<bool>("is_large").computed("price > 9", "price > 9").index(),
            Column::new::<Option<f64>>("half").computed("price / 2.0", "price / 2.0"),
            Column::new::<Option<String>>("said").computed("'it''s ' || price", "'it''s ' || price"),
            Column::new::<Option<DateTime<Utc>>>("at").computed("'x'", "'epoch'::timestamptz"),
            Column::new::<Option<Status>>("status").computed("'Done'", "'Done'"),
        ],
    )
};

/// Two tables that point to each other.
pub(crate) static TEAM: Table = table(
    "Team",
    "teams",
    &[
        id(),
        Column::new::<Option<i64>>("lead_id").references(table_of::<Member>, OnDelete::Restrict),
        Column::new::<Option<i64>>("parent_id").references(|| &TEAM, OnDelete::Restrict),
    ],
);

pub(crate) static MEMBER: Table =
    table("Member", "members", &[id(), Column::new::<i64>("team_id").references(|| &TEAM, OnDelete::Restrict).index()]);

#[derive(Debug)]
pub(crate) struct Member {
    id: i64,
    team_id: i64,
}

impl Member {
    const TEAM_ID: Field<Self, i64> = Field::new("team_id");
}

impl Resource for Member {
    type Key = i64;
    const LOGIN: bool = false;
    const KEY: Field<Self, i64> = Field::new("id");
    const TABLE: &'static Table = &MEMBER;

    fn from_row(row: &mut Row) -> Result<Self> {
        Ok(Self { id: row.take(Self::KEY)?, team_id: row.take(Self::TEAM_ID)? })
    }

    fn to_values(&self) -> Result<Vec<Value>, Invalid> {
        Ok(vec![Self::KEY.encode(&self.id)?, Self::TEAM_ID.encode(&self.team_id)?])
    }
}

/// Words to search, in rows that the database numbers.
pub(crate) static ARTICLE: Table = table(
    "Article",
    "articles",
    &[
        id(),
        Column::new::<String>("title").length(1, Some(100)).search(|| &ARTICLE),
        Column::new::<i64>("author_id").references(|| &USER, OnDelete::Cascade),
    ],
);

/// And in rows that it does not number, under names that need quotes.
pub(crate) static NOTE: Table = table(
    "Note",
    "it's",
    &[
        Column::new::<Uuid>("id").role(Role::Id),
        Column::new::<String>("a\"b").unique().search(|| &NOTE),
        Column::new::<Option<String>>("it's").search(|| &NOTE),
        Column::new::<Option<i64>>("article_id").references(|| &ARTICLE, OnDelete::Cascade),
    ],
);

/// Keywords, mixed case, blanks, quotes.
pub(crate) static ODD: Table = Table {
    uniques: &[&["Group", "a\"b"]],
    ..table(
        "Odd",
        "select",
        &[
            Column::new::<Uuid>("order").role(Role::Id),
            Column::new::<String>("Group").index(),
            Column::new::<bool>("a\"b"),
            Column::new::<Option<Uuid>>("größe in cm")
                .references(|| &ODD, OnDelete::SetNull)
                .relation("above")
                .inverse("below"),
            Column::new::<i64>("values").references(|| &LONG, OnDelete::Cascade).relation("long").inverse("odds"),
        ],
    )
};

/// Names of 63 bytes, from which no other can be derived without cutting.
pub(crate) static LONG: Table = table(
    "Long",
    "t23456789012345678901234567890123456789012345678901234567890123",
    &[
        id(),
        Column::new::<String>("c23456789012345678901234567890123456789012345678901234567890123").unique(),
        Column::new::<i16>("d23456789012345678901234567890123456789012345678901234567890123").index(),
    ],
);
