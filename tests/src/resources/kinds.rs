//! Every field type, required and optional.

use restruct::{FieldType, Invalid, Kind, Value, prelude::*};
use serde::{Deserialize, Serialize};

/// A JSON column with a shape.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Point {
    /// To the right.
    pub x: i32,
    /// Up.
    pub y: i32,
}

/// A choice with names that are not Rust's.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
#[choice(rename_all = "snake_case")]
pub enum Shade {
    /// `light`
    Light,
    /// `very_dark`
    VeryDark,
}

/// A newtype that takes less than what it holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Percent(pub i16);

impl FieldType for Percent {
    const KIND: Kind = <i16 as FieldType>::KIND;
    const CHECKED: bool = true;
    fn to_value(&self) -> Result<Value, Invalid> {
        self.0.to_value()
    }
    fn from_value(value: Value) -> Result<Self, Invalid> {
        match i16::from_value(value)? {
            number @ 0..=100 => Ok(Self(number)),
            _ => Err(Invalid::new("must be a percentage")),
        }
    }
}

/// One field of every type.
#[derive(Resource, Debug)]
#[resource(read = public, write = public)]
pub struct Sample {
    /// The key.
    pub id: i64,
    /// `bool`
    pub flag: bool,
    /// `i16`
    pub small: i16,
    /// `i32`
    pub medium: i32,
    /// `i64`
    pub large: i64,
    /// `f64`
    pub real: f64,
    /// `String`
    pub text: String,
    /// `Vec<u8>`
    pub bytes: Vec<u8>,
    /// `Uuid`
    pub uuid: Uuid,
    /// `NaiveDate`
    pub date: NaiveDate,
    /// `NaiveTime`
    pub time: NaiveTime,
    /// `NaiveDateTime`
    pub moment: NaiveDateTime,
    /// `DateTime<Utc>`
    pub stamp: DateTime<Utc>,
    /// `serde_json::Value`
    pub tree: serde_json::Value,
    /// `Json<T>`
    pub point: Json<Point>,
    /// A choice
    pub shade: Shade,
    /// A newtype
    pub percent: Percent,
}

/// One optional field of every type.
#[derive(Resource, Debug)]
#[resource(read = public, write = public, path = "maybe")]
pub struct Maybe {
    /// The key.
    pub id: i64,
    /// `bool`
    pub flag: Option<bool>,
    /// `i16`
    pub small: Option<i16>,
    /// `i32`
    pub medium: Option<i32>,
    /// `i64`
    pub large: Option<i64>,
    /// `f64`
    pub real: Option<f64>,
    /// `String`
    pub text: Option<String>,
    /// `Vec<u8>`
    pub bytes: Option<Vec<u8>>,
    /// `Uuid`
    pub uuid: Option<Uuid>,
    /// `NaiveDate`
    pub date: Option<NaiveDate>,
    /// `NaiveTime`
    pub time: Option<NaiveTime>,
    /// `NaiveDateTime`
    pub moment: Option<NaiveDateTime>,
    /// `DateTime<Utc>`
    pub stamp: Option<DateTime<Utc>>,
    /// `serde_json::Value`
    pub tree: Option<serde_json::Value>,
    /// `Json<T>`
    pub point: Option<Json<Point>>,
    /// A choice
    pub shade: Option<Shade>,
    /// A newtype
    pub percent: Option<Percent>,
}
