//! A connection in use.
//!
//! One that was left in the middle of a statement is never given back. It keeps its place until the database has done
//! with the statement, and is then closed: otherwise clients that hang up would have the database run more statements
//! at once than there are connections.

use std::{
    io,
    sync::Arc,
    time::{Duration, Instant},
};

use futures_util::TryStreamExt as _;
use sqlx::{AssertSqlSafe, Connection as _, Executor, IntoArguments};
use tokio::{sync::OwnedSemaphorePermit, time::timeout};

use super::{
    driver::{self, Driver},
    failure,
    gathered::Gathered,
    lane::{Parked, SIGN, Shared, busy},
};
use crate::{
    error::Result,
    output::{Encoder, JsonRows},
    row::Row,
    sql::Statement,
};

/// A statement that was left is waited for until this long after it began, and so is the end of a transaction: a
/// database that gives slow statements up has done so by then. One that still runs is taken for a connection gone silent.
const LEFT: Duration = Duration::from_secs(8);

/// A connection in use. Dropped in the middle of a statement or a transaction, or after its link has failed, it is
/// closed and not given back; so is one that was told of more than somebody wants to read.
pub(super) struct Held<D: Driver> {
    parked: Option<Parked<D>>,
    shared: Arc<Shared<D>>,
    state: State,
    in_transaction: bool,
    // Given up after the connection is back, so that whoever waits for it finds it.
    slot: Option<OwnedSemaphorePermit>,
}

/// What becomes of the rows behind one that is not taken.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Rest {
    /// They are read and passed over: a write is done when they have come, and only at the end of a statement can its
    /// transaction be undone.
    Read,
    /// The connection is closed, whereby the database learns that nobody wants them.
    Left,
}

/// What a connection is in the middle of.
#[derive(Clone, Copy)]
enum State {
    Nothing,
    /// A statement that began then.
    Statement(Instant),
    /// A statement whose other rows nobody wants.
    Refused,
    /// It is of no use any more.
    Broken,
}

impl<D: Driver> Held<D> {
    pub(super) fn new(parked: Parked<D>, slot: OwnedSemaphorePermit, shared: &Arc<Shared<D>>) -> Self {
        let shared = Arc::clone(shared);
        Self { parked: Some(parked), shared, state: State::Nothing, in_transaction: false, slot: Some(slot) }
    }

    /// What to run something on, which from now on is under way.
    fn start(&mut self) -> Result<&mut D::Connection, sqlx::Error> {
        match (&mut self.parked, self.state) {
            (Some(parked), State::Nothing) => {
                self.state = State::Statement(Instant::now());
                D::begin(&parked.limit);
                Ok(&mut parked.connection)
            }
            _ => Err(sqlx::Error::Io(io::ErrorKind::NotConnected.into())),
        }
    }

    fn ended<T>(&mut self, done: Result<T, sqlx::Error>) -> Result<T, sqlx::Error> {
        if let Some(parked) = &self.parked {
            D::end(&parked.limit);
        }
        let error = done.as_ref().err();
        if error.is_some_and(failure::is_outdated) {
            self.shared.renew();
        }
        self.state = if error.is_some_and(failure::is_fatal) { State::Broken } else { State::Nothing };
        done
    }
}

impl<D: Driver> Held<D>
where
    for<'c> &'c mut D::Connection: Executor<'c, Database = D>,
    D::Arguments: IntoArguments<D>,
{
    /// Runs a statement and decodes its rows.
    pub(super) async fn rows(&mut self, statement: &Statement) -> Result<Vec<Row>> {
        let mut rows = Gathered::new(statement.room.clone());
        self.each(statement, Rest::Read, |row| rows.push(driver::decode::<D>(row, &statement.output)?)).await?;
        Ok(rows.finish())
    }

    /// Runs a read and encodes its rows.
    pub(super) async fn json(mut self, statement: &Statement) -> Result<JsonRows> {
        let (columns, shape) = (&statement.output, statement.json_shape());
        let mut encoder = Encoder::new(&shape, columns.len(), 1024, statement.room.clone());
        let encode = |row: &D::Row| {
            let value = |at: usize| D::value(row, at, columns[at]).map_err(failure::of);
            encoder.row(value, value)
        };
        self.each(statement, Rest::Left, encode).await?;
        Ok(encoder.finish())
    }

    /// Begins a transaction. Dropped before its end, the connection is closed, which undoes it.
    pub(super) async fn begin(&mut self) -> Result<()> {
        self.execute(D::BEGIN).await?;
        self.in_transaction = true;
        Ok(())
    }

    /// Keeps what the transaction did, or fails and keeps nothing.
    pub(super) async fn commit(mut self) -> Result<()> {
        self.execute("COMMIT").await?;
        self.in_transaction = false;
        Ok(())
    }

    /// Undoes what the transaction did.
    pub(super) async fn rollback(mut self) -> Result<()> {
        let done = timeout(LEFT, self.command("ROLLBACK")).await;
        match done.map_err(|_| busy("the transaction could not be undone in time"))? {
            Err(error) if !failure::is_over(&error) => return Err(failure::of(error)),
            _ => self.in_transaction = false,
        }
        Ok(())
    }

    async fn execute(&mut self, command: &'static str) -> Result<()> {
        self.command(command).await.map_err(failure::of)
    }

    /// Runs a command of ours that has no values.
    async fn command(&mut self, command: &'static str) -> Result<(), sqlx::Error> {
        let done = sqlx::raw_sql(command).execute(self.start()?).await;
        self.ended(done).map(drop)
    }

    /// Runs a statement and hands its rows over as they come.
    async fn each(
        &mut self,
        statement: &Statement,
        rest: Rest,
        mut take: impl FnMut(&D::Row) -> Result<()> + Send,
    ) -> Result<()> {
        let mut taken = Ok(());
        let mut row = |row: &D::Row| {
            taken = take(row);
            taken.is_ok()
        };
        let done = match self.once(statement, rest, &mut row).await? {
            Err(error) if D::PREPARES_TWICE && failure::is_unprepared(&error) => {
                self.once(statement, rest, &mut row).await?
            }
            done => done,
        };
        taken.and(done.map_err(failure::of))
    }

    /// Hands the rows of a statement over until one is not taken.
    ///
    /// Text becomes SQL in this file alone: identifiers in it come from descriptors, values are bound.
    async fn once(
        &mut self,
        statement: &Statement,
        rest: Rest,
        take: &mut (impl FnMut(&D::Row) -> bool + Send),
    ) -> Result<Result<(), sqlx::Error>> {
        let arguments = driver::arguments::<D>(&statement.binds, &statement.arrays)?;
        let query = sqlx::query_with(AssertSqlSafe(D::spelled(&statement.text)), arguments);
        let mut wanted = true;
        let mut rows = query.fetch(self.start().map_err(failure::of)?);
        let done = loop {
            match rows.try_next().await {
                Ok(Some(row)) => wanted = wanted && take(&row),
                Ok(None) => break Ok(()),
                Err(error) => break Err(error),
            }
            if !wanted && rest == Rest::Left {
                break Ok(());
            }
        };
        drop(rows);
        let done = self.ended(done);
        if !wanted && rest == Rest::Left {
            self.state = State::Refused;
        }
        Ok(done)
    }

    /// Runs a statement whose text is used again and again.
    #[cfg(feature = "postgres")]
    pub(super) async fn shared(&mut self, text: Arc<str>, arguments: D::Arguments) -> Result<Vec<D::Row>, sqlx::Error> {
        let query = sqlx::query_with(AssertSqlSafe(text), arguments);
        let done = query.fetch_all(self.start()?).await;
        self.ended(done)
    }
}

impl<D: Driver> Drop for Held<D> {
    fn drop(&mut self) {
        let Some(parked) = self.parked.take() else { return };
        match self.state {
            State::Nothing if self.in_transaction => drop(parked),
            State::Nothing => self.shared.park(parked),
            State::Statement(since) => leave(parked, since, self.slot.take(), Arc::clone(&self.shared)),
            State::Refused => drop(parked),
            State::Broken => self.shared.fail(),
        }
    }
}

/// Sees a statement through that nobody waits for any more, and closes its connection.
fn leave<D: Driver>(mut parked: Parked<D>, since: Instant, slot: Option<OwnedSemaphorePermit>, shared: Arc<Shared<D>>) {
    let rest = LEFT.saturating_sub(since.elapsed());
    let runtime = tokio::runtime::Handle::try_current();
    let (Ok(runtime), false) = (runtime, rest.is_zero()) else { return shared.fail() };
    runtime.spawn(async move {
        match timeout(rest, parked.connection.ping()).await {
            Ok(_) => _ = timeout(SIGN, parked.connection.close()).await,
            Err(_) => shared.fail(),
        }
        drop(slot);
    });
}
