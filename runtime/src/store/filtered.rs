//! Writes over every row that a filter means.

use super::{
    reasons::unexplained,
    referred,
    stamps::{now, stamp_changed},
    verdict,
    whole::At,
};
use crate::{
    auth::password,
    column::Column,
    db::{Db, Lane, Run as _, Session},
    error::{Code, Error, Result},
    filter::Node,
    input::{Changes, Guard},
    policy::Scope,
    row::Row,
    sql::{self, Statement},
    value::{Secret, Value},
};

/// Which rows a write means, and how many at most.
pub(crate) struct Meant<'a> {
    pub(crate) filter: &'a Node,
    pub(crate) most: Option<u64>,
}

/// Changes all of them alike, and answers them in the order of their keys.
pub(crate) async fn update_where(
    at: At<'_>,
    scope: &Scope,
    meant: &Meant<'_>,
    changes: &mut Changes,
    output: Vec<&'static Column>,
) -> Result<Vec<Row>> {
    let dialect = at.session().speaks();
    if changes.set.is_empty() {
        let statement = sql::find_where(dialect, scope, meant.filter, changes, output)?;
        return run(at, scope, meant, changes, (Lane::Read, statement)).await;
    }
    stamp_changed(scope.table(), changes)?;
    let statement = sql::update_where(dialect, scope, meant.filter, changes, output)?;
    run(at, scope, meant, changes, (Lane::Write, statement)).await
}

/// Hashes the passwords of changes, if they have a chance: who may not make them gets no work done.
pub(crate) async fn hash_where(db: &Db, scope: &Scope, meant: &Meant<'_>, changes: &mut Changes) -> Result<()> {
    if changes.set.iter().any(|(_, value)| matches!(value, Value::Secret(Secret(Some(_)))))
        && let Some(error) = ask(db, scope, meant, changes, false).await?
    {
        return Err(error);
    }
    password::hash_all(&mut changes.set, db.bcrypt_cost()).await
}

/// Deletes all of them, and answers them in the order of their keys.
pub(crate) async fn delete_where(
    at: At<'_>,
    scope: &Scope,
    meant: &Meant<'_>,
    output: Vec<&'static Column>,
) -> Result<Vec<Row>> {
    if let Some(column) = scope.table().deleted_at() {
        let mut changes = Changes { set: vec![(column, now()?)], guards: Vec::new() };
        return update_where(at, scope, meant, &mut changes, output).await;
    }
    let statement = sql::delete_where(at.session().speaks(), scope, meant.filter, output)?;
    run(at, scope, meant, &Changes::default(), (Lane::Write, statement)).await.map_err(referred::said)
}

async fn run(
    at: At<'_>,
    scope: &Scope,
    meant: &Meant<'_>,
    changes: &Changes,
    (lane, statement): (Lane, Statement),
) -> Result<Vec<Row>> {
    let done = match meant.most {
        None => at.session().run(lane, statement).await,
        // Nobody knows how many there are before they are changed, so it is undone where they are too many.
        Some(most) => {
            let done = at.whole((lane, statement, most), |(lane, statement, most), tx| {
                Box::pin(async { at_most(*most, tx.run(*lane, statement.clone()).await?) })
            });
            done.await
        }
    };
    match done {
        Ok(mut rows) if !rows.is_empty() => {
            sort(scope, &mut rows);
            Ok(rows)
        }
        Ok(none) => match ask(at.session(), scope, meant, changes, false).await? {
            Some(error) => Err(error),
            None => Ok(none),
        },
        Err(error) => Err(because(at.outside(), scope, meant, changes, error).await),
    }
}

/// A constraint failed, and with it the statement: that it means too many rows is said before which fields are at fault.
async fn because(db: &Db, scope: &Scope, meant: &Meant<'_>, changes: &Changes, error: Error) -> Error {
    if let (Some(most), Code::Unique | Code::ForeignKey | Code::Invalid) = (meant.most, error.code())
        && let Ok(count) = super::count(db, scope, meant.filter).await
        && count > most
    {
        return too_many(most);
    }
    if !unexplained(&error) || referred::is_why(&error, changes) {
        return error;
    }
    match ask(db, scope, meant, changes, true).await {
        Ok(Some(verdict)) => verdict,
        _ => super::undeclared(error),
    }
}

fn at_most(most: u64, rows: Vec<Row>) -> Result<Vec<Row>> {
    if rows.len() as u64 <= most { Ok(rows) } else { Err(too_many(most)) }
}

/// The 400 of a write that would touch more rows than the client expects.
pub(crate) fn too_many(most: u64) -> Error {
    Error::new(Code::MaxAffected, "it would touch more rows than max-affected allows; nothing was changed")
        .details(format!("max-affected is {most}"))
        .hint("narrow the filter, or prefer a greater max-affected")
}

/// What stands in the way of the caller before it matters what else was sent: the token, the rule, or what is guarded.
pub(crate) async fn in_the_way_where(
    session: &dyn Session,
    scope: &Scope,
    meant: &Meant<'_>,
    guards: Vec<Guard>,
) -> Result<Option<Error>> {
    ask(session, scope, meant, &Changes { set: Vec::new(), guards }, false).await
}

async fn ask(
    session: &dyn Session,
    scope: &Scope,
    meant: &Meant<'_>,
    changes: &Changes,
    conflict: bool,
) -> Result<Option<Error>> {
    verdict(session, sql::probe_where(session.speaks(), scope, meant.filter, changes, conflict)?).await
}

/// In no order do rows come back from a write; both databases shall answer the same.
fn sort(scope: &Scope, rows: &mut [Row]) {
    let id = scope.table().id().name;
    rows.sort_by_key(|row| match row.get(id) {
        Some(Value::Int(id)) => (*id, None),
        Some(Value::Uuid(id)) => (0, Some(*id)),
        _ => (0, None),
    });
}
