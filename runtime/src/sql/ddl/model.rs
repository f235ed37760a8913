//! What stands in the database, as data. No text yet, but for what one column says of itself.

use crate::column::OnDelete;

/// A table with everything that belongs to it.
#[derive(Debug)]
pub(super) struct TableDef {
    pub(super) name: &'static str,
    /// The column that is its primary key.
    pub(super) key: &'static str,
    pub(super) columns: Vec<ColumnDef>,
    /// Those that the database computes. Each is added by a statement of its own, so that an expression that is refused is
    /// known by its column.
    pub(super) computed: Vec<ColumnDef>,
    pub(super) constraints: Vec<Constraint>,
    /// Foreign keys to tables that do not exist yet; they are added when all do.
    pub(super) late: Vec<Constraint>,
    pub(super) indexes: Vec<Index>,
    /// Where SQLite has the words of its texts.
    pub(super) search: Option<SearchTable>,
}

/// A column: everything after its name.
#[derive(Debug)]
pub(super) struct ColumnDef {
    pub(super) name: &'static str,
    pub(super) definition: String,
    /// What the database says of it when it is asked; see [`catalogue`](super::catalogue).
    pub(super) told: String,
    /// What shows that it can be had; see [`Object::trial`](super::Object::trial).
    pub(super) trial: Vec<String>,
}

/// A named constraint of a table.
#[derive(Debug)]
pub(super) struct Constraint {
    pub(super) name: String,
    pub(super) columns: Vec<&'static str>,
    pub(super) rule: Rule,
}

/// What a [`Constraint`] asks of its columns.
#[derive(Debug)]
pub(super) enum Rule {
    PrimaryKey,
    Unique,
    Check(String),
    ForeignKey { table: &'static str, key: &'static str, on_delete: OnDelete },
}

/// An index that is not a constraint's.
#[derive(Debug)]
pub(super) struct Index {
    pub(super) name: String,
    pub(super) columns: Vec<&'static str>,
    pub(super) kind: IndexKind,
    /// The column that takes a row out of the index when it is not NULL.
    pub(super) live: Option<&'static str>,
}

/// A table of FTS5's, and the triggers that keep it.
#[derive(Debug)]
pub(super) struct SearchTable {
    pub(super) name: String,
    pub(super) columns: Vec<&'static str>,
    /// The column that numbers the rows.
    pub(super) row: &'static str,
}

/// What an [`Index`] is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum IndexKind {
    /// Speed alone.
    Plain,
    /// No two rows of those that are in it may share the values.
    Unique,
    /// No two rows may share the value in whatever ASCII case.
    FoldedUnique,
    /// The words of the columns, each by an expression.
    Words(Vec<String>),
}

impl ColumnDef {
    /// A column that needs no trial.
    pub(super) fn new(name: &'static str, definition: String, told: String) -> Self {
        Self { name, definition, told, trial: Vec::new() }
    }
}
