//! Many rows of one request: in few statements, and all of them or none.

use std::collections::HashMap;

use super::{
    Made,
    reasons::{alike, ask, because, known, new, unexplained, why},
    stamps::{ends_tokens, stamp_changed, stamp_new},
    whole::At,
};
use crate::{
    auth::password,
    column::{Column, Role},
    db::{Lane, Session, Tx},
    error::{Error, Result},
    filter::Node,
    input::Changes,
    policy::Scope,
    row::Row,
    sql::{self, Statement},
    text,
    value::{Secret, Value},
};

/// Inserts rows, and answers them in their order. Errors are keyed by the number of the row.
pub(crate) async fn insert_many(
    at: At<'_>,
    scope: &Scope,
    rows: &mut [Changes],
    output: &[&'static Column],
) -> Result<Vec<Made>> {
    let state = (scope, &mut *rows, output);
    match at.whole(state, |(scope, rows, output), tx| Box::pin(insert_all(tx, scope, rows, output))).await {
        Err(error) if unexplained(&error) => Err(because(at.outside(), scope, &new(rows), error).await),
        done => done,
    }
}

/// Changes rows each in its own way, and answers them in the order in which they were sent.
pub(crate) async fn update_each(
    at: At<'_>,
    scope: &Scope,
    keys: &[Value],
    rows: &mut [Changes],
    output: &[&'static Column],
) -> Result<Vec<Row>> {
    if rows.is_empty() {
        return super::nothing_seen(at.session(), scope).await.map(|()| Vec::new());
    }
    let state = (scope, keys, &mut *rows, output);
    match at.whole(state, |(scope, keys, rows, output), tx| Box::pin(update_all(tx, scope, keys, rows, output))).await {
        Err(error) if unexplained(&error) => {
            let error = because(at.outside(), scope, &known(keys, rows), error).await;
            Err(if unexplained(&error) { error.fields(alike(scope, rows)) } else { error })
        }
        done => done,
    }
}

async fn update_all(
    tx: &Tx,
    scope: &Scope,
    keys: &[Value],
    rows: &mut [Changes],
    output: &[&'static Column],
) -> Result<Vec<Row>> {
    let changed = update_some(tx, scope, keys, rows, output).await?;
    let refused: Vec<_> = known(keys, rows).into_iter().filter(|asked| changed.refused(asked.row)).collect();
    if refused.is_empty() {
        Ok(changed.rows.into_iter().flatten().collect())
    } else {
        Err(why(tx, scope, &refused).await)
    }
}

/// What became of rows that were to be changed.
pub(super) struct Changed {
    /// `None` for those that were not.
    pub(super) rows: Vec<Option<Row>>,
    /// The number of one that was left as it is, since others were refused.
    spared: Option<usize>,
}

impl Changed {
    /// Whether a row could not be changed.
    pub(super) fn refused(&self, row: usize) -> bool {
        self.rows[row].is_none() && self.spared != Some(row)
    }
}

/// Changes those rows that can be.
///
/// What ends the caller's own token comes last, wherever it was sent: until then all others are theirs to change, and to be
/// told of.
pub(super) async fn update_some(
    session: &dyn Session,
    scope: &Scope,
    keys: &[Value],
    rows: &mut [Changes],
    output: &[&'static Column],
) -> Result<Changed> {
    let mut statements = Vec::with_capacity(rows.len());
    for (key, changes) in std::iter::zip(keys, &mut *rows) {
        statements.push(if changes.set.is_empty() {
            sql::find(session.speaks(), scope, key, changes, &Node::TRUE, output.to_vec())?
        } else {
            stamp_changed(scope.table(), changes)?;
            sql::update(session.speaks(), scope, key, changes, output.to_vec())?
        });
    }
    let last = last(scope, keys, rows);
    let mut keys: Vec<_> = keys.iter().collect();
    if let Some(lock) = sql::lock(session.speaks(), scope, &statements, &keys, last.is_some())? {
        session.run(Lane::Write, lock).await?;
    }
    let Some(last) = last else {
        return Ok(Changed { rows: run_many(session, scope, &statements, &keys).await?, spared: None });
    };
    let (statement, key) = (statements.remove(last), keys.remove(last));
    let mut found = run_many(session, scope, &statements, &keys).await?;
    if found.iter().any(Option::is_none) {
        found.insert(last, None);
        return Ok(Changed { rows: found, spared: Some(last) });
    }
    let own = run_many(session, scope, &[statement], &[key]).await?;
    found.insert(last, own.into_iter().flatten().next());
    Ok(Changed { rows: found, spared: None })
}

/// The number of the row by which the caller's token ends.
fn last(scope: &Scope, keys: &[Value], rows: &[Changes]) -> Option<usize> {
    let own = &scope.caller().identity().filter(|identity| identity.table == scope.table())?.key;
    let at = keys.iter().position(|key| key == own)?;
    ends_tokens(scope.table(), &rows[at]).then_some(at)
}

/// Inserts rows whose passwords are hashed, in a transaction.
pub(super) async fn insert_all(
    tx: &Tx,
    scope: &Scope,
    rows: &mut [Changes],
    output: &[&'static Column],
) -> Result<Vec<Made>> {
    number(tx, scope, rows).await?;
    let order: Vec<_> = (0..rows.len()).collect();
    let made = insert_some(tx, scope, rows, &order, output).await?;
    let refused: Vec<_> = new(rows).into_iter().filter(|asked| made[asked.row].is_none()).collect();
    // Asked before the end: rows of the same body can stand in each other's way.
    if refused.is_empty() { Ok(made.into_iter().flatten().collect()) } else { Err(why(tx, scope, &refused).await) }
}

/// Gives each row its key and what else the framework keeps of a new row.
pub(super) async fn number(session: &dyn Session, scope: &Scope, rows: &mut [Changes]) -> Result<()> {
    let table = scope.table();
    // What is done once more has its keys already.
    let numbered = |changes: &Changes| changes.set.iter().any(|(column, _)| column.role == Role::Id);
    if table.has_serial_id() && !rows.iter().all(numbered) {
        let mut ids: Vec<i64> = Vec::with_capacity(rows.len());
        for row in session.run(Lane::Write, sql::draw(session.speaks(), table, rows.len())?).await? {
            if let Some(Value::Int(id)) = row.values().first() {
                ids.push(*id);
            }
        }
        ids.sort_unstable();
        if ids.len() != rows.len() {
            return Err(Error::internal("as many ids were not drawn as there are rows"));
        }
        for (changes, id) in std::iter::zip(&mut *rows, ids) {
            changes.set.push((table.id(), Value::Int(id)));
        }
    }
    rows.iter_mut().try_for_each(|changes| stamp_new(scope, changes))
}

/// Inserts those rows that can be, in some order of their numbers; `None` for the others.
pub(super) async fn insert_some(
    session: &dyn Session,
    scope: &Scope,
    rows: &[Changes],
    order: &[usize],
    output: &[&'static Column],
) -> Result<Vec<Option<Made>>> {
    let statements = order.iter().map(|row| sql::insert(session.speaks(), scope, &rows[*row], output.to_vec()));
    let statements = statements.collect::<Result<Vec<_>>>()?;
    let keys = order.iter().map(|row| key(scope, &rows[*row])).collect::<Result<Vec<_>>>()?;
    let found = run_many(session, scope, &statements, &keys).await?;
    let mut made: Vec<_> = rows.iter().map(|_| None).collect();
    for (row, found) in std::iter::zip(order, found) {
        made[*row] = found.map(|mut row| Made { visible: row.take_flag(), row });
    }
    Ok(made)
}

fn key<'a>(scope: &Scope, changes: &'a Changes) -> Result<&'a Value> {
    let id = scope.table().id().name;
    let found = changes.set.iter().find(|(column, _)| column.name == id);
    found.map(|(_, value)| value).ok_or_else(|| Error::internal("a row of many has no key"))
}

/// Runs statements over one row each as few over many, and gives each its row by its key.
async fn run_many(
    session: &dyn Session,
    scope: &Scope,
    statements: &[Statement],
    keys: &[&Value],
) -> Result<Vec<Option<Row>>> {
    let places: HashMap<String, usize> =
        keys.iter().enumerate().map(|(place, key)| (text::of(key.as_ref()), place)).collect();
    let mut answers: Vec<Option<Row>> = keys.iter().map(|_| None).collect();
    for many in sql::many(session.speaks(), statements)? {
        for row in session.run(Lane::Write, many.statement).await? {
            let key = row.get(scope.table().id().name).map(|key| text::of(key.as_ref()));
            match key.and_then(|key| places.get(&key)) {
                Some(place) => answers[*place] = Some(row),
                None => return Err(Error::internal("a row came back that nobody sent")),
            }
        }
    }
    Ok(answers)
}

/// Hashes the passwords of rows, if they have a chance.
pub(crate) async fn hash_rows(
    session: &dyn Session,
    scope: &Scope,
    keys: Option<&[Value]>,
    rows: &mut [Changes],
) -> Result<()> {
    let clear = |changes: &Changes| changes.set.iter().any(|(_, v)| matches!(v, Value::Secret(Secret(Some(_)))));
    let mut asked = keys.map_or_else(|| new(rows), |keys| known(keys, rows));
    asked.retain(|asked| clear(asked.changes));
    if !asked.is_empty()
        && let Some(error) = ask(session, scope, &asked).await?
    {
        return Err(error);
    }
    for changes in rows {
        password::hash_all(&mut changes.set, session.bcrypt_cost()).await?;
    }
    Ok(())
}
