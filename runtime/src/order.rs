//! What a list is sorted by.

use crate::{
    column::{Column, Role},
    resource::{Field, Resource},
    table::Table,
};

/// One key that a list is sorted by.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Order {
    pub(crate) column: &'static Column,
    pub(crate) descending: bool,
    pub(crate) nulls_first: bool,
}

impl Order {
    /// By a column, with NULLs where PostgreSQL has them: they count as greater than every value.
    pub(crate) const fn by(column: &'static Column, descending: bool) -> Self {
        Self { column, descending, nulls_first: descending }
    }

    /// With NULLs before everything else.
    #[must_use]
    pub const fn nulls_first(mut self) -> Self {
        self.nulls_first = true;
        self
    }

    /// With NULLs behind everything else.
    #[must_use]
    pub const fn nulls_last(mut self) -> Self {
        self.nulls_first = false;
        self
    }
}

impl<R: Resource, T> Field<R, T> {
    /// Smallest first, NULLs last.
    pub fn asc(self) -> Order {
        Order::by(self.meta(), false)
    }

    /// Greatest first; NULLs, which count as greatest, before them.
    pub fn desc(self) -> Order {
        Order::by(self.meta(), true)
    }
}

/// The keys with the id behind them, so that no two rows are equal and pages never overlap.
pub(crate) fn total(table: &'static Table, mut keys: Vec<Order>) -> Vec<Order> {
    if keys.iter().all(|key| key.column.role != Role::Id) {
        keys.push(Order::by(table.id(), false));
    }
    keys
}
