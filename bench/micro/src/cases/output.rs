//! Rows as JSON.

use restruct::{__bench as steps, Value, prelude::*};

use crate::{
    case::{Case, Step, passes},
    resources::{Card, table},
};

pub(crate) const CASES: &[Case] = &[
    Case { name: "output/1", times: 200, prepare: |_| page(1, TITLE) },
    Case { name: "output/20", times: 50, prepare: |_| page(20, TITLE) },
    Case { name: "output/1000", times: 5, prepare: |_| page(1000, TITLE) },
    Case { name: "output/20-escaped", times: 50, prepare: |_| page(20, "\"Call\"\tthe\\printer\nfor") },
];

const TITLE: &str = "Call the printer for poster";

fn page(rows: i64, title: &str) -> Step {
    let rows: Vec<_> = (1..=rows).map(|id| row(id, title)).collect();
    passes(move || steps::page(table::<Card>(), &rows))
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
