//! New rows whose unique values may be taken already: by a row that is changed instead, or one that stays as it is.
//!
//! It is done in steps of one transaction: what can be inserted is; what was in the way of the rest is looked up by the
//! target's values, and changed by its key under the scope and the guards of a change. So an upsert may do what an
//! insert and an update may do, and not more.

use std::collections::HashSet;

use super::{
    many::{insert_some, number, update_some},
    nothing_seen,
    reasons::{Asked, ask, because, shown, unexplained, why},
    whole::At,
};
use crate::{
    auth::password,
    column::Column,
    db::{Db, Lane, Run as _, Tx},
    error::{Code, Error, Result},
    input::Changes,
    policy::Scope,
    row::Row,
    sql,
    value::{Secret, Value},
};

/// What an upsert works by.
pub(crate) struct Upsert<'a> {
    pub(crate) create: &'a Scope,
    /// The scope of a change; nothing where rows that are there stay as they are.
    pub(crate) update: Option<&'a Scope>,
    /// The unique set by whose values a row is there already.
    pub(crate) target: &'static [&'static str],
}

/// The rows that were sent, each as a new one and as a change of one.
pub(crate) struct Sent {
    pub(crate) new: Vec<Changes>,
    pub(crate) changes: Vec<Changes>,
}

/// What became of a row.
pub(crate) enum Became {
    /// It was made; `false` where its maker may not read it.
    Made(Row, bool),
    Changed(Row),
    Ignored,
}

/// Inserts rows or changes those that are there, and says what became of each.
pub(crate) async fn upsert(
    at: At<'_>,
    how: &Upsert<'_>,
    rows: &mut Sent,
    output: &[&'static Column],
) -> Result<Vec<Became>> {
    let (Sent { new, changes }, mut keys) = (rows, Vec::new());
    let state = (how, [&mut **new, &mut **changes], &mut keys, output);
    let done =
        at.whole(state, |(how, [new, changes], keys, output), tx| Box::pin(all(tx, how, new, changes, keys, output)));
    match done.await {
        Err(error) if unexplained(&error) => {
            let scope = how.update.unwrap_or(how.create);
            Err(because(at.outside(), scope, &found(&keys, changes), error).await)
        }
        done => done,
    }
}

/// Whoever may not create gets nothing hashed. What is taken is not asked: that is what an upsert is for.
pub(crate) async fn hash_sent(db: &Db, scope: &Scope, rows: &mut Sent) -> Result<()> {
    let clear = |changes: &Changes| changes.set.iter().any(|(_, v)| matches!(v, Value::Secret(Secret(Some(_)))));
    if !rows.new.iter().any(clear) {
        return Ok(());
    }
    nothing_seen(db, scope).await?;
    for (new, change) in std::iter::zip(&mut rows.new, &mut rows.changes) {
        password::hash_all(&mut new.set, db.bcrypt_cost()).await?;
        for (column, value) in change.set.iter_mut().filter(|(column, _)| column.secret) {
            if let Some((_, hash)) = new.set.iter().find(|(c, _)| c.name == column.name) {
                *value = hash.clone();
            }
        }
    }
    Ok(())
}

async fn all(
    tx: &Tx,
    how: &Upsert<'_>,
    new: &mut [Changes],
    changes: &mut [Changes],
    keys: &mut Vec<(usize, Value)>,
    output: &[&'static Column],
) -> Result<Vec<Became>> {
    number(tx, how.create, new).await?;
    if how.update.is_some() {
        once_each(how, new)?;
    }
    let made = insert_some(tx, how.create, new, &in_order(how, new), output).await?;
    let mut became: Vec<_> =
        made.into_iter().map(|made| made.map(|made| Became::Made(made.row, made.visible))).collect();
    let rest: Vec<usize> = (0..new.len()).filter(|row| became[*row].is_none()).collect();
    if rest.is_empty() {
        return Ok(became.into_iter().flatten().collect());
    }
    *keys = lookup(tx, how, new, &rest).await?;
    let there: HashSet<usize> = keys.iter().map(|(row, _)| *row).collect();
    let refused: Vec<_> = asked(new, rest.iter().copied().filter(|row| !there.contains(row)));
    if !refused.is_empty() {
        return Err(why(tx, how.create, &refused).await);
    }
    if let Some(scope) = how.update {
        let rows = change(tx, how, scope, keys, new, changes, output).await?;
        for ((row, _), changed) in std::iter::zip(&*keys, rows) {
            became[*row] = Some(Became::Changed(changed));
        }
    } else {
        // All that may be in the way is a taken value.
        let why = ask(tx, how.create, &asked(new, rest.iter().copied())).await?;
        if let Some(error) = why.filter(|error| error.code() != Code::Unique) {
            return Err(error);
        }
        for row in rest {
            became[row] = Some(Became::Ignored);
        }
    }
    Ok(became.into_iter().flatten().collect())
}

/// The rows in the order of what they are there by: two upserts that want to make the same rows in different orders would
/// wait for each other.
fn in_order(how: &Upsert<'_>, new: &[Changes]) -> Vec<usize> {
    let mut order: Vec<_> = (0..new.len()).collect();
    order.sort_by_cached_key(|row| {
        target(how, &new[*row]).map(|(column, value)| shown(column, value)).collect::<Vec<_>>()
    });
    order
}

/// The values of the target.
fn target<'a>(how: &Upsert<'_>, changes: &'a Changes) -> impl Iterator<Item = (&'static Column, &'a Value)> {
    let target = how.target;
    changes.set.iter().filter(|(column, _)| target.contains(&column.name)).map(|(column, value)| (*column, value))
}

/// Changes the rows that are there.
async fn change(
    tx: &Tx,
    how: &Upsert<'_>,
    scope: &Scope,
    there: &[(usize, Value)],
    new: &[Changes],
    changes: &mut [Changes],
    output: &[&'static Column],
) -> Result<Vec<Row>> {
    own_password(scope, there, changes)?;
    let keys: Vec<Value> = there.iter().map(|(_, key)| key.clone()).collect();
    let mut wanted: Vec<Changes> = there.iter().map(|(row, _)| std::mem::take(&mut changes[*row])).collect();
    let done = update_some(tx, scope, &keys, &mut wanted, output).await;
    for ((row, _), change) in std::iter::zip(there, wanted) {
        changes[*row] = change;
    }
    let found = done?;
    let missing: Vec<_> = there.iter().enumerate().filter(|(n, _)| found.refused(*n)).map(|(_, at)| at).collect();
    if missing.is_empty() {
        return Ok(found.rows.into_iter().flatten().collect());
    }
    let refused: Vec<_> =
        missing.iter().map(|(row, key)| Asked { row: *row, key: Some(key), changes: &changes[*row] }).collect();
    Err(match why(tx, scope, &refused).await {
        // A row that is out of reach is not there to be changed, and its values are taken.
        error if error.code() == Code::NotFound => {
            why(tx, how.create, &asked(new, missing.iter().map(|(row, _)| *row))).await
        }
        error => error,
    })
}

/// The caller's own password is changed at its place alone, whichever row turns out to be the caller's.
fn own_password(scope: &Scope, there: &[(usize, Value)], changes: &[Changes]) -> Result<()> {
    let own = scope.caller().identity().filter(|identity| identity.table == scope.table()).map(|own| &own.key);
    let rows = there.iter().filter(|(_, key)| Some(key) == own).map(|(row, _)| *row);
    let secrets = rows.flat_map(|row| changes[row].set.iter().map(move |(column, _)| (row, column)));
    let errors: Vec<_> = secrets
        .filter(|(_, column)| column.secret)
        .map(|(row, column)| (format!("{row}.{}", column.json), "is changed at /auth/password".to_owned()))
        .collect();
    if errors.is_empty() { Ok(()) } else { Err(Error::invalid(errors)) }
}

fn asked(rows: &[Changes], which: impl Iterator<Item = usize>) -> Vec<Asked<'_>> {
    which.map(|row| Asked { row, key: None, changes: &rows[row] }).collect()
}

fn found<'a>(keys: &'a [(usize, Value)], changes: &'a [Changes]) -> Vec<Asked<'a>> {
    keys.iter().map(|(row, key)| Asked { row: *row, key: Some(key), changes: &changes[*row] }).collect()
}

/// The keys of the rows whose values are those of the target.
async fn lookup(tx: &Tx, how: &Upsert<'_>, new: &[Changes], rest: &[usize]) -> Result<Vec<(usize, Value)>> {
    let statements = rest.iter().map(|row| sql::lookup(tx.speaks(), how.create.table(), how.target, &new[*row]));
    let mut keys = Vec::new();
    for many in sql::numbered(tx.speaks(), &statements.collect::<Result<Vec<_>>>()?)? {
        for row in tx.run(Lane::Write, many.statement).await? {
            let [Value::Int(number), key] = row.values() else { continue };
            let place = usize::try_from(number - 1).ok().and_then(|number| many.places.get(number));
            let place = *place.ok_or_else(|| Error::internal("an answer has a number that no question has"))?;
            if *key != Value::Null {
                keys.push((rest[place], key.clone()));
            }
        }
    }
    keys.sort_by_key(|(row, _)| *row);
    Ok(keys)
}

/// No two rows of a body may change the same one: which of them came last would be all that counts.
fn once_each(how: &Upsert<'_>, new: &[Changes]) -> Result<()> {
    let (mut seen, mut errors) = (HashSet::new(), Vec::new());
    for (row, changes) in new.iter().enumerate() {
        let values: Option<Vec<_>> = target(how, changes).map(|(column, value)| shown(column, value)).collect();
        if values.is_some_and(|values| !seen.insert(values)) {
            let text = "stands in a row before, too";
            errors.extend(target(how, changes).map(|(column, _)| (format!("{row}.{}", column.json), text.to_owned())));
        }
    }
    if errors.is_empty() { Ok(()) } else { Err(Error::invalid(errors)) }
}
