//! Rows on their way into the database.

use std::marker::PhantomData;

use super::{Store as _, checked, kept, loaded, unfit};
use crate::{
    column::{Column, Role},
    db::Session,
    error::{Error, Result},
    filter::{Compare, Filter, Node},
    policy,
    resource::{Field, Resource},
    row::Row,
    store,
    table::Table,
    value::{Given, Secret, Value},
};

/// Some columns of a row of `R`, on their way into the database.
#[derive(Debug)]
#[must_use = "a draft does nothing until it is inserted"]
pub struct Draft<R> {
    set: Result<Vec<(&'static Column, Value)>>,
    resource: PhantomData<fn() -> R>,
}

impl<R: Resource> Draft<R> {
    pub(super) fn new() -> Self {
        Self { set: Ok(Vec::new()), resource: PhantomData }
    }

    /// Gives a column its value.
    pub fn set<T>(mut self, field: Field<R, T>, value: impl Given<T>) -> Self {
        let column = field.meta();
        let value = field.encode(&value.given()).map_err(|reason| unfit(column, &reason.0));
        self.set = match (self.set, value) {
            (Ok(mut set), Ok(value)) => {
                set.retain(|(c, _)| c.name != column.name);
                set.push((column, value));
                Ok(set)
            }
            (Ok(_), Err(error)) => Err(error),
            (Err(first), Ok(_)) => Err(first),
            (Err(first), Err(error)) => Err(first.fields(error.errors().clone())),
        };
        self
    }

    /// Inserts the row. A missing required column, or a value that its column refuses, is [`Code::Invalid`](crate::Code::Invalid) before any
    /// SQL; a taken unique value is [`Code::Unique`](crate::Code::Unique).
    pub async fn insert(self, session: &dyn Session) -> Result<R> {
        let mut row = insert(session, R::TABLE, self.set?).await?;
        R::from_row(&mut row)
    }

    /// Changes the columns of this draft, and no others, of the row with this key.
    pub async fn update(self, session: &dyn Session, id: impl Into<R::Key>) -> Result<R> {
        let key = R::KEY.encode(&id.into()).map_err(|reason| unfit(R::TABLE.id(), &reason.0))?;
        let mut changes = checked(self.set?)?;
        let mut row = store::update(session, &policy::system(R::TABLE), &key, &mut changes, loaded(R::TABLE)).await?;
        R::from_row(&mut row)
    }

    /// The row that has this draft's value of a unique column, or else a new one: what makes a seed hook repeatable.
    pub async fn get_or_insert<T>(self, session: &dyn Session, unique: Field<R, T>) -> Result<R> {
        let column = unique.meta();
        let set = self.set?;
        let Some((_, value)) = set.iter().find(|(c, _)| c.name == column.name) else {
            return Err(unfit(column, "is what get_or_insert looks for, and the draft does not set it"));
        };
        let filter = Filter(Node::Compare(column, Compare::Eq, value.clone()));
        if let Some(row) = R::query().filter(filter).first(session).await? {
            return Ok(row);
        }
        let mut row = insert(session, R::TABLE, set).await?;
        R::from_row(&mut row)
    }
}

/// Inserts a row as the program itself; the command line has no type to do it with.
pub(crate) async fn insert(
    session: &dyn Session,
    table: &'static Table,
    set: Vec<(&'static Column, Value)>,
) -> Result<Row> {
    let mut changes = checked(set)?;
    let mut missing = Vec::new();
    for column in table.columns {
        let given = changes.set.iter().find(|(c, _)| c.name == column.name).map(|(_, value)| value);
        match given {
            Some(_) if column.role == Role::Id && table.has_serial_id() => {
                return Err(unfit(column, "is given by the database"));
            }
            Some(Value::Secret(Secret(None))) => {
                missing.push((column.json.to_owned(), "is a password that was never set".to_owned()));
            }
            Some(_) => {}
            None => match column.default {
                Some(default) => changes.set.push((column, (default.value)().map_err(Error::internal)?)),
                None if column.nullable || kept(column) => {}
                None => missing.push((column.json.to_owned(), "is required".to_owned())),
            },
        }
    }
    if !missing.is_empty() {
        return Err(Error::invalid(missing));
    }
    Ok(store::insert(session, &policy::all(table), &mut changes, loaded(table)).await?.row)
}
