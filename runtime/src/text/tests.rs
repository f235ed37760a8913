use chrono::NaiveTime;
use proptest::prelude::*;

use super::*;
use crate::{
    fixture::{THINGS, USERS, named, stored},
    table::Table,
    value::{Kind, Value, ValueRef},
};

fn read(column: &str, text: &str) -> Option<String> {
    parse(named(&THINGS, column), text).ok().map(|value| of(value.as_ref()))
}

#[test]
fn each_kind_takes_its_spellings() {
    for (column, text, canonical) in [
        ("done", "true", "true"),
        ("small", "-32768", "-32768"),
        ("count", "2147483647", "2147483647"),
        ("big", "-9223372036854775808", "-9223372036854775808"),
        ("big", "0", "0"),
        ("price", "1.50", "1.5"),
        ("price", "2", "2.0"),
        ("price", "-0", "0.0"),
        ("price", "1e3", "1000.0"),
        ("title", " any\ttext ", " any\ttext "),
        ("status", "To Do", "To Do"),
        ("blob", "AAEC/w==", "AAEC/w=="),
        ("uid", "67E55044-10B1-426F-9247-BB680E5FE0C8", "67e55044-10b1-426f-9247-bb680e5fe0c8"),
        ("day", "0001-01-01", "0001-01-01"),
        ("day", "2024-02-29", "2024-02-29"),
        ("clock", "23:59:59", "23:59:59.000000"),
        ("clock", "01:02:03.5", "01:02:03.500000"),
        ("clock", "01:02:03.123456789", "01:02:03.123456"),
        ("local", "2026-01-02T03:04:05.000001", "2026-01-02T03:04:05.000001"),
        ("instant", "2026-01-02T03:04:05Z", "2026-01-02T03:04:05.000000Z"),
        ("instant", "2026-01-02t03:04:05.25z", "2026-01-02T03:04:05.250000Z"),
        ("instant", "2026-01-01T00:30:00+02:00", "2025-12-31T22:30:00.000000Z"),
        ("instant", "9999-12-31T23:59:59.999999-00:00", "9999-12-31T23:59:59.999999Z"),
    ] {
        assert_eq!(read(column, text).as_deref(), Some(canonical), "{column} {text}");
    }
}

#[test]
fn each_kind_refuses_the_rest() {
    let refused: [(&str, &[&str]); 12] = [
        ("done", &["", "True", "1", "t", " true"]),
        ("small", &["32768", "-32769", "", "-", "+1", "007", "-0", "1.0", "1e2", " 1", "1 ", "0x1", "١"]),
        ("count", &["2147483648"]),
        ("big", &["9223372036854775808", "99999999999999999999999"]),
        ("price", &["", "inf", "NaN", "1e400", ".5", "1.", "+1", " 1", "1_0", "01", "0x1p3", "--1"]),
        ("title", &["a\0b"]),
        ("status", &["to do", "", "Later"]),
        ("blob", &["A", "AAEC/w", "AAE C", "AAEC_w=="]),
        ("uid", &["67e5504410b1426f9247bb680e5fe0c8", "{67e55044-10b1-426f-9247-bb680e5fe0c8}", "67e55044"]),
        ("day", &["2023-02-29", "0000-01-01", "2026-1-1", "10000-01-01", "2026-01-01 ", "-001-01-01", "2026/01/01"]),
        ("clock", &["24:00:00", "23:59:60", "1:02:03", "01:02", "01:02:03.", "01:02:03.1234567890", "01:02:03Z"]),
        (
            "instant",
            &[
                "2026-01-02T03:04:05",
                "2026-01-02 03:04:05Z",
                "2026-01-02T03:04:05+24:00",
                "2026-01-02T03:04:05+01:60",
                "2026-01-02T03:04:05+0100",
                "2026-01-02T23:59:60Z",
                "0001-01-01T00:00:00+00:01",
                "9999-12-31T23:59:59-00:01",
                "2026-01-02T03:04:05Zé",
            ],
        ),
    ];
    for (column, texts) in refused {
        for text in texts {
            assert_eq!(read(column, text), None, "{column} {text:?}");
        }
    }
    assert!(parse_kind(Kind::Json, "1").is_err());
}

#[test]
fn a_refusal_says_what_is_expected() {
    let reason = |column, text| parse(named(&THINGS, column), text).unwrap_err().0;
    assert_eq!(reason("small", "40000"), "must be an integer between -32768 and 32767");
    assert_eq!(reason("small", "x"), "must be an integer");
    assert_eq!(reason("status", "x"), "must be one of `To Do`, `Done`");
    assert_eq!(reason("day", "0000-01-01"), "must lie in the years 0001 to 9999");
    assert_eq!(reason("day", "x"), "must be a date (YYYY-MM-DD)");
}

#[test]
fn a_key_has_one_spelling() {
    let id = named(&USERS, "id");
    assert_eq!(parse_key(id, "7"), Some(Value::Int(7)));
    assert_eq!(parse_key(id, "-7"), Some(Value::Int(-7)));
    for segment in ["007", "+7", " 7", "7 ", "-0", "", "7.0", "9223372036854775808", "seven"] {
        assert_eq!(parse_key(id, segment), None, "{segment:?}");
    }
    let uid = named(&THINGS, "uid");
    assert!(parse_key(uid, "67e55044-10b1-426f-9247-bb680e5fe0c8").is_some());
    for segment in ["67E55044-10b1-426f-9247-bb680e5fe0c8", "{67e55044-10b1-426f-9247-bb680e5fe0c8}"] {
        assert_eq!(parse_key(uid, segment), None, "{segment:?}");
    }
}

#[test]
fn what_only_others_can_have_stored_is_still_shown() {
    let year = chrono::NaiveDate::from_ymd_opt(12345, 6, 7).expect("a date");
    assert_eq!(of(ValueRef::Date(year)), "+12345-06-07");
    let leap = NaiveTime::from_hms_micro_opt(23, 59, 59, 1_500_000).expect("a leap second");
    assert_eq!(of(ValueRef::Time(leap)), "23:59:60.500000");
}

fn values(table: &'static Table) -> impl Strategy<Value = (&'static crate::Column, Value)> {
    let columns: Vec<_> = table.columns.iter().filter(|c| c.kind != Kind::Json).collect();
    proptest::sample::select(columns).prop_flat_map(|column| (Just(column), stored(column)))
}

proptest! {
    #[test]
    fn what_is_written_reads_back((column, value) in values(&THINGS)) {
        prop_assert_eq!(parse(column, &of(value.as_ref())), Ok(value));
    }

    #[test]
    fn times_are_as_chrono_writes_them((_, value) in values(&THINGS)) {
        let expected = match &value {
            Value::Date(v) => v.format("%Y-%m-%d").to_string(),
            Value::Time(v) => v.format("%H:%M:%S%.6f").to_string(),
            Value::DateTime(v) => v.format("%Y-%m-%dT%H:%M:%S%.6f").to_string(),
            Value::Timestamp(v) => v.format("%Y-%m-%dT%H:%M:%S%.6fZ").to_string(),
            _ => return Ok(()),
        };
        prop_assert_eq!(of(value.as_ref()), expected);
    }

    #[test]
    fn a_time_that_was_written_is_shown_as_it_stands((column, value) in values(&THINGS)) {
        let text = of(value.as_ref());
        let is_time = matches!(column.kind, Kind::Date | Kind::Time | Kind::DateTime | Kind::Timestamp);
        prop_assert_eq!(spelled(column.kind, text.as_bytes()), is_time.then_some(&*text));
    }

    #[test]
    fn what_is_shown_as_it_stands_has_no_other_spelling(
        kind in proptest::sample::select(vec![Kind::Date, Kind::Time, Kind::DateTime, Kind::Timestamp]),
        text in "[0-9]{4}-[0-1][0-9]-[0-3][0-9]|[0-2][0-9]:[0-5][0-9]:[0-6][0-9](\\.[0-9]{1,7})?|[0-9:.TZ+-]{0,30}",
    ) {
        if let (Some(shown), Ok(value)) = (spelled(kind, text.as_bytes()), parse_kind(kind, &text)) {
            prop_assert_eq!(shown, of(value.as_ref()));
        }
    }

    #[test]
    fn no_text_makes_it_panic(index in 0..THINGS.columns.len(), text in "\\PC*|[0-9:.TZ+-]{0,40}") {
        let _ = parse_key(&THINGS.columns[index], &text);
    }

    #[test]
    fn keys_are_canonical(text in "[+-]?[0-9 ]{0,20}") {
        if let Some(value) = parse_key(named(&USERS, "id"), &text) {
            prop_assert_eq!(of(value.as_ref()), text);
        }
    }
}

#[test]
fn what_only_one_database_could_hold_is_not_stored() {
    use crate::FieldType as _;
    assert_eq!((-0.0_f64).to_value().map(|v| of(v.as_ref())).as_deref(), Ok("0.0"));
    let leap = NaiveTime::from_hms_micro_opt(23, 59, 59, 1_500_000).expect("a leap second");
    let day = chrono::NaiveDate::from_ymd_opt(2016, 12, 31).expect("a date");
    assert!(leap.to_value().is_err());
    assert!(day.and_time(leap).to_value().is_err());
    assert!(day.and_time(leap).and_utc().to_value().is_err());
}
