//! Statement texts and binds, per dialect: pure.
//!
//! Identifiers come from descriptors alone and are always quoted; values are always bound. Every statement that touches
//! rows demands a [`Scope`](crate::policy::Scope), which only authorization makes.

#[cfg_attr(
    not(any(feature = "postgres", feature = "bench-internals")),
    expect(dead_code, reason = "only PostgreSQL is sent batches")
)]
mod batch;
pub(crate) mod ddl;
mod embed;
mod filtered;
pub(crate) mod ident;
mod insert;
mod join;
mod keyset;
mod like;
mod lock;
mod many;
mod predicate;
mod probe;
mod rows;
mod search;

#[cfg(feature = "postgres")]
pub(crate) use batch::Key;
pub(crate) use batch::Seams;
pub(crate) use embed::{Embedding, embedded};
pub(crate) use filtered::{delete_where, find_where, update_where};
pub(crate) use insert::{insert, insert_or_fail};
pub(crate) use join::{Join, joined};
pub(crate) use keyset::list;
pub(crate) use lock::lock;
pub(crate) use many::{draw, many, numbered};
pub(crate) use probe::{Probe, dead_token, forbidden, lookup, no_such_row, probe, probe_where};
pub(crate) use rows::{Page, count, delete, find, select, update};

use std::borrow::Cow;

use crate::{
    column::Column,
    error::{Error, Result},
    output::{Room, Shape},
    value::{Kind, Value},
};

/// Which SQL is spoken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Dialect {
    /// SQLite 3.41 or later; the bundled one is
    Sqlite,
    /// PostgreSQL 14 or later
    Postgres,
}

/// A statement ready to be run: its text, what is bound to it, and the columns that it answers.
#[derive(Clone, Debug)]
pub(crate) struct Statement {
    pub(crate) text: String,
    pub(crate) binds: Vec<(Kind, Value)>,
    /// What is bound behind that as arrays, which PostgreSQL alone has.
    pub(crate) arrays: Vec<(Kind, Vec<Value>)>,
    pub(crate) output: Vec<&'static Column>,
    /// What becomes of the columns in JSON; nothing: each is shown under its own name.
    pub(crate) shape: Option<Box<Shape>>,
    /// Whether it looks at a handful of rows by their keys, and at no others.
    pub(crate) by_key: bool,
    /// Where it can be taken apart, if it can be sent together with others.
    pub(crate) seams: Option<Seams>,
    /// How much its rows may take.
    pub(crate) room: Room,
}

impl Statement {
    /// A statement that may look at any number of rows.
    pub(crate) fn new(text: String, binds: Vec<(Kind, Value)>, output: Vec<&'static Column>) -> Self {
        Self { text, binds, arrays: Vec::new(), output, shape: None, by_key: false, seams: None, room: Room::ENDLESS }
    }

    /// The same, whose rows become JSON of this shape: the leading columns are shown, the rest is told if at all.
    pub(crate) fn shaped(self, shape: Shape) -> Self {
        debug_assert!(shape.shown() <= self.output.len(), "a shape shows columns of its statement");
        Self { shape: Some(Box::new(shape)), ..self }
    }

    /// The shape that its rows have in JSON.
    pub(crate) fn json_shape(&self) -> Cow<'_, Shape> {
        match &self.shape {
            Some(shape) => Cow::Borrowed(shape),
            None => Cow::Owned(Shape::new(self.output.iter().copied())),
        }
    }

    /// About how many bytes are bound to it.
    #[cfg(feature = "postgres")]
    pub(crate) fn weight(&self) -> usize {
        self.binds.iter().map(|(_, value)| value.weight()).sum()
    }
}

/// A statement being written.
pub(crate) struct Sql {
    dialect: Dialect,
    text: String,
    binds: Vec<(Kind, Value)>,
    /// Whether what is being written stands below a NOT, where it matters whether it is false or unknown.
    negated: bool,
    /// The first value that no database could take; it fails the statement before it is sent.
    error: Option<Error>,
    /// How many predicates over related rows stand around what is written.
    depth: usize,
}

impl Sql {
    pub(crate) fn new(dialect: Dialect, start: &str) -> Self {
        // Nearly every statement fits; growing step by step costs more than writing.
        let mut text = String::with_capacity(1024);
        text.push_str(start);
        Self { dialect, text, binds: Vec::with_capacity(16), negated: false, error: None, depth: 0 }
    }

    pub(crate) fn push(&mut self, text: &str) -> &mut Self {
        self.text.push_str(text);
        self
    }

    /// A quoted identifier.
    pub(crate) fn ident(&mut self, name: &str) -> &mut Self {
        // Not by `to_string`, which allocates; writing to a String cannot fail.
        let _ = ident::Ident(name).write(&mut self.text);
        self
    }

    /// A column, qualified where a qualifier is given.
    pub(crate) fn column(&mut self, qualifier: Option<&str>, column: &Column) -> &mut Self {
        if let Some(table) = qualifier {
            self.ident(table).push(".");
        }
        self.ident(column.name)
    }

    /// A placeholder for a value.
    pub(crate) fn bind(&mut self, kind: Kind, value: Value) -> &mut Self {
        if let Value::Secret(_) = value {
            self.error = Some(Error::internal("a password reached SQL without being hashed"));
        }
        self.binds.push((kind, value));
        self.text.push(if self.dialect == Dialect::Sqlite { '?' } else { '$' });
        self.number(self.binds.len());
        // Sent as text, so that the stored text is ours to the byte.
        if self.dialect == Dialect::Postgres && kind == Kind::Json { self.push("::json") } else { self }
    }

    /// A number. The formatter of the standard library takes ten times as long, and there is one for every bind.
    fn number(&mut self, n: usize) {
        if n > 9 {
            self.number(n / 10);
        }
        self.text.push(char::from(b"0123456789"[n % 10]));
    }

    /// A list with a separator between its items.
    pub(crate) fn join<T>(
        &mut self,
        items: impl IntoIterator<Item = T>,
        separator: &str,
        mut each: impl FnMut(&mut Self, T),
    ) -> &mut Self {
        for (i, item) in items.into_iter().enumerate() {
            if i > 0 {
                self.push(separator);
            }
            each(self, item);
        }
        self
    }

    pub(crate) fn finish(self, output: Vec<&'static Column>) -> Result<Statement> {
        match self.error {
            Some(error) => Err(error),
            None => Ok(Statement::new(self.text, self.binds, output)),
        }
    }
}

/// Some columns of one table, each of them once.
fn each_once(columns: impl Iterator<Item = &'static Column>) -> Vec<&'static Column> {
    let mut columns: Vec<_> = columns.collect();
    columns.sort_by_key(|column| column.name);
    columns.dedup_by_key(|column| column.name);
    columns
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        filter::{Identity, Is, Node},
        fixture::{THINGS, USERS, named},
        policy::{self, Caller},
        table::Action,
    };

    #[test]
    fn binds_are_numbered_from_one() {
        for (dialect, last) in [(Dialect::Sqlite, "?1234"), (Dialect::Postgres, "$1234")] {
            let mut sql = Sql::new(dialect, "");
            sql.join(1..=1234, " ", |sql, n| _ = sql.bind(Kind::I64, Value::Int(n)));
            let text = sql.finish(Vec::new()).unwrap().text;
            let numbers: Vec<i64> = text.split(' ').map(|word| word[1..].parse().unwrap()).collect();
            assert_eq!(numbers, (1..=1234).collect::<Vec<_>>());
            assert!(text.ends_with(last), "{text}");
        }
    }

    #[test]
    fn a_filter_stands_beside_the_scope_without_needless_parentheses() {
        let done = || Node::Is(named(&THINGS, "done"), Is::True);
        let either = || Node::Or(vec![done(), Node::Not(Box::new(done()))]);
        let known = Caller::known(Identity { table: &USERS, key: Value::Int(7), version: 1 });
        let of = |caller: &Caller, filter: Node| {
            let scope = policy::authorize(&THINGS, Action::Read, caller).unwrap();
            let page = Page { filter: &filter, order: &[], limit: None, offset: 0 };
            let text = select(Dialect::Sqlite, &scope, &page, Vec::new()).unwrap().text;
            text.strip_prefix("SELECT 1 FROM \"things\"").unwrap().replace("\"things\".", "").replace('"', "")
        };
        let alive = "EXISTS (SELECT 1 FROM users AS caller WHERE caller.id = ?1 AND caller._ver = ?2)";
        assert_eq!(of(&Caller::ANONYMOUS, Node::TRUE), "");
        assert_eq!(of(&Caller::ANONYMOUS, done()), " WHERE done IS TRUE");
        assert_eq!(of(&Caller::ANONYMOUS, either()), " WHERE (done IS TRUE OR NOT (done IS TRUE))");
        assert_eq!(of(&Caller::ANONYMOUS, done().and(done())), " WHERE (done IS TRUE AND done IS TRUE)");
        assert_eq!(of(&known, Node::TRUE), format!(" WHERE {alive}"));
        assert_eq!(of(&known, done().and(done())), format!(" WHERE ({alive} AND done IS TRUE AND done IS TRUE)"));
    }

    #[test]
    fn json_is_cast_on_postgresql() {
        let mut sql = Sql::new(Dialect::Postgres, "");
        sql.bind(Kind::Json, Value::Null);
        assert_eq!(sql.finish(Vec::new()).unwrap().text, "$1::json");
    }
}
