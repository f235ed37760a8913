//! Values to text. Times are fixed in width, so that their text sorts as they do.

use std::io::Write as _;

use chrono::{Datelike as _, NaiveDate, NaiveDateTime, NaiveTime, Timelike as _};

use crate::value::{ValueRef, base64};

/// The text of a value; nothing for NULL.
pub(crate) fn of(value: ValueRef<'_>) -> String {
    let mut buf = Vec::with_capacity(32);
    write(&mut buf, value);
    String::from_utf8(buf).expect("every formatter writes UTF-8")
}

/// Appends the text of a value; nothing for NULL.
pub(crate) fn write(buf: &mut Vec<u8>, value: ValueRef<'_>) {
    match value {
        ValueRef::Null => {}
        ValueRef::Bool(v) => buf.extend_from_slice(if v { b"true" } else { b"false" }),
        ValueRef::Int(v) => json(buf, &v),
        ValueRef::Float(v) => json(buf, &v),
        ValueRef::Text(v) | ValueRef::Json(v) => buf.extend_from_slice(v.as_bytes()),
        ValueRef::Bytes(v) => buf.extend_from_slice(base64(v).as_bytes()),
        ValueRef::Uuid(v) => {
            let mut text = [0; uuid::fmt::Hyphenated::LENGTH];
            buf.extend_from_slice(v.as_hyphenated().encode_lower(&mut text).as_bytes());
        }
        ValueRef::Date(v) => date(buf, v),
        ValueRef::Time(v) => time(buf, v),
        ValueRef::DateTime(v) => date_time(buf, v),
        ValueRef::Timestamp(v) => {
            date_time(buf, v.naive_utc());
            buf.push(b'Z');
        }
    }
}

/// Numbers as JSON spells them: the shortest digits that read back as the same number.
fn json(buf: &mut Vec<u8>, number: &impl serde::Serialize) {
    serde_json::to_writer(buf, number).expect("a Vec takes every byte");
}

fn date_time(buf: &mut Vec<u8>, v: NaiveDateTime) {
    date(buf, v.date());
    buf.push(b'T');
    time(buf, v.time());
}

fn date(buf: &mut Vec<u8>, v: NaiveDate) {
    match u32::try_from(v.year()) {
        Ok(year @ 0..=9999) => {
            let pairs = [(0, year / 100), (2, year % 100), (5, v.month()), (8, v.day())];
            buf.extend_from_slice(&filled(*b"0000-00-00", pairs));
        }
        // Nothing of ours stores such a year; what somebody else stored is shown as it is.
        _ => write!(buf, "{}", v.format("%Y-%m-%d")).expect("a Vec takes every byte"),
    }
}

fn time(buf: &mut Vec<u8>, v: NaiveTime) {
    // chrono keeps a leap second as the nanoseconds past the 59th.
    let leap = v.nanosecond() / 1_000_000_000;
    let micro = v.nanosecond() % 1_000_000_000 / 1000;
    let second = v.num_seconds_from_midnight();
    let clock = [(0, second / 3600), (3, second / 60 % 60), (6, second % 60 + leap)];
    let fraction = [(9, micro / 10_000), (11, micro / 100 % 100), (13, micro % 100)];
    buf.extend_from_slice(&filled(filled(*b"00:00:00.000000", clock), fraction));
}

/// A form with numbers of two digits at their places, where it has zeros.
fn filled<const LENGTH: usize, const PAIRS: usize>(
    mut form: [u8; LENGTH],
    pairs: [(usize, u32); PAIRS],
) -> [u8; LENGTH] {
    for (at, number) in pairs {
        form[at] += (number / 10 % 10) as u8;
        form[at + 1] += (number % 10) as u8;
    }
    form
}
