//! Rows in and out of the database under a scope: what the handlers, the typed calls and the command line share.

mod filtered;
mod many;
mod nested;
mod reasons;
mod referred;
mod stamps;
mod standing;
mod upsert;
mod whole;

use self::stamps::now;
pub(crate) use self::{
    filtered::{Meant, delete_where, hash_where, in_the_way_where, too_many, update_where},
    many::{hash_rows, insert_many, update_each},
    nested::{Kin, hash_kin, insert_kin},
    reasons::in_the_way_of_each,
    stamps::{ends_tokens, stamp_changed, stamp_new},
    standing::{found, stands},
    upsert::{Became, Sent, Upsert, hash_sent, upsert},
    whole::{At, together},
};
use crate::{
    auth::password,
    column::Column,
    db::{Lane, Session},
    error::{Code, Error, Result},
    filter::Node,
    input::{Changes, Guard, Reason},
    policy::{self, Scope},
    row::Row,
    sql::{self, Page, Probe, Statement},
    table::Table,
    value::{Secret, Value},
};

/// A row that was made.
pub(crate) struct Made {
    pub(crate) row: Row,
    /// Whether its maker may read it.
    pub(crate) visible: bool,
}

/// Inserts one row.
pub(crate) async fn insert(
    session: &dyn Session,
    scope: &Scope,
    changes: &mut Changes,
    output: Vec<&'static Column>,
) -> Result<Made> {
    hash(session, scope, None, changes).await?;
    stamp_new(scope, changes)?;
    let mut done = session.run(Lane::Write, sql::insert(session.speaks(), scope, changes, output.clone())?).await;
    if is_none(&done) {
        nothing_is_in_the_way(session, scope, None, changes).await?;
        done = session.run(Lane::Write, sql::insert_or_fail(session.speaks(), scope, changes, output)?).await;
    }
    let mut row = the_one(session, scope, None, changes, done).await?;
    Ok(Made { visible: row.take_flag(), row })
}

/// Hashes the passwords of some changes, if they have a chance: who may not make them gets no work done. Called again it
/// does nothing, so that a batch can be hashed before its transaction begins.
pub(crate) async fn hash(
    session: &dyn Session,
    scope: &Scope,
    key: Option<&Value>,
    changes: &mut Changes,
) -> Result<()> {
    let clear = changes.set.iter().any(|(_, value)| matches!(value, Value::Secret(Secret(Some(_)))));
    if clear
        && !scope.is_system()
        && let Some(error) = ask(session, scope, key, changes).await?
    {
        return Err(error);
    }
    password::hash_all(&mut changes.set, session.bcrypt_cost()).await
}

/// Changes one row; without anything to change it is only read.
pub(crate) async fn update(
    session: &dyn Session,
    scope: &Scope,
    key: &Value,
    changes: &mut Changes,
    output: Vec<&'static Column>,
) -> Result<Row> {
    hash(session, scope, Some(key), changes).await?;
    if !changes.set.is_empty() {
        stamp_changed(scope.table(), changes)?;
    }
    let changes = &*changes;
    let statement = |output| match changes.set.as_slice() {
        [] => Ok((Lane::Read, sql::find(session.speaks(), scope, key, changes, &Node::TRUE, output)?)),
        _ => Ok((Lane::Write, sql::update(session.speaks(), scope, key, changes, output)?)),
    };
    twice(session, scope, key, changes, output, statement).await
}

/// Deletes one row and answers it; where the table keeps deleted rows, it is stamped as one.
pub(crate) async fn delete(
    session: &dyn Session,
    scope: &Scope,
    key: &Value,
    output: Vec<&'static Column>,
) -> Result<Row> {
    let Some(column) = scope.table().deleted_at() else { return erase(session, scope, key, output).await };
    let mut changes = Changes { set: vec![(column, now()?)], guards: Vec::new() };
    update(session, scope, key, &mut changes, output).await
}

/// Takes one row out of its table and answers it.
pub(crate) async fn erase(
    session: &dyn Session,
    scope: &Scope,
    key: &Value,
    output: Vec<&'static Column>,
) -> Result<Row> {
    let statement = |output| Ok((Lane::Write, sql::delete(session.speaks(), scope, key, output)?));
    twice(session, scope, key, &Changes::default(), output, statement).await.map_err(referred::said)
}

/// Replaces a stored hash by a stronger one of the same password, unless the password has changed meanwhile. No token
/// ends by it.
pub(crate) async fn rehash(
    session: &dyn Session,
    table: &'static Table,
    key: &Value,
    column: &'static Column,
    [old, new]: [String; 2],
) -> Result<()> {
    let unchanged = Guard { column, reason: Reason::Immutable, value: Value::Text(old) };
    let changes = Changes { set: vec![(column, Value::Text(new))], guards: vec![unchanged] };
    let statement = sql::update(session.speaks(), &policy::system(table), key, &changes, vec![])?;
    session.run(Lane::Write, statement).await.map(drop)
}

/// The rows of a page.
pub(crate) async fn rows(
    session: &dyn Session,
    scope: &Scope,
    page: &Page<'_>,
    output: Vec<&'static Column>,
) -> Result<Vec<Row>> {
    let rows = session.run(Lane::Read, sql::select(session.speaks(), scope, page, output)?).await?;
    if rows.is_empty() {
        nothing_seen(session, scope).await?;
    }
    Ok(rows)
}

/// How many rows pass a filter.
pub(crate) async fn count(session: &dyn Session, scope: &Scope, filter: &Node) -> Result<u64> {
    let rows = session.run(Lane::Read, sql::count(session.speaks(), scope, filter)?).await?;
    match rows.first().and_then(|row| row.values().first()) {
        Some(Value::Int(0)) => nothing_seen(session, scope).await.map(|()| 0),
        Some(Value::Int(n)) => u64::try_from(*n).map_err(Error::internal),
        _ => Err(Error::internal("count(*) answered no number")),
    }
}

/// Nothing came back: was it because the token is dead, or the caller excluded?
pub(crate) async fn nothing_seen(session: &dyn Session, scope: &Scope) -> Result<()> {
    if !scope.caller().is_known() {
        return Ok(());
    }
    match ask(session, scope, None, &Changes::default()).await? {
        Some(error) => Err(error),
        None => Ok(()),
    }
}

/// Runs a statement over one row, and once more where it touched none and nothing is in its way: what was may be gone.
async fn twice(
    session: &dyn Session,
    scope: &Scope,
    key: &Value,
    changes: &Changes,
    output: Vec<&'static Column>,
    statement: impl Fn(Vec<&'static Column>) -> Result<(Lane, Statement)>,
) -> Result<Row> {
    let (lane, first) = statement(output.clone())?;
    let mut done = session.run(lane, first).await;
    if is_none(&done) {
        nothing_is_in_the_way(session, scope, Some(key), changes).await?;
        done = session.run(lane, statement(output)?.1).await;
    }
    the_one(session, scope, Some(key), changes, done).await
}

fn is_none(done: &Result<Vec<Row>>) -> bool {
    done.as_ref().is_ok_and(Vec::is_empty)
}

/// No row came back: why? Asked of one row by its key, or of one that should have been made.
async fn nothing_is_in_the_way(
    session: &dyn Session,
    scope: &Scope,
    key: Option<&Value>,
    changes: &Changes,
) -> Result<()> {
    ask(session, scope, key, changes).await?.map_or(Ok(()), Err)
}

/// The row that came back, or why none did.
async fn the_one(
    session: &dyn Session,
    scope: &Scope,
    key: Option<&Value>,
    changes: &Changes,
    done: Result<Vec<Row>>,
) -> Result<Row> {
    match done {
        Ok(mut rows) => match rows.pop() {
            Some(row) => Ok(row),
            None => Err(nothing_is_in_the_way(session, scope, key, changes).await.err().unwrap_or_else(dropped)),
        },
        Err(error) => Err(because(session, scope, key, changes, error).await),
    }
}

/// The 500 of a row that the database passes over.
fn dropped() -> Error {
    Error::internal("the database passed over a row that nothing is in the way of; a trigger of its own may do that")
}

/// No row with this key came back that passes a filter: why? One that does not pass is not there.
pub(crate) async fn why_none(session: &dyn Session, scope: &Scope, key: &Value, filter: &Node) -> Error {
    match ask(session, scope, Some(key), &Changes::default()).await {
        Ok(None) if !filter.is_true() => sql::no_such_row().settled(),
        Ok(Some(error)) | Err(error) => error,
        Ok(None) => changed_meanwhile(),
    }
}

fn changed_meanwhile() -> Error {
    Error::new(Code::Unavailable, "the row changed at the same moment").hint("send the request again")
}

/// A constraint failed: which fields are at fault?
async fn because(session: &dyn Session, scope: &Scope, key: Option<&Value>, changes: &Changes, error: Error) -> Error {
    if !matches!(error.code(), Code::Unique | Code::ForeignKey) || referred::is_why(&error, changes) {
        return error;
    }
    // A transaction that PostgreSQL has given up answers no more questions.
    let verdict = match ask(session, scope, key, changes).await {
        Err(_) => ask(session.outside(), scope, key, changes).await,
        verdict => verdict,
    };
    verdict.ok().flatten().unwrap_or_else(|| undeclared(error))
}

/// The 409 of a unique index that somebody made by hand: no field is known to be at fault.
fn undeclared(error: Error) -> Error {
    if error.code() != Code::Unique {
        return error;
    }
    tracing::warn!(%error, "a unique index stands in the way that no struct declares");
    error.details("no field of this API is taken; the database may have a unique index of its own")
}

/// What stands in the way of the caller before it matters what else was sent: the token, the row, the rule, or what is
/// guarded.
pub(crate) async fn in_the_way(
    session: &dyn Session,
    scope: &Scope,
    key: Option<&Value>,
    guards: Vec<Guard>,
) -> Result<Option<Error>> {
    ask(session, scope, key, &Changes { set: Vec::new(), guards }).await
}

async fn ask(session: &dyn Session, scope: &Scope, key: Option<&Value>, changes: &Changes) -> Result<Option<Error>> {
    verdict(session, sql::probe(session.speaks(), scope, key, changes)?).await
}

async fn verdict(session: &dyn Session, (probe, statement): (Probe, Statement)) -> Result<Option<Error>> {
    let rows = session.run(Lane::Read, statement).await?;
    let answers = rows.first().map(Row::values).ok_or_else(|| Error::internal("a probe answered no row"))?;
    Ok(probe.verdict(answers))
}
