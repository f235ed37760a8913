//! Statement texts and binds, per dialect: pure.
//!
//! Identifiers come from descriptors alone and are always quoted; values are always bound. Every statement that touches
//! rows demands a [`Scope`](crate::policy::Scope), which only authorization makes.

mod batch;
pub(crate) mod ddl;
pub(crate) mod ident;
mod like;
mod predicate;
mod probe;
mod rows;

pub(crate) use batch::{Key, Seams};
pub(crate) use probe::{dead_token, no_such_row, probe};
pub(crate) use rows::{Page, count, delete, find, insert, select, update};

use crate::{
    column::Column,
    error::{Error, Result},
    value::{Kind, Value},
};

/// Which SQL is spoken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Dialect {
    /// SQLite 3.39 or later; the bundled one is
    Sqlite,
    /// PostgreSQL 14 or later
    Postgres,
}

/// A statement ready to be run: its text, what is bound to it, and the columns that it answers.
#[derive(Clone, Debug)]
pub(crate) struct Statement {
    pub(crate) text: String,
    pub(crate) binds: Vec<(Kind, Value)>,
    pub(crate) output: Vec<&'static Column>,
    /// Whether it looks at a handful of rows by their keys, and at no others.
    pub(crate) by_key: bool,
    /// Where it can be taken apart, if it can be sent together with others.
    pub(crate) seams: Option<Seams>,
}

impl Statement {
    /// A statement that may look at any number of rows.
    pub(crate) fn new(text: String, binds: Vec<(Kind, Value)>, output: Vec<&'static Column>) -> Self {
        Self { text, binds, output, by_key: false, seams: None }
    }
}

/// A statement being written.
pub(crate) struct Sql {
    dialect: Dialect,
    text: String,
    binds: Vec<(Kind, Value)>,
    /// The first value that no database could take; it fails the statement before it is sent.
    error: Option<Error>,
}

impl Sql {
    pub(crate) fn new(dialect: Dialect, start: &str) -> Self {
        Self { dialect, text: start.into(), binds: Vec::new(), error: None }
    }

    pub(crate) fn push(&mut self, text: &str) -> &mut Self {
        self.text.push_str(text);
        self
    }

    /// A quoted identifier.
    pub(crate) fn ident(&mut self, name: &str) -> &mut Self {
        self.push(&ident::Ident(name).to_string())
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
        let n = self.binds.len();
        match (self.dialect, kind) {
            (Dialect::Sqlite, _) => self.push(&format!("?{n}")),
            // Sent as text, so that the stored text is ours to the byte.
            (Dialect::Postgres, Kind::Json) => self.push(&format!("${n}::json")),
            (Dialect::Postgres, _) => self.push(&format!("${n}")),
        }
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
