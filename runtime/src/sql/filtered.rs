//! Writes over every row that a filter means.

use super::{Dialect, Sql, Statement, probe::unique_sets, rows::guard_on_update};
use crate::{
    column::Column,
    error::Result,
    filter::{Compare, Node},
    input::{Changes, Guard, Reason},
    policy::Scope,
};

/// `UPDATE .. RETURNING` of the rows that a filter means; of none, unless every guard holds for all of them.
pub(crate) fn update_where(
    dialect: Dialect,
    scope: &Scope,
    filter: &Node,
    changes: &Changes,
    output: Vec<&'static Column>,
) -> Result<Statement> {
    let table = scope.table();
    let mut sql = Sql::new(dialect, "");
    let unique = unique_sets(table, changes).next().is_some();
    let locked = sql.locking(table, unique, |sql| sql.meant(scope, filter, changes));
    sql.push("UPDATE ").assignments(table, changes);
    match locked {
        Some(condition) => sql.locked(" FROM ", table, &condition),
        None => sql.push(" WHERE ").meant(scope, filter, changes),
    }
    sql.references(scope, changes);
    sql.returning(output)
}

/// The same without anything to change: the rows are read.
pub(crate) fn find_where(
    dialect: Dialect,
    scope: &Scope,
    filter: &Node,
    changes: &Changes,
    output: Vec<&'static Column>,
) -> Result<Statement> {
    let mut sql = Sql::new(dialect, "SELECT ");
    sql.outputs(&output);
    sql.push(" FROM ").ident(scope.table().name).push(" WHERE ").meant(scope, filter, changes);
    sql.finish(output)
}

/// `DELETE .. RETURNING` of the rows that a filter means.
pub(crate) fn delete_where(
    dialect: Dialect,
    scope: &Scope,
    filter: &Node,
    output: Vec<&'static Column>,
) -> Result<Statement> {
    let (table, nothing) = (scope.table(), Changes::default());
    let mut sql = Sql::new(dialect, "");
    let locked = sql.locking(table, true, |sql| sql.meant(scope, filter, &nothing));
    sql.push("DELETE FROM ").ident(table.name);
    match locked {
        Some(condition) => sql.locked(" USING ", table, &condition),
        None => sql.push(" WHERE ").meant(scope, filter, &nothing),
    }
    sql.returning(output)
}

/// What must hold for a guarded column of rows that a filter means. Nobody's own password is among what many share.
pub(super) fn guarded_by(scope: &Scope, guard: &Guard) -> Node {
    let node = guard_on_update(scope, guard);
    match scope.caller().identity() {
        Some(identity) if guard.reason == Reason::Secret && identity.table == scope.table() => {
            node.and(Node::Compare(scope.table().id(), Compare::Neq, identity.key.clone()))
        }
        _ => node,
    }
}

impl Sql {
    /// The rows that are in scope and that the filter means, if they all pass the guards. A guard is asked of the row as
    /// well: of one that it had to wait for, PostgreSQL looks at nothing else anew.
    fn meant(&mut self, scope: &Scope, filter: &Node, changes: &Changes) {
        let table = scope.table();
        let meant = scope.rows().clone().and(filter.clone());
        self.predicate(&meant, Some(table.name));
        let guards: Vec<_> = changes.guards.iter().map(|guard| guarded_by(scope, guard)).collect();
        for guard in &guards {
            self.conjunct(guard, Some(table.name));
        }
        if !guards.is_empty() {
            let failing = meant.and(Node::Not(Box::new(Node::And(guards))));
            self.push(" AND NOT ").any(table, &failing);
        }
    }
}

#[cfg(test)]
mod tests;
