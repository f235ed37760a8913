//! Cursors and ranges, whatever they hold.

use proptest::{prelude::*, sample::select};

use super::{grammar::orders, read};
use crate::{
    fixture::{THINGS, named, stored},
    order::{self, Order},
    query::{Cursor, keys, parse},
    value::Value,
};

fn places() -> impl Strategy<Value = (Vec<Order>, Cursor)> {
    orders().prop_flat_map(|order| {
        let value = |key: &Order| {
            let any = stored(key.column);
            if key.column.nullable { prop_oneof![Just(Value::Null), any].boxed() } else { any }
        };
        let values: Vec<_> = keys(&order).iter().map(value).collect();
        (Just(order), 0..=i64::MAX.unsigned_abs(), values)
            .prop_map(|(order, position, values)| (order, Cursor { position, values }))
    })
}

proptest! {
    #[test]
    fn a_cursor_reads_back((order, cursor) in places()) {
        let Some(text) = cursor.write(&THINGS, &order) else { return Ok(()) };
        let found = Cursor::read(&THINGS, &order, &text);
        prop_assert_eq!(found.map_err(|e| e.to_string()), Ok(cursor), "{}", text);
    }

    #[test]
    fn a_cursor_is_of_one_order((order, cursor) in places(), other in orders()) {
        prop_assume!(keys(&order) != keys(&other));
        let Some(text) = cursor.write(&THINGS, &order) else { return Ok(()) };
        prop_assert!(Cursor::read(&THINGS, &other, &text).is_err(), "{}", text);
    }

    #[test]
    fn no_cursor_makes_it_panic(
        (order, cursor) in places(), raw in "\\PC{0,64}", at in any::<prop::sample::Index>(), letter in "[A-Za-z0-9_=-]",
    ) {
        let _ = Cursor::read(&THINGS, &order, &raw);
        let _ = parse(&THINGS, Some(&format!("after={raw}")));
        let Some(mut text) = cursor.write(&THINGS, &order) else { return Ok(()) };
        let at = at.index(text.len());
        let same = text[at..].starts_with(&letter);
        text.replace_range(at..=at, &letter);
        // The last letter may have bits that say nothing.
        prop_assert!(same || at + 1 == text.len() || Cursor::read(&THINGS, &order, &text).is_err(), "{}", text);
    }

    #[test]
    fn no_range_makes_it_panic(
        raw in prop_oneof!["\\PC{0,32}", "(items=)?[0-9]{0,20}[-,=]?[0-9]{0,20}"],
        unit in proptest::option::of("\\PC{0,8}"),
        page in select(vec!["", "limit=0", "limit=7", "offset=9223372036854775807", "limit=20&offset=3"]),
    ) {
        let mut query = read(page);
        let limited = if query.limited { query.limit } else { THINGS.page.max };
        let offset = query.offset;
        if query.narrow(&THINGS, &raw, unit.as_deref()).is_ok() {
            prop_assert!(query.limit <= limited && query.offset >= offset, "{}: {:?}", raw, query);
        }
    }
}

/// Nobody signs cursors, so anybody may write one: what is in it has to fit.
#[test]
fn what_is_made_up_has_to_fit() {
    let order =
        order::total(&THINGS, vec![Order::by(named(&THINGS, "count"), false), Order::by(named(&THINGS, "day"), true)]);
    let text = |text: &str| Value::Text(text.to_owned());
    let read = |position: u64, values: &[Value]| {
        let cursor = Cursor { position, values: values.to_vec() };
        Cursor::read(&THINGS, &order, &cursor.write(&THINGS, &order).expect("a short one"))
    };
    let good = [Value::Int(3), text("2026-01-01"), Value::Int(7)];
    assert!(read(0, &good).is_ok());
    assert!(read(i64::MAX.unsigned_abs(), &[Value::Int(3), Value::Null, Value::Int(7)]).is_ok());
    for (position, values) in [
        (u64::MAX, &good[..]),
        (0, &[]),
        (0, &good[..2]),
        (0, &[&good[..], &good[..]].concat()),
        (0, &[Value::Null, Value::Null, Value::Int(7)]),
        (0, &[Value::Int(3), Value::Null, Value::Null]),
        (0, &[text("x"), Value::Null, Value::Int(7)]),
        (0, &[Value::Int(1 << 40), Value::Null, Value::Int(7)]),
        (0, &[Value::Int(3), text("2026-02-30"), Value::Int(7)]),
        (0, &[Value::Int(3), text("\0"), Value::Int(7)]),
        (0, &[Value::Int(3), Value::Null, text("9223372036854775808")]),
    ] {
        let refused = read(position, values).expect_err("no such row can be").to_string();
        assert!(refused.contains("no cursor of this list"), "{values:?}: {refused}");
    }
}
