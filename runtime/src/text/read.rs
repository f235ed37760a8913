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
            return in_years(
                Cursor::whole(source, Cursor::timestamp),
                |v| v.naive_utc().date(),
                Value::Timestamp,
                kind,
            );
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

    fn take<const WIDTH: usize>(&mut self) -> Option<[u8; WIDTH]> {
        let (taken, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(*taken)
    }

    fn date(&mut self) -> Option<NaiveDate> {
        let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = self.take()? else { return None };
        let year = number(&[y1, y2, y3, y4])?.cast_signed();
        NaiveDate::from_ymd_opt(year, number(&[m1, m2])?, number(&[d1, d2])?)
    }

    /// Up to nine digits of a fraction, cut to microseconds as both databases keep them. No leap second: neither has it.
    fn time(&mut self) -> Option<NaiveTime> {
        let [h1, h2, b':', m1, m2, b':', s1, s2] = self.take()? else { return None };
        let micro = if self.0.first() == Some(&b'.') { self.fraction()? } else { 0 };
        NaiveTime::from_hms_micro_opt(number(&[h1, h2])?, number(&[m1, m2])?, number(&[s1, s2])?, micro)
    }

    fn fraction(&mut self) -> Option<u32> {
        let digits = &self.0[1..];
        let width = digits.iter().take_while(|b| b.is_ascii_digit()).count();
        if !(1..=9).contains(&width) {
            return None;
        }
        self.0 = &digits[width..];
        let micros = digits[..width].iter().chain(b"00000").take(6);
        Some(micros.fold(0, |sum, b| sum * 10 + u32::from(b - b'0')))
    }

    fn date_time(&mut self) -> Option<NaiveDateTime> {
        let date = self.date()?;
        let [b'T' | b't'] = self.take()? else { return None };
        Some(date.and_time(self.time()?))
    }

    fn timestamp(&mut self) -> Option<chrono::DateTime<Utc>> {
        let local = self.date_time()?;
        let sign = match self.take()? {
            [b'Z' | b'z'] => return Some(local.and_utc()),
            [b'+'] => 1,
            [b'-'] => -1,
            [_] => return None,
        };
        let [h1, h2, b':', m1, m2] = self.take()? else { return None };
        let (hours, minutes) = (number(&[h1, h2])?, number(&[m1, m2])?);
        if minutes > 59 {
            return None;
        }
        let offset = FixedOffset::east_opt(sign * (hours * 3600 + minutes * 60).cast_signed())?;
        offset.from_local_datetime(&local).single().map(|v| v.to_utc())
    }
}

/// The number that some digits are. Judged at the end, so that nothing has to be decided in between.
fn number(digits: &[u8]) -> Option<u32> {
    let digits = digits.iter().map(|b| b.wrapping_sub(b'0'));
    let (sum, greatest) =
        digits.fold((0, 0), |(sum, greatest), digit| (sum * 10 + u32::from(digit), digit.max(greatest)));
    (greatest <= 9).then_some(sum)
}
