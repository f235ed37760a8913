//! [`Query`] back to its query string, in the one spelling that leaves nothing to be guessed.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::{Embed, Member, Query, Selection};
use crate::{
    filter::{Compare, Is, Node, Search},
    order::Order,
    text,
};

pub(super) fn print(query: &Query) -> String {
    // A limit that was not said is the table's own.
    let limit = query.limited.then(|| ("limit", query.limit.to_string()));
    let page = [("order", order(&query.order)), ("offset", query.offset.to_string())];
    let pairs = terms(&query.filter).iter().map(term).chain(page).chain(limit);
    let encoded: Vec<_> = pairs.map(|(name, value)| format!("{}={}", encode(name), encode(&value))).collect();
    encoded.join("&")
}

/// The parameters of a selection: what is shown, and what is asked of each relation in it.
pub(super) fn print_selection(selection: &Selection) -> String {
    let mut pairs = vec![("select".to_owned(), members(selection))];
    asked(selection, "", &mut pairs);
    let encoded: Vec<_> = pairs.iter().map(|(name, value)| format!("{}={}", encode(name), encode(value))).collect();
    encoded.join("&")
}

fn members(selection: &Selection) -> String {
    let member = |member: &Member| match member {
        Member::Column { key, column } => format!("{}:{}", quoted(key), quoted(column.json)),
        Member::Embed(embed) => {
            let Embed { key, relation, selection, .. } = &**embed;
            let join = if embed.has == Some(true) { "!inner" } else { "" };
            format!("{}:{}{join}({})", quoted(key), quoted(&relation.name), members(selection))
        }
    };
    selection.members.iter().map(member).collect::<Vec<_>>().join(",")
}

fn asked(selection: &Selection, prefix: &str, pairs: &mut Vec<(String, String)>) {
    for embed in selection.embeds() {
        let prefix = format!("{prefix}{}", embed.key);
        if embed.has == Some(false) {
            pairs.push((prefix.clone(), "is.null".to_owned()));
        }
        let prefix = format!("{prefix}.");
        pairs.extend(terms(&embed.filter).iter().map(term).map(|(name, value)| (format!("{prefix}{name}"), value)));
        if embed.relation.many {
            pairs.push((format!("{prefix}order"), order(&embed.order)));
            pairs.push((format!("{prefix}offset"), embed.offset.to_string()));
        }
        pairs.extend(embed.limit.map(|limit| (format!("{prefix}limit"), limit.to_string())));
        asked(&embed.selection, &prefix, pairs);
    }
}

fn terms(filter: &Node) -> &[Node] {
    let Node::And(terms) = filter else { panic!("a query's filter is a conjunction") };
    terms
}

fn order(keys: &[Order]) -> String {
    let key = |key: &Order| {
        let direction = if key.descending { "desc" } else { "asc" };
        let nulls = if key.nulls_first { "nullsfirst" } else { "nullslast" };
        format!("{}.{direction}.{nulls}", key.column.json)
    };
    keys.iter().map(key).collect::<Vec<_>>().join(",")
}

fn encode(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}

/// A predicate as a parameter and its value.
fn term(node: &Node) -> (&'static str, String) {
    match node {
        Node::And(nodes) => ("and", tree(nodes)),
        Node::Or(nodes) => ("or", tree(nodes)),
        Node::Not(inner) => match &**inner {
            Node::And(nodes) => ("not.and", tree(nodes)),
            Node::Or(nodes) => ("not.or", tree(nodes)),
            Node::Not(_) => ("not.and", format!("({})", element(inner))),
            leaf => {
                let (column, op, value) = operation(leaf);
                (column, format!("not.{op}.{value}"))
            }
        },
        leaf => {
            let (column, op, value) = operation(leaf);
            (column, format!("{op}.{value}"))
        }
    }
}

fn tree(nodes: &[Node]) -> String {
    format!("({})", nodes.iter().map(element).collect::<Vec<_>>().join(","))
}

/// A predicate within a tree.
fn element(node: &Node) -> String {
    let (node, not) = match node {
        Node::Not(inner) if !matches!(**inner, Node::And(_) | Node::Or(_) | Node::Not(_)) => (&**inner, "not."),
        node => (node, ""),
    };
    match node {
        Node::And(_) | Node::Or(_) | Node::Not(_) => {
            let (name, text) = term(node);
            format!("{name}{text}")
        }
        Node::In(..) => {
            let (column, op, list) = operation(node);
            format!("{}.{not}{op}.{list}", quoted(column))
        }
        leaf => {
            let (column, op, value) = operation(leaf);
            // `is` takes words, which quotes do no harm.
            format!("{}.{not}{op}.{}", quoted(column), quoted(&value))
        }
    }
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// What an operator asks of a column: the column, the operator and its value.
fn operation(node: &Node) -> (&'static str, &'static str, String) {
    match node {
        Node::Compare(column, op, value) => {
            let op = match op {
                Compare::Eq => "eq",
                Compare::Neq => "neq",
                Compare::Lt => "lt",
                Compare::Lte => "lte",
                Compare::Gt => "gt",
                Compare::Gte => "gte",
            };
            (column.json, op, text::of(value.as_ref()))
        }
        Node::In(column, values) => {
            let elements: Vec<_> = values.iter().map(|value| quoted(&text::of(value.as_ref()))).collect();
            (column.json, "in", format!("({})", elements.join(",")))
        }
        Node::Is(column, is) => {
            let word = match is {
                Is::Null => "null",
                Is::NotNull => "not_null",
                Is::True => "true",
                Is::False => "false",
                Is::Unknown => "unknown",
            };
            (column.json, "is", word.to_owned())
        }
        Node::Like { column, pattern, fold } => (column.json, if *fold { "ilike" } else { "like" }, pattern.clone()),
        Node::Match(column, pattern) => (column.json, "match", pattern.clone()),
        Node::Search(columns, query) => (columns[0].json, "fts", search(query)),
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
