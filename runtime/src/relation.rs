//! How tables lead to each other: what a client may embed.

use std::{collections::HashMap, sync::Arc};

use crate::{column::Column, table::Table};

/// A way from the rows of one table to those of another, or of the same.
#[derive(Debug, PartialEq)]
pub(crate) struct Relation {
    pub(crate) name: String,
    /// Where it leads.
    pub(crate) table: &'static Table,
    /// The column of the table it starts from.
    pub(crate) here: &'static Column,
    /// The column that has the same value in the rows it leads to.
    pub(crate) there: &'static Column,
    /// Whether it leads to any number of rows, and not to one at most.
    pub(crate) many: bool,
}

impl Relation {
    /// Whether its rows can be made together with the row they belong to.
    pub(crate) fn nested(&self) -> bool {
        self.many && self.there.references.is_some_and(|reference| reference.nested)
    }
}

/// The relations of every table.
#[derive(Debug, Default)]
pub(crate) struct Relations(HashMap<&'static str, Vec<Arc<Relation>>>);

impl Relations {
    /// Those that start from a table.
    pub(crate) fn of(&self, table: &Table) -> &[Arc<Relation>] {
        self.0.get(table.name).map_or(&[], Vec::as_slice)
    }

    pub(crate) fn add(&mut self, from: &Table, relation: Relation) {
        self.0.entry(from.name).or_default().push(Arc::new(relation));
    }
}
