//! The statements over rows.

use super::{
    Dialect, Sql, Statement,
    batch::{Form, Part, Seams},
    probe::unique_sets,
};
use crate::{
    column::{Column, Role},
    error::Result,
    filter::Node,
    input::{Changes, Guard, Reason},
    order::Order,
    policy::Scope,
    table::Table,
    value::{Kind, Value},
};

/// Which part of a list is wanted.
#[derive(Clone, Debug)]
pub(crate) struct Page<'a> {
    pub(crate) filter: &'a Node,
    pub(crate) order: &'a [Order],
    pub(crate) limit: Option<u32>,
    pub(crate) offset: u64,
}

/// `SELECT` of a page.
pub(crate) fn select(
    dialect: Dialect,
    scope: &Scope,
    page: &Page<'_>,
    output: Vec<&'static Column>,
) -> Result<Statement> {
    let mut sql = Sql::new(dialect, "SELECT ");
    sql.outputs(&output);
    sql.over(scope, page.filter);
    if !page.order.is_empty() {
        sql.push(" ORDER BY ").sorted(page.order, None);
    }
    if page.limit.is_some() || page.offset > 0 {
        let offset = i64::try_from(page.offset).unwrap_or(i64::MAX);
        sql.push(" LIMIT ").rows(page.limit.map_or(i64::MAX, i64::from));
        sql.push(" OFFSET ").rows(offset);
    }
    sql.finish(output)
}

/// `SELECT` of one row by its key, where the guards of `changes` allow it and the filter lets it pass.
pub(crate) fn find(
    dialect: Dialect,
    scope: &Scope,
    key: &Value,
    changes: &Changes,
    filter: &Node,
    output: Vec<&'static Column>,
) -> Result<Statement> {
    let mut sql = Sql::new(dialect, "SELECT ");
    sql.outputs(&output);
    sql.push(" FROM ").ident(scope.table().name);
    let form = Form::Find { head: Part { from: 0, to: sql.text.len() } };
    sql.push(" WHERE ");
    let condition = sql.part(|sql| {
        sql.is_row(scope.table(), key);
        sql.conjunct(scope.rows(), None);
        for guard in &changes.guards {
            sql.conjunct(&guard_on_update(scope, guard), None);
        }
        sql.conjunct(filter, Some(scope.table().name));
        sql.conjunct(scope.expected(), None);
    });
    let answer = sql.part(|_| {});
    let seams = Some(Seams { table: scope.table(), form, condition, answer });
    Ok(Statement { by_key: true, seams, ..sql.finish(output)? })
}

/// `SELECT count(*)` of a filter.
pub(crate) fn count(dialect: Dialect, scope: &Scope, filter: &Node) -> Result<Statement> {
    let mut sql = Sql::new(dialect, "SELECT count(*)");
    sql.over(scope, filter);
    sql.finish(vec![&COUNT])
}

/// `UPDATE .. RETURNING` of one row by its key, where the scope, the guards and the references allow it.
pub(crate) fn update(
    dialect: Dialect,
    scope: &Scope,
    key: &Value,
    changes: &Changes,
    output: Vec<&'static Column>,
) -> Result<Statement> {
    let table = scope.table();
    let mut sql = Sql::new(dialect, "UPDATE ");
    sql.assignments(table, changes);
    let unique = unique_sets(table, changes).next().is_some();
    let form = Form::Update { changes: Part { from: 0, to: sql.text.len() }, key: sql.binds.len(), unique };
    sql.push(" WHERE ");
    let condition = sql.part(|sql| {
        sql.is_row(table, key);
        sql.conjunct(scope.rows(), Some(table.name));
        for guard in &changes.guards {
            sql.conjunct(&guard_on_update(scope, guard), Some(table.name));
        }
        sql.conjunct(scope.expected(), Some(table.name));
        sql.references(scope, changes);
    });
    sql.push(" RETURNING ");
    let answer = sql.part(|sql| sql.outputs(&output));
    let seams = Some(Seams { table, form, condition, answer });
    Ok(Statement { seams, ..sql.finish(output)? })
}

/// `DELETE .. RETURNING` of one row by its key.
pub(crate) fn delete(dialect: Dialect, scope: &Scope, key: &Value, output: Vec<&'static Column>) -> Result<Statement> {
    let mut sql = Sql::new(dialect, "DELETE FROM ");
    sql.ident(scope.table().name);
    sql.where_key(scope.table(), key);
    sql.conjunct(scope.rows(), Some(scope.table().name));
    sql.conjunct(scope.expected(), Some(scope.table().name));
    sql.returning(output)
}

/// What must hold for a guarded column of a stored row.
pub(super) fn guard_on_update(scope: &Scope, guard: &Guard) -> Node {
    let same = || Node::Same(guard.column, guard.value.clone());
    match guard.reason {
        Reason::Immutable => same(),
        Reason::Forbidden if guard.column.readable() => scope.admin().clone().or(same()),
        // Equality with a column that the caller may not read would be an oracle.
        Reason::Forbidden | Reason::Secret => scope.admin().clone(),
    }
}

/// The references that changes make, each with the predicate that its target must pass.
pub(super) fn references<'a>(
    scope: &'a Scope,
    changes: &'a Changes,
) -> impl Iterator<Item = (&'static Column, Node)> + 'a {
    changes.set.iter().filter(|(_, value)| *value != Value::Null).filter_map(|(column, value)| {
        let table = (column.references?.table)();
        // The owner column is stamped from the caller, whose row the scope asks for already.
        if scope.is_system() || column.role == Role::Owner {
            return None;
        }
        Some((*column, Node::Exists { table, key: value.clone(), scope: Box::new(scope.read_of(table)) }))
    })
}

static COUNT: Column = Column::new::<i64>("count");

impl Sql {
    /// Where a part of the text begins and ends.
    pub(super) fn part(&mut self, write: impl FnOnce(&mut Self)) -> Part {
        let from = self.text.len();
        write(self);
        Part { from, to: self.text.len() }
    }

    /// The columns of a select list; of nothing, a constant, so that rows can still be counted.
    pub(super) fn outputs(&mut self, output: &[&'static Column]) {
        if output.is_empty() {
            self.push("1");
        }
        self.join(output, ", ", |sql, column| {
            sql.ident(column.name);
        });
    }

    /// The table and what its columns become.
    pub(super) fn assignments(&mut self, table: &Table, changes: &Changes) {
        self.ident(table.name).push(" SET ");
        // A demotion ends the tokens of the row in the same breath; a new password and a deletion always do.
        let always = |column: &Column| column.secret || column.role == Role::DeletedAt;
        let demotion = table.admin().filter(|_| !changes.set.iter().any(|(column, _)| always(column)));
        self.join(&changes.set, ", ", |sql, (column, value)| {
            sql.ident(column.name).push(" = ");
            match demotion {
                Some(admin) if column.role == Role::TokenVersion => {
                    sql.push("CASE WHEN ").ident(admin.name).push(" THEN ").bind(column.kind, value.clone());
                    sql.push(" ELSE ").ident(column.name).push(" END");
                }
                _ => {
                    sql.bind(column.kind, value.clone());
                }
            }
        });
        if let Some(column) = table.with_role(Role::Version) {
            self.push(", ").ident(column.name).push(" = ").ident(column.name).push(" + 1");
        }
    }

    /// Sort keys.
    pub(super) fn sorted(&mut self, order: &[Order], qualifier: Option<&str>) {
        self.join(order, ", ", |sql, key| {
            sql.ordered(key.column, qualifier);
            sql.push(if key.descending { " DESC" } else { " ASC" });
            if key.column.nullable {
                sql.push(if key.nulls_first { " NULLS FIRST" } else { " NULLS LAST" });
            }
        });
    }

    /// A number of rows. SQLite prepares a statement anew for every other bare bound one; a sum is no bare parameter.
    pub(super) fn rows(&mut self, n: i64) {
        let sum = if self.dialect == Dialect::Sqlite { "+0" } else { "" };
        self.bind(Kind::I64, Value::Int(n)).push(sum);
    }

    pub(super) fn over(&mut self, scope: &Scope, filter: &Node) {
        self.push(" FROM ").ident(scope.table().name);
        let all: Vec<_> = scope.rows().conjuncts().iter().chain(filter.conjuncts()).collect();
        if !all.is_empty() {
            self.push(" WHERE ").group(&all, " AND ", Some(scope.table().name));
        }
    }

    fn where_key(&mut self, table: &Table, key: &Value) {
        self.push(" WHERE ").is_row(table, key);
    }

    fn is_row(&mut self, table: &Table, key: &Value) {
        let id = table.id();
        self.column(Some(table.name), id).push(" = ").bind(id.kind, key.clone());
    }

    pub(super) fn conjunct(&mut self, node: &Node, qualifier: Option<&str>) {
        if !node.is_true() {
            self.push(" AND ").predicate(node, qualifier);
        }
    }

    pub(super) fn references(&mut self, scope: &Scope, changes: &Changes) {
        for (_, target) in references(scope, changes) {
            self.conjunct(&target, None);
        }
    }

    pub(super) fn returning(mut self, output: Vec<&'static Column>) -> Result<Statement> {
        self.push(" RETURNING ");
        self.outputs(&output);
        self.finish(output)
    }
}
