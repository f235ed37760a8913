//! Text to values, strictly: what is not spelled as the kind asks is refused, never guessed at.

use chrono::{FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, TimeZone as _, Utc};
use uuid::Uuid;

use super::of;
use crate::{
    column::Column,
    value::{Invalid, Kind, Value, text, unbase64, year_in_range},
};

/// The value that a text is for a column: its kind's, and one of its choices.
pub(crate) fn parse(column: &Column, text: &str) -> Result<Value, Invalid> {
    let value = parse_kind(column.kind, text)?;
    choice(column, text)?;
    Ok(value)
}

/// The value of a path segment, or nothing where no row can have it: a key has one spelling only.
pub(crate) fn parse_key(column: &Column, segment: &str) -> Option<Value> {
    let value = parse(column, segment).ok()?;
    (of(value.as_ref()) == segment).then_some(value)
}

/// The value of a text, by kind alone. JSON is refused: its text has many spellings, and callers have the tree.
pub(crate) fn parse_kind(kind: Kind, source: &str) -> Result<Value, Invalid> {
    let value = match kind {
        Kind::Bool => match source {
            "true" => Some(Value::Bool(true)),
            "false" => Some(Value::Bool(false)),
            _ => None,
        },
        Kind::I16 | Kind::I32 | Kind::I64 => return integer(kind, source),
        Kind::F64 => float(source).map(Value::Float),
        Kind::Text => return text(source),
        Kind::Bytes => unbase64(source).map(Value::Bytes),
        Kind::Uuid => uuid(source).map(Value::Uuid),
        Kind::Date => return in_years(Cursor::whole(source, Cursor::date), |v| v, Value::Date, kind),
        Kind::Time => Cursor::whole(source, Cursor::time).map(Value::Time),
        Kind::DateTime => {
            return in_years(Cursor::whole(source, Cursor::date_time), |v| v.date(), Value::DateTime, kind);
        }
        Kind::Timestamp => {
            return in_years(Cursor::whole(source, Cursor::timestamp), |v| v.date_naive(), Value::Timestamp, kind);
        }
        Kind::Json => return Err(Invalid::new("holds JSON, which has no text form")),
    };
    value.ok_or_else(|| mismatch(kind))
}

/// Whether a text is one of the column's choices, where it has any.
pub(crate) fn choice(column: &Column, text: &str) -> Result<(), Invalid> {
    if column.choices.is_empty() || column.choices.contains(&text) {
        return Ok(());
    }
    let choices: Vec<_> = column.choices.iter().map(|c| format!("`{c}`")).collect();
    Err(Invalid(format!("must be one of {}", choices.join(", "))))
}

/// Whether a whole number fits its kind.
pub(crate) fn fits(kind: Kind, number: i64) -> Result<(), Invalid> {
    let (min, max) = bounds(kind);
    if (min..=max).contains(&number) { Ok(()) } else { Err(out_of_range(kind)) }
}

/// What is said of a whole number that its kind cannot hold.
pub(crate) fn out_of_range(kind: Kind) -> Invalid {
    let (min, max) = bounds(kind);
    Invalid(format!("must be an integer between {min} and {max}"))
}

fn bounds(kind: Kind) -> (i64, i64) {
    match kind {
        Kind::I16 => (i16::MIN.into(), i16::MAX.into()),
        Kind::I32 => (i32::MIN.into(), i32::MAX.into()),
        _ => (i64::MIN, i64::MAX),
    }
}

fn mismatch(kind: Kind) -> Invalid {
    Invalid(format!("must be {}", kind.noun()))
}

fn in_years<T: Copy>(
    read: Option<T>,
    date: impl Fn(T) -> NaiveDate,
    value: impl Fn(T) -> Value,
    kind: Kind,
) -> Result<Value, Invalid> {
    let read = read.ok_or_else(|| mismatch(kind))?;
    year_in_range(date(read))?;
    Ok(value(read))
}

fn integer(kind: Kind, source: &str) -> Result<Value, Invalid> {
    let digits = source.strip_prefix('-').unwrap_or(source);
    let canonical = match digits.as_bytes() {
        [b'0'] => source == "0",
        [b'1'..=b'9', rest @ ..] => rest.iter().all(u8::is_ascii_digit),
        _ => false,
    };
    if !canonical {
        return Err(mismatch(kind));
    }
    let number = source.parse().map_err(|_| out_of_range(kind))?;
    fits(kind, number)?;
    Ok(Value::Int(number))
}

/// A JSON number: no `inf`, no `NaN`, no bare point, no blanks.
fn float(source: &str) -> Option<f64> {
    if !source.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'-' | b'+' | b'.' | b'e' | b'E')) {
        return None;
    }
    serde_json::from_str::<f64>(source).ok().map(|v| v + 0.0) // SQLite has no negative zero
}

fn uuid(source: &str) -> Option<Uuid> {
    // The parser of `uuid` takes braces, URNs and bare digits too; only the hyphenated form has this length.
    if source.len() == uuid::fmt::Hyphenated::LENGTH { Uuid::try_parse(source).ok() } else { None }
}

/// What is left to read of a date or time.
struct Cursor<'a>(&'a [u8]);

impl<'a> Cursor<'a> {
    /// What `read` makes of the text, if it leaves nothing over.
    fn whole<T>(source: &'a str, read: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        let mut cursor = Self(source.as_bytes());
        let value = read(&mut cursor)?;
        cursor.0.is_empty().then_some(value)
    }

    fn digits(&mut self, width: usize) -> Option<u32> {
        let (digits, rest) = self.0.split_at_checked(width)?;
        self.0 = rest;
        digits.iter().try_fold(0, |sum, b| b.is_ascii_digit().then(|| sum * 10 + u32::from(b - b'0')))
    }

    fn skip(&mut self, expected: &[u8]) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        expected.contains(first).then_some(*first)
    }

    fn date(&mut self) -> Option<NaiveDate> {
        let year = self.digits(4)?;
        self.skip(b"-")?;
        let month = self.digits(2)?;
        self.skip(b"-")?;
        NaiveDate::from_ymd_opt(year.try_into().ok()?, month, self.digits(2)?)
    }

    /// Up to nine digits of a fraction, cut to microseconds as both databases keep them. No leap second: neither has it.
    fn time(&mut self) -> Option<NaiveTime> {
        let hour = self.digits(2)?;
        self.skip(b":")?;
        let minute = self.digits(2)?;
        self.skip(b":")?;
        let second = self.digits(2)?;
        let micro = if self.0.first() == Some(&b'.') { self.fraction()? } else { 0 };
        NaiveTime::from_hms_micro_opt(hour, minute, second, micro)
    }

    fn fraction(&mut self) -> Option<u32> {
        self.skip(b".")?;
        let width = self.0.iter().take_while(|b| b.is_ascii_digit()).count();
        if !(1..=9).contains(&width) {
            return None;
        }
        let kept = width.min(6);
        let micro = self.digits(kept)? * 10_u32.pow(6 - u32::try_from(kept).ok()?);
        self.0 = &self.0[width - kept..];
        Some(micro)
    }

    fn date_time(&mut self) -> Option<NaiveDateTime> {
        let date = self.date()?;
        self.skip(b"Tt")?;
        Some(date.and_time(self.time()?))
    }

    fn timestamp(&mut self) -> Option<chrono::DateTime<Utc>> {
        let local = self.date_time()?;
        let offset = self.offset()?;
        offset.from_local_datetime(&local).single().map(|v| v.to_utc())
    }

    fn offset(&mut self) -> Option<FixedOffset> {
        let sign = match self.skip(b"Zz+-")? {
            b'+' => 1,
            b'-' => -1,
            _ => return FixedOffset::east_opt(0),
        };
        let (hours, _, minutes) = (self.digits(2)?, self.skip(b":")?, self.digits(2)?);
        if minutes > 59 {
            return None;
        }
        FixedOffset::east_opt(sign * i32::try_from(hours * 3600 + minutes * 60).ok()?)
    }
}
