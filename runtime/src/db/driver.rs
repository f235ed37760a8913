//! What both backends share: running statements over sqlx.

use sqlx::{Arguments as _, AssertSqlSafe, Database, Executor, IntoArguments, Pool, Transaction};

use super::{JsonRows, Lane, failure, group::Queue};
use crate::{
    column::Column,
    error::{Error, Result},
    output::Shape,
    row::Row,
    sql::{Dialect, Statement},
    value::{Kind, Value, ValueRef},
};

/// How one database takes and gives values.
pub(super) trait Driver: Database {
    /// What a transaction begins with.
    const BEGIN: &'static str;
    /// What it speaks.
    const DIALECT: Dialect;

    /// Adds a value to a statement's arguments, NULL with the type of its column.
    fn bind(arguments: &mut Self::Arguments, kind: Kind, value: Value) -> Result<(), sqlx::error::BoxDynError>;

    /// Reads the value at a place of a row.
    fn value<'r>(row: &'r Self::Row, at: usize, column: &Column) -> Result<ValueRef<'r>, sqlx::Error>;
}

/// Connections for reading and for writing; a database with many writers has one pool for both.
pub(super) struct Lanes<D: Database> {
    pub(super) read: Pool<D>,
    pub(super) write: Pool<D>,
    /// Where there is one writer, the queue in front of it.
    pub(super) queue: Option<Queue>,
}

impl<D: Driver> Lanes<D>
where
    for<'c> &'c mut D::Connection: Executor<'c, Database = D>,
    D::Arguments: IntoArguments<D>,
{
    pub(super) async fn rows(&self, lane: Lane, statement: Statement) -> Result<Vec<Row>> {
        let pool = match (lane, &self.queue) {
            (Lane::Write, Some(queue)) => return queue.run(statement).await,
            (Lane::Write, None) => &self.write,
            (Lane::Read, _) => &self.read,
        };
        let mut connection = pool.acquire().await.map_err(failure::of)?;
        rows::<D>(&mut connection, statement).await
    }

    pub(super) async fn json(&self, statement: Statement) -> Result<JsonRows> {
        let mut connection = self.read.acquire().await.map_err(failure::of)?;
        let columns = statement.output.clone();
        let rows = fetch::<D>(&mut connection, statement).await?;
        drop(connection);
        let shape = Shape::new(columns.iter().copied());
        let mut body = Vec::with_capacity(2 + rows.len() * 128);
        body.push(b'[');
        for (n, row) in rows.iter().enumerate() {
            if n > 0 {
                body.push(b',');
            }
            shape.row(&mut body, |at| D::value(row, at, columns[at]).map_err(failure::of))?;
        }
        body.push(b']');
        Ok(JsonRows { body, count: rows.len() })
    }

    #[expect(clippy::unused_self, reason = "asked of whichever backend there is")]
    pub(super) fn dialect(&self) -> Dialect {
        D::DIALECT
    }

    pub(super) async fn begin(&self) -> Result<Transaction<'static, D>> {
        self.write.begin_with(D::BEGIN).await.map_err(failure::of)
    }

    pub(super) async fn close(&self) {
        self.read.close().await;
        self.write.close().await;
    }
}

/// Runs a statement on one connection and decodes its rows.
pub(super) async fn rows<D: Driver>(connection: &mut D::Connection, statement: Statement) -> Result<Vec<Row>>
where
    for<'c> &'c mut D::Connection: Executor<'c, Database = D>,
    D::Arguments: IntoArguments<D>,
{
    let columns = statement.output.clone();
    let rows = fetch::<D>(connection, statement).await?;
    let decode = |row: &D::Row| {
        let values = columns.iter().enumerate().map(|(at, column)| Ok(D::value(row, at, column)?.to_owned()));
        Ok(Row::new(columns.clone(), values.collect::<Result<_, sqlx::Error>>().map_err(failure::of)?))
    };
    rows.iter().map(decode).collect()
}

async fn fetch<D: Driver>(connection: &mut D::Connection, statement: Statement) -> Result<Vec<D::Row>>
where
    for<'c> &'c mut D::Connection: Executor<'c, Database = D>,
    D::Arguments: IntoArguments<D>,
{
    let mut arguments = D::Arguments::default();
    arguments.reserve(statement.binds.len(), 0);
    for (kind, value) in statement.binds {
        D::bind(&mut arguments, kind, value).map_err(Error::internal)?;
    }
    // The one place where text becomes SQL: identifiers in it come from descriptors, values are bound.
    sqlx::query_with(AssertSqlSafe(statement.text), arguments).fetch_all(connection).await.map_err(failure::of)
}
