//! Bodies of requests.

use restruct::__bench as steps;

use crate::{
    case::{Case, passes, refused},
    resources::{Card, Contact, table},
};

pub(crate) const CARD: &str = r#"{"title": "Call the printer", "description": "Ask for the price of 200 posters, and when they could be ready.", "status": "Ongoing", "priority": "High", "date": "2026-03-14"}"#;

pub(crate) const CHANGE: &str = r#"{"status": "Done", "title": "Call the printer again"}"#;

const CONTACT: &str = r#"{"email": "ada.lovelace@example.org", "site": "https://example.org/people/ada?tab=notes", "slug": "ada-lovelace", "score": 98.5}"#;

/// Wrong in every field, and in one that there is not.
const BAD_CARD: &str =
    r#"{"titel": "Call", "title": "", "description": 7, "status": "Gone", "priority": null, "date": "14.3.2026"}"#;

pub(crate) const CASES: &[Case] = &[
    Case { name: "input/create", times: 200, prepare: |_| passes(|| steps::create(table::<Card>(), CARD.as_bytes())) },
    Case {
        name: "input/create-refused",
        times: 200,
        prepare: |_| refused(|| steps::create(table::<Card>(), BAD_CARD.as_bytes())),
    },
    Case {
        name: "input/create-malformed",
        times: 200,
        prepare: |_| refused(|| steps::create(table::<Card>(), &CARD.as_bytes()[..CARD.len() - 1])),
    },
    Case {
        name: "input/create-checked",
        times: 200,
        prepare: |_| passes(|| steps::create(table::<Contact>(), CONTACT.as_bytes())),
    },
    Case { name: "input/merge", times: 200, prepare: |_| passes(|| steps::merge(table::<Card>(), CHANGE.as_bytes())) },
    Case {
        name: "input/create-100",
        times: 10,
        prepare: |_| {
            let body = array(CARD);
            passes(move || steps::create_all(table::<Card>(), body.as_bytes()))
        },
    },
    Case {
        name: "input/create-100-refused",
        times: 10,
        prepare: |_| {
            let body = array(BAD_CARD);
            refused(move || steps::create_all(table::<Card>(), body.as_bytes()))
        },
    },
];

fn array(row: &str) -> String {
    format!("[{}]", [row; 100].join(","))
}
