//! Statement texts and binds, per dialect: pure.

pub(crate) mod like;

/// Which SQL is spoken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Dialect {
    /// SQLite 3.35 or later
    Sqlite,
    /// PostgreSQL 14 or later
    Postgres,
}
