//! Many rows of one request: in few statements, and all of them or none.

use std::collections::{HashMap, HashSet};

use super::{Made, stamp_changed, stamp_new};
use crate::{
    auth::password,
    column::Column,
    db::{Db, Lane, Session, Tx},
    error::{Code, Error, Result},
    filter::Node,
    input::Changes,
    policy::Scope,
    row::Row,
    sql::{self, Statement},
    text,
    value::{Secret, Value},
};

/// Where rows are written: in a transaction of their own, or in one that holds more.
#[derive(Clone, Copy)]
pub(crate) enum At<'a> {
    Own(&'a Db),
    /// What has to be hashed is; this is too slow for a transaction.
    Within(&'a Tx),
}

impl<'a> At<'a> {
    pub(crate) fn session(self) -> &'a dyn Session {
        match self {
            Self::Own(db) => db,
            Self::Within(tx) => tx,
        }
    }
}

/// Inserts rows, and answers them in their order. Errors are keyed by the number of the row.
pub(crate) async fn insert_many(
    at: At<'_>,
    scope: &Scope,
    mut rows: Vec<Changes>,
    output: &[&'static Column],
) -> Result<Vec<Made>> {
    let db = match at {
        At::Own(db) => db,
        At::Within(tx) => return insert_all(tx, scope, &mut rows, output).await,
    };
    // A transaction holds up every other writer of SQLite, and hashing is slow.
    hash_rows(db, scope, None, &mut rows).await?;
    let tx = db.begin().await?;
    let done = insert_all(&tx, scope, &mut rows, output).await;
    match end(tx, done).await {
        Err(error) if unexplained(&error) => Err(because(db, scope, &new(&rows), error).await),
        done => done,
    }
}

/// Changes rows each in its own way, and answers them in the order in which they were sent.
pub(crate) async fn update_each(
    db: &Db,
    scope: &Scope,
    rows: Vec<(Value, Changes)>,
    output: &[&'static Column],
) -> Result<Vec<Row>> {
    if rows.is_empty() {
        return super::nothing_seen(db, scope).await.map(|()| Vec::new());
    }
    let (keys, mut rows): (Vec<_>, Vec<_>) = rows.into_iter().unzip();
    hash_rows(db, scope, Some(&keys), &mut rows).await?;
    let tx = db.begin().await?;
    let done = update_all(&tx, scope, &keys, &mut rows, output).await;
    match end(tx, done).await {
        Err(error) if unexplained(&error) => {
            let error = because(db, scope, &known(&keys, &rows), error).await;
            Err(if unexplained(&error) { error.fields(alike(scope, &rows)) } else { error })
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
    let found = update_some(tx, scope, keys, rows, output).await?;
    let refused: Vec<_> = known(keys, rows).into_iter().filter(|asked| found[asked.row].is_none()).collect();
    if refused.is_empty() { Ok(found.into_iter().flatten().collect()) } else { Err(why(tx, scope, &refused).await) }
}

/// Changes those rows that can be; `None` for the others.
pub(super) async fn update_some(
    session: &dyn Session,
    scope: &Scope,
    keys: &[Value],
    rows: &mut [Changes],
    output: &[&'static Column],
) -> Result<Vec<Option<Row>>> {
    let mut statements = Vec::with_capacity(rows.len());
    for (key, changes) in std::iter::zip(keys, rows) {
        statements.push(if changes.set.is_empty() {
            sql::find(session.speaks(), scope, key, changes, &Node::TRUE, output.to_vec())?
        } else {
            stamp_changed(scope.table(), changes)?;
            sql::update(session.speaks(), scope, key, changes, output.to_vec())?
        });
    }
    let keys: Vec<_> = keys.iter().collect();
    run_many(session, scope, Lane::Write, &statements, &keys).await
}

/// The fields of rows that want the same unique value as a row before them in the body.
fn alike(scope: &Scope, rows: &[Changes]) -> Vec<(String, String)> {
    let mut fields = Vec::new();
    for set in scope.table().unique_sets() {
        let mut seen = HashSet::new();
        for (row, changes) in rows.iter().enumerate() {
            let values = changes.set.iter().filter(|(column, _)| set.contains(&column.name));
            let values: Vec<_> = values.map(|(column, value)| (column, shown(column, value))).collect();
            let whole = values.len() == set.len() && values.iter().all(|(_, value)| value.is_some());
            let key: Vec<_> = values.iter().map(|(_, value)| value.clone()).collect();
            if whole && !seen.insert(key) {
                let taken = |(column, _): &(&&'static Column, _)| {
                    (format!("{row}.{}", column.json), "is wanted by a row before, too".to_owned())
                };
                fields.extend(values.iter().map(taken));
            }
        }
    }
    fields
}

/// A value as uniqueness sees it; NULL is never taken.
pub(super) fn shown(column: &Column, value: &Value) -> Option<String> {
    let text = (*value != Value::Null).then(|| text::of(value.as_ref()))?;
    Some(if column.folds_case() { text.to_ascii_lowercase() } else { text })
}

/// Inserts rows whose passwords are hashed, in a transaction.
pub(super) async fn insert_all(
    tx: &Tx,
    scope: &Scope,
    rows: &mut [Changes],
    output: &[&'static Column],
) -> Result<Vec<Made>> {
    number(tx, scope, rows).await?;
    let made = insert_some(tx, scope, rows, output).await?;
    let refused: Vec<_> = new(rows).into_iter().filter(|asked| made[asked.row].is_none()).collect();
    // Asked before the end: rows of the same body can stand in each other's way.
    if refused.is_empty() { Ok(made.into_iter().flatten().collect()) } else { Err(why(tx, scope, &refused).await) }
}

/// Gives each row its key and what else the framework keeps of a new row.
pub(super) async fn number(session: &dyn Session, scope: &Scope, rows: &mut [Changes]) -> Result<()> {
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
pub(super) async fn insert_some(
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

pub(super) fn new(rows: &[Changes]) -> Vec<Asked<'_>> {
    rows.iter().enumerate().map(|(row, changes)| Asked { row, key: None, changes }).collect()
}

fn known<'a>(keys: &'a [Value], rows: &'a [Changes]) -> Vec<Asked<'a>> {
    let pairs = std::iter::zip(keys, rows).enumerate();
    pairs.map(|(row, (key, changes))| Asked { row, key: Some(key), changes }).collect()
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
