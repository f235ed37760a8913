//! Many statements of one shape as one: a placeholder's values as an array, and rows that say by a number whose they are.

use sqlx::{
    Arguments as _, Postgres,
    error::BoxDynError,
    postgres::{PgArguments, PgRow},
};

use super::super::{driver::Driver as _, failure};
use crate::{
    column::Column,
    error::Result,
    row::Row,
    sql::Statement,
    value::{Kind, Value, ValueRef},
};

/// An array for each placeholder.
pub(super) fn arguments(statements: &[&Statement]) -> Result<PgArguments, BoxDynError> {
    let mut arguments = PgArguments::default();
    for (at, (kind, _)) in statements[0].binds.iter().enumerate() {
        bind(&mut arguments, *kind, statements.iter().map(|statement| &statement.binds[at].1))?;
    }
    Ok(arguments)
}

/// What each was answered.
pub(super) fn answers(rows: &[PgRow], statements: &[&Statement]) -> Vec<Result<Vec<Row>>> {
    let mut answers: Vec<Result<Vec<Row>>> = statements.iter().map(|_| Ok(Vec::new())).collect();
    for row in rows {
        let Ok(ValueRef::Int(number)) = Postgres::value(row, 0, &NUMBER) else { continue };
        let at = usize::try_from(number - 1).unwrap_or(usize::MAX);
        let (Some(answer), Some(statement)) = (answers.get_mut(at), statements.get(at)) else { continue };
        *answer = decode(row, &statement.output).map(|row| vec![row]);
    }
    answers
}

static NUMBER: Column = Column::new::<i64>("number");

fn decode(row: &PgRow, columns: &[&'static Column]) -> Result<Row> {
    let value = |(at, column): (usize, &&'static Column)| Ok(Postgres::value(row, at + 1, column)?.to_owned());
    let values = columns.iter().enumerate().map(value).collect::<Result<_, sqlx::Error>>().map_err(failure::of)?;
    Ok(Row::new(columns.to_vec(), values))
}

/// The values of an array.
pub(in crate::db) fn bind<'v>(
    arguments: &mut PgArguments,
    kind: Kind,
    values: impl Iterator<Item = &'v Value>,
) -> Result<(), BoxDynError> {
    /// The items of an array: NULL, or what the pattern takes out of a value.
    macro_rules! add {
        ($($pattern:pat => $item:expr),+) => {{
            let item = |value: &'v Value| match value.as_ref() {
                ValueRef::Null => Ok(None),
                $($pattern => Ok(Some($item)),)+
                _ => Err(BoxDynError::from("a value is not of its column's kind")),
            };
            arguments.add(values.map(item).collect::<Result<Vec<_>, _>>()?)
        }};
    }
    match kind {
        Kind::Bool => add!(ValueRef::Bool(v) => v),
        Kind::I16 => add!(ValueRef::Int(v) => i16::try_from(v)?),
        Kind::I32 => add!(ValueRef::Int(v) => i32::try_from(v)?),
        Kind::I64 => add!(ValueRef::Int(v) => v),
        Kind::F64 => add!(ValueRef::Float(v) => v),
        Kind::Text | Kind::Json => add!(ValueRef::Text(v) => v, ValueRef::Json(v) => v),
        Kind::Bytes => add!(ValueRef::Bytes(v) => v),
        Kind::Uuid => add!(ValueRef::Uuid(v) => v),
        Kind::Date => add!(ValueRef::Date(v) => v),
        Kind::Time => add!(ValueRef::Time(v) => v),
        Kind::DateTime => add!(ValueRef::DateTime(v) => v),
        Kind::Timestamp => add!(ValueRef::Timestamp(v) => v),
    }
}
