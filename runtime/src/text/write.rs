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
        Ok(year @ 0..=9999) => digits::<4>(buf, year),
        // Nothing of ours stores such a year; what somebody else stored is shown as it is.
        _ => write!(buf, "{}", v.format("%Y")).expect("a Vec takes every byte"),
    }
    buf.push(b'-');
    digits::<2>(buf, v.month());
    buf.push(b'-');
    digits::<2>(buf, v.day());
}

fn time(buf: &mut Vec<u8>, v: NaiveTime) {
    // chrono keeps a leap second as the nanoseconds past the 59th.
    let leap = v.nanosecond() / 1_000_000_000;
    digits::<2>(buf, v.hour());
    buf.push(b':');
    digits::<2>(buf, v.minute());
    buf.push(b':');
    digits::<2>(buf, v.second() + leap);
    buf.push(b'.');
    digits::<6>(buf, v.nanosecond() % 1_000_000_000 / 1000);
}

fn digits<const WIDTH: usize>(buf: &mut Vec<u8>, mut number: u32) {
    let mut text = [b'0'; WIDTH];
    for digit in text.iter_mut().rev() {
        *digit += (number % 10) as u8;
        number /= 10;
    }
    buf.extend_from_slice(&text);
}
