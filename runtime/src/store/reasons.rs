//! Why rows of one request could not be written, keyed by their numbers in the body.

use std::collections::HashSet;

use crate::{
    column::Column,
    db::{Lane, Session},
    error::{Code, Error, Result},
    filter::Node,
    input::Changes,
    policy::Scope,
    sql, text,
    value::Value,
};

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

pub(super) fn known<'a>(keys: &'a [Value], rows: &'a [Changes]) -> Vec<Asked<'a>> {
    let pairs = std::iter::zip(keys, rows).enumerate();
    pairs.map(|(row, (key, changes))| Asked { row, key: Some(key), changes }).collect()
}

/// What stands in the way of the caller before it matters what else was sent of some rows: the token, the rows, the rule, or
/// what is guarded of them.
pub(crate) async fn in_the_way_of_each(
    session: &dyn Session,
    scope: &Scope,
    rows: &[(usize, Value, Changes)],
) -> Result<Option<Error>> {
    let asked = rows.iter().map(|(row, key, changes)| Asked { row: *row, key: Some(key), changes });
    ask(session, scope, &asked.collect::<Vec<_>>()).await
}

/// Whether a constraint failed, and nobody has said yet which row and field are at fault.
pub(super) fn unexplained(error: &Error) -> bool {
    matches!(error.code(), Code::Unique | Code::ForeignKey) && error.errors().is_empty()
}

/// Some rows could not be written: why? Where nothing is in the way of any, the first is tried once more by itself, in the
/// transaction that ends with this.
pub(super) async fn why(session: &dyn Session, scope: &Scope, asked: &[Asked<'_>]) -> Error {
    match (ask(session, scope, asked).await, asked.first()) {
        (Ok(Some(error)) | Err(error), _) => error,
        (Ok(None), Some(first)) => try_again(session, scope, first).await.err().unwrap_or_else(super::dropped),
        (Ok(None), None) => super::changed_meanwhile(),
    }
}

async fn try_again(session: &dyn Session, scope: &Scope, asked: &Asked<'_>) -> Result<()> {
    let (dialect, changes) = (session.speaks(), asked.changes);
    let statement = match asked.key {
        None => sql::insert_or_fail(dialect, scope, changes, Vec::new())?,
        Some(key) if changes.set.is_empty() => sql::find(dialect, scope, key, changes, &Node::TRUE, Vec::new())?,
        Some(key) => sql::update(dialect, scope, key, changes, Vec::new())?,
    };
    match session.run(Lane::Write, statement).await?.as_slice() {
        [] => Ok(()),
        _ => Err(super::changed_meanwhile()),
    }
}

/// A constraint failed, and with it the transaction: which rows and fields are at fault?
pub(super) async fn because(session: &dyn Session, scope: &Scope, asked: &[Asked<'_>], error: Error) -> Error {
    match ask(session, scope, asked).await {
        Ok(Some(verdict)) => verdict,
        _ => super::undeclared(error),
    }
}

/// What stands in the way of some rows: the first says what kind of failure it is, and others of the same kind are named
/// with it. A field that is not the caller's to set outweighs one that is fixed, as within a row.
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
        match (first.code(), next.code()) {
            (one, other) if one == other => first.fields(next.errors().clone()),
            (Code::Forbidden, Code::Invalid) => first.fields(next.errors().clone()),
            (Code::Invalid, Code::Forbidden) => next.fields(first.errors().clone()),
            _ => first,
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

/// The fields of rows that want the same unique value as a row before them in the body.
pub(super) fn alike(scope: &Scope, rows: &[Changes]) -> Vec<(String, String)> {
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
