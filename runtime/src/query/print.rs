//! [`Query`] back to its query string, in the one spelling that leaves nothing to be guessed.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::Query;
use crate::{
    filter::{Compare, Is, Node, Search},
    text,
};

pub(super) fn print(query: &Query) -> String {
    let Node::And(terms) = &query.filter else { panic!("a query's filter is a conjunction") };
    let order: Vec<_> = query
        .order
        .iter()
        .map(|key| {
            let direction = if key.descending { "desc" } else { "asc" };
            let nulls = if key.nulls_first { "nullsfirst" } else { "nullslast" };
            format!("{}.{direction}.{nulls}", key.column.json)
        })
        .collect();
    let pairs = terms.iter().map(term).chain([
        ("order", order.join(",")),
        ("limit", query.limit.to_string()),
        ("offset", query.offset.to_string()),
    ]);
    let encoded: Vec<_> = pairs.map(|(name, value)| format!("{}={}", encode(name), encode(&value))).collect();
    encoded.join("&")
}

fn encode(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}

fn term(node: &Node) -> (&'static str, String) {
    match node {
        Node::Not(node) => {
            let (name, text) = term(node);
            (name, format!("not.{text}"))
        }
        Node::Compare(column, op, value) => {
            let op = match op {
                Compare::Eq => "eq",
                Compare::Neq => "neq",
                Compare::Lt => "lt",
                Compare::Lte => "lte",
                Compare::Gt => "gt",
                Compare::Gte => "gte",
            };
            (column.json, format!("{op}.{}", text::of(value.as_ref())))
        }
        Node::In(column, values) => {
            let quoted = |text: String| format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""));
            let elements: Vec<_> = values.iter().map(|value| quoted(text::of(value.as_ref()))).collect();
            (column.json, format!("in.({})", elements.join(",")))
        }
        Node::Is(column, is) => {
            let word = match is {
                Is::Null => "null",
                Is::NotNull => "not_null",
                Is::True => "true",
                Is::False => "false",
                Is::Unknown => "unknown",
            };
            (column.json, format!("is.{word}"))
        }
        Node::Like { column, pattern, fold } => {
            (column.json, format!("{}.{pattern}", if *fold { "ilike" } else { "like" }))
        }
        Node::Search(columns, query) => match (&columns[..], query) {
            ([column], query) => (column.json, format!("fts.{}", search(query))),
            (_, Search::And(words)) => ("q", words.iter().map(search).collect::<Vec<_>>().join(" ")),
            (_, word) => ("q", search(word)),
        },
        node => panic!("no query string says {node:?}"),
    }
}

fn search(query: &Search) -> String {
    let list = |parts: &[Search], sign: &str| format!("({})", parts.iter().map(search).collect::<Vec<_>>().join(sign));
    match query {
        Search::Words { words, open } => format!("'{}'{}", words.join(" "), if *open { ":*" } else { "" }),
        Search::Not(inner) => format!("!({})", search(inner)),
        Search::And(all) => list(all, "&"),
        Search::Or(any) => list(any, "|"),
    }
}
