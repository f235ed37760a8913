//! Rows in and out of the database under a scope: what the handlers, the typed calls and the command line share.

mod filtered;
mod many;
mod nested;
mod reasons;
mod standing;
mod upsert;
mod whole;

use chrono::Utc;
use uuid::Uuid;

pub(crate) use self::{
    filtered::{Meant, delete_where, hash_where, in_the_way_where, too_many, update_where},
    many::{hash_rows, insert_many, update_each},
    nested::{Kin, hash_kin, insert_kin},
    reasons::in_the_way_of_each,
    standing::{found, stands},
    upsert::{Became, Sent, Upsert, hash_sent, upsert},
    whole::{At, together},
};
use crate::{
    auth::password,
    column::{Column, Role},
    db::{Lane, Session},
    error::{Code, Error, Result},
    filter::Node,
    input::{Changes, Guard, Reason},
    policy::{self, Scope},
    row::Row,
    sql::{self, Page, Probe, Statement},
    table::{TOKEN_VERSION, Table},
    value::{FieldType as _, Kind, Secret, Value},
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
    let statement = sql::insert(session.speaks(), scope, changes, output)?;
    match session.run(Lane::Write, statement).await {
        Ok(mut rows) => match rows.pop() {
            Some(mut row) => Ok(Made { visible: row.take_flag(), row }),
            None => Err(why(session, scope, None, changes).await),
        },
        Err(error) => Err(because(session, scope, None, changes, error).await),
    }
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
    let (lane, statement) = if changes.set.is_empty() {
        (Lane::Read, sql::find(session.speaks(), scope, key, changes, &Node::TRUE, output)?)
    } else {
        stamp_changed(scope.table(), changes)?;
        (Lane::Write, sql::update(session.speaks(), scope, key, changes, output)?)
    };
    match session.run(lane, statement).await {
        Ok(mut rows) => match rows.pop() {
            Some(row) => Ok(row),
            None => Err(why(session, scope, Some(key), changes).await),
        },
        Err(error) => Err(because(session, scope, Some(key), changes, error).await),
    }
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
    let statement = sql::delete(session.speaks(), scope, key, output)?;
    match session.run(Lane::Write, statement).await?.pop() {
        Some(row) => Ok(row),
        None => Err(why(session, scope, Some(key), &Changes::default()).await),
    }
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

/// No row came back: why? Asked of one row by its key, or of one that should have been made.
pub(crate) async fn why(session: &dyn Session, scope: &Scope, key: Option<&Value>, changes: &Changes) -> Error {
    match ask(session, scope, key, changes).await {
        Ok(Some(error)) | Err(error) => error,
        Ok(None) => changed_meanwhile(),
    }
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
    if !matches!(error.code(), Code::Unique | Code::ForeignKey) {
        return error;
    }
    // A transaction that PostgreSQL has given up answers no more questions.
    let verdict = match ask(session, scope, key, changes).await {
        Err(_) => ask(session.outside(), scope, key, changes).await,
        verdict => verdict,
    };
    verdict.ok().flatten().unwrap_or(error)
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

/// Fills in what the framework keeps of a new row.
pub(crate) fn stamp_new(scope: &Scope, changes: &mut Changes) -> Result<()> {
    let table = scope.table();
    let now = now()?;
    let set = &mut changes.set;
    for column in table.stored() {
        let given = set.iter().any(|(c, _)| c.name == column.name);
        let value = match column.role {
            Role::Id if column.kind == Kind::Uuid && !given => Value::Uuid(Uuid::now_v7()),
            Role::Owner if !scope.is_system() => scope.stamp(),
            Role::CreatedAt | Role::UpdatedAt if !given => now.clone(),
            Role::Version if !given => Value::Int(1),
            Role::TokenVersion => random_version()?,
            _ => continue,
        };
        set.retain(|(c, _)| c.name != column.name);
        set.push((column, value));
    }
    Ok(())
}

/// Fills in what the framework keeps of a changed row.
pub(crate) fn stamp_changed(table: &'static Table, changes: &mut Changes) -> Result<()> {
    if let Some(column) = table.with_role(Role::UpdatedAt) {
        changes.set.retain(|(c, _)| c.role != Role::UpdatedAt);
        changes.set.push((column, now()?));
    }
    if ends_tokens(table, changes) {
        changes.set.retain(|(c, _)| c.role != Role::TokenVersion);
        changes.set.push((&TOKEN_VERSION, random_version()?));
    }
    Ok(())
}

/// Whether changes may end the tokens of the row that they are made to: which demotes, only the database knows.
pub(crate) fn ends_tokens(table: &Table, changes: &Changes) -> bool {
    changes.set.iter().any(|(column, value)| match column.role {
        Role::Admin => *value != Value::Bool(true),
        // For good: no token of before is good for a row that comes back.
        Role::DeletedAt => table.login().is_some(),
        _ => column.secret,
    })
}

fn now() -> Result<Value> {
    Utc::now().to_value().map_err(Error::internal)
}

fn random_version() -> Result<Value> {
    let bits = getrandom::u64().map_err(Error::internal)?;
    Ok(Value::Int((bits >> 1).cast_signed()))
}
