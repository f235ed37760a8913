//! One JSON object to the changes it asks for.

use serde_json::{Map, Value as Tree};

use super::{check, convert::convert};
use crate::{
    column::{Column, Role},
    error::{Code, Error, Result},
    names::{nearest, shown},
    table::Table,
    value::{Invalid, Value},
};

/// What an absent field means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    /// POST: its default, NULL, or an error
    Create,
    /// POST with `missing=null`: NULL, or an error
    CreateNull,
    /// PUT: the same, but what the framework keeps or the caller cannot see stays as it is
    Replace,
    /// PATCH: no change
    Merge,
}

impl Mode {
    fn creates(self) -> bool {
        matches!(self, Self::Create | Self::CreateNull)
    }
}

/// What a body asks of a row.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Changes {
    /// The columns to set, in the order of [`Table::columns`].
    pub(crate) set: Vec<(&'static Column, Value)>,
    /// What must hold for that, unless the caller is one who may change it.
    pub(crate) guards: Vec<Guard>,
}

/// A field that came along and that not every caller may change: it must equal what is stored.
#[derive(Debug, PartialEq)]
pub(crate) struct Guard {
    pub(crate) column: &'static Column,
    pub(crate) reason: Reason,
    /// The value that was sent; NULL for a password, which is never compared.
    pub(crate) value: Value,
}

/// Why a field is guarded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reason {
    /// Only an administrator may give it another value.
    Forbidden,
    /// Nobody may give it another value.
    Immutable,
    /// Only an administrator may set another's password.
    Secret,
}

/// Unknown members that are named in one answer.
const MOST_UNKNOWN: usize = 100;

/// What an object may hold that is no field of its row.
#[derive(Clone, Copy, Default)]
pub(super) struct Beside<'a> {
    /// Members that somebody else reads, and whether a slip may be one of them.
    pub(super) members: &'a [(&'a str, bool)],
    /// The field whose value the row around it gives, so that what is sent is not even looked at.
    pub(super) given: Option<&'static Column>,
}

/// The changes that `object` asks for; `own` where the row is the caller's own login row.
pub(crate) fn changes(table: &'static Table, mode: Mode, object: &Tree, own: bool) -> Result<Changes> {
    changes_beside(table, mode, object, own, Beside::default())
}

/// The same of an object with more in it.
pub(super) fn changes_beside(
    table: &'static Table,
    mode: Mode,
    object: &Tree,
    own: bool,
    beside: Beside<'_>,
) -> Result<Changes> {
    let Tree::Object(members) = object else { return Err(no_object(table, mode, object)) };
    let room = Vec::with_capacity(table.columns.len());
    let mut reader = Reader { mode, own, changes: Changes { set: room, guards: Vec::new() } };
    let (mut errors, mut known) = (Vec::new(), 0);
    for column in fields(table) {
        let sent = members.get(column.json);
        known += usize::from(sent.is_some());
        let read = match sent {
            _ if beside.given.is_some_and(|given| given.name == column.name) => continue,
            _ if column.bookkept() => reader.bookkept(column)?,
            Some(tree) => reader.sent(column, tree)?,
            None => reader.absent(column)?,
        };
        if let Err(reason) = read {
            errors.push((column.json.to_owned(), reason.0));
        }
    }
    if known < members.len() {
        errors.extend(unknown(table, members, beside));
    }
    if errors.is_empty() { Ok(reader.changes) } else { Err(Error::invalid(errors)) }
}

/// What is guarded of an object that does not pass: of its fields those that do, and one that makes administrators whatever
/// its value.
pub(crate) fn guards(table: &'static Table, mode: Mode, object: &Tree, own: bool) -> Vec<Guard> {
    guards_beside(table, mode, object, own, None)
}

/// The same where the row around it gives the value of a field.
pub(super) fn guards_beside(
    table: &'static Table,
    mode: Mode,
    object: &Tree,
    own: bool,
    given: Option<&'static Column>,
) -> Vec<Guard> {
    let mut reader = Reader { mode, own, changes: Changes::default() };
    for column in fields(table).filter(|column| !column.bookkept() && given != Some(*column)) {
        if let Some(tree) = object.get(column.json) {
            // What does not pass is told of anyway.
            let _ = reader.sent(column, tree);
        }
    }
    reader.changes.guards
}

/// The 422 of a body that is not one row.
fn no_object(table: &Table, mode: Mode, body: &Tree) -> Error {
    let path = table.path;
    let no = |what: String| Error::new(Code::Invalid, what);
    if mode.creates() {
        no(format!("the body must be a JSON object, a row of {path}, or an array of them"))
    } else if body.is_array() {
        no(format!("the body must be a JSON object, which says what changes in {path}"))
            .hint(format!("rows that change each in its own way go to PATCH /{path} without a filter, with their ids"))
    } else {
        no(format!("the body must be a JSON object, a row of {path}"))
    }
}

/// The columns that a body can name. `deleted_at` does not exist here: DELETE says it.
fn fields(table: &'static Table) -> impl Iterator<Item = &'static Column> {
    table.columns.iter().filter(|column| column.role != Role::DeletedAt)
}

fn unknown<'a>(
    table: &'static Table,
    members: &'a Map<String, Tree>,
    beside: Beside<'a>,
) -> impl Iterator<Item = (String, String)> + 'a {
    let known = move || fields(table).map(|column| column.json).chain(beside.members.iter().map(|(name, _)| *name));
    let offered = beside.members.iter().filter(|(_, offered)| *offered).map(|(name, _)| *name);
    let near = move || fields(table).map(|column| column.json).chain(offered.clone());
    members.keys().filter(move |name| known().all(|known| known != name.as_str())).take(MOST_UNKNOWN).map(move |name| {
        let hint = nearest(name, near()).map(|field| format!(" (did you mean `{field}`?)")).unwrap_or_default();
        (shown(name), format!("is not a field of {}{hint}", table.path))
    })
}

/// A field's outcome: an error of ours outside, the client's inside.
type Read = Result<Result<(), Invalid>>;

struct Reader {
    mode: Mode,
    own: bool,
    changes: Changes,
}

impl Reader {
    /// What the client says of it is not even looked at. A new row's id, owner, times and version come from the
    /// statement, and what is computed from the database; nothing else would fill a read-only field.
    fn bookkept(&mut self, column: &'static Column) -> Read {
        let by_statement = column.computed.is_some() || !matches!(column.role, Role::Plain | Role::Login | Role::Admin);
        if !self.mode.creates() || by_statement {
            return Ok(Ok(()));
        }
        match fallback(column)? {
            Some(value) => self.set(column, value),
            None => {
                return Err(Error::internal(format!(
                    "no client can create a row: {} is read-only, not optional, and has no default",
                    column.name
                )));
            }
        }
        Ok(Ok(()))
    }

    fn sent(&mut self, column: &'static Column, tree: &Tree) -> Read {
        if column.secret && self.own && !self.mode.creates() {
            return Ok(Err(Invalid::new("is changed at /auth/password")));
        }
        let value = match convert(column, tree).and_then(|value| check(column, &value).map(|()| value)) {
            Ok(value) => value,
            Err(reason) => {
                if column.role == Role::Admin {
                    // Not what is stored, whatever that is.
                    self.changes.guards.push(Guard { column, reason: Reason::Forbidden, value: Value::Null });
                }
                return Ok(Err(reason));
            }
        };
        if let Some(reason) = self.guarded(column, &value)? {
            let value = if column.secret { Value::Null } else { value.clone() };
            self.changes.guards.push(Guard { column, reason, value });
            if reason == Reason::Immutable {
                return Ok(Ok(()));
            }
        }
        self.set(column, value);
        Ok(Ok(()))
    }

    fn guarded(&self, column: &'static Column, value: &Value) -> Result<Option<Reason>> {
        let change = !self.mode.creates();
        Ok(if column.immutable && change {
            Some(Reason::Immutable)
        } else if column.secret && change {
            Some(Reason::Secret)
        } else if column.role == Role::Admin && (change || fallback(column)?.as_ref() != Some(value)) {
            Some(Reason::Forbidden)
        } else {
            None
        })
    }

    fn absent(&mut self, column: &'static Column) -> Read {
        let kept = column.secret || column.write_only || column.immutable || column.role == Role::Admin;
        if self.mode == Mode::Merge || (self.mode == Mode::Replace && kept) {
            return Ok(Ok(()));
        }
        let fallback = match self.mode {
            // Nobody is an administrator unsaid, whatever else is.
            Mode::CreateNull if column.role != Role::Admin => column.nullable.then_some(Value::Null),
            _ => fallback(column)?,
        };
        Ok(match fallback {
            Some(value) => {
                self.set(column, value);
                Ok(())
            }
            None => Err(Invalid::new("is required")),
        })
    }

    fn set(&mut self, column: &'static Column, value: Value) {
        self.changes.set.push((column, value));
    }
}

/// The value of a field that nobody gives: its default, else NULL, else nothing. Nobody is an administrator unsaid.
fn fallback(column: &'static Column) -> Result<Option<Value>> {
    match column.default {
        Some(default) => (default.value)()
            .map(Some)
            .map_err(|reason| Error::internal(format!("the default of {}: {reason}", column.name))),
        None if column.nullable => Ok(Some(Value::Null)),
        None if column.role == Role::Admin => Ok(Some(Value::Bool(false))),
        None => Ok(None),
    }
}
