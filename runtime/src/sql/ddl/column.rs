//! One column in DDL: its type, its default, what it checks.

use super::literal;
use crate::{
    column::{Bound, Column, Role},
    sql::{Dialect, ident::Ident},
    value::Kind,
};

/// Everything after the column's name, constraints with a name of their own left out.
pub(super) fn definition(column: &Column, dialect: Dialect) -> String {
    if is_serial(column) {
        return match dialect {
            // AUTOINCREMENT: the id of a deleted row must never come back, since tokens and links still carry it.
            Dialect::Sqlite => "INTEGER PRIMARY KEY AUTOINCREMENT".into(),
            // ALWAYS, not BY DEFAULT: nobody sets an id, and one that slipped in would collide with the sequence later.
            // Whoever loads rows from elsewhere says OVERRIDING SYSTEM VALUE; COPY and pg_restore pass as they are.
            Dialect::Postgres => "BIGINT GENERATED ALWAYS AS IDENTITY".into(),
        };
    }
    let mut text = type_of(column, dialect).to_owned();
    if !column.nullable {
        text.push_str(" NOT NULL");
    }
    if let Some(literal) = default(column, dialect) {
        text.push_str(" DEFAULT ");
        text.push_str(&literal);
    }
    text
}

/// What the database says of the column when it is asked: no more than both of them can say, and nothing that another
/// version of them may spell in another way, as it does expressions.
pub(super) fn told(column: &Column, dialect: Dialect) -> String {
    let (r#type, null) = match dialect {
        Dialect::Sqlite => (sqlite_type(column.kind), column.nullable || is_serial(column)),
        Dialect::Postgres => (postgres_type(column.kind), column.nullable),
    };
    let null = if null { "" } else { " NOT NULL" };
    let value = match dialect {
        Dialect::Sqlite if is_serial(column) => "",
        Dialect::Postgres if is_serial(column) => " IDENTITY",
        _ if column.computed.is_some() => " GENERATED",
        _ if default(column, dialect).is_some() => " DEFAULT",
        _ => "",
    };
    format!("{type}{null}{value}")
}

/// The default that the database has as well.
fn default(column: &Column, dialect: Dialect) -> Option<String> {
    let value = column.default.filter(|d| d.constant).and_then(|d| (d.value)().ok())?;
    literal::value(&value, dialect)
}

/// Whether the database numbers it.
pub(super) fn is_serial(column: &Column) -> bool {
    column.role == Role::Id && column.kind == Kind::I64
}

/// The type of the column, with its collation.
pub(super) fn type_of(column: &Column, dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Sqlite if column.folds_case() => "TEXT COLLATE NOCASE",
        Dialect::Sqlite => sqlite_type(column.kind),
        Dialect::Postgres => postgres_type(column.kind),
    }
}

/// The types that a STRICT table knows.
pub(super) fn sqlite_type(kind: Kind) -> &'static str {
    match kind {
        Kind::Bool | Kind::I16 | Kind::I32 | Kind::I64 => "INTEGER",
        Kind::F64 => "REAL",
        Kind::Bytes | Kind::Uuid => "BLOB",
        Kind::Text | Kind::Date | Kind::Time | Kind::DateTime | Kind::Timestamp | Kind::Json => "TEXT",
    }
}

/// Text is compared bytewise, as SQLite does it.
pub(super) fn postgres_type(kind: Kind) -> &'static str {
    match kind {
        Kind::Bool => "BOOLEAN",
        Kind::I16 => "SMALLINT",
        Kind::I32 => "INTEGER",
        Kind::I64 => "BIGINT",
        Kind::F64 => "DOUBLE PRECISION",
        Kind::Text => "TEXT COLLATE \"C\"",
        Kind::Bytes => "BYTEA",
        Kind::Uuid => "UUID",
        Kind::Date => "DATE",
        Kind::Time => "TIME",
        Kind::DateTime => "TIMESTAMP",
        Kind::Timestamp => "TIMESTAMPTZ",
        Kind::Json => "JSON",
    }
}

/// What the column's CHECK says; `None` where the type says it all. The NULL of an optional column passes any.
pub(super) fn check(column: &Column, dialect: Dialect) -> Option<String> {
    // What is stored of a password is its hash, of which the rules of the clear text say nothing.
    if column.secret {
        return None;
    }
    let parts = [of_kind(column, dialect), choices(column), length(column, dialect), range(column, dialect)];
    let parts: Vec<_> = parts.into_iter().flatten().collect();
    (!parts.is_empty()).then(|| parts.join(" AND "))
}

/// What SQLite's few types leave open.
fn of_kind(column: &Column, dialect: Dialect) -> Option<String> {
    let name = Ident(column.name);
    match (dialect, column.kind) {
        (Dialect::Sqlite, Kind::Bool) => Some(format!("{name} IN (0, 1)")),
        (Dialect::Sqlite, Kind::Uuid) => Some(format!("length({name}) = 16")),
        _ => None,
    }
}

fn choices(column: &Column) -> Option<String> {
    let choices: Vec<_> = column.choices.iter().map(|choice| literal::quoted(choice)).collect();
    (!choices.is_empty()).then(|| format!("{} IN ({})", Ident(column.name), choices.join(", ")))
}

fn length(column: &Column, dialect: Dialect) -> Option<String> {
    let function = match (dialect, column.kind) {
        (Dialect::Sqlite, Kind::Text | Kind::Bytes) => "length",
        (Dialect::Postgres, Kind::Text) => "char_length",
        (Dialect::Postgres, Kind::Bytes) => "octet_length",
        _ => return None,
    };
    let min = column.length.map(|l| l.min).filter(|min| *min > 0);
    let (min, max) = (min.map(|n| n.to_string()), column.max_length().map(|n| n.to_string()));
    between(&format!("{function}({})", Ident(column.name)), min, max)
}

fn range(column: &Column, dialect: Dialect) -> Option<String> {
    // PostgreSQL has types for these; on SQLite all integers have 64 bits.
    let (least, most) = match (dialect, column.kind) {
        (Dialect::Sqlite, Kind::I16) => (Some(i16::MIN.into()), Some(i16::MAX.into())),
        (Dialect::Sqlite, Kind::I32) => (Some(i32::MIN.into()), Some(i32::MAX.into())),
        _ => (None, None),
    };
    let (min, max) = column.range.map_or((None, None), |r| (r.min, r.max));
    let bound = |given: Option<Bound>, widest: Option<i64>, narrower: fn(i64, i64) -> i64| match (given, widest) {
        (Some(Bound::Int(n)), Some(widest)) => Some(narrower(n, widest).to_string()),
        (Some(Bound::Int(n)), None) => Some(n.to_string()),
        (Some(Bound::Float(n)), _) => Some(literal::float(n)),
        (None, widest) => widest.map(|n| n.to_string()),
    };
    between(&Ident(column.name).to_string(), bound(min, least, i64::max), bound(max, most, i64::min))
}

fn between(what: &str, min: Option<String>, max: Option<String>) -> Option<String> {
    match (min, max) {
        (Some(min), Some(max)) => Some(format!("{what} BETWEEN {min} AND {max}")),
        (Some(min), None) => Some(format!("{what} >= {min}")),
        (None, Some(max)) => Some(format!("{what} <= {max}")),
        (None, None) => None,
    }
}
