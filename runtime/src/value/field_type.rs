//! Rust types as column types.

use chrono::{DateTime, Datelike as _, NaiveDate, NaiveDateTime, NaiveTime, SubsecRound as _, Timelike as _, Utc};
use serde::{Serialize, de::DeserializeOwned};
use uuid::Uuid;

use super::{Invalid, Kind, Value};

/// A JSON column that holds a `T`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Json<T>(pub T);

/// A Rust type that can be stored in a column.
///
/// Implemented for the types of the key table in the README, `Option` of each, and every enum with
/// `#[derive(Choice)]`. A newtype forwards to what it holds:
///
/// ```
/// use restruct::{FieldType, Invalid, Kind, Value};
///
/// #[derive(Debug, PartialEq)]
/// struct Cents(i64);
///
/// impl FieldType for Cents {
///     const KIND: Kind = <i64 as FieldType>::KIND;
///     fn to_value(&self) -> Result<Value, Invalid> {
///         self.0.to_value()
///     }
///     fn from_value(value: Value) -> Result<Self, Invalid> {
///         i64::from_value(value).map(Cents)
///     }
/// }
///
/// assert_eq!(Cents::from_value(Value::Int(250)), Ok(Cents(250)));
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be stored in a column",
    label = "not a column type",
    note = "a column holds bool, i16, i32, i64, f64, String, Vec<u8>, Uuid, NaiveDate, NaiveTime, NaiveDateTime, \
            DateTime<Utc>, serde_json::Value, Json<T>, Password, an Option of these, or an enum with #[derive(Choice)]",
    note = "`#[resource(skip)]` keeps a field out of the table"
)]
pub trait FieldType: Sized {
    /// The logical type of the column.
    const KIND: Kind;
    /// Whether the column takes NULL.
    const NULLABLE: bool = false;
    /// The only texts that the column takes; empty: any.
    const CHOICES: &'static [&'static str] = &[];
    /// Whether the column is a password.
    const SECRET: bool = false;
    /// Whether [`FieldType::from_value`] refuses more than the kind says, so that a client's value must be tried with it.
    const CHECKED: bool = false;

    /// The value to store.
    fn to_value(&self) -> Result<Value, Invalid>;

    /// The Rust value of a stored one.
    fn from_value(value: Value) -> Result<Self, Invalid>;
}

fn mismatch<T>(kind: Kind) -> Result<T, Invalid> {
    Err(Invalid(format!("must be {}", kind.noun())))
}

macro_rules! plain {
    ($($rust:ty, $kind:ident, $variant:ident;)*) => {$(
        impl FieldType for $rust {
            const KIND: Kind = Kind::$kind;
            fn to_value(&self) -> Result<Value, Invalid> {
                Ok(Value::$variant(self.clone().into()))
            }
            fn from_value(value: Value) -> Result<Self, Invalid> {
                match value {
                    Value::$variant(v) => v.try_into().or_else(|_| mismatch(Kind::$kind)),
                    _ => mismatch(Kind::$kind),
                }
            }
        }
    )*};
}

plain! {
    bool, Bool, Bool;
    i16, I16, Int;
    i32, I32, Int;
    i64, I64, Int;
    Vec<u8>, Bytes, Bytes;
    Uuid, Uuid, Uuid;
}

impl FieldType for String {
    const KIND: Kind = Kind::Text;
    fn to_value(&self) -> Result<Value, Invalid> {
        text(self)
    }
    fn from_value(value: Value) -> Result<Self, Invalid> {
        match value {
            Value::Text(v) => Ok(v),
            _ => mismatch(Kind::Text),
        }
    }
}

/// A text value; PostgreSQL cannot hold U+0000, so no database gets it.
pub(crate) fn text(clear: &str) -> Result<Value, Invalid> {
    if clear.contains('\0') { Err(Invalid::new("must not hold U+0000")) } else { Ok(Value::Text(clear.into())) }
}

impl FieldType for f64 {
    const KIND: Kind = Kind::F64;
    fn to_value(&self) -> Result<Value, Invalid> {
        // SQLite has no negative zero; adding zero takes it away everywhere.
        if self.is_finite() { Ok(Value::Float(*self + 0.0)) } else { Err(Invalid::new("must be a finite number")) }
    }
    fn from_value(value: Value) -> Result<Self, Invalid> {
        match value {
            Value::Float(v) => Ok(v),
            _ => mismatch(Kind::F64),
        }
    }
}

/// Refuses the years that RFC 3339 cannot write.
pub(crate) fn year_in_range(date: NaiveDate) -> Result<(), Invalid> {
    if (1..=9999).contains(&date.year()) { Ok(()) } else { Err(Invalid::new("must lie in the years 0001 to 9999")) }
}

/// Refuses the 60th second, which chrono can hold and neither database can.
fn no_leap_second(time: NaiveTime) -> Result<(), Invalid> {
    if time.nanosecond() < 1_000_000_000 { Ok(()) } else { Err(Invalid::new("must not be a leap second")) }
}

macro_rules! temporal {
    ($($rust:ty, $kind:ident, |$v:ident| $year:expr, $store:expr;)*) => {$(
        impl FieldType for $rust {
            const KIND: Kind = Kind::$kind;
            fn to_value(&self) -> Result<Value, Invalid> {
                let $v = *self;
                $year?;
                Ok(Value::$kind($store))
            }
            fn from_value(value: Value) -> Result<Self, Invalid> {
                match value {
                    Value::$kind(v) => Ok(v),
                    _ => mismatch(Kind::$kind),
                }
            }
        }
    )*};
}

// Both databases keep microseconds; what is finer is cut here, so that what is answered is what is stored.
temporal! {
    NaiveDate, Date, |v| year_in_range(v), v;
    NaiveTime, Time, |v| no_leap_second(v), v.trunc_subsecs(6);
    NaiveDateTime, DateTime, |v| year_in_range(v.date()).and(no_leap_second(v.time())), v.trunc_subsecs(6);
    DateTime<Utc>, Timestamp, |v| year_in_range(v.date_naive()).and(no_leap_second(v.time())), v.trunc_subsecs(6);
}

impl FieldType for serde_json::Value {
    const KIND: Kind = Kind::Json;
    fn to_value(&self) -> Result<Value, Invalid> {
        json_text(self)
    }
    fn from_value(value: Value) -> Result<Self, Invalid> {
        match value {
            Value::Json(text) => serde_json::from_str(&text).or_else(|_| mismatch(Kind::Json)),
            _ => mismatch(Kind::Json),
        }
    }
}

impl<T: Serialize + DeserializeOwned> FieldType for Json<T> {
    const KIND: Kind = Kind::Json;
    const CHECKED: bool = true;
    fn to_value(&self) -> Result<Value, Invalid> {
        let tree = serde_json::to_value(&self.0).map_err(|_| Invalid::new("cannot be written as JSON"))?;
        json_text(&tree)
    }
    fn from_value(value: Value) -> Result<Self, Invalid> {
        match value {
            // The serde error names the member and what was expected, never a type of ours.
            Value::Json(text) => serde_json::from_str(&text).map(Json).map_err(|e| Invalid(json_reason(&e))),
            _ => mismatch(Kind::Json),
        }
    }
}

fn json_reason(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let cut = text.rfind(" at line ").unwrap_or(text.len());
    format!("has the wrong shape: {}", &text[..cut])
}

/// Canonical text: no blanks, members sorted. JSON null is SQL NULL.
pub(crate) fn json_text(tree: &serde_json::Value) -> Result<Value, Invalid> {
    if tree.is_null() {
        return Ok(Value::Null);
    }
    let text = tree.to_string();
    if text.contains("\\u0000") && holds_nul(tree) {
        return Err(Invalid::new("must not hold U+0000"));
    }
    Ok(Value::Json(text))
}

fn holds_nul(tree: &serde_json::Value) -> bool {
    match tree {
        serde_json::Value::String(s) => s.contains('\0'),
        serde_json::Value::Array(items) => items.iter().any(holds_nul),
        serde_json::Value::Object(map) => map.iter().any(|(k, v)| k.contains('\0') || holds_nul(v)),
        _ => false,
    }
}

impl<T: FieldType> FieldType for Option<T> {
    const KIND: Kind = T::KIND;
    const NULLABLE: bool = {
        assert!(!T::NULLABLE, "a column is either optional or not: write one `Option`");
        true
    };
    const CHOICES: &'static [&'static str] = T::CHOICES;
    const SECRET: bool = T::SECRET;
    const CHECKED: bool = T::CHECKED;
    fn to_value(&self) -> Result<Value, Invalid> {
        self.as_ref().map_or(Ok(Value::Null), T::to_value)
    }
    fn from_value(value: Value) -> Result<Self, Invalid> {
        match value {
            // A password is never loaded, so a null says nothing of what is stored.
            Value::Null if !T::SECRET => Ok(None),
            value => T::from_value(value).map(Some),
        }
    }
}
