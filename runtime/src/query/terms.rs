//! What is asked of one column: `operator.value`, `not.operator.value`, `operator(any).{a,b}`, or a value alone.

use super::{
    bad, list,
    operators::{OPERATORS, Operator, RESERVED_OPERATORS, Refused, Takes, not_json, value},
    search,
};
use crate::{
    column::Column,
    error::{Code, Error, Result},
    filter::Node,
    names::shown,
    table::Table,
    value::{Invalid, Kind, Value},
};

/// What one text asks of a column.
pub(super) enum Term {
    /// An operator's predicate.
    Asked(Node),
    /// A value that the column shall have.
    Value(Value),
}

/// What stands behind `column=`.
pub(super) fn parse(table: &'static Table, column: &'static Column, text: &str) -> Result<Term> {
    match operation(column, text) {
        Ok(Some(found)) => found.of(table, column, found.text).map(Term::Asked),
        Ok(None) => plain(column, text).map(Term::Value).map_err(|error| match list_meant(column, text) {
            Some(list) => error.hint(format!("write {}=in.({list}) for any of them", column.json)),
            None => error,
        }),
        Err(error) => Err(error),
    }
}

/// A value that is meant as it is, whatever it looks like.
pub(super) fn plain(column: &'static Column, text: &str) -> Result<Value> {
    value(column, text).map_err(|reason| refused(column, reason.into(), text))
}

/// The text of a refused value that would be one of several.
fn list_meant(column: &'static Column, text: &str) -> Option<String> {
    let all = text.contains(',') && text.split(',').all(|one| value(column, one).is_ok());
    all.then(|| shown(text))
}

/// What the operator of some name asks with a value that is meant as it is.
pub(super) fn asked(column: &'static Column, name: &str, text: &str) -> Result<Node> {
    let Some(operator) = OPERATORS.iter().find(|operator| operator.name == name) else {
        return Err(bad(format!("`{name}` is not an operator")).hint(known(QUOTE)));
    };
    Operation { operator, negated: false, many: None, text }.node(column, text)
}

/// An operator that was found before its value, and the text behind its dot.
pub(super) struct Operation<'a> {
    pub(super) operator: &'static Operator,
    negated: bool,
    many: Option<Many>,
    pub(super) text: &'a str,
}

#[derive(Clone, Copy)]
enum Many {
    Any,
    All,
}

/// The operator that a text begins with; nothing where it begins with none, and nothing like one.
pub(super) fn operation<'a>(column: &'static Column, text: &'a str) -> Result<Option<Operation<'a>>> {
    let (negated, rest) = text.strip_prefix("not.").map_or((false, text), |rest| (true, rest));
    match head(rest) {
        Head::Operator(operator, many, text) => Ok(Some(Operation { operator, negated, many, text })),
        Head::Reserved(name) => Err(reserved(column, name)),
        Head::Near | Head::Bare if negated => Err(bad(format!("`{}`: no operator follows `not.`", column.json))
            .hint(known("write not.eq.<value>, or eq.<value> where the value itself begins with `not.`"))),
        Head::Near => {
            Err(bad(format!("`{}`: what stands before the first dot is not an operator", column.json))
                .hint(known(QUOTE)))
        }
        Head::Bare => Ok(None),
    }
}

impl Operation<'_> {
    /// What it asks with a value, where a refusal can say what else the table has.
    pub(super) fn of(&self, table: &'static Table, column: &'static Column, text: &str) -> Result<Node> {
        let unmarked = self.operator.name == "fts" && column.search.is_none();
        self.node(column, text).map_err(|error| if unmarked { error.hint(search::marked(table)) } else { error })
    }

    /// What it asks with a value.
    fn node(&self, column: &'static Column, text: &str) -> Result<Node> {
        let node = match self.many {
            None => (self.operator.parse)(column, text),
            Some(many) => self.each(column, many, text),
        };
        let node = node.map_err(|reason| refused(column, reason, text))?;
        Ok(if self.negated { Node::Not(Box::new(node)) } else { node })
    }

    fn each(&self, column: &'static Column, many: Many, text: &str) -> Result<Node, Refused> {
        let elements = list::array(text).ok_or_else(|| {
            Invalid::new(
                "must have a list in braces, like eq(any).{a,b}; quote what holds a comma, a brace, a quote, a \
                 backslash or nothing",
            )
        })?;
        not_json(column)?;
        let mut nodes =
            elements.iter().map(|text| (self.operator.parse)(column, text)).collect::<Result<Vec<_>, _>>()?;
        Ok(match (many, nodes.len()) {
            // None of nothing; and all of nothing, which is true.
            (Many::Any, 0) => Node::In(column, Vec::new()),
            (Many::All, 0) => Node::Not(Box::new(Node::In(column, Vec::new()))),
            (_, 1) => nodes.remove(0),
            (Many::Any, _) => Node::Or(nodes),
            (Many::All, _) => Node::And(nodes),
        })
    }
}

fn refused(column: &Column, reason: Refused, text: &str) -> Error {
    match reason {
        // The offset of a time has lost its sign on the way.
        Refused::Invalid(reason) if column.kind == Kind::Timestamp && text.contains(' ') => {
            bad(format!("`{}` {reason}", column.json)).hint("a + in a URL is a blank: write %2B")
        }
        Refused::Invalid(reason) => bad(format!("`{}` {reason}", column.json)),
        Refused::Unsupported(reason) => Error::new(Code::Unsupported, format!("`{}` {reason}", column.json)),
    }
}

fn reserved(column: &Column, name: &str) -> Error {
    let refused = |what: &str| bad(format!("`{}`: {what} is not supported by this server", column.json));
    match name {
        "fts" => refused("a configuration of `fts`").hint("write fts.<words>: words are compared as they are"),
        "plfts" | "phfts" | "wfts" => refused(&format!("`{name}`")).hint(
            "write fts.<words>: `a b` for both, `a|b` for either, `!a` for not, `'a b'` for one behind the other",
        ),
        "neq" => refused("this form of `neq`").hint("write not.in.(a,b): neither of them"),
        _ if RESERVED_OPERATORS.contains(&name) => refused(&format!("the operator `{name}`")).hint(known(QUOTE)),
        _ => refused(&format!("this form of `{name}`")).hint(known("most take a list, as in eq(any).{a,b}")),
    }
}

/// The way out of every refusal of a head.
pub(super) fn known(advice: &str) -> String {
    let names: Vec<_> = OPERATORS.iter().map(|operator| operator.name).collect();
    format!("{advice}; the operators are {}", names.join(", "))
}

const QUOTE: &str = "write eq.<value> where a dot is part of the value";

/// What stands before the first dot of a value.
enum Head<'a> {
    Operator(&'static Operator, Option<Many>, &'a str),
    Reserved(&'static str),
    /// Not an operator, and so like one that it may be meant as one
    Near,
    /// Part of the value
    Bare,
}

fn head(text: &str) -> Head<'_> {
    let Some((head, rest)) = text.split_once('.') else { return Head::Bare };
    // `like(any)` and `fts(english)` are operators with a modifier.
    let (word, modifier) = head.split_once('(').map_or((head, None), |(word, modifier)| (word, Some(modifier)));
    if let Some(operator) = OPERATORS.iter().find(|operator| operator.name == word) {
        return match modifier {
            None => Head::Operator(operator, None, rest),
            Some("any)") if operator.takes == Takes::OneOrMany => Head::Operator(operator, Some(Many::Any), rest),
            Some("all)") if operator.takes == Takes::OneOrMany => Head::Operator(operator, Some(Many::All), rest),
            Some(_) => Head::Reserved(operator.name),
        };
    }
    if let Some(name) = RESERVED_OPERATORS.iter().find(|name| **name == word) {
        return Head::Reserved(name);
    }
    if word == "not" && modifier.is_some() {
        return Head::Reserved("not");
    }
    let lower = word.to_ascii_lowercase();
    let letters = !word.is_empty() && word.bytes().all(|b| b.is_ascii_alphabetic());
    if letters && names().any(|name| strsim::osa_distance(&lower, name) <= 1) { Head::Near } else { Head::Bare }
}

fn names() -> impl Iterator<Item = &'static str> {
    OPERATORS.iter().map(|operator| operator.name).chain(RESERVED_OPERATORS).chain(["not"])
}
