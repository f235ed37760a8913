mod dialects;
mod filters;
mod grammar;
mod logic;
mod pages;
mod places;
mod search;
mod select;

use super::*;
use crate::fixture::THINGS;

fn read(raw: &str) -> Query {
    parse(&THINGS, Some(raw)).unwrap_or_else(|e| panic!("{raw} is refused: {e}"))
}

/// The one filter of a query.
fn filter(raw: &str) -> Node {
    match read(raw).filter {
        Node::And(mut terms) if terms.len() == 1 => terms.remove(0),
        node => panic!("{raw} is not one filter: {node:?}"),
    }
}

/// Detail and hint of a refusal.
fn refusal(raw: &str) -> String {
    let error = parse(&THINGS, Some(raw)).expect_err(raw);
    assert_eq!(error.code(), Code::BadQuery);
    error.to_string().replace('\n', "")
}
