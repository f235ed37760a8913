//! The one row that a relation leads to, read together with each row that it leads from: for PostgreSQL, to which every
//! statement is a journey.

use std::sync::Arc;

use super::{Dialect, Sql, Statement, each_once};
use crate::{
    column::{Column, Role},
    error::Result,
    filter::Node,
    order::Order,
    policy::Scope,
    relation::Relation,
};

/// What is read beside every row: nothing, or the row that a relation leads to.
#[derive(Clone, Debug)]
pub(crate) struct Join {
    pub(crate) relation: Arc<Relation>,
    /// Which rows of the other table may be seen, and which are wanted.
    pub(crate) scope: Scope,
    pub(crate) filter: Node,
    pub(crate) columns: Vec<&'static Column>,
}

/// The rows of a statement in its order, each with what is joined to it: the columns of `output`, and of each join the
/// key, which is NULL where there is nothing, and its columns.
///
/// The statement itself decides which rows there are, and the join adds none and takes none away: it is a subquery whose
/// limit stays within, and a relation leads to one row at most.
pub(crate) fn joined(
    dialect: Dialect,
    joins: &[Join],
    order: &[Order],
    mut output: Vec<&'static Column>,
    rows: impl FnOnce(Vec<&'static Column>) -> Result<Statement>,
) -> Result<Statement> {
    if joins.is_empty() {
        return rows(output);
    }
    let here = joins.iter().map(|join| join.relation.here);
    let page = rows(each_once(output.iter().copied().chain(order.iter().map(|key| key.column)).chain(here)))?;
    let mut sql = Sql { binds: page.binds, ..Sql::new(dialect, "SELECT ") };
    let mut qualified: Vec<_> = output.iter().map(|column| (PAGE.to_owned(), *column)).collect();
    for (n, join) in joins.iter().enumerate() {
        qualified.extend(join.output().map(|column| (alias(n), column)));
        output.extend(join.output());
    }
    sql.join(qualified, ", ", |sql, (table, column)| _ = sql.column(Some(&table), column));
    sql.push(" FROM (").push(&page.text).push(") AS ").ident(PAGE);
    for (n, join) in joins.iter().enumerate() {
        sql.one_beside(join, &alias(n));
    }
    if !order.is_empty() {
        sql.push(" ORDER BY ").sorted(order, Some(PAGE));
    }
    Ok(Statement { by_key: page.by_key, ..sql.finish(output)? })
}

const PAGE: &str = "page";

/// What the table of a join is called, whatever else it is in the statement.
fn alias(n: usize) -> String {
    format!("joined{}", n + 1)
}

impl Join {
    fn output(&self) -> impl Iterator<Item = &'static Column> {
        std::iter::once(self.relation.there).chain(self.columns.iter().copied())
    }
}

impl Sql {
    /// PostgreSQL would rather read the whole table once than a few rows by their keys, as long as it is small, and sort
    /// the page anew. A limit keeps it from that.
    fn one_beside(&mut self, join: &Join, alias: &str) {
        debug_assert!(!join.relation.many && join.relation.there.role == Role::Id, "a key leads to one row at most");
        let table = join.scope.table().name;
        self.push(" LEFT JOIN LATERAL (SELECT ");
        self.join(each_once(join.output()), ", ", |sql, column| _ = sql.column(Some(alias), column));
        self.push(" FROM ").ident(table).push(" AS ").ident(alias).push(" WHERE ");
        self.column(Some(alias), join.relation.there).push(" = ").column(Some(PAGE), join.relation.here);
        for node in join.scope.rows().conjuncts().iter().chain(join.filter.conjuncts()) {
            self.push(" AND ").predicate(node, Some(alias));
        }
        self.push(" LIMIT 1) AS ").ident(alias).push(" ON TRUE");
    }
}

#[cfg(test)]
mod tests;
