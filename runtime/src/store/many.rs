//! Many rows of one request: in few statements, and all of them or none.

use std::collections::HashMap;

use super::{Made, stamp_new};
use crate::{
    auth::password,
    column::Column,
    db::{Db, Lane, Session, Tx},
    error::{Code, Error, Result},
    input::Changes,
    policy::Scope,
    row::Row,
    sql::{self, Statement},
    text,
    value::{Secret, Value},
};

/// Inserts rows, and answers them in their order. Errors are keyed by the number of the row.
pub(crate) async fn insert_many(
    db: &Db,
    scope: &Scope,
    mut rows: Vec<Changes>,
    output: &[&'static Column],
) -> Result<Vec<Made>> {
    // A transaction holds up every other writer of SQLite, and hashing is slow.
    hash_rows(db, scope, &mut rows).await?;
    let tx = db.begin().await?;
    let done = insert_all(&tx, scope, &mut rows, output).await;
    match end(tx, done).await {
        Err(error) if unexplained(&error) => Err(because(db, scope, &new(&rows), error).await),
        done => done,
    }
}

/// Inserts rows whose passwords are hashed, in a transaction.
async fn insert_all(tx: &Tx, scope: &Scope, rows: &mut [Changes], output: &[&'static Column]) -> Result<Vec<Made>> {
    number(tx, scope, rows).await?;
    let made = insert_some(tx, scope, rows, output).await?;
    let refused: Vec<_> = new(rows).into_iter().filter(|asked| made[asked.row].is_none()).collect();
    // Asked before the end: rows of the same body can stand in each other's way.
    if refused.is_empty() { Ok(made.into_iter().flatten().collect()) } else { Err(why(tx, scope, &refused).await) }
}

/// Gives each row its key and what else the framework keeps of a new row.
async fn number(session: &dyn Session, scope: &Scope, rows: &mut [Changes]) -> Result<()> {
    let table = scope.table();
    if table.has_serial_id() {
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

/// Inserts those rows that can be; `None` for the others.
async fn insert_some(
    session: &dyn Session,
    scope: &Scope,
    rows: &[Changes],
    output: &[&'static Column],
) -> Result<Vec<Option<Made>>> {
    let statements = rows.iter().map(|changes| sql::insert(session.speaks(), scope, changes, output.to_vec()));
    let keys = rows.iter().map(|changes| key(scope, changes));
    let keys = keys.collect::<Result<Vec<_>>>()?;
    let rows = run_many(session, scope, Lane::Write, &statements.collect::<Result<Vec<_>>>()?, &keys).await?;
    Ok(rows.into_iter().map(|row| row.map(|mut row| Made { visible: row.take_flag(), row })).collect())
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
    lane: Lane,
    statements: &[Statement],
    keys: &[&Value],
) -> Result<Vec<Option<Row>>> {
    let places: HashMap<String, usize> =
        keys.iter().enumerate().map(|(place, key)| (text::of(key.as_ref()), place)).collect();
    let mut answers: Vec<Option<Row>> = keys.iter().map(|_| None).collect();
    for many in sql::many(session.speaks(), statements)? {
        for row in session.run(lane, many.statement).await? {
            let key = row.get(scope.table().id().name).map(|key| text::of(key.as_ref()));
            match key.and_then(|key| places.get(&key)) {
                Some(place) => answers[*place] = Some(row),
                None => return Err(Error::internal("a row came back that nobody sent")),
            }
        }
    }
    Ok(answers)
}

/// A row that something is asked about.
pub(super) struct Asked<'a> {
    /// Its number in the body.
    pub(super) row: usize,
    pub(super) key: Option<&'a Value>,
    pub(super) changes: &'a Changes,
}

fn new(rows: &[Changes]) -> Vec<Asked<'_>> {
    rows.iter().enumerate().map(|(row, changes)| Asked { row, key: None, changes }).collect()
}

/// Hashes the passwords of rows, if they have a chance.
async fn hash_rows(session: &dyn Session, scope: &Scope, rows: &mut [Changes]) -> Result<()> {
    let clear = |changes: &Changes| changes.set.iter().any(|(_, v)| matches!(v, Value::Secret(Secret(Some(_)))));
    let asked: Vec<_> = new(rows).into_iter().filter(|asked| clear(asked.changes)).collect();
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

/// Keeps what a transaction did, or undoes it.
pub(super) async fn end<T>(tx: Tx, done: Result<T>) -> Result<T> {
    match done {
        Ok(value) => tx.commit().await.map(|()| value),
        Err(error) => {
            tx.rollback().await?;
            Err(error)
        }
    }
}

/// Whether a constraint failed, and nobody has said yet which row and field are at fault.
pub(super) fn unexplained(error: &Error) -> bool {
    matches!(error.code(), Code::Unique | Code::ForeignKey) && error.errors().is_empty()
}

/// Some rows could not be written: why?
pub(super) async fn why(session: &dyn Session, scope: &Scope, asked: &[Asked<'_>]) -> Error {
    match ask(session, scope, asked).await {
        Ok(Some(error)) | Err(error) => error,
        Ok(None) => super::changed_meanwhile(),
    }
}

/// A constraint failed, and with it the transaction: which rows and fields are at fault?
pub(super) async fn because(session: &dyn Session, scope: &Scope, asked: &[Asked<'_>], error: Error) -> Error {
    match ask(session, scope, asked).await {
        Ok(Some(verdict)) => verdict,
        _ => error,
    }
}

/// What stands in the way of some rows: the first says what kind of failure it is, and others of the same kind are named
/// with it.
pub(super) async fn ask(session: &dyn Session, scope: &Scope, asked: &[Asked<'_>]) -> Result<Option<Error>> {
    let probes = asked.iter().map(|asked| sql::probe(session.speaks(), scope, asked.key, asked.changes));
    let (probes, statements): (Vec<_>, Vec<_>) = probes.collect::<Result<Vec<_>>>()?.into_iter().unzip();
    let mut verdicts: Vec<Option<Error>> = asked.iter().map(|_| None).collect();
    for many in sql::numbered(session.speaks(), &statements)? {
        for row in session.run(Lane::Read, many.statement).await? {
            let [Value::Int(number), answers @ ..] = row.values() else { continue };
            let place = usize::try_from(number - 1).ok().and_then(|number| many.places.get(number));
            let place = *place.ok_or_else(|| Error::internal("an answer has a number that no question has"))?;
            verdicts[place] = probes[place].verdict(answers);
        }
    }
    let found = std::iter::zip(asked, verdicts).filter_map(|(asked, verdict)| Some((asked.row, verdict?)));
    Ok(found.map(|(row, error)| named(scope, error).in_row(row)).reduce(|first, next| {
        if first.code() == next.code() {
            let more: Vec<_> = next.errors().iter().map(|(field, text)| (field.clone(), text.clone())).collect();
            first.fields(more)
        } else {
            first
        }
    }))
}

/// A failure that says of which row it speaks: one that is not there is named by its key.
fn named(scope: &Scope, error: Error) -> Error {
    if error.code() == Code::NotFound && error.errors().is_empty() {
        error.fields([(scope.table().id().json.to_owned(), "there is no such row".to_owned())])
    } else {
        error
    }
}
