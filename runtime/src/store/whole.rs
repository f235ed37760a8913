//! Transactions that are kept as a whole or not at all.

use futures_util::future::BoxFuture;

use crate::{
    db::{self, Db, Lane, Run as _, Session, Tx},
    error::Result,
    output::{JsonRows, Room},
    sql::Statement,
};

/// Where rows are written, and read again: in a transaction of their own, or in one that holds more. What has to be hashed
/// is: a transaction holds up every other writer of SQLite, and hashing is slow.
#[derive(Clone, Copy)]
pub(crate) enum At<'a> {
    Own(&'a Db),
    Within(&'a Tx),
}

impl<'a> At<'a> {
    pub(crate) fn session(self) -> &'a dyn Session {
        match self {
            Self::Own(db) => db,
            Self::Within(tx) => tx,
        }
    }

    /// The database, whatever becomes of the transaction.
    pub(super) fn outside(self) -> &'a Db {
        match self {
            Self::Own(db) => db,
            Self::Within(tx) => tx.outside(),
        }
    }

    /// How many bytes an answer may have.
    pub(crate) fn most_answered(self) -> usize {
        self.outside().most_answered()
    }

    /// Does something in a transaction.
    pub(super) async fn whole<S, T>(self, mut state: S, work: Work<S, T>) -> Result<T> {
        match self {
            Self::Own(db) => whole(db, state, work).await,
            Self::Within(tx) => work(&mut state, tx).await,
        }
    }

    /// Runs a read and encodes its rows: within a transaction what it wrote itself is there already.
    pub(crate) async fn json(self, statement: Statement) -> Result<JsonRows> {
        match self {
            Self::Own(db) => db.json(statement).await,
            Self::Within(tx) => {
                let (columns, shape) = (statement.output.len(), statement.json_shape().into_owned());
                let rows = tx.run(Lane::Read, statement).await?;
                JsonRows::of(&rows, columns, &shape, Room::of(self.most_answered()))
            }
        }
    }
}

/// Does something that is one write, or `more`: what belongs together is kept together.
pub(crate) async fn together<S, T>(
    at: At<'_>,
    more: bool,
    mut state: S,
    work: for<'t> fn(&'t mut S, At<'t>) -> BoxFuture<'t, Result<T>>,
) -> Result<T> {
    match at {
        At::Own(db) if more => whole(db, (state, work), |(state, work), tx| work(state, At::Within(tx))).await,
        at => work(&mut state, at).await,
    }
}

/// Work over some state.
pub(super) type Work<S, T> = for<'t> fn(&'t mut S, &'t Tx) -> BoxFuture<'t, Result<T>>;

/// Does something in a transaction of its own. Where that had to give way to another one, or to a change of a table, it
/// is done once more: nothing of it is left, and nobody has been answered.
async fn whole<S, T>(db: &Db, mut state: S, work: Work<S, T>) -> Result<T> {
    match once(db, &mut state, work).await {
        Err(error) if db::may_pass(&error) => once(db, &mut state, work).await,
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
