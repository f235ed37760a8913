//! Transactions of typed code.

use futures_util::future::BoxFuture;
use tokio::sync::Mutex;

use super::{Db, Lane, Run};
use crate::{
    error::{Error, Result},
    row::Row,
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
    /// Gone when the transaction has ended.
    open: Mutex<Option<Box<dyn Open>>>,
}

/// A transaction of some backend.
pub(super) trait Open: Send {
    fn rows(&mut self, statement: Statement) -> BoxFuture<'_, Result<Vec<Row>>>;
    fn commit(self: Box<Self>) -> BoxFuture<'static, Result<()>>;
    fn rollback(self: Box<Self>) -> BoxFuture<'static, Result<()>>;
}

impl Tx {
    pub(super) fn new(db: Db, open: Box<dyn Open>) -> Self {
        Self { db, open: Mutex::new(Some(open)) }
    }

    /// Keeps what the transaction did. Dropped without it, a transaction leaves nothing behind.
    ///
    /// After a statement that failed there is nothing to keep: then this is an error, on every database.
    pub async fn commit(mut self) -> Result<()> {
        self.open.get_mut().take().ok_or_else(ended)?.commit().await
    }

    /// Undoes what the transaction did, and waits until that is done.
    pub async fn rollback(mut self) -> Result<()> {
        self.open.get_mut().take().ok_or_else(ended)?.rollback().await
    }
}

impl Drop for Tx {
    fn drop(&mut self) {
        let Some(open) = self.open.get_mut().take() else { return };
        // Where nobody runs it, the connection is closed, which undoes the transaction as well.
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn(open.rollback());
        }
    }
}

fn ended() -> Error {
    Error::internal("the transaction has ended")
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
            let statement = self.db.bounded(statement);
            self.open.lock().await.as_mut().ok_or_else(ended)?.rows(statement).await
        })
    }

    fn speaks(&self) -> Dialect {
        self.db.dialect()
    }

    fn bcrypt_cost(&self) -> u32 {
        self.db.bcrypt_cost()
    }

    fn outside(&self) -> &Db {
        &self.db
    }
}
