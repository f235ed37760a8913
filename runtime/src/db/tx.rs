//! Transactions of typed code.

use futures_util::future::BoxFuture;
use tokio::sync::Mutex;

use super::{Db, Lane, Row, Run, driver, failure};
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
    open: Mutex<Open>,
}

pub(super) enum Open {
    #[cfg(feature = "sqlite")]
    Sqlite(sqlx::Transaction<'static, sqlx::Sqlite>),
    #[cfg(feature = "postgres")]
    Postgres(sqlx::Transaction<'static, sqlx::Postgres>),
}

impl Tx {
    pub(super) fn new(db: Db, open: Open) -> Self {
        Self { db, open: Mutex::new(open) }
    }

    /// Keeps what the transaction did. Dropped without it, a transaction leaves nothing behind.
    pub async fn commit(self) -> Result<()> {
        match self.open.into_inner() {
            #[cfg(feature = "sqlite")]
            Open::Sqlite(tx) => tx.commit().await.map_err(failure::of),
            #[cfg(feature = "postgres")]
            Open::Postgres(tx) => tx.commit().await.map_err(failure::of),
        }
    }

    /// Undoes what the transaction did, and waits until that is done.
    pub async fn rollback(self) -> Result<()> {
        match self.open.into_inner() {
            #[cfg(feature = "sqlite")]
            Open::Sqlite(tx) => tx.rollback().await.map_err(failure::of),
            #[cfg(feature = "postgres")]
            Open::Postgres(tx) => tx.rollback().await.map_err(failure::of),
        }
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
            match &mut *self.open.lock().await {
                #[cfg(feature = "sqlite")]
                Open::Sqlite(tx) => driver::rows::<sqlx::Sqlite>(tx, statement).await,
                #[cfg(feature = "postgres")]
                Open::Postgres(tx) => driver::rows::<sqlx::Postgres>(tx, statement).await,
            }
        })
    }

    fn speaks(&self) -> Dialect {
        self.db.dialect()
    }
}
