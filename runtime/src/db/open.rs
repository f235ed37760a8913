//! Transactions over sqlx.

use futures_util::future::BoxFuture;
use sqlx::{Executor, IntoArguments};

use super::{driver::Driver, held, tx::Open};
use crate::{
    error::{Error, Result},
    row::Row,
    sql::Statement,
};

/// A transaction on a connection of a lane.
struct Held<D: Driver> {
    connection: held::Held<D>,
    /// Whether a statement failed: PostgreSQL then undoes everything, whatever is said at the end.
    failed: bool,
}

/// Begins a transaction on a connection.
pub(super) async fn begin<D: Driver>(mut connection: held::Held<D>) -> Result<Box<dyn Open>>
where
    for<'c> &'c mut D::Connection: Executor<'c, Database = D>,
    D::Arguments: IntoArguments<D>,
{
    connection.begin().await?;
    Ok(Box::new(Held { connection, failed: false }))
}

impl<D: Driver> Open for Held<D>
where
    for<'c> &'c mut D::Connection: Executor<'c, Database = D>,
    D::Arguments: IntoArguments<D>,
{
    fn rows(&mut self, statement: Statement) -> BoxFuture<'_, Result<Vec<Row>>> {
        Box::pin(async move {
            let rows = self.connection.rows(&statement).await;
            self.failed |= rows.is_err();
            rows
        })
    }

    fn commit(self: Box<Self>) -> BoxFuture<'static, Result<()>> {
        Box::pin(async move {
            if !self.failed {
                return self.connection.commit().await;
            }
            self.connection.rollback().await?;
            Err(Error::internal("a statement of the transaction failed, so nothing of it is kept"))
        })
    }

    fn rollback(self: Box<Self>) -> BoxFuture<'static, Result<()>> {
        Box::pin(self.connection.rollback())
    }
}
