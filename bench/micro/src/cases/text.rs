//! Texts to values, and the times that SQLite keeps as text.

use restruct::{__bench as steps, Column};

use crate::{
    case::{Case, Step, passes},
    resources::{Card, table},
};

pub(crate) const CASES: &[Case] = &[
    Case { name: "text/date", times: 500, prepare: |_| reads("date", "2026-03-14") },
    Case { name: "text/timestamp", times: 500, prepare: |_| reads("created_at", TIME) },
    Case {
        name: "text/timestamp-kept",
        times: 500,
        prepare: |_| {
            let column = column("created_at");
            passes(move || steps::spelled(column, TIME).ok_or("it is spelled otherwise"))
        },
    },
];

const TIME: &str = "2026-03-14T15:09:26.535897Z";

fn reads(name: &str, text: &'static str) -> Step {
    let column = column(name);
    passes(move || steps::read(column, text))
}

fn column(name: &str) -> &'static Column {
    table::<Card>().named(name).expect("a card has the column")
}
