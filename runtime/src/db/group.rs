//! Group commit: writes that arrive while one is being committed share the next transaction.
//!
//! A database with one writer spends most of a commit waiting for the disk. One task takes whatever has queued, runs it
//! in one transaction and answers after the commit. A write that comes alone is run at once: nothing waits for company.

use std::panic::AssertUnwindSafe;

use futures_util::FutureExt as _;
use sqlx::{Connection as _, Executor, IntoArguments, Pool, pool::PoolConnection};
use tokio::sync::{mpsc, oneshot};

use super::{
    driver::{Driver, rows},
    failure,
};
use crate::{
    error::{Code, Error, Result},
    row::Row,
    sql::Statement,
};

/// The most writes of one transaction.
const MOST: usize = 256;

/// How many writes may wait; more wait to be let in.
const QUEUE: usize = 1024;

struct Job {
    statement: Statement,
    answer: oneshot::Sender<Result<Vec<Row>>>,
}

/// The way to the one task that writes. It ends when the last of these is gone.
pub(super) struct Queue(mpsc::Sender<Job>);

impl Queue {
    /// Starts the task on the current runtime.
    pub(super) fn start<D: Driver>(pool: Pool<D>) -> Self
    where
        for<'c> &'c mut D::Connection: Executor<'c, Database = D>,
        D::Arguments: IntoArguments<D>,
    {
        let (sender, mut jobs) = mpsc::channel(QUEUE);
        tokio::spawn(async move {
            let mut batch = Vec::new();
            while jobs.recv_many(&mut batch, MOST).await > 0 {
                // Whoever has gone away in the meantime wants nothing done.
                let wanted: Vec<Job> = batch.drain(..).filter(|job: &Job| !job.answer.is_closed()).collect();
                if !wanted.is_empty() && AssertUnwindSafe(commit(&pool, wanted)).catch_unwind().await.is_err() {
                    tracing::error!("a write panicked; those that were waiting with it are unanswered");
                }
            }
        });
        Self(sender)
    }

    /// Runs a write and gives its rows, once they are committed.
    pub(super) async fn run(&self, statement: Statement) -> Result<Vec<Row>> {
        let (answer, committed) = oneshot::channel();
        self.0.send(Job { statement, answer }).await.map_err(|_| stopped())?;
        committed.await.map_err(|_| stopped())?
    }
}

async fn commit<D: Driver>(pool: &Pool<D>, batch: Vec<Job>)
where
    for<'c> &'c mut D::Connection: Executor<'c, Database = D>,
    D::Arguments: IntoArguments<D>,
{
    let mut connection = match pool.acquire().await {
        Ok(connection) => connection,
        Err(error) => {
            let text = error.to_string();
            for job in batch {
                // Nobody waits for an answer that cannot be sent.
                let _ =
                    job.answer.send(Err(Error::new(Code::Unavailable, "the database is busy").source(text.clone())));
            }
            return;
        }
    };
    if batch.len() == 1 {
        return one_by_one(&mut connection, batch).await;
    }
    match together(&mut connection, &batch).await {
        Ok((results, committed)) => {
            for (job, result) in batch.into_iter().zip(results) {
                // What came of a commit that failed is not known, so nothing of it runs again.
                let result = if committed { result } else { Err(Error::new(Code::Unavailable, "the commit failed")) };
                let _ = job.answer.send(result);
            }
        }
        Err(error) => {
            tracing::debug!(%error, writes = batch.len(), "a shared transaction failed; its writes run one by one");
            one_by_one(&mut connection, batch).await;
        }
    }
}

/// All writes in one transaction, and whether it was committed. One that breaks a constraint fails alone; anything else
/// before the commit undoes all of them, and is the error.
async fn together<D: Driver>(connection: &mut PoolConnection<D>, batch: &[Job]) -> Result<(Vec<Result<Vec<Row>>>, bool)>
where
    for<'c> &'c mut D::Connection: Executor<'c, Database = D>,
    D::Arguments: IntoArguments<D>,
{
    let mut tx = connection.begin_with(D::BEGIN).await.map_err(failure::of)?;
    let mut results = Vec::with_capacity(batch.len());
    for job in batch {
        let result = rows::<D>(&mut tx, job.statement.clone()).await;
        if let Err(error) = &result
            && !matches!(error.code(), Code::Unique | Code::ForeignKey | Code::Invalid)
        {
            let reason = error.to_string();
            tx.rollback().await.map_err(failure::of)?;
            return Err(Error::internal(reason));
        }
        results.push(result);
    }
    let committed = tx.commit().await.map_err(failure::of);
    if let Err(error) = &committed {
        tracing::error!(%error, writes = batch.len(), "a shared transaction could not be committed");
    }
    Ok((results, committed.is_ok()))
}

async fn one_by_one<D: Driver>(connection: &mut PoolConnection<D>, batch: Vec<Job>)
where
    for<'c> &'c mut D::Connection: Executor<'c, Database = D>,
    D::Arguments: IntoArguments<D>,
{
    for job in batch {
        let result = rows::<D>(connection, job.statement).await;
        let _ = job.answer.send(result);
    }
}

fn stopped() -> Error {
    Error::new(Code::Unavailable, "the database is being closed")
}
