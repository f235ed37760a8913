//! The query grammar.

use restruct::__bench as steps;

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
        name: "query/refused",
        times: 200,
        prepare: |_| refused(|| steps::query(table::<Card>(), "titel=eq.Buy%20milk&limit=20")),
    },
];

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
