//! The one predicate tree: URL queries, row rules and typed queries all become it, and `sql` renders it.

mod search;

use std::{
    ops::{BitAnd, BitOr, Not},
    slice,
    sync::Arc,
};

pub(crate) use self::search::{LONGEST_WORD, Search, words};
use crate::{
    column::Column,
    relation::Relation,
    resource::{Field, Resource},
    table::Table,
    value::{FieldType, Given, Invalid, Value},
};

/// A predicate over the rows of one table, with SQL's three-valued logic.
///
/// Typed queries build it from column constants and combine it with `&`, `|` and `!`.
#[derive(Clone, Debug, PartialEq)]
pub struct Filter(pub(crate) Node);

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Node {
    /// All of them; none: true.
    And(Vec<Node>),
    /// Any of them; none: false.
    Or(Vec<Node>),
    Not(Box<Node>),
    Compare(&'static Column, Compare, Value),
    In(&'static Column, Vec<Value>),
    Is(&'static Column, Is),
    /// `%` and `_` are wild, a backslash takes the next character as it is. Sensitive to case, or folding ASCII.
    Like {
        column: &'static Column,
        pattern: String,
        fold: bool,
    },
    /// That a regular expression matches somewhere, in the spelling of `query/regex`, which both databases read alike.
    Match(&'static Column, String),
    /// What is asked of the words of one searchable column, or of some of one table: each word may then be in any of them.
    Search(Vec<&'static Column>, Search),
    /// `IS NOT DISTINCT FROM`: equality under which NULL equals NULL.
    Same(&'static Column, Value),
    /// That the caller's row is there with the token's version, and is an administrator's where that is asked.
    Caller(Identity, Standing),
    /// That `table` has a row with this key that passes the predicate: a reference must point into the read scope.
    Exists {
        table: &'static Table,
        key: Value,
        scope: Box<Node>,
    },
    /// That a relation leads to a row that passes.
    Related {
        relation: Arc<Relation>,
        rows: Box<Node>,
    },
    /// A value that Rust could not turn into SQL; the statement fails with it before it is sent.
    Unstorable(&'static Column, Invalid),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Compare {
    Eq,
    Neq,
    Lt,
    Lte,
    Gt,
    Gte,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Is {
    Null,
    NotNull,
    True,
    False,
    /// NULL, asked of a Boolean column
    Unknown,
}

/// Who a verified token says the caller is; whether that still holds is asked in SQL.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Identity {
    /// The login table.
    pub(crate) table: &'static Table,
    pub(crate) key: Value,
    pub(crate) version: i64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    /// The row is there with this version.
    Alive,
    /// And its admin column is true.
    Admin,
}

impl Node {
    pub(crate) const TRUE: Self = Self::And(Vec::new());
    pub(crate) const FALSE: Self = Self::Or(Vec::new());

    /// Both, without needless nesting.
    pub(crate) fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::And(mut all), Self::And(more)) => {
                all.extend(more);
                Self::And(all)
            }
            (Self::And(mut all), one) => {
                all.push(one);
                Self::And(all)
            }
            (one, Self::And(mut all)) => {
                all.insert(0, one);
                Self::And(all)
            }
            (one, other) => Self::And(vec![one, other]),
        }
    }

    /// Either, without needless nesting.
    pub(crate) fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::Or(mut any), Self::Or(more)) => {
                any.extend(more);
                Self::Or(any)
            }
            (Self::Or(mut any), one) => {
                any.push(one);
                Self::Or(any)
            }
            (one, Self::Or(mut any)) => {
                any.insert(0, one);
                Self::Or(any)
            }
            (one, other) => Self::Or(vec![one, other]),
        }
    }

    /// What must all hold for it to hold.
    pub(crate) fn conjuncts(&self) -> &[Self] {
        match self {
            Self::And(all) => all,
            one => slice::from_ref(one),
        }
    }

    pub(crate) fn is_true(&self) -> bool {
        matches!(self, Self::And(all) if all.is_empty())
    }
}

// Tables and columns are `const` data; two are the same when they have the same name in the same table.
impl PartialEq for Table {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl PartialEq for Column {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name && self.json == other.json && self.kind == other.kind
    }
}

impl BitAnd for Filter {
    type Output = Self;
    fn bitand(self, other: Self) -> Self {
        Self(self.0.and(other.0))
    }
}

impl BitOr for Filter {
    type Output = Self;
    fn bitor(self, other: Self) -> Self {
        Self(self.0.or(other.0))
    }
}

impl Not for Filter {
    type Output = Self;
    fn not(self) -> Self {
        Self(Node::Not(Box::new(self.0)))
    }
}

/// What a typed filter can ask of a column. A password column has no answer: such a filter is an error when it runs.
impl<R: Resource, T> Field<R, T> {
    fn compare(self, op: Compare, value: impl Given<T>) -> Filter {
        let column = self.meta();
        asked(column, self.encode(&value.given()).map(|value| Node::Compare(column, op, value)))
    }

    /// `column = value`; never true of NULL.
    pub fn eq(self, value: impl Given<T>) -> Filter {
        self.compare(Compare::Eq, value)
    }

    /// `column <> value`; never true of NULL.
    pub fn neq(self, value: impl Given<T>) -> Filter {
        self.compare(Compare::Neq, value)
    }

    /// `column < value`
    pub fn lt(self, value: impl Given<T>) -> Filter {
        self.compare(Compare::Lt, value)
    }

    /// `column <= value`
    pub fn lte(self, value: impl Given<T>) -> Filter {
        self.compare(Compare::Lte, value)
    }

    /// `column > value`
    pub fn gt(self, value: impl Given<T>) -> Filter {
        self.compare(Compare::Gt, value)
    }

    /// `column >= value`
    pub fn gte(self, value: impl Given<T>) -> Filter {
        self.compare(Compare::Gte, value)
    }

    /// `column IN (values)`; of no values, never true.
    pub fn is_in(self, values: impl IntoIterator<Item = impl Given<T>>) -> Filter {
        let column = self.meta();
        let values: Result<Vec<_>, _> = values.into_iter().map(|v| self.encode(&v.given())).collect();
        asked(column, values.map(|values| Node::In(column, values)))
    }
}

impl<R: Resource, T: FieldType> Field<R, Option<T>> {
    /// `column IS NULL`
    pub fn is_null(self) -> Filter {
        let column = self.meta();
        asked(column, Ok(Node::Is(column, Is::Null)))
    }

    /// `column IS NOT NULL`
    pub fn is_not_null(self) -> Filter {
        let column = self.meta();
        asked(column, Ok(Node::Is(column, Is::NotNull)))
    }
}

/// A filter on a column, unless it is a password, of which nothing can be asked, or the value does not fit.
fn asked(column: &'static Column, node: Result<Node, Invalid>) -> Filter {
    Filter(match node {
        _ if column.secret => Node::Unstorable(column, Invalid::new("is a password; nothing can be asked of it")),
        Ok(node) => node,
        Err(reason) => Node::Unstorable(column, reason),
    })
}
