//! The table of operators. A new one is a row here, and an arm where `sql` renders its node.

use super::{list, search};
use crate::{
    column::Column,
    filter::{Compare, Is, Node},
    text,
    value::{Invalid, Kind, Value},
};

/// What a filter can ask, by the name that stands before its first dot.
pub(super) struct Operator {
    pub(super) name: &'static str,
    pub(super) parse: fn(&'static Column, &str) -> Result<Node, Invalid>,
}

pub(super) const OPERATORS: [Operator; 11] = [
    Operator { name: "eq", parse: |column, text| compare(column, Compare::Eq, text) },
    Operator { name: "neq", parse: |column, text| compare(column, Compare::Neq, text) },
    Operator { name: "gt", parse: |column, text| compare(column, Compare::Gt, text) },
    Operator { name: "gte", parse: |column, text| compare(column, Compare::Gte, text) },
    Operator { name: "lt", parse: |column, text| compare(column, Compare::Lt, text) },
    Operator { name: "lte", parse: |column, text| compare(column, Compare::Lte, text) },
    Operator { name: "in", parse: among },
    Operator { name: "is", parse: is },
    Operator { name: "like", parse: |column, text| like(column, text, false) },
    Operator { name: "ilike", parse: |column, text| like(column, text, true) },
    Operator { name: "fts", parse: search::fts },
];

/// What PostgREST knows and this server does not: reserved, so that none of it is ever read as equality.
pub(super) const RESERVED_OPERATORS: [&str; 14] =
    ["match", "imatch", "plfts", "phfts", "wfts", "cs", "cd", "ov", "sl", "sr", "nxr", "nxl", "adj", "isdistinct"];

/// Parameters of PostgREST and of the other dialects that this server does not take.
pub(super) const RESERVED_PARAMETERS: [&str; 16] = [
    "select",
    "after",
    "columns",
    "on_conflict",
    "or",
    "and",
    "not",
    "not.or",
    "not.and",
    "filter",
    "range",
    "sort",
    "_start",
    "_end",
    "_sort",
    "_order",
];

/// Equality, which is also what a bare value asks.
pub(super) fn equality(column: &'static Column, text: &str) -> Result<Node, Invalid> {
    compare(column, Compare::Eq, text)
}

fn compare(column: &'static Column, op: Compare, text: &str) -> Result<Node, Invalid> {
    Ok(Node::Compare(column, op, value(column, text)?))
}

fn among(column: &'static Column, text: &str) -> Result<Node, Invalid> {
    let elements = list::parse(text)
        .ok_or_else(|| Invalid::new("must have a list in parentheses, like in.(a,b); quote what holds , or )"))?;
    let values: Result<_, _> = elements.iter().map(|element| value(column, element)).collect();
    not_json(column)?;
    Ok(Node::In(column, values?))
}

fn is(column: &'static Column, text: &str) -> Result<Node, Invalid> {
    let is = match text.to_ascii_lowercase().as_str() {
        "null" => Is::Null,
        "not_null" => Is::NotNull,
        "true" if column.kind == Kind::Bool => Is::True,
        "false" if column.kind == Kind::Bool => Is::False,
        "unknown" if column.kind == Kind::Bool => Is::Unknown,
        _ if column.kind == Kind::Bool => {
            return Err(Invalid::new("can be asked is.null, is.not_null, is.true, is.false and is.unknown"));
        }
        _ => return Err(Invalid::new("can be asked is.null and is.not_null")),
    };
    Ok(Node::Is(column, is))
}

fn like(column: &'static Column, text: &str, fold: bool) -> Result<Node, Invalid> {
    not_json(column)?;
    if column.kind != Kind::Text {
        return Err(Invalid::new("holds no text, so that like and ilike say nothing of it"));
    }
    Ok(Node::Like { column, pattern: pattern(text)?, fold })
}

/// The longest pattern: what it costs to match one grows with its length times that of the text.
const LONGEST_PATTERN: usize = 256;

/// SQL's pattern: a `*` stands for `%`, unless a backslash takes it as it is.
fn pattern(text: &str) -> Result<String, Invalid> {
    if text.chars().count() > LONGEST_PATTERN {
        return Err(Invalid(format!("has a pattern of more than {LONGEST_PATTERN} characters")));
    }
    crate::value::text(text)?;
    let mut pattern = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            '*' => pattern.push('%'),
            '\\' => {
                let taken = chars.next().ok_or_else(|| {
                    Invalid::new("has a pattern that ends in a single backslash; write two for a backslash")
                })?;
                pattern.extend(['\\', taken]);
            }
            plain => pattern.push(plain),
        }
    }
    Ok(pattern)
}

fn value(column: &'static Column, text: &str) -> Result<Value, Invalid> {
    not_json(column)?;
    text::parse(column, text)
}

fn not_json(column: &Column) -> Result<(), Invalid> {
    if column.kind == Kind::Json {
        return Err(Invalid::new("holds JSON and can be asked is.null and is.not_null only"));
    }
    Ok(())
}
