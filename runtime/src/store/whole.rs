//! Transactions that are kept as a whole or not at all.

use futures_util::future::BoxFuture;

use crate::{
    db::{self, Db, Session, Tx},
    error::Result,
};

/// Where rows are written: in a transaction of their own, or in one that holds more.
#[derive(Clone, Copy)]
pub(crate) enum At<'a> {
    Own(&'a Db),
    /// What has to be hashed is; this is too slow for a transaction.
    Within(&'a Tx),
}

impl<'a> At<'a> {
    pub(crate) fn session(self) -> &'a dyn Session {
        match self {
            Self::Own(db) => db,
            Self::Within(tx) => tx,
        }
    }
}

/// Work over some state.
pub(super) type Work<S, T> = for<'t> fn(&'t mut S, &'t Tx) -> BoxFuture<'t, Result<T>>;

/// Does something in a transaction of its own. Where that had to give way to another one, it is done once more: nothing
/// of it is left, and nobody has been answered.
pub(super) async fn whole<S, T>(db: &Db, mut state: S, work: Work<S, T>) -> Result<T> {
    match once(db, &mut state, work).await {
        Err(error) if db::gave_way(&error) => once(db, &mut state, work).await,
        done => done,
    }
}

async fn once<S, T>(db: &Db, state: &mut S, work: Work<S, T>) -> Result<T> {
    let tx = db.begin().await?;
    match work(state, &tx).await {
        Ok(value) => tx.commit().await.map(|()| value),
        Err(error) => {
            tx.rollback().await?;
            Err(error)
        }
    }
}
