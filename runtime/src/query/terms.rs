//! One filter: `column=operator.value`, `column=not.operator.value`, or `column=value`.

use super::{
    bad,
    operators::{OPERATORS, RESERVED_OPERATORS, equality},
    refuse,
};
use crate::{
    column::Column,
    error::{Error, Result},
    filter::Node,
    table::Table,
    value::Invalid,
};

/// The predicate of one pair.
pub(super) fn parse(table: &'static Table, name: &str, value: &str) -> Result<Node> {
    let column = refuse::column(table, name)?;
    let invalid = |reason: Invalid| bad(format!("`{}` {reason}", column.json));
    match value.strip_prefix("not.") {
        Some(negated) => match read(negated) {
            Head::Operator(parse, text) => parse(column, text).map(|node| Node::Not(Box::new(node))).map_err(invalid),
            Head::Reserved(name) => Err(reserved(column, name)),
            Head::Near | Head::Bare => Err(bad(format!("`{}`: no operator follows `not.`", column.json))
                .hint(known("write not.eq.<value>, or eq.<value> where the value itself begins with `not.`"))),
        },
        None => match read(value) {
            Head::Operator(parse, text) => parse(column, text).map_err(invalid),
            Head::Reserved(name) => Err(reserved(column, name)),
            Head::Near => Err(bad(format!("`{}`: what stands before the first dot is not an operator", column.json))
                .hint(known(QUOTE))),
            Head::Bare => equality(column, value).map_err(invalid),
        },
    }
}

/// The way out of every refusal of a head.
fn known(advice: &str) -> String {
    let names: Vec<_> = OPERATORS.iter().map(|operator| operator.name).collect();
    format!("{advice}; the operators are {}", names.join(", "))
}

const QUOTE: &str = "write eq.<value> where a dot is part of the value";

/// What stands before the first dot of a value.
enum Head<'a> {
    Operator(fn(&'static Column, &str) -> Result<Node, Invalid>, &'a str),
    Reserved(&'static str),
    /// Not an operator, and so like one that it may be meant as one
    Near,
    /// Part of the value
    Bare,
}

fn read(text: &str) -> Head<'_> {
    let Some((head, rest)) = text.split_once('.') else { return Head::Bare };
    if let Some(operator) = OPERATORS.iter().find(|operator| operator.name == head) {
        return Head::Operator(operator.parse, rest);
    }
    // `like(any)` and `fts(english)` are operators with a modifier.
    let (word, modified) = head.split_once('(').map_or((head, false), |(word, _)| (word, true));
    if let Some(name) = names().find(|name| *name == word && (modified || RESERVED_OPERATORS.contains(name))) {
        return Head::Reserved(name);
    }
    let lower = word.to_ascii_lowercase();
    let letters = !word.is_empty() && word.bytes().all(|b| b.is_ascii_alphabetic());
    if letters && names().any(|name| strsim::osa_distance(&lower, name) <= 1) { Head::Near } else { Head::Bare }
}

fn names() -> impl Iterator<Item = &'static str> {
    OPERATORS.iter().map(|operator| operator.name).chain(RESERVED_OPERATORS).chain(["not"])
}

fn reserved(column: &Column, name: &str) -> Error {
    let name_of = column.json;
    if name == "fts" {
        return bad(format!("`{name_of}`: fts takes no configuration, since words are compared as they are"))
            .hint("write fts.<words>");
    }
    if let "plfts" | "phfts" | "wfts" = name {
        return bad(format!("`{name_of}`: `{name}` is not supported by this server"))
            .hint("write fts.<words>: a b for both, a|b for either, !a for not, 'a b' for one after the other");
    }
    bad(format!("`{}`: this form of `{name}` is not supported by this server", column.json)).hint(known(QUOTE))
}
