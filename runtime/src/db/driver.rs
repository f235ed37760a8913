//! What both backends share: values in and out of sqlx.

use futures_util::future::BoxFuture;
use sqlx::{Arguments as _, Database};

use super::failure;
use crate::{
    column::Column,
    error::{Error, Result},
    row::Row,
    value::{Kind, Value, ValueRef},
};
use std::time::Duration;

/// How one database connects, and takes and gives values.
pub(super) trait Driver: Database {
    /// What a transaction begins with.
    const BEGIN: &'static str;
    /// How old a connection may get.
    const LIFETIME: Option<Duration>;
    /// What a connection is made from.
    type Settings: Send + Sync + 'static;

    /// What gives statements of a connection up, where the database does not do it by itself.
    type Limit: Send + Sync + 'static;

    /// Whether a statement that cannot be prepared may be prepared a moment later, by [`failure::is_unprepared`].
    const PREPARES_TWICE: bool;

    /// Opens a connection and sets it up.
    fn connect(settings: &Self::Settings) -> BoxFuture<'_, Result<Connected<Self>, sqlx::Error>>;

    /// A statement as the database reads it without mistaking a name.
    fn spelled(text: &str) -> String {
        text.to_owned()
    }

    /// A statement begins.
    fn begin(limit: &Self::Limit);

    /// It has ended.
    fn end(limit: &Self::Limit);

    /// Adds a value to a statement's arguments, NULL with the type of its column.
    fn bind(arguments: &mut Self::Arguments, kind: Kind, value: Value) -> Result<(), sqlx::error::BoxDynError>;

    /// Adds the values of an array, where the database has arrays.
    fn bind_array(
        arguments: &mut Self::Arguments,
        kind: Kind,
        values: &[Value],
    ) -> Result<(), sqlx::error::BoxDynError>;

    /// Reads the value at a place of a row.
    fn value<'r>(row: &'r Self::Row, at: usize, column: &Column) -> Result<ValueRef<'r>, sqlx::Error>;
}

/// A connection that was opened, and what limits it.
pub(super) type Connected<D> = (<D as Database>::Connection, <D as Driver>::Limit);

/// The arguments of a statement.
pub(super) fn arguments<D: Driver>(binds: &[(Kind, Value)], arrays: &[(Kind, Vec<Value>)]) -> Result<D::Arguments> {
    let mut arguments = D::Arguments::default();
    arguments.reserve(binds.len() + arrays.len(), 0);
    for (kind, value) in binds {
        D::bind(&mut arguments, *kind, value.clone()).map_err(Error::internal)?;
    }
    for (kind, values) in arrays {
        D::bind_array(&mut arguments, *kind, values).map_err(Error::internal)?;
    }
    Ok(arguments)
}

/// A row of its driver's as one of ours.
pub(super) fn decode<D: Driver>(row: &D::Row, columns: &[&'static Column]) -> Result<Row> {
    let values = columns.iter().enumerate().map(|(at, column)| Ok(D::value(row, at, column)?.to_owned()));
    let values = values.collect::<Result<_, sqlx::Error>>().map_err(failure::of)?;
    Ok(Row::new(columns.to_vec(), values))
}
