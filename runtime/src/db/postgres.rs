//! PostgreSQL: many connections, every value in its own type.

use std::{str::FromStr as _, time::Duration};

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc};
use futures_util::future::BoxFuture;
use sqlx::{
    Arguments as _, ConnectOptions as _, Connection as _, Postgres, Row as _,
    error::BoxDynError,
    postgres::{PgArguments, PgConnectOptions, PgRow},
};
use uuid::Uuid;

use super::{
    DbOptions, Engine,
    batch::{Batches, arrays},
    driver::{Connected, Driver},
    failure,
    lane::Lane,
    open,
    tx::Open,
};
use crate::{
    column::Column,
    error::{Error, Result},
    output::JsonRows,
    row::Row,
    sql::{Dialect, Statement},
    value::{Kind, Value, ValueRef},
};

/// PostgreSQL, through one lane: it has as many writers as connections.
pub(super) struct Database {
    lane: Lane<Postgres>,
    batches: Batches,
}

/// Where and how to connect.
pub(super) struct Settings {
    connect: PgConnectOptions,
    /// Milliseconds, as the server reads them; 0 is never.
    statement_timeout: String,
}

/// What a URL says of where the database is.
pub(super) fn place(url: &str) -> Result<PgConnectOptions> {
    PgConnectOptions::from_str(url).map_err(failure::of)
}

/// Connects; a server that cannot be reached now fails at once, one that goes later is reconnected to.
pub(super) async fn open(url: &str, options: DbOptions) -> Result<Database> {
    let connect = place(url)?.disable_statement_logging();
    check(&connect).await?;
    let statement_timeout = options.statement_timeout.map_or(0, |timeout| timeout.as_millis()).to_string();
    // A request that finds the database gone is answered within five seconds.
    let wait = Duration::from_secs(3);
    let lane = Lane::new(Settings { connect, statement_timeout }, options.max_connections, wait);
    Ok(Database { batches: Batches::new(lane.clone()), lane })
}

impl Engine for Database {
    fn dialect(&self) -> Dialect {
        Dialect::Postgres
    }

    fn rows(&self, _: super::Lane, statement: Statement) -> BoxFuture<'_, Result<Vec<Row>>> {
        match statement.batch_key() {
            Some(key) => Box::pin(self.batches.run(key, statement)),
            None => Box::pin(self.lane.rows(statement)),
        }
    }

    fn json(&self, statement: Statement) -> BoxFuture<'_, Result<JsonRows>> {
        Box::pin(self.lane.json(statement))
    }

    fn begin(&self) -> BoxFuture<'_, Result<Box<dyn Open>>> {
        Box::pin(async move { open::begin(self.lane.take().await?).await })
    }

    fn close(&self) -> BoxFuture<'_, ()> {
        Box::pin(self.lane.close())
    }
}

impl Lane<Postgres> {
    /// Runs a statement by itself, and once more where that may help.
    pub(super) async fn rows(&self, statement: Statement) -> Result<Vec<Row>> {
        match self.take().await?.rows(&statement).await {
            Err(error) if failure::may_pass(&error) => self.take().await?.rows(&statement).await,
            done => done,
        }
    }

    /// The same of a read whose rows are encoded.
    async fn json(&self, statement: Statement) -> Result<JsonRows> {
        match self.take().await?.json(&statement).await {
            Err(error) if failure::may_pass(&error) => self.take().await?.json(&statement).await,
            done => done,
        }
    }
}

/// Connects once without the pool, which would take a refusal for something that passes; and refuses a database that
/// cannot hold every text.
async fn check(connect: &PgConnectOptions) -> Result<()> {
    let mut connection = connect.connect().await.map_err(|error| match &error {
        sqlx::Error::Database(inner) if inner.code().as_deref() == Some("3D000") => {
            Error::startup("there is no such database").hint("createdb makes one")
        }
        _ => failure::of(error),
    })?;
    let encoding: String =
        sqlx::query_scalar("SHOW server_encoding").fetch_one(&mut connection).await.map_err(failure::of)?;
    let _ = connection.close().await;
    if encoding == "UTF8" {
        return Ok(());
    }
    Err(Error::startup(format!("the database holds {encoding} and not every text"))
        .hint("make one with createdb --encoding=UTF8 --template=template0"))
}

impl Driver for Postgres {
    const BEGIN: &'static str = "BEGIN";
    // A backend keeps a plan of every statement it ever saw, and a balancer in front of it wants its turn.
    const LIFETIME: Option<Duration> = Some(Duration::from_mins(30));
    const PREPARES_TWICE: bool = false;
    type Settings = Settings;
    // It is told once.
    type Limit = ();

    fn connect(settings: &Settings) -> BoxFuture<'_, Result<Connected<Self>, sqlx::Error>> {
        Box::pin(async move {
            let mut connection = settings.connect.connect().await?;
            let set = "SELECT set_config('statement_timeout', $1, false)";
            sqlx::query(set).bind(&settings.statement_timeout).execute(&mut connection).await?;
            Ok((connection, ()))
        })
    }

    fn begin((): &()) {}

    fn end((): &()) {}

    fn bind(arguments: &mut PgArguments, kind: Kind, value: Value) -> Result<(), BoxDynError> {
        match value {
            Value::Null | Value::Secret(_) => null(arguments, kind),
            Value::Bool(v) => arguments.add(v),
            Value::Int(v) => match kind {
                Kind::I16 => arguments.add(i16::try_from(v)?),
                Kind::I32 => arguments.add(i32::try_from(v)?),
                _ => arguments.add(v),
            },
            Value::Float(v) => arguments.add(v),
            Value::Text(v) | Value::Json(v) => arguments.add(v),
            Value::Bytes(v) => arguments.add(v),
            Value::Uuid(v) => arguments.add(v),
            Value::Date(v) => arguments.add(v),
            Value::Time(v) => arguments.add(v),
            Value::DateTime(v) => arguments.add(v),
            Value::Timestamp(v) => arguments.add(v),
        }
    }

    fn bind_array(arguments: &mut PgArguments, kind: Kind, values: &[Value]) -> Result<(), BoxDynError> {
        arrays::bind(arguments, kind, values.iter())
    }

    fn value<'r>(row: &'r PgRow, at: usize, column: &Column) -> Result<ValueRef<'r>, sqlx::Error> {
        Ok(match column.kind {
            Kind::Bool => row.try_get_unchecked::<Option<bool>, _>(at)?.map(ValueRef::Bool),
            Kind::I16 => row.try_get_unchecked::<Option<i16>, _>(at)?.map(|v| ValueRef::Int(v.into())),
            Kind::I32 => row.try_get_unchecked::<Option<i32>, _>(at)?.map(|v| ValueRef::Int(v.into())),
            Kind::I64 => row.try_get_unchecked::<Option<i64>, _>(at)?.map(ValueRef::Int),
            Kind::F64 => row.try_get_unchecked::<Option<f64>, _>(at)?.map(ValueRef::Float),
            Kind::Text => row.try_get_unchecked::<Option<&str>, _>(at)?.map(ValueRef::Text),
            Kind::Json => row.try_get_unchecked::<Option<&str>, _>(at)?.map(ValueRef::Json),
            Kind::Bytes => row.try_get_unchecked::<Option<&[u8]>, _>(at)?.map(ValueRef::Bytes),
            Kind::Uuid => row.try_get_unchecked::<Option<Uuid>, _>(at)?.map(ValueRef::Uuid),
            // sqlx's own way to read these panics at `infinity`.
            Kind::Date => row.try_get_unchecked::<Option<i32>, _>(at)?.map(date).transpose()?.map(ValueRef::Date),
            Kind::Time => row.try_get_unchecked::<Option<NaiveTime>, _>(at)?.map(ValueRef::Time),
            Kind::DateTime => {
                row.try_get_unchecked::<Option<i64>, _>(at)?.map(time).transpose()?.map(ValueRef::DateTime)
            }
            Kind::Timestamp => {
                let time = row.try_get_unchecked::<Option<i64>, _>(at)?.map(time).transpose()?;
                time.map(|time| ValueRef::Timestamp(time.and_utc()))
            }
        }
        .unwrap_or(ValueRef::Null))
    }
}

/// A date, which PostgreSQL sends as days since the beginning of 2000.
fn date(days: i32) -> Result<NaiveDate, sqlx::Error> {
    stored(EPOCH.checked_add_signed(TimeDelta::days(days.into())))
}

/// A time, which it sends as microseconds since then.
fn time(microseconds: i64) -> Result<NaiveDateTime, sqlx::Error> {
    stored(EPOCH.and_time(NaiveTime::MIN).checked_add_signed(TimeDelta::microseconds(microseconds)))
}

const EPOCH: NaiveDate = NaiveDate::from_ymd_opt(2000, 1, 1).expect("a day");

/// One of the years that can be stored. Another, or `infinity`, was put there by hand.
fn stored<T: Datelike>(value: Option<T>) -> Result<T, sqlx::Error> {
    let value = value.filter(|value| (1..=9999).contains(&value.year()));
    value.ok_or_else(|| sqlx::Error::Decode("a time lies outside of the years 0001 to 9999".into()))
}

/// An untyped NULL is text to PostgreSQL, which then refuses it for any other column (42804).
fn null(arguments: &mut PgArguments, kind: Kind) -> Result<(), BoxDynError> {
    match kind {
        Kind::Bool => arguments.add(None::<bool>),
        Kind::I16 => arguments.add(None::<i16>),
        Kind::I32 => arguments.add(None::<i32>),
        Kind::I64 => arguments.add(None::<i64>),
        Kind::F64 => arguments.add(None::<f64>),
        Kind::Text | Kind::Json => arguments.add(None::<String>),
        Kind::Bytes => arguments.add(None::<Vec<u8>>),
        Kind::Uuid => arguments.add(None::<Uuid>),
        Kind::Date => arguments.add(None::<NaiveDate>),
        Kind::Time => arguments.add(None::<NaiveTime>),
        Kind::DateTime => arguments.add(None::<NaiveDateTime>),
        Kind::Timestamp => arguments.add(None::<DateTime<Utc>>),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lies_outside_of_the_years_is_an_error() {
        assert_eq!(date(0).ok(), NaiveDate::from_ymd_opt(2000, 1, 1));
        assert_eq!(date(2_921_939).ok(), NaiveDate::from_ymd_opt(9999, 12, 31));
        assert_eq!(date(-730_119).ok(), NaiveDate::from_ymd_opt(1, 1, 1));
        for days in [2_921_940, -730_120, i32::MAX, i32::MIN] {
            assert!(date(days).is_err(), "{days}");
        }
        assert_eq!(
            time(-1).ok(),
            NaiveDate::from_ymd_opt(1999, 12, 31).unwrap().and_hms_micro_opt(23, 59, 59, 999_999)
        );
        for microseconds in [i64::MAX, i64::MIN, 2_921_940 * 86_400_000_000] {
            assert!(time(microseconds).is_err(), "{microseconds}");
        }
    }
}
