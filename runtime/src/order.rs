//! What a list is sorted by.

use crate::{
    column::{Column, Role},
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
}

/// The keys with the id behind them, so that no two rows are equal and pages never overlap.
pub(crate) fn total(table: &'static Table, mut keys: Vec<Order>) -> Vec<Order> {
    if keys.iter().all(|key| key.column.role != Role::Id) {
        keys.push(Order::by(table.id(), false));
    }
    keys
}
