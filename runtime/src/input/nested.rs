//! Rows that come within the row they belong to: `POST /cards` with `"comments": [{..}, ..]`.

use std::sync::Arc;

use serde_json::Value as Tree;

use super::{
    Changes, Guard, Mode,
    changes::{Beside, changes_beside, guards_beside},
    rows::{MOST_ROWS, rows, too_many},
};
use crate::{
    error::{Error, Result},
    relation::{Relation, Relations},
    table::{Action, Table},
};

/// A new row and what comes with it.
pub(crate) struct Family {
    pub(crate) row: Changes,
    /// The members that were sent, each with its rows.
    pub(crate) brought: Vec<Brought>,
}

/// The rows of one member.
pub(crate) struct Brought {
    pub(crate) relation: Arc<Relation>,
    pub(crate) rows: Vec<Changes>,
}

/// The members of a body whose rows are to be made as well.
pub(crate) fn nested_members<'a>(
    relations: &'a Relations,
    table: &Table,
    body: &'a Tree,
) -> impl Iterator<Item = &'a Relation> {
    let relations = own(relations, table).filter(|relation| relation.nested());
    let objects = body.as_array().map_or(std::slice::from_ref(body), Vec::as_slice);
    relations.map(Arc::as_ref).filter(move |relation| objects.iter().any(|object| object.get(&relation.name).is_some()))
}

/// A new row of a table, or each of an array, with the rows that come within. All of them together are as many as the
/// rows of an array, at most.
pub(crate) fn family(relations: &Relations, table: &'static Table, mode: Mode, body: &Tree) -> Result<Vec<Family>> {
    let one = std::slice::from_ref(body);
    let objects = body.as_array().map_or(one, Vec::as_slice);
    let members = relations.of(table).iter().filter(|relation| relation.nested());
    let within: usize = members
        .flat_map(|relation| objects.iter().filter_map(|object| object.get(&relation.name)?.as_array()))
        .map(Vec::len)
        .sum();
    if objects.len() + within > MOST_ROWS {
        return Err(too_many());
    }
    let members: Vec<_> = own(relations, table).map(|relation| (relation.name.as_str(), relation.nested())).collect();
    let read = |object: &Tree| object_of(relations, table, mode, object, &members);
    if body.is_array() { rows(body, read) } else { Ok(vec![read(body)?]) }
}

fn object_of(
    relations: &Relations,
    table: &'static Table,
    mode: Mode,
    object: &Tree,
    members: &[(&str, bool)],
) -> Result<Family> {
    let (mut brought, mut errors) = (Vec::new(), Vec::new());
    for relation in own(relations, table) {
        let Some(tree) = object.get(&relation.name) else { continue };
        let read = if relation.nested() {
            brought_by(relations, relation, mode, tree)
        } else {
            Err(refused(relation, &format!("is not created together with {}", table.path)))
        };
        match read {
            Ok(rows) => brought.push(Brought { relation: Arc::clone(relation), rows }),
            Err(error) if error.errors().is_empty() => return Err(error),
            Err(error) => errors.push(error),
        }
    }
    let row = changes_beside(table, mode, object, false, Beside { members, given: None });
    gathered(row, errors).map(|row| Family { row, brought })
}

/// The rows of a member. They bring none of their own.
fn brought_by(relations: &Relations, relation: &Relation, mode: Mode, tree: &Tree) -> Result<Vec<Changes>> {
    if !tree.is_array() {
        return Err(Error::invalid([(relation.name.clone(), "must be an array of objects".to_owned())]));
    }
    let members: Vec<_> = own(relations, relation.table).map(|deeper| (deeper.name.as_str(), false)).collect();
    let beside = Beside { members: &members, given: Some(relation.there) };
    let read = rows(tree, |object| {
        let row = changes_beside(relation.table, mode, object, false, beside);
        let deeper = sent(relations, relation.table, object)
            .map(|r| refused(r, "is a third generation, and one request makes two at most"))
            .collect();
        gathered(row, deeper)
    });
    read.map_err(|error| error.renamed(|field| format!("{}.{field}", relation.name)))
}

/// What is guarded of new rows that do not pass, with those that come within, by the names that errors have.
pub(crate) fn guards_of_new(
    relations: &Relations,
    table: &'static Table,
    mode: Mode,
    body: &Tree,
) -> Vec<(String, Guard)> {
    let objects = body.as_array().map_or(std::slice::from_ref(body), Vec::as_slice);
    let named = |guards: Vec<Guard>, around: &str| -> Vec<_> {
        guards.into_iter().map(|guard| (format!("{around}{}", guard.column.json), guard)).collect()
    };
    let mut found = Vec::new();
    for (number, object) in objects.iter().enumerate() {
        let around = if body.is_array() { format!("{number}.") } else { String::new() };
        found.extend(named(guards_beside(table, mode, object, false, None), &around));
        for relation in own(relations, table).filter(|relation| relation.nested()) {
            let rows = object.get(&relation.name).and_then(Tree::as_array);
            for (within, row) in rows.into_iter().flatten().enumerate() {
                let around = format!("{around}{}.{within}.", relation.name);
                found.extend(named(guards_beside(relation.table, mode, row, false, Some(relation.there)), &around));
            }
        }
    }
    found
}

/// The changes of a row that is there. Rows within it are another's to change, and it is said whose.
pub(crate) fn changes_alone(
    relations: &Relations,
    table: &'static Table,
    mode: Mode,
    object: &Tree,
    own: bool,
) -> Result<Changes> {
    let within: Vec<_> = relations.of(table).iter().filter(|relation| object.get(&relation.name).is_some()).collect();
    let members: Vec<_> = within.iter().map(|relation| (relation.name.as_str(), false)).collect();
    let row = changes_beside(table, mode, object, own, Beside { members: &members, given: None });
    gathered(row, within.into_iter().map(|relation| elsewhere(relation, table)).collect())
}

/// The 422 of a member that leads to rows of their own, with the place where they are written.
fn elsewhere(relation: &Relation, table: &Table) -> Error {
    let (here, there, rules) = (table.path, relation.table.path, relation.table.rules);
    let writable = [Action::Create, Action::Update, Action::Delete].iter().any(|action| !rules.of(*action).is_none());
    let way = match (relation.many, writable) {
        (false, _) => format!("; `{}` says which of {there} it is", relation.here.json),
        (true, false) => format!(", and no client writes {there}"),
        (true, true) if relation.nested() => {
            format!("; its rows are written at /{there}, or come along with POST /{here}")
        }
        (true, true) => format!("; its rows are written at /{there}"),
    };
    Error::invalid([(relation.name.clone(), format!("is not changed with a row of {here}{way}"))])
}

/// Refuses rows within a row where none can come along; `why` says so of the member.
pub(crate) fn without_rows(relations: &Relations, table: &Table, object: &Tree, why: &str) -> Result<()> {
    gathered(Ok(()), sent(relations, table, object).map(|relation| refused(relation, why)).collect())
}

/// The members of an object that rows could stand under.
fn own<'a>(relations: &'a Relations, table: &Table) -> impl Iterator<Item = &'a Arc<Relation>> {
    relations.of(table).iter().filter(|relation| relation.many)
}

fn sent<'a>(relations: &'a Relations, table: &Table, object: &'a Tree) -> impl Iterator<Item = &'a Arc<Relation>> {
    own(relations, table).filter(|relation| object.get(&relation.name).is_some())
}

/// The 422 of a member whose rows do not come along, with the way that they do come.
fn refused(relation: &Relation, why: &str) -> Error {
    let path = relation.table.path;
    let text = if relation.table.rules.of(Action::Create).is_none() {
        format!("{why}, and no client creates {path}")
    } else {
        format!("{why}; its rows are created at POST /{path}")
    };
    Error::invalid([(relation.name.clone(), text)])
}

/// What was read, or every field error of it and of what stands beside it.
fn gathered<T>(read: Result<T>, errors: Vec<Error>) -> Result<T> {
    let fields = |error: &Error| error.errors().iter().map(|(k, v)| (k.clone(), v.clone())).collect::<Vec<_>>();
    match read {
        Err(error) if error.errors().is_empty() => Err(error),
        Err(error) => Err(errors.into_iter().fold(error, |all, error| all.fields(fields(&error)))),
        Ok(_) if !errors.is_empty() => Err(Error::invalid(errors.iter().flat_map(fields))),
        Ok(read) => Ok(read),
    }
}
