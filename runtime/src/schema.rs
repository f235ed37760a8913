//! [`Schema`]: all tables of an app together, checked and in the order in which they can be created.

mod checks;
mod order;
mod relations;

use crate::{
    column::Column,
    error::{Error, Result},
    relation::Relations,
    table::Table,
};

/// The tables of an app. Whoever holds one knows that it passed every check that needs more than one struct.
#[derive(Debug)]
pub(crate) struct Schema {
    /// The tables, each after those that it points to; otherwise as they were registered.
    tables: Vec<&'static Table>,
    /// The one that callers sign in to.
    login: Option<&'static Table>,
    /// Foreign keys to a table that comes later, which only a cycle has.
    late: Vec<(&'static str, &'static str)>,
    relations: Relations,
}

impl Schema {
    /// Checks `tables` and puts them in order; the error names every mistake, both sides of it and the way out.
    pub(crate) fn new(tables: &[&'static Table]) -> Result<Self> {
        let mut mistakes = checks::all(tables);
        let relations = relations::all(tables, &mut mistakes);
        if !mistakes.is_empty() {
            return Err(Error::startup(mistakes.join("\n")));
        }
        let login = tables.iter().copied().find(|t| t.login().is_some());
        let (tables, late) = order::by_dependency(tables).map_err(Error::startup)?;
        Ok(Self { tables, login, late, relations })
    }

    /// The tables, each after those that it points to.
    pub(crate) fn tables(&self) -> &[&'static Table] {
        &self.tables
    }

    /// The one that callers sign in to.
    pub(crate) fn login(&self) -> Option<&'static Table> {
        self.login
    }

    /// How they lead to each other.
    pub(crate) fn relations(&self) -> &Relations {
        &self.relations
    }

    /// Whether `column` points to a table that does not exist yet when its own is created.
    pub(crate) fn is_late(&self, table: &Table, column: &Column) -> bool {
        self.late.contains(&(table.name, column.name))
    }
}

/// Whether both are the same resource. By name: the address of a `const` is not unique.
fn same(a: &Table, b: &Table) -> bool {
    a.name == b.name && a.resource == b.resource
}

#[cfg(test)]
pub(crate) mod tests;
