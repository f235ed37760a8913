//! What a column can hold: [`Kind`], the [`Value`] itself, and [`FieldType`], which maps a Rust type to both.

mod field_type;
mod given;
mod password;

use std::fmt;

use base64::Engine as _;
use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use uuid::Uuid;

pub use field_type::{FieldType, Json};
pub(crate) use field_type::{json_text, text, year_in_range};
pub use given::Given;
pub use password::{Password, Secret};

/// The logical type of a column, the same on every database.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// `bool`
    Bool,
    /// `i16`
    I16,
    /// `i32`
    I32,
    /// `i64`
    I64,
    /// `f64`, finite
    F64,
    /// `String`, without U+0000
    Text,
    /// `Vec<u8>`; base64 in JSON
    Bytes,
    /// [`Uuid`]
    Uuid,
    /// [`NaiveDate`], years 1 to 9999
    Date,
    /// [`NaiveTime`], to the microsecond
    Time,
    /// [`NaiveDateTime`], to the microsecond
    DateTime,
    /// [`DateTime<Utc>`], to the microsecond
    Timestamp,
    /// Any JSON, kept as one opaque text
    Json,
}

impl Kind {
    /// Equality that can be asked in a `const` assertion.
    pub const fn same(self, other: Self) -> bool {
        self as u8 == other as u8
    }

    /// Whether the kind is a whole number.
    pub const fn is_integer(self) -> bool {
        matches!(self, Self::I16 | Self::I32 | Self::I64)
    }

    /// What a client would call it, for error texts: `"an integer"`.
    pub const fn noun(self) -> &'static str {
        match self {
            Self::Bool => "true or false",
            Self::I16 | Self::I32 | Self::I64 => "an integer",
            Self::F64 => "a number",
            Self::Text => "a string",
            Self::Bytes => "a base64 string",
            Self::Uuid => "a UUID",
            Self::Date => "a date (YYYY-MM-DD)",
            Self::Time => "a time (HH:MM:SS)",
            Self::DateTime => "a date and time without offset (YYYY-MM-DDTHH:MM:SS)",
            Self::Timestamp => "an RFC 3339 date and time",
            Self::Json => "a JSON value",
        }
    }
}

/// One value of a column.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// SQL NULL, of whatever kind its column is
    Null,
    /// [`Kind::Bool`]
    Bool(bool),
    /// [`Kind::I16`], [`Kind::I32`], [`Kind::I64`]
    Int(i64),
    /// [`Kind::F64`]
    Float(f64),
    /// [`Kind::Text`]
    Text(String),
    /// [`Kind::Bytes`]
    Bytes(Vec<u8>),
    /// [`Kind::Uuid`]
    Uuid(Uuid),
    /// [`Kind::Date`]
    Date(NaiveDate),
    /// [`Kind::Time`]
    Time(NaiveTime),
    /// [`Kind::DateTime`]
    DateTime(NaiveDateTime),
    /// [`Kind::Timestamp`]
    Timestamp(DateTime<Utc>),
    /// [`Kind::Json`], as canonical text
    Json(String),
    /// A password that is not hashed yet. No statement takes it: hashing turns it into text first.
    Secret(Secret),
}

/// A [`Value`] still lying in its driver's row.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ValueRef<'a> {
    /// SQL NULL
    Null,
    /// [`Kind::Bool`]
    Bool(bool),
    /// [`Kind::I16`], [`Kind::I32`], [`Kind::I64`]
    Int(i64),
    /// [`Kind::F64`]
    Float(f64),
    /// [`Kind::Text`]
    Text(&'a str),
    /// [`Kind::Bytes`]
    Bytes(&'a [u8]),
    /// [`Kind::Uuid`]
    Uuid(Uuid),
    /// [`Kind::Date`]
    Date(NaiveDate),
    /// [`Kind::Time`]
    Time(NaiveTime),
    /// [`Kind::DateTime`]
    DateTime(NaiveDateTime),
    /// [`Kind::Timestamp`]
    Timestamp(DateTime<Utc>),
    /// [`Kind::Json`], as text
    Json(&'a str),
}

impl ValueRef<'_> {
    /// The value, out of the row.
    pub fn to_owned(self) -> Value {
        match self {
            Self::Null => Value::Null,
            Self::Bool(v) => Value::Bool(v),
            Self::Int(v) => Value::Int(v),
            Self::Float(v) => Value::Float(v),
            Self::Text(v) => Value::Text(v.into()),
            Self::Bytes(v) => Value::Bytes(v.into()),
            Self::Uuid(v) => Value::Uuid(v),
            Self::Date(v) => Value::Date(v),
            Self::Time(v) => Value::Time(v),
            Self::DateTime(v) => Value::DateTime(v),
            Self::Timestamp(v) => Value::Timestamp(v),
            Self::Json(v) => Value::Json(v.into()),
        }
    }
}

impl Value {
    /// About how many bytes it is; never more than its JSON has, with a name before it.
    #[cfg(any(feature = "sqlite", feature = "postgres"))]
    pub(crate) fn weight(&self) -> usize {
        match self {
            Self::Text(text) | Self::Json(text) => text.len().max(1),
            Self::Bytes(bytes) => bytes.len().max(1),
            _ => 1,
        }
    }

    /// The value by reference; a [`Secret`] shows as null.
    pub fn as_ref(&self) -> ValueRef<'_> {
        match self {
            Self::Null | Self::Secret(_) => ValueRef::Null,
            Self::Bool(v) => ValueRef::Bool(*v),
            Self::Int(v) => ValueRef::Int(*v),
            Self::Float(v) => ValueRef::Float(*v),
            Self::Text(v) => ValueRef::Text(v),
            Self::Bytes(v) => ValueRef::Bytes(v),
            Self::Uuid(v) => ValueRef::Uuid(*v),
            Self::Date(v) => ValueRef::Date(*v),
            Self::Time(v) => ValueRef::Time(*v),
            Self::DateTime(v) => ValueRef::DateTime(*v),
            Self::Timestamp(v) => ValueRef::Timestamp(*v),
            Self::Json(v) => ValueRef::Json(v),
        }
    }
}

/// Why a value does not fit its column: a sentence fit for a client, without the value itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invalid(pub String);

impl Invalid {
    /// From any text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }
}

impl fmt::Display for Invalid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Invalid {}

/// Base64 with padding, the standard alphabet (RFC 4648 section 4).
pub(crate) fn base64(bytes: &[u8]) -> String {
    base64::engine::general_purpose::STANDARD.encode(bytes)
}

/// The reverse of [`base64`].
pub(crate) fn unbase64(text: &str) -> Option<Vec<u8>> {
    base64::engine::general_purpose::STANDARD.decode(text).ok()
}
