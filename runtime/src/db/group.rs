//! Group commit: writes that arrive while one is being committed share the next transaction.
//!
//! A database with one writer spends most of a commit waiting for the disk. One task takes whatever has queued, runs it
//! in one transaction and answers after the commit. A write that comes alone is run at once: nothing waits for company.

use std::{panic::AssertUnwindSafe, sync::Arc};

use futures_util::{FutureExt as _, future::BoxFuture};
use sqlx::{Executor, IntoArguments};
use tokio::sync::{mpsc, oneshot};

use super::{driver::Driver, lane::Lane};
use crate::{
    error::{Code, Error, Result},
    row::Row,
    sql::Statement,
};

/// The most writes of one transaction.
const MOST: usize = 256;

/// How many writes may wait; more wait to be let in.
const QUEUE: usize = 1024;

/// How often at most a batch lets others run before it begins.
const ROUNDS: usize = 8;

struct Job {
    statement: Statement,
    answer: oneshot::Sender<Result<Vec<Row>>>,
}

/// The way to the one task that writes. It ends when the last of these is gone.
pub(super) struct Queue {
    jobs: mpsc::Sender<Job>,
    writer: Arc<dyn Writer>,
}

/// What runs the writes.
pub(super) trait Writer: Send + Sync + 'static {
    /// Runs a write by itself.
    fn alone(&self, statement: Statement) -> BoxFuture<'_, Result<Vec<Row>>>;

    /// Runs writes in one transaction, in their order. One that [`fails_alone`] does not keep the others from being
    /// committed; any other failure undoes all of them, and is the error.
    fn together(&self, batch: Arc<[Statement]>) -> BoxFuture<'_, Result<Together>>;

    /// Ends it, after what it is running.
    fn close(&self) -> BoxFuture<'_, ()>;
}

/// What came of writes that shared a transaction.
pub(super) struct Together {
    pub(super) results: Vec<Result<Vec<Row>>>,
    pub(super) committed: Result<()>,
}

/// Whether a write broke a constraint, which undoes that statement and no other.
pub(super) fn fails_alone(error: &Error) -> bool {
    matches!(error.code(), Code::Unique | Code::ForeignKey | Code::Invalid)
}

impl Queue {
    /// Starts the task on the current runtime.
    pub(super) fn start(writer: impl Writer) -> Self {
        let (sender, mut jobs) = mpsc::channel(QUEUE);
        let writer: Arc<dyn Writer> = Arc::new(writer);
        let own = Arc::clone(&writer);
        tokio::spawn(async move {
            let mut batch = Vec::new();
            while jobs.recv_many(&mut batch, MOST).await > 0 {
                gather(&mut jobs, &mut batch).await;
                // Whoever has gone away in the meantime wants nothing done.
                let wanted: Vec<Job> = batch.drain(..).filter(|job: &Job| !job.answer.is_closed()).collect();
                if AssertUnwindSafe(commit(&*own, wanted)).catch_unwind().await.is_err() {
                    tracing::error!("a write panicked; those that were waiting with it are unanswered");
                }
            }
        });
        Self { jobs: sender, writer }
    }

    /// Runs a write and gives its rows, once they are committed.
    pub(super) async fn run(&self, statement: Statement) -> Result<Vec<Row>> {
        let (answer, committed) = oneshot::channel();
        self.jobs.send(Job { statement, answer }).await.map_err(|_| stopped())?;
        committed.await.map_err(|_| stopped())?
    }

    /// Ends what runs the writes; those that come later fail.
    pub(super) async fn close(&self) {
        self.writer.close().await;
    }
}

/// Takes along who is about to write. Requests that have arrived are read while this lets others run; a commit costs as
/// much for one as for all, and who comes a moment late waits for a whole one. It ends when nobody more has come, so
/// that who is alone goes on at once.
async fn gather(jobs: &mut mpsc::Receiver<Job>, batch: &mut Vec<Job>) {
    for _ in 0..ROUNDS {
        let before = batch.len();
        tokio::task::yield_now().await;
        while batch.len() < MOST
            && let Ok(job) = jobs.try_recv()
        {
            batch.push(job);
        }
        if batch.len() == before {
            return;
        }
    }
}

async fn commit(writer: &dyn Writer, mut batch: Vec<Job>) {
    if batch.len() < 2 {
        if let Some(job) = batch.pop() {
            // Nobody waits for an answer that cannot be sent.
            let _ = job.answer.send(writer.alone(job.statement).await);
        }
        return;
    }
    let (statements, answers): (Vec<_>, Vec<_>) = batch.into_iter().map(|job| (job.statement, job.answer)).unzip();
    let statements: Arc<[Statement]> = statements.into();
    match writer.together(Arc::clone(&statements)).await {
        Ok(Together { results, committed }) => {
            if let Err(error) = &committed {
                tracing::error!(%error, writes = results.len(), "a shared transaction could not be committed");
            }
            for (answer, result) in answers.into_iter().zip(results) {
                // What came of a commit that failed is not known, so nothing of it runs again.
                let result = match committed {
                    Ok(()) => result,
                    Err(_) => Err(Error::new(Code::Unavailable, "the commit failed")),
                };
                let _ = answer.send(result);
            }
        }
        Err(error) => {
            tracing::debug!(%error, writes = answers.len(), "a shared transaction failed; its writes run one by one");
            for (answer, statement) in answers.into_iter().zip(statements.iter()) {
                // Somebody may have gone away while the others were waited for.
                if !answer.is_closed() {
                    let _ = answer.send(writer.alone(statement.clone()).await);
                }
            }
        }
    }
}

impl<D: Driver> Writer for Lane<D>
where
    for<'c> &'c mut D::Connection: Executor<'c, Database = D>,
    D::Arguments: IntoArguments<D>,
{
    fn alone(&self, statement: Statement) -> BoxFuture<'_, Result<Vec<Row>>> {
        Box::pin(async move {
            let mut held = self.take().await?;
            let done = held.rows(&statement).await;
            // What it left is let go of: see `direct::Direct::settle`. Where that fails, the connection is closed, which
            // does it as well.
            if done.is_err() && held.begin().await.is_ok() {
                let _ = held.rollback().await;
            }
            done
        })
    }

    fn together(&self, batch: Arc<[Statement]>) -> BoxFuture<'_, Result<Together>> {
        Box::pin(async move {
            let mut tx = self.take().await?;
            tx.begin().await?;
            let mut results = Vec::with_capacity(batch.len());
            for statement in batch.iter() {
                let result = tx.rows(statement).await;
                if let Err(error) = &result
                    && !fails_alone(error)
                {
                    let reason = error.to_string();
                    tx.rollback().await?;
                    return Err(Error::internal(reason));
                }
                results.push(result);
            }
            Ok(Together { results, committed: tx.commit().await })
        })
    }

    fn close(&self) -> BoxFuture<'_, ()> {
        Box::pin(Lane::close(self))
    }
}

fn stopped() -> Error {
    Error::new(Code::Unavailable, "the database is being closed")
}

#[cfg(test)]
mod tests;
