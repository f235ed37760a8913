//! The table of operators. A new one is a row here, and an arm where `sql` renders its node.

use super::{
    list,
    regex::{self, Refusal},
    search,
};
use crate::{
    column::Column,
    filter::{Compare, Is, Node},
    text,
    value::{Invalid, Kind, Value},
};

/// What a filter can ask, by the name that stands before its first dot.
pub(super) struct Operator {
    pub(super) name: &'static str,
    pub(super) takes: Takes,
    pub(super) parse: fn(&'static Column, &str) -> Result<Node, Refused>,
}

/// Why a value is not taken.
pub(super) enum Refused {
    Invalid(Invalid),
    /// It asks for what not every database can answer.
    Unsupported(String),
}

impl From<Invalid> for Refused {
    fn from(reason: Invalid) -> Self {
        Self::Invalid(reason)
    }
}

/// What stands behind the dot of an operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Takes {
    /// One value.
    One,
    /// One value, or some in braces where `(any)` or `(all)` stands before the dot.
    OneOrMany,
    /// One of the words that it knows.
    Word,
    /// Some in parentheses.
    List,
}

pub(super) const OPERATORS: [Operator; 13] = [
    Operator { name: "eq", takes: Takes::OneOrMany, parse: |column, text| compare(column, Compare::Eq, text) },
    // PostgREST has no `neq(any)`, which would hold of nearly everything.
    Operator { name: "neq", takes: Takes::One, parse: |column, text| compare(column, Compare::Neq, text) },
    Operator { name: "gt", takes: Takes::OneOrMany, parse: |column, text| compare(column, Compare::Gt, text) },
    Operator { name: "gte", takes: Takes::OneOrMany, parse: |column, text| compare(column, Compare::Gte, text) },
    Operator { name: "lt", takes: Takes::OneOrMany, parse: |column, text| compare(column, Compare::Lt, text) },
    Operator { name: "lte", takes: Takes::OneOrMany, parse: |column, text| compare(column, Compare::Lte, text) },
    Operator { name: "in", takes: Takes::List, parse: among },
    Operator { name: "is", takes: Takes::Word, parse: is },
    Operator { name: "like", takes: Takes::OneOrMany, parse: |column, text| like(column, text, false) },
    Operator { name: "ilike", takes: Takes::OneOrMany, parse: |column, text| like(column, text, true) },
    Operator { name: "match", takes: Takes::OneOrMany, parse: |column, text| matching(column, text, false) },
    Operator { name: "imatch", takes: Takes::OneOrMany, parse: |column, text| matching(column, text, true) },
    Operator { name: "fts", takes: Takes::One, parse: |column, text| Ok(search::fts(column, text)?) },
];

/// What PostgREST knows and this server does not: reserved, so that none of it is ever read as equality.
pub(super) const RESERVED_OPERATORS: [&str; 12] =
    ["plfts", "phfts", "wfts", "cs", "cd", "ov", "sl", "sr", "nxr", "nxl", "adj", "isdistinct"];

/// The operators that say something of a column, by their names.
pub(crate) fn operators_of(column: &Column) -> impl Iterator<Item = &'static str> {
    let says = |name: &str| match name {
        "is" => true,
        _ if column.kind == Kind::Json => false,
        "like" | "ilike" | "match" | "imatch" => column.kind == Kind::Text,
        "fts" => column.search.is_some(),
        _ => true,
    };
    OPERATORS.iter().map(|operator| operator.name).filter(move |name| says(name))
}

fn compare(column: &'static Column, op: Compare, text: &str) -> Result<Node, Refused> {
    Ok(Node::Compare(column, op, value(column, text)?))
}

fn among(column: &'static Column, text: &str) -> Result<Node, Refused> {
    let elements = list::parse(text)
        .ok_or_else(|| Invalid::new("must have a list in parentheses, like in.(a,b); quote what holds , or )"))?;
    let values: Result<_, Invalid> = elements.iter().map(|element| value(column, element)).collect();
    not_json(column)?;
    Ok(Node::In(column, values?))
}

fn is(column: &'static Column, text: &str) -> Result<Node, Refused> {
    let is = match text.to_ascii_lowercase().as_str() {
        "null" => Is::Null,
        "not_null" => Is::NotNull,
        "true" if column.kind == Kind::Bool => Is::True,
        "false" if column.kind == Kind::Bool => Is::False,
        "unknown" if column.kind == Kind::Bool => Is::Unknown,
        _ if column.kind == Kind::Bool => {
            return Err(Invalid::new("can be asked is.null, is.not_null, is.true, is.false and is.unknown").into());
        }
        _ => return Err(Invalid::new("can be asked is.null and is.not_null").into()),
    };
    Ok(Node::Is(column, is))
}

fn like(column: &'static Column, text: &str, fold: bool) -> Result<Node, Refused> {
    holds_text(column, "like and ilike say")?;
    Ok(Node::Like { column, pattern: pattern(text)?, fold })
}

fn matching(column: &'static Column, text: &str, fold: bool) -> Result<Node, Refused> {
    holds_text(column, "match and imatch say")?;
    not_too_long(text)?;
    match regex::translate(text, fold) {
        Ok(pattern) => Ok(Node::Match(column, pattern)),
        Err(Refusal::Malformed(reason)) => Err(Invalid(reason).into()),
        Err(Refusal::Unsupported(reason)) => Err(Refused::Unsupported(reason)),
    }
}

fn holds_text(column: &Column, who: &str) -> Result<(), Invalid> {
    not_json(column)?;
    match column.kind {
        Kind::Text => Ok(()),
        _ => Err(Invalid(format!("holds no text, so that {who} nothing of it"))),
    }
}

/// The longest pattern: what it costs to match one grows with its length times that of the text.
const LONGEST_PATTERN: usize = 256;

fn not_too_long(text: &str) -> Result<(), Invalid> {
    if text.chars().count() > LONGEST_PATTERN {
        return Err(Invalid(format!("has a pattern of more than {LONGEST_PATTERN} characters")));
    }
    crate::value::text(text).map(drop)
}

/// SQL's pattern: a `*` stands for `%`, unless a backslash takes it as it is.
fn pattern(text: &str) -> Result<String, Invalid> {
    not_too_long(text)?;
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

/// The value that a text is for a column, where values of it can be compared.
pub(super) fn value(column: &'static Column, text: &str) -> Result<Value, Invalid> {
    not_json(column)?;
    text::parse(column, text)
}

/// Nothing but `is` says anything of JSON.
pub(super) fn not_json(column: &Column) -> Result<(), Invalid> {
    if column.kind == Kind::Json {
        return Err(Invalid::new("holds JSON and can be asked is.null and is.not_null only"));
    }
    Ok(())
}
