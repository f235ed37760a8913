//! Trees: `or=(count.gt.5,not.and(title.like.a*,done.is.true))`, read as PostgREST reads them.
//!
//! Blanks do not count around a parenthesis, behind a comma and around a column's name. A value ends at the next comma
//! or parenthesis; in quotes it may hold anything, with a backslash before what is meant as it is. What stands in braces
//! is one value up to the closing brace.

use std::borrow::Cow;

use super::{bad, list, operators::Takes, refuse, terms};
use crate::{
    column::Column,
    error::{Error, Result},
    filter::Node,
    names::{nearest, shown},
    table::Table,
};

/// Trees within each other, at most.
const DEEPEST: usize = 10;

/// How the elements of a tree go together.
#[derive(Clone, Copy, Debug)]
pub(super) struct Logic {
    any: bool,
    negated: bool,
}

/// The parameters that hold a tree.
pub(super) const PARAMETERS: [(&str, Logic); 4] = [
    ("or", Logic { any: true, negated: false }),
    ("and", Logic { any: false, negated: false }),
    ("not.or", Logic { any: true, negated: true }),
    ("not.and", Logic { any: false, negated: true }),
];

/// The predicate of a parameter and its value in parentheses; nothing where the parameter holds no tree.
pub(super) fn parse(table: &'static Table, name: &str, text: &str) -> Option<Result<Node>> {
    let (name, logic) = PARAMETERS.iter().find(|(known, _)| *known == name)?;
    let mut reader = Reader { table, name, rest: text };
    Some(
        reader.tree(*logic, 1).and_then(|node| if reader.rest.is_empty() { Ok(node) } else { Err(reader.malformed()) }),
    )
}

struct Reader<'a> {
    table: &'static Table,
    /// The parameter, for the refusals.
    name: &'static str,
    rest: &'a str,
}

impl<'a> Reader<'a> {
    /// `(element,element)`
    fn tree(&mut self, logic: Logic, depth: usize) -> Result<Node> {
        if depth > DEEPEST {
            return Err(bad(format!("`{}` is nested more than {DEEPEST} deep", self.name)));
        }
        self.blanks();
        if !self.took('(') {
            return Err(self.malformed());
        }
        if list::blank(self.rest).starts_with(')') {
            return Err(bad(format!("`{}` has a tree with nothing in it", self.name)).hint(FORM));
        }
        let mut nodes = Vec::new();
        loop {
            self.blanks();
            if self.rest.is_empty() {
                return Err(self.malformed());
            }
            if self.rest.starts_with([',', ')']) {
                let place = if nodes.is_empty() { "before its first comma" } else { "after a comma" };
                return Err(bad(format!("`{}` has nothing {place}", self.name)).hint(FORM));
            }
            nodes.push(self.element(depth)?);
            self.blanks();
            if self.took(')') {
                break;
            }
            if !self.took(',') {
                return Err(self.malformed());
            }
        }
        self.blanks();
        let node = match nodes.len() {
            1 => nodes.remove(0),
            _ if logic.any => Node::Or(nodes),
            _ => Node::And(nodes),
        };
        Ok(if logic.negated { Node::Not(Box::new(node)) } else { node })
    }

    fn element(&mut self, depth: usize) -> Result<Node> {
        let inner = PARAMETERS.iter().find_map(|(name, logic)| {
            let behind = self.rest.strip_prefix(name)?;
            list::blank(behind).starts_with('(').then_some((*logic, behind))
        });
        if let Some((logic, behind)) = inner {
            self.rest = behind;
            return self.tree(logic, depth + 1);
        }
        let column = self.column()?;
        let Some(operation) = terms::operation(column, self.rest)? else {
            return Err(bad(format!("`{}`: no operator follows `{}.`", self.name, column.json))
                .hint(terms::known("write column.eq.<value>")));
        };
        self.rest = operation.text;
        let value = self.value(operation.operator.takes)?;
        operation.of(self.table, column, &value)
    }

    /// The column that an element begins with, and the dot behind it.
    fn column(&mut self) -> Result<&'static Column> {
        let (name, behind) = if self.rest.starts_with('"') {
            list::enclosed(self.rest).map(|(name, behind)| (Cow::from(name), behind)).ok_or_else(|| self.malformed())?
        } else {
            self.bare_column()
        };
        let column = refuse::named(self.table, &name).map_err(|error| {
            let own = "a tree is of the row's own columns; related rows have theirs, as in comments.or=(..)";
            match self.tree_meant() {
                Some(meant) => error.hint(format!("did you mean `{meant}(..)`?")),
                None if error.has_hint() => error,
                None => error.hint(own),
            }
        })?;
        match list::blank(behind).strip_prefix('.') {
            Some(rest) => self.rest = rest,
            None => return Err(self.malformed()),
        }
        Ok(column)
    }

    /// What a word before a parenthesis may be a slip of.
    fn tree_meant(&self) -> Option<&'static str> {
        let end = self.rest.find([',', '(', ')']).filter(|end| self.rest[*end..].starts_with('('))?;
        nearest(self.rest[..end].trim_end_matches([' ', '\t']), PARAMETERS.iter().map(|(name, _)| *name))
    }

    /// A name that is not in quotes: up to the first dot, unless one with a dot in it is a column's.
    fn bare_column(&self) -> (Cow<'a, str>, &'a str) {
        let end = self.rest.find([',', '(', ')']).unwrap_or(self.rest.len());
        let text = &self.rest[..end];
        let dots = || text.match_indices('.').map(|(at, _)| at);
        let known =
            |at: &usize| self.table.readable().any(|column| column.json == text[..*at].trim_end_matches([' ', '\t']));
        let at = dots().find(known).or_else(|| dots().next()).unwrap_or(end);
        (text[..at].trim_end_matches([' ', '\t']).into(), &self.rest[at..])
    }

    fn value(&mut self, takes: Takes) -> Result<Cow<'a, str>> {
        if takes == Takes::List {
            let (_, behind) = list::read(self.rest).ok_or_else(|| self.malformed())?;
            return Ok(self.take(self.rest.len() - behind.len()).into());
        }
        if let Some((value, behind)) = list::quoted(self.rest) {
            self.rest = behind;
            return Ok(value.into());
        }
        let braces = self.rest.strip_prefix('{').and_then(|inner| {
            let end = inner.find(['{', '}'])?;
            inner[end..].starts_with('}').then_some(end + 2)
        });
        let end = braces.or_else(|| self.rest.find([',', ')'])).ok_or_else(|| self.malformed())?;
        let value = self.take(end);
        Ok(if takes == Takes::Word { value.trim_end_matches([' ', '\t']) } else { value }.into())
    }

    fn take(&mut self, length: usize) -> &'a str {
        let (taken, rest) = self.rest.split_at(length);
        self.rest = rest;
        taken
    }

    fn took(&mut self, c: char) -> bool {
        let rest = self.rest.strip_prefix(c);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn blanks(&mut self) {
        self.rest = list::blank(self.rest);
    }

    fn malformed(&self) -> Error {
        let place =
            if self.rest.is_empty() { "at its end".to_owned() } else { format!("before `{}`", shown(self.rest)) };
        bad(format!("`{}` cannot be read {place}", self.name)).hint(FORM)
    }
}

const FORM: &str = "write or=(column.operator.value,and(..,..)); quote a value that holds a comma or a parenthesis";
