//! Reads and writes that go to SQLite past sqlx.

mod connection;
mod watch;

use std::sync::{Arc, Mutex, PoisonError};

use futures_util::future::BoxFuture;
use sqlx::Sqlite;

pub(super) use self::connection::Settings;
use self::connection::{Direct, Purpose};
use super::{
    group::{self, Together},
    lane::Lane,
    workers::Workers,
};
use crate::{
    error::{Code, Result},
    output::JsonRows,
    row::Row,
    sql::Statement,
};

/// Threads that read; and readers for the thread at hand, where going to another costs more than the read.
pub(super) struct Readers {
    threads: Workers<Direct>,
    at_once: Option<AtOnce>,
}

impl Readers {
    /// At most `most` threads, of which one for each core is enough as long as no read is slow.
    pub(super) fn new(settings: &Settings, most: u32) -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let threads = {
            let settings = settings.clone();
            let most = (most as usize).max(1);
            Workers::new("sqlite-read", [cores.min(most), most], move || Direct::open(&settings, Purpose::Read))
        };
        // In memory a read waits for the writer of its table.
        let at_once = (!settings.in_memory).then(|| AtOnce {
            settings: settings.clone(),
            most: cores,
            free: Mutex::new(Free::default()),
        });
        Self { threads, at_once }
    }

    pub(super) async fn rows(&self, statement: Statement) -> Result<Vec<Row>> {
        self.read(statement, Direct::rows).await
    }

    pub(super) async fn json(&self, statement: Statement) -> Result<JsonRows> {
        self.read(statement, Direct::json).await
    }

    pub(super) async fn close(&self) {
        self.threads.close().await;
        if let Some(at_once) = &self.at_once {
            at_once.free().readers.clear();
        }
    }

    async fn read<T: Send + 'static>(
        &self,
        statement: Statement,
        run: fn(&Direct, &Statement) -> Result<T>,
    ) -> Result<T> {
        if statement.by_key
            && let Some(at_once) = &self.at_once
            && let Some(done) = at_once.read(&statement, run)
        {
            return done;
        }
        self.threads.run(move |reader| run(reader, &statement)).await
    }
}

/// Readers for rows by their keys, which are a few pages that mostly lie in memory: as many as threads can ask at once.
struct AtOnce {
    settings: Settings,
    most: usize,
    free: Mutex<Free>,
}

#[derive(Default)]
struct Free {
    readers: Vec<Direct>,
    made: usize,
}

impl AtOnce {
    fn free(&self) -> std::sync::MutexGuard<'_, Free> {
        self.free.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The answer, unless every reader is in use or it would have to wait for a lock.
    fn read<T>(&self, statement: &Statement, run: fn(&Direct, &Statement) -> Result<T>) -> Option<Result<T>> {
        let reader = self.take()?;
        let done = run(&reader, statement);
        self.free().readers.push(reader);
        match done {
            Err(error) if error.code() == Code::Unavailable => None,
            done => Some(done),
        }
    }

    fn take(&self) -> Option<Direct> {
        let mut free = self.free();
        if let Some(reader) = free.readers.pop() {
            return Some(reader);
        }
        if free.made == self.most {
            return None;
        }
        let reader = Direct::open(&self.settings, Purpose::ReadAtOnce).ok()?;
        free.made += 1;
        Some(reader)
    }
}

/// The thread that writes, when nobody holds the lane's one connection for a transaction.
pub(super) struct Writer {
    lane: Lane<Sqlite>,
    thread: Workers<Direct>,
}

impl Writer {
    pub(super) fn new(settings: Settings, lane: Lane<Sqlite>) -> Self {
        Self { lane, thread: Workers::new("sqlite-write", [1, 1], move || Direct::open(&settings, Purpose::Write)) }
    }
}

impl group::Writer for Writer {
    fn alone(&self, statement: Statement) -> BoxFuture<'_, Result<Vec<Row>>> {
        Box::pin(async move {
            let _slot = self.lane.slot().await?;
            self.thread.run(move |writer| writer.alone(&statement)).await
        })
    }

    fn together(&self, batch: Arc<[Statement]>) -> BoxFuture<'_, Result<Together>> {
        Box::pin(async move {
            let _slot = self.lane.slot().await?;
            self.thread.run(move |writer| writer.together(&batch)).await
        })
    }

    fn close(&self) -> BoxFuture<'_, ()> {
        Box::pin(self.thread.close())
    }
}

#[cfg(test)]
mod tests;
