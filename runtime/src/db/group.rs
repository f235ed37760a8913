//! Group commit: writes that arrive while one is being committed share the next transaction.
//!
//! A database with one writer spends most of a commit waiting for the disk. One task takes whatever has queued, runs it
//! in one transaction and answers after the commit. A write that comes alone is run at once: nothing waits for company.

use std::panic::AssertUnwindSafe;

use futures_util::FutureExt as _;
use sqlx::{Executor, IntoArguments};
use tokio::sync::{mpsc, oneshot};

use super::{
    driver::Driver,
    lane::{Held, Lane},
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
    pub(super) fn start<D: Driver>(lane: Lane<D>) -> Self
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
                if !wanted.is_empty() && AssertUnwindSafe(commit(&lane, wanted)).catch_unwind().await.is_err() {
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

async fn commit<D: Driver>(lane: &Lane<D>, batch: Vec<Job>)
where
    for<'c> &'c mut D::Connection: Executor<'c, Database = D>,
    D::Arguments: IntoArguments<D>,
{
    let connection = match lane.take().await {
        Ok(connection) => connection,
        Err(error) => return refuse(batch, &error),
    };
    if batch.len() == 1 {
        return one_by_one(connection, batch).await;
    }
    match together(connection, &batch).await {
        Ok((results, committed)) => {
            for (job, result) in batch.into_iter().zip(results) {
                // What came of a commit that failed is not known, so nothing of it runs again.
                let result = if committed { result } else { Err(Error::new(Code::Unavailable, "the commit failed")) };
                let _ = job.answer.send(result);
            }
        }
        Err(error) => {
            tracing::debug!(%error, writes = batch.len(), "a shared transaction failed; its writes run one by one");
            match lane.take().await {
                Ok(connection) => one_by_one(connection, batch).await,
                Err(error) => refuse(batch, &error),
            }
        }
    }
}

fn refuse(batch: Vec<Job>, error: &Error) {
    for job in batch {
        // Nobody waits for an answer that cannot be sent.
        let _ = job.answer.send(Err(Error::new(Code::Unavailable, "the database is busy").source(error.to_string())));
    }
}

/// All writes in one transaction, and whether it was committed. One that breaks a constraint fails alone; anything else
/// before the commit undoes all of them, and is the error.
async fn together<D: Driver>(mut tx: Held<D>, batch: &[Job]) -> Result<(Vec<Result<Vec<Row>>>, bool)>
where
    for<'c> &'c mut D::Connection: Executor<'c, Database = D>,
    D::Arguments: IntoArguments<D>,
{
    tx.begin().await?;
    let mut results = Vec::with_capacity(batch.len());
    for job in batch {
        let result = tx.rows(job.statement.clone()).await;
        if let Err(error) = &result
            && !matches!(error.code(), Code::Unique | Code::ForeignKey | Code::Invalid)
        {
            let reason = error.to_string();
            tx.rollback().await?;
            return Err(Error::internal(reason));
        }
        results.push(result);
    }
    let committed = tx.commit().await;
    if let Err(error) = &committed {
        tracing::error!(%error, writes = batch.len(), "a shared transaction could not be committed");
    }
    Ok((results, committed.is_ok()))
}

async fn one_by_one<D: Driver>(mut connection: Held<D>, batch: Vec<Job>)
where
    for<'c> &'c mut D::Connection: Executor<'c, Database = D>,
    D::Arguments: IntoArguments<D>,
{
    for job in batch {
        let result = connection.rows(job.statement).await;
        let _ = job.answer.send(result);
    }
}

fn stopped() -> Error {
    Error::new(Code::Unavailable, "the database is being closed")
}
