//! Transactions of typed code.

use futures_util::future::BoxFuture;
use sqlx::{Executor, IntoArguments, Transaction};
use tokio::sync::Mutex;

use super::{
    Db, Lane, Row, Run,
    driver::{self, Driver},
    failure,
};
use crate::{
    error::Result,
    sql::{Dialect, Statement},
};

/// A transaction: everything that ran on it is kept by [`Tx::commit`], or nothing is.
///
/// ```
/// # use restruct::{prelude::*, Db};
/// # #[derive(Resource)]
/// # #[resource(read = public, write = public)]
/// # struct Note { id: i64, text: String }
/// # async fn example(db: &Db) -> restruct::Result<()> {
/// let tx = db.begin().await?;
/// Note::draft().set(Note::TEXT, "one").insert(&tx).await?;
/// Note::draft().set(Note::TEXT, "two").insert(&tx).await?;
/// tx.commit().await
/// # }
/// ```
pub struct Tx {
    db: Db,
    open: Mutex<Box<dyn Open>>,
}

/// A transaction of some backend.
pub(super) trait Open: Send {
    fn rows(&mut self, statement: Statement) -> BoxFuture<'_, Result<Vec<Row>>>;
    fn commit(self: Box<Self>) -> BoxFuture<'static, Result<()>>;
    fn rollback(self: Box<Self>) -> BoxFuture<'static, Result<()>>;
}

impl<D: Driver> Open for Transaction<'static, D>
where
    for<'c> &'c mut D::Connection: Executor<'c, Database = D>,
    D::Arguments: IntoArguments<D>,
{
    fn rows(&mut self, statement: Statement) -> BoxFuture<'_, Result<Vec<Row>>> {
        Box::pin(driver::rows::<D>(self, statement))
    }

    fn commit(self: Box<Self>) -> BoxFuture<'static, Result<()>> {
        Box::pin(async move { Transaction::commit(*self).await.map_err(failure::of) })
    }

    fn rollback(self: Box<Self>) -> BoxFuture<'static, Result<()>> {
        Box::pin(async move { Transaction::rollback(*self).await.map_err(failure::of) })
    }
}

impl Tx {
    pub(super) fn new(db: Db, open: Box<dyn Open>) -> Self {
        Self { db, open: Mutex::new(open) }
    }

    /// Keeps what the transaction did. Dropped without it, a transaction leaves nothing behind.
    pub async fn commit(self) -> Result<()> {
        self.open.into_inner().commit().await
    }

    /// Undoes what the transaction did, and waits until that is done.
    pub async fn rollback(self) -> Result<()> {
        self.open.into_inner().rollback().await
    }
}

impl std::fmt::Debug for Tx {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Tx").field(&self.db).finish()
    }
}

impl Run for Tx {
    #[expect(private_interfaces, reason = "sealed: only this crate calls or implements it")]
    fn run(&self, _: Lane, statement: Statement) -> BoxFuture<'_, Result<Vec<Row>>> {
        Box::pin(async move {
            self.db.count();
            self.open.lock().await.rows(statement).await
        })
    }

    fn speaks(&self) -> Dialect {
        self.db.dialect()
    }

    fn bcrypt_cost(&self) -> u32 {
        self.db.bcrypt_cost()
    }
}
