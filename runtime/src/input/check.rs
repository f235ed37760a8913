//! What a column asks of a value, whoever brings it: a client, a seed, or typed code.

use crate::{
    column::{Bound, Column, Format, Length, Range},
    text,
    value::{Invalid, Kind, Secret, Value, year_in_range},
};

use super::pattern;

/// Whether a column takes a value; the first thing that speaks against it, where something does.
pub(crate) fn check(column: &'static Column, value: &Value) -> Result<(), Invalid> {
    if matches!(value, Value::Null) {
        return if column.nullable { Ok(()) } else { Err(Invalid::new("must not be null")) };
    }
    if column.secret {
        return match value {
            Value::Secret(Secret(Some(clear))) => password(clear),
            Value::Secret(Secret(None)) => Ok(()),
            _ => Err(Invalid::new("must be a string")),
        };
    }
    of_kind(column.kind, value)?;
    if let Value::Text(text) = value {
        text::choice(column, text)?;
        length(column, text.chars().count(), "character")?;
        if let Some(regex) = column.pattern {
            pattern::check(regex, text)?;
        }
        match column.format {
            Some(Format::Email) => email(text)?,
            Some(Format::Url) => url(text)?,
            None => {}
        }
    }
    if let Value::Bytes(bytes) = value {
        length(column, bytes.len(), "byte")?;
    }
    if let Some(bounds) = column.range {
        range(bounds, value)?;
    }
    [column.check, column.validate].into_iter().flatten().try_for_each(|function| function(value))
}

/// Characters of a password, at least.
pub(crate) const LEAST_PASSWORD: usize = 8;

/// Bytes of a password, at most: what bcrypt takes.
pub(crate) const MOST_PASSWORD: usize = 72;

/// Whether a text may be a password. bcrypt stops at a NUL.
pub(crate) fn password(text: &str) -> Result<(), Invalid> {
    if text.chars().count() < LEAST_PASSWORD {
        Err(Invalid(format!("must have at least {LEAST_PASSWORD} characters")))
    } else if text.len() > MOST_PASSWORD {
        Err(Invalid(format!("must have at most {MOST_PASSWORD} bytes")))
    } else if text.contains('\0') {
        Err(Invalid::new("must not hold U+0000"))
    } else {
        Ok(())
    }
}

/// A hand-written `FieldType` can hand over anything; the databases would disagree on what to do with it.
fn of_kind(kind: Kind, value: &Value) -> Result<(), Invalid> {
    match (kind, value) {
        (Kind::I16 | Kind::I32 | Kind::I64, Value::Int(v)) => text::fits(kind, *v),
        (Kind::F64, Value::Float(v)) if !v.is_finite() => Err(Invalid::new("must be a finite number")),
        (Kind::Text, Value::Text(v)) if v.contains('\0') => Err(Invalid::new("must not hold U+0000")),
        (Kind::Date, Value::Date(v)) => year_in_range(*v),
        (Kind::DateTime, Value::DateTime(v)) => year_in_range(v.date()),
        (Kind::Timestamp, Value::Timestamp(v)) => year_in_range(v.date_naive()),
        (Kind::Bool, Value::Bool(_))
        | (Kind::F64, Value::Float(_))
        | (Kind::Text, Value::Text(_))
        | (Kind::Bytes, Value::Bytes(_))
        | (Kind::Uuid, Value::Uuid(_))
        | (Kind::Time, Value::Time(_))
        | (Kind::Json, Value::Json(_)) => Ok(()),
        (kind, _) => Err(Invalid(format!("must be {}", kind.noun()))),
    }
}

fn length(column: &Column, length: usize, unit: &str) -> Result<(), Invalid> {
    let min = column.length.map_or(0, |Length { min, .. }| min);
    let max = column.max_length();
    let length = u32::try_from(length).unwrap_or(u32::MAX);
    if length >= min && max.is_none_or(|max| length <= max) {
        return Ok(());
    }
    let plural = |n| if n == 1 { "" } else { "s" };
    Err(Invalid(match max {
        Some(max) if max == min => format!("must have exactly {min} {unit}{}", plural(min)),
        Some(max) if min > 0 => format!("must have {min} to {max} {unit}s"),
        Some(max) => format!("must have at most {max} {unit}{}", plural(max)),
        None => format!("must have at least {min} {unit}{}", plural(min)),
    }))
}

fn range(Range { min, max }: Range, value: &Value) -> Result<(), Invalid> {
    if min.is_none_or(|min| !below(value, min)) && max.is_none_or(|max| !above(value, max)) {
        return Ok(());
    }
    Err(Invalid(match (min, max) {
        (Some(min), Some(max)) => format!("must be between {} and {}", number(min), number(max)),
        (Some(min), None) => format!("must be at least {}", number(min)),
        (None, max) => format!("must be at most {}", max.map_or_else(String::new, number)),
    }))
}

fn below(value: &Value, bound: Bound) -> bool {
    match (value, bound) {
        (Value::Int(v), Bound::Int(bound)) => *v < bound,
        _ => as_f64(value) < bound_f64(bound),
    }
}

fn above(value: &Value, bound: Bound) -> bool {
    match (value, bound) {
        (Value::Int(v), Bound::Int(bound)) => *v > bound,
        _ => as_f64(value) > bound_f64(bound),
    }
}

#[expect(clippy::cast_precision_loss, reason = "only floats, and the bounds written for them, come here")]
fn as_f64(value: &Value) -> f64 {
    match value {
        Value::Int(v) => *v as f64,
        Value::Float(v) => *v,
        _ => f64::NAN,
    }
}

fn bound_f64(bound: Bound) -> f64 {
    match bound {
        Bound::Int(v) => as_f64(&Value::Int(v)),
        Bound::Float(v) => v,
    }
}

fn number(bound: Bound) -> String {
    match bound {
        Bound::Int(v) => v.to_string(),
        Bound::Float(v) => v.to_string(),
    }
}

/// An address as `<input type=email>` takes it: <https://html.spec.whatwg.org/#valid-e-mail-address>.
fn email(text: &str) -> Result<(), Invalid> {
    let local = |b: u8| b.is_ascii_alphanumeric() || b".!#$%&'*+/=?^_`{|}~-".contains(&b);
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let valid = text.len() <= 254
        && text
            .split_once('@')
            .is_some_and(|(name, host)| !name.is_empty() && name.bytes().all(local) && host.split('.').all(label));
    if valid { Ok(()) } else { Err(Invalid::new("must be an e-mail address")) }
}

/// The `url` crate repairs what browsers repair (blanks, missing slashes); a stored text should need no repair.
fn url(text: &str) -> Result<(), Invalid> {
    let absolute = text.split_once("://").is_some_and(|(scheme, rest)| {
        (scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https")) && !rest.starts_with(['/', '\\'])
    });
    let clean = !text.chars().any(|c| c.is_whitespace() || c.is_control());
    let valid = absolute && clean && url::Url::parse(text).is_ok_and(|url| url.has_host());
    if valid { Ok(()) } else { Err(Invalid::new("must be an http or https URL")) }
}
