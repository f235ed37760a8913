//! The query grammar.

use restruct::{__bench as steps, Value, prelude::*};

use crate::{
    case::{Case, Step, passes, refused},
    resources::{Card, table},
};

pub(crate) const CASES: &[Case] = &[
    Case { name: "query/page", times: 200, prepare: |_| parses("limit=20&offset=40".into()) },
    Case {
        name: "query/typical",
        times: 200,
        prepare: |_| parses("status=eq.To%20Do&priority=in.(High,Medium)&order=created_at.desc&limit=20".into()),
    },
    Case { name: "query/longest", times: 20, prepare: |_| parses(longest()) },
    Case {
        name: "query/next",
        times: 200,
        prepare: |_| {
            let (page, last) = (page(), last());
            passes(move || page.next(table::<Card>(), PAGE, &last).ok_or("the cursor is too long"))
        },
    },
    Case { name: "query/after", times: 200, prepare: |_| parses(after()) },
    Case {
        name: "query/refused",
        times: 200,
        prepare: |_| refused(|| steps::query(table::<Card>(), "titel=eq.Buy%20milk&limit=20")),
    },
];

/// A page that another follows.
const PAGE: &str = "order=created_at.desc&limit=20";

fn page() -> steps::Query {
    steps::query(table::<Card>(), PAGE).expect("the query is good")
}

/// The sort keys of its last row.
fn last() -> [Value; 2] {
    let time = DateTime::from_timestamp_micros(1_767_225_674_000_740).expect("a time of 2026");
    [Value::Timestamp(time), Value::Int(20)]
}

/// What the link to the next page says.
fn after() -> String {
    page().next(table::<Card>(), PAGE, &last()).expect("the cursor is short")
}

fn parses(raw: String) -> Step {
    passes(move || steps::query(table::<Card>(), &raw))
}

/// As many filters as one query may have, in nearly as many bytes.
fn longest() -> String {
    let filters = (0..100).map(|n| format!("title=not.like.*%22quoted%22+{n:03}*{}", "%C3%A9".repeat(7)));
    let raw = filters.collect::<Vec<_>>().join("&");
    assert!((7000..=8192).contains(&raw.len()), "{} bytes", raw.len());
    raw
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_page_is_asked_for_by_a_cursor() {
        let raw = after();
        assert!(raw.starts_with("order=created_at.desc&limit=20&after="), "{raw}");
        assert!(steps::query(table::<Card>(), &raw.replace(".desc", ".asc")).is_err(), "it is read, and of its order");
    }
}
