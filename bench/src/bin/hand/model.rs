//! Rows and request bodies.

use std::str::FromStr;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Deserializer, Serialize};
use sqlx::{FromRow, Row as _, postgres::PgRow, sqlite::SqliteRow};

#[derive(Serialize)]
pub(crate) struct User {
    pub(crate) id: i64,
    pub(crate) name: String,
    pub(crate) email: String,
    #[serde(skip)]
    pub(crate) password: String,
    pub(crate) is_admin: bool,
}

#[derive(Serialize)]
pub(crate) struct Card {
    pub(crate) id: i64,
    pub(crate) title: String,
    pub(crate) description: Option<String>,
    pub(crate) status: Status,
    pub(crate) priority: Priority,
    pub(crate) date: Option<NaiveDate>,
    pub(crate) user_id: i64,
    pub(crate) created_at: DateTime<Utc>,
    pub(crate) updated_at: DateTime<Utc>,
    pub(crate) version: i64,
}

/// What a board shows of a user.
#[derive(Serialize)]
pub(crate) struct Author {
    pub(crate) id: i64,
    pub(crate) name: String,
}

/// What a board shows of a comment.
#[derive(Serialize)]
pub(crate) struct Comment {
    pub(crate) id: i64,
    pub(crate) message: String,
    pub(crate) user_id: i64,
    #[serde(skip)]
    pub(crate) card_id: i64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewCard {
    pub(crate) title: String,
    pub(crate) description: Option<String>,
    #[serde(default)]
    pub(crate) status: Status,
    #[serde(default)]
    pub(crate) priority: Priority,
    pub(crate) date: Option<NaiveDate>,
}

/// A merge patch: what is absent stays, what is null becomes null.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(clippy::option_option, reason = "three cases: absent, null, a value")]
pub(crate) struct CardPatch {
    pub(crate) title: Option<String>,
    #[serde(default, deserialize_with = "present")]
    pub(crate) description: Option<Option<String>>,
    pub(crate) status: Option<Status>,
    pub(crate) priority: Option<Priority>,
    #[serde(default, deserialize_with = "present")]
    pub(crate) date: Option<Option<NaiveDate>>,
}

/// Tells a null that was sent from a member that was not.
fn present<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

macro_rules! choice {
    ($(#[$meta:meta])* $name:ident { $($(#[$variant_meta:meta])* $variant:ident = $text:literal,)* }) => {
        #[derive(Clone, Copy, Default, Serialize, Deserialize)]
        pub(crate) enum $name {
            $($(#[$variant_meta])* #[serde(rename = $text)] $variant,)*
        }

        impl $name {
            pub(crate) fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)* }
            }
        }

        impl FromStr for $name {
            type Err = sqlx::Error;
            fn from_str(text: &str) -> Result<Self, sqlx::Error> {
                match text {
                    $($text => Ok(Self::$variant),)*
                    _ => Err(sqlx::Error::Decode(concat!("not a ", stringify!($name)).into())),
                }
            }
        }
    };
}

choice! {
    Status {
        #[default]
        ToDo = "To Do",
        Ongoing = "Ongoing",
        Testing = "Testing",
        Done = "Done",
    }
}

choice! {
    Priority {
        Low = "Low",
        #[default]
        Medium = "Medium",
        High = "High",
    }
}

/// The same rows from either database's driver.
macro_rules! from_row {
    ($($row:ty),*) => {$(
        impl FromRow<'_, $row> for User {
            fn from_row(row: &$row) -> Result<Self, sqlx::Error> {
                Ok(Self {
                    id: row.try_get("id")?,
                    name: row.try_get("name")?,
                    email: row.try_get("email")?,
                    password: row.try_get("password")?,
                    is_admin: row.try_get("is_admin")?,
                })
            }
        }

        impl FromRow<'_, $row> for Author {
            fn from_row(row: &$row) -> Result<Self, sqlx::Error> {
                Ok(Self { id: row.try_get("id")?, name: row.try_get("name")? })
            }
        }

        impl FromRow<'_, $row> for Comment {
            fn from_row(row: &$row) -> Result<Self, sqlx::Error> {
                Ok(Self {
                    id: row.try_get("id")?,
                    message: row.try_get("message")?,
                    user_id: row.try_get("user_id")?,
                    card_id: row.try_get("card_id")?,
                })
            }
        }

        impl FromRow<'_, $row> for Card {
            fn from_row(row: &$row) -> Result<Self, sqlx::Error> {
                Ok(Self {
                    id: row.try_get("id")?,
                    title: row.try_get("title")?,
                    description: row.try_get("description")?,
                    status: row.try_get::<&str, _>("status")?.parse()?,
                    priority: row.try_get::<&str, _>("priority")?.parse()?,
                    date: row.try_get("date")?,
                    user_id: row.try_get("user_id")?,
                    created_at: row.try_get("created_at")?,
                    updated_at: row.try_get("updated_at")?,
                    version: row.try_get("version")?,
                })
            }
        }
    )*};
}

from_row!(SqliteRow, PgRow);
