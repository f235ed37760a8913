//! Rows as JSON, and their tags.

use restruct::{
    __bench::{Rows, Tag},
    Value,
    axum::http::HeaderValue,
    prelude::*,
};

use crate::{
    case::{Case, Step, passes},
    resources::{Card, table},
};

pub(crate) const CASES: &[Case] = &[
    Case { name: "output/1", times: 200, prepare: |_| one() },
    Case { name: "output/20", times: 50, prepare: |_| page(20, TITLE) },
    Case { name: "output/1000", times: 5, prepare: |_| page(1000, TITLE) },
    Case { name: "output/20-escaped", times: 50, prepare: |_| page(20, "\"Call\"\tthe\\printer\nfor") },
    Case {
        name: "output/tag",
        times: 200,
        prepare: |_| {
            let shown = Rows::one(table::<Card>(), &row(49, TITLE)).expect("a row can be shown");
            passes(move || header(shown.told()).ok_or("a card has a tag"))
        },
    },
    Case {
        name: "output/tag-read",
        times: 200,
        prepare: |_| {
            let tag = header(&[Value::Int(12)]).expect("a card has a tag");
            let opaque = tag.as_bytes()[1..tag.len() - 1].to_vec();
            passes(move || Tag::read(table::<Card>(), &opaque).ok_or("it is a tag of cards"))
        },
    },
];

const TITLE: &str = "Call the printer for poster";

fn header(told: &[Value]) -> Option<HeaderValue> {
    Tag::of(told)?.header(table::<Card>())
}

fn one() -> Step {
    let row = row(1, TITLE);
    passes(move || Rows::one(table::<Card>(), &row))
}

fn page(rows: i64, title: &str) -> Step {
    let rows: Vec<_> = (1..=rows).map(|id| row(id, title)).collect();
    passes(move || Rows::page(table::<Card>(), &rows))
}

/// The readable columns of a card; some have no description, some no date.
fn row(id: i64, title: &str) -> Vec<Value> {
    let text = |text: &str| Value::Text(text.to_owned());
    let time = DateTime::from_timestamp_micros(1_767_225_600_000_000 + id * 3_700_037).expect("a time of 2026");
    let description = "What has to be done for this card, said in a sentence or two, as people do.";
    vec![
        Value::Int(id),
        text(&format!("{title} {id}")),
        if id % 3 == 0 { Value::Null } else { text(description) },
        text("To Do"),
        text("Medium"),
        if id % 5 == 0 { Value::Null } else { Value::Date(time.date_naive()) },
        Value::Int(id % 1000),
        Value::Timestamp(time),
        Value::Timestamp(time),
        Value::Int(1),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_shown_and_told_as_requests_have_them() {
        let rows = [row(1, TITLE), row(2, TITLE)];
        let page = Rows::page(table::<Card>(), &rows).expect("a page");
        assert!(page.text().starts_with(br#"[{"id":1,"title":"Call the printer for poster 1","description":"#));
        assert!(page.text().ends_with(br#""version":1}]"#));
        assert_eq!(page.told(), [Value::Int(2)], "the cursor is made of the last id");

        let one = Rows::one(table::<Card>(), &rows[1]).expect("a row");
        assert_eq!(one.told(), [Value::Int(1)], "the tag is made of the version");
        let tag = header(one.told()).expect("a tag");
        assert!(tag.as_bytes().starts_with(b"\"1-"), "{tag:?}");
    }
}
