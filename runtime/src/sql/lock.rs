//! Rows that are locked before the first of them is written, in the order of their keys. PostgreSQL's alone: SQLite has
//! one writer.
//!
//! A statement takes rows in whatever order its plan has, and two that meet on the same rows in different orders wait for
//! each other, until PostgreSQL ends one of them. Where both begin at the least key, the second waits before it has
//! anything that the first could want. To be locked is not to be written: the statement asks everything once more, of
//! the rows as they are by then.

use super::{
    Dialect, Sql, Statement,
    batch::{Form, element},
    many::NUMBER_COLUMN,
};
use crate::{error::Result, policy::Scope, table::Table, value::Value};

/// The rows that a statement has locked.
pub(super) const LOCKED: &str = "\"_restruct_locked\"";

const KEY: &str = "\"_restruct_key\"";

/// The lock that a write takes anyhow. Others may refer to the row meanwhile, unless it goes or a unique value changes.
pub(super) const fn strength(unique: bool) -> &'static str {
    if unique { "FOR UPDATE" } else { "FOR NO KEY UPDATE" }
}

/// Locks the rows of updates that are sent one after the other, since they have different texts or one of them is sent
/// `apart`; `None` where one statement does it all, and locks by itself.
pub(crate) fn lock(
    dialect: Dialect,
    scope: &Scope,
    statements: &[Statement],
    keys: &[&Value],
    apart: bool,
) -> Result<Option<Statement>> {
    let updates = std::iter::zip(statements, keys).filter_map(|(statement, key)| match statement.seams?.form {
        Form::Update { unique, .. } => Some((statement, unique, *key)),
        Form::Insert { .. } | Form::Find { .. } => None,
    });
    let updates: Vec<_> = updates.collect();
    let several = updates.iter().skip(1).any(|(statement, ..)| apart || statement.text != updates[0].0.text);
    if dialect == Dialect::Sqlite || !several {
        return Ok(None);
    }
    let (table, id) = (scope.table(), scope.table().id());
    let mut sql = Sql::new(dialect, "SELECT count(*) FROM (SELECT 1 FROM ");
    sql.ident(table.name).push(" WHERE ").predicate(scope.rows(), Some(table.name));
    // Arrays are bound behind all else.
    let place = (sql.binds.len() + 1).to_string();
    sql.push(" AND ").column(Some(table.name), id).push(" = ANY($").push(&place);
    sql.push("::").push(element(id.kind)).push("[])");
    sql.in_order(table, updates.iter().any(|(_, unique, _)| *unique));
    sql.push(") AS ").push(LOCKED);
    let keys = updates.into_iter().map(|(.., key)| key.clone()).collect();
    Ok(Some(Statement { arrays: vec![(id.kind, keys)], ..sql.finish(vec![&NUMBER_COLUMN])? }))
}

impl Sql {
    /// Begins a statement by locking the rows of which a condition holds, and gives the text of that; `None` where
    /// nothing has to be locked.
    pub(super) fn locking(&mut self, table: &Table, unique: bool, condition: impl FnOnce(&mut Self)) -> Option<String> {
        if self.dialect == Dialect::Sqlite {
            return None;
        }
        self.push("WITH ").push(LOCKED).push(" (").push(KEY).push(") AS MATERIALIZED (SELECT ");
        self.column(Some(table.name), table.id()).push(" FROM ").ident(table.name).push(" WHERE ");
        let part = self.part(condition);
        self.in_order(table, unique);
        self.push(") ");
        Some(self.text[part.from..part.to].to_owned())
    }

    /// The rows that are locked, and of which the condition still holds. Its text can stand twice: what is bound has
    /// numbers.
    pub(super) fn locked(&mut self, joined: &str, table: &Table, condition: &str) {
        self.push(joined).push(LOCKED).push(" WHERE ").column(Some(table.name), table.id());
        self.push(" = ").push(LOCKED).push(".").push(KEY).push(" AND ").push(condition);
    }

    fn in_order(&mut self, table: &Table, unique: bool) {
        self.push(" ORDER BY ").column(Some(table.name), table.id()).push(" ").push(strength(unique));
    }
}
