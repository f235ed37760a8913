//! The statement that makes a row.

use super::{
    Dialect, Sql, Statement,
    batch::{Form, Part, Seams},
};
use crate::{
    column::{Column, Role},
    error::Result,
    filter::Node,
    input::{Changes, Guard},
    policy::Scope,
};

/// `INSERT .. RETURNING` of one row, where the scope, the guards and the references allow it. The first column answered
/// is [`VISIBLE`]: whether the read rule lets the caller see what it made.
///
/// A taken value makes no row rather than an error, so that the transaction goes on and can be asked what was taken.
pub(crate) fn insert(
    dialect: Dialect,
    scope: &Scope,
    changes: &Changes,
    output: Vec<&'static Column>,
) -> Result<Statement> {
    insert_on_conflict(dialect, scope, changes, output, " ON CONFLICT DO NOTHING")
}

/// The same with an error for a taken value: only that says so of an index that nobody knows to ask for.
pub(crate) fn insert_or_fail(
    dialect: Dialect,
    scope: &Scope,
    changes: &Changes,
    output: Vec<&'static Column>,
) -> Result<Statement> {
    let statement = insert_on_conflict(dialect, scope, changes, output, "")?;
    Ok(Statement { seams: None, ..statement })
}

fn insert_on_conflict(
    dialect: Dialect,
    scope: &Scope,
    changes: &Changes,
    output: Vec<&'static Column>,
    on_conflict: &str,
) -> Result<Statement> {
    let mut sql = Sql::new(dialect, "INSERT INTO ");
    sql.ident(scope.table().name);
    let (mut columns, mut values) = (Part::default(), Part::default());
    let key = changes.set.iter().position(|(column, _)| column.role == Role::Id);
    if changes.set.is_empty() && dialect == Dialect::Postgres {
        sql.push(" SELECT");
    } else if changes.set.is_empty() {
        sql.push(" (").ident(scope.table().id().name).push(") SELECT NULL");
    } else {
        sql.push(" (");
        columns = sql.part(|sql| {
            sql.join(&changes.set, ", ", |sql, (column, _)| _ = sql.ident(column.name));
        });
        // A key that was drawn before.
        let numbered = dialect == Dialect::Postgres && key.is_some() && scope.table().has_serial_id();
        sql.push(if numbered { ") OVERRIDING SYSTEM VALUE SELECT " } else { ") SELECT " });
        values = sql.part(|sql| {
            sql.join(&changes.set, ", ", |sql, (column, value)| _ = sql.bind(column.kind, value.clone()));
        });
    }
    sql.push(" WHERE ");
    let condition = sql.part(|sql| {
        sql.predicate(scope.rows(), None);
        for guard in &changes.guards {
            sql.conjunct(&guard_on_insert(scope, guard), None);
        }
        sql.references(scope, changes);
    });
    sql.push(on_conflict).push(" RETURNING ");
    let answer = sql.part(|sql| {
        sql.push("(").predicate(scope.read(), None).push("), ");
        sql.outputs(&output);
    });
    let seams = Seams { table: scope.table(), form: Form::Insert { columns, values, key }, condition, answer };
    let output = std::iter::once(&VISIBLE).chain(output).collect();
    // Without a column there is no array whose length could say how many rows there are.
    let seams = (!changes.set.is_empty()).then_some(seams);
    Ok(Statement { seams, ..sql.finish(output)? })
}

/// What must hold for a guarded column of a new row.
pub(super) fn guard_on_insert(scope: &Scope, _: &Guard) -> Node {
    scope.admin().clone()
}

/// Whether the caller may read the row it made.
pub(crate) static VISIBLE: Column = Column::new::<bool>("visible");
