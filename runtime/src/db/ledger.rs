//! What requests that carry a key were answered, kept in the transactions of their writes.

use chrono::{DateTime, Utc};

use super::{Lane, Run as _, Session, Tx};
use crate::{
    column::Column,
    error::{Error, Result},
    sql::{Dialect, Statement},
    value::{Kind, Value},
};

static REQUEST: Column = Column::new::<String>("request");
static ANSWER: Column = Column::new::<String>("answer");
static HELD: Column = Column::new::<bool>("held");

/// What a request was answered.
pub(crate) struct Record {
    /// A digest of the request.
    pub(crate) request: String,
    pub(crate) answer: String,
}

/// Takes a name for as long as the transaction lasts; `false` where another one has it, which is another process's. On
/// SQLite that is no question: nobody else writes before the transaction ends, and whoever waited then finds its answer.
pub(crate) async fn hold(tx: &Tx, name: i64) -> Result<bool> {
    if tx.speaks() == Dialect::Sqlite {
        return Ok(true);
    }
    let text = "SELECT pg_try_advisory_xact_lock($1)".to_owned();
    let rows = tx.run(Lane::Write, Statement::new(text, vec![(Kind::I64, Value::Int(name))], vec![&HELD])).await?;
    Ok(rows.first().is_some_and(|row| row.values() == [Value::Bool(true)]))
}

/// What is known under a name since then.
pub(crate) async fn find(session: &dyn Session, name: &str, since: DateTime<Utc>) -> Result<Option<Record>> {
    // Both databases read `$1`.
    let text = "SELECT request, answer FROM \"_restruct_idempotency\" WHERE name = $1 AND done_at >= $2";
    let binds = vec![(Kind::Text, Value::Text(name.to_owned())), (Kind::Timestamp, Value::Timestamp(since))];
    let rows = session.run(Lane::Read, Statement::new(text.to_owned(), binds, vec![&REQUEST, &ANSWER])).await?;
    match rows.first().map(crate::row::Row::values) {
        None => Ok(None),
        Some([Value::Text(request), Value::Text(answer)]) => {
            Ok(Some(Record { request: request.clone(), answer: answer.clone() }))
        }
        Some(_) => Err(Error::internal("a record of an answer is no text")),
    }
}

/// Remembers an answer under a name, in the place of one that is too old to be known.
pub(crate) async fn keep(tx: &Tx, name: &str, record: Record, now: DateTime<Utc>) -> Result<()> {
    let text = "INSERT INTO \"_restruct_idempotency\" (name, request, answer, done_at) VALUES ($1, $2, $3, $4) \
                ON CONFLICT (name) DO UPDATE \
                SET request = excluded.request, answer = excluded.answer, done_at = excluded.done_at";
    let binds = vec![
        (Kind::Text, Value::Text(name.to_owned())),
        (Kind::Text, Value::Text(record.request)),
        (Kind::Text, Value::Text(record.answer)),
        (Kind::Timestamp, Value::Timestamp(now)),
    ];
    tx.run(Lane::Write, Statement::new(text.to_owned(), binds, Vec::new())).await.map(drop)
}

/// Forgets what is older.
pub(crate) async fn sweep(session: &dyn Session, before: DateTime<Utc>) -> Result<()> {
    let text = "DELETE FROM \"_restruct_idempotency\" WHERE done_at < $1".to_owned();
    let binds = vec![(Kind::Timestamp, Value::Timestamp(before))];
    session.run(Lane::Write, Statement::new(text, binds, Vec::new())).await.map(drop)
}
