//! The rows that a relation leads to, from many rows at once: one statement, whatever their number.

use super::{Dialect, Sql, Statement, each_once};
use crate::{
    column::Column,
    error::Result,
    filter::Node,
    order::Order,
    policy::Scope,
    relation::Relation,
    value::{Kind, Value},
};

/// Which rows are wanted.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Embedding<'a> {
    pub(crate) relation: &'a Relation,
    pub(crate) filter: &'a Node,
    pub(crate) order: &'a [Order],
    /// How many of each row, and without the first so many.
    pub(crate) limit: u32,
    pub(crate) offset: u64,
    /// How many of all rows together.
    pub(crate) most: u32,
}

/// The number of the key, from 0, that a row was found by.
static POSITION: Column = Column::new::<i64>("position");

/// `SELECT` of the rows that `keys` lead to, those of one key together and in their order: the columns that are shown,
/// the number of the key from 0, and then those of `told`.
///
/// The keys are bound as one JSON array, so that the text is the same for any number of them. Of each key no more rows
/// are read than it takes: a key with a million of them costs what its index costs.
pub(crate) fn embedded(
    dialect: Dialect,
    scope: &Scope,
    wanted: &Embedding<'_>,
    keys: &[Value],
    shown: &[&'static Column],
    told: &[&'static Column],
) -> Result<Statement> {
    let mut sql = Sql::new(dialect, "SELECT ");
    let table = scope.table().name;
    for column in shown {
        sql.column(Some(table), column).push(", ");
    }
    sql.push(if dialect == Dialect::Sqlite { "\"keys\".\"key\"" } else { "\"keys\".\"key\" - 1" });
    for column in told {
        sql.push(", ").column(Some(table), column);
    }
    match (wanted.relation.many, dialect) {
        (false, _) => sql.one_each(scope, wanted, keys),
        (true, Dialect::Sqlite) => sql.many_each_on_sqlite(scope, wanted, keys),
        (true, Dialect::Postgres) => sql.many_each_on_postgres(scope, wanted, keys, &[shown, told].concat()),
    }
    sql.push(" LIMIT ").rows(wanted.most.into());
    sql.finish([shown, &[&POSITION], told].concat())
}

impl Sql {
    fn one_each(&mut self, scope: &Scope, wanted: &Embedding<'_>, keys: &[Value]) {
        let table = scope.table().name;
        self.keys(keys);
        self.push(" CROSS JOIN ").ident(table).push(" WHERE ");
        self.related_to_key(scope, wanted, table);
    }

    /// SQLite has no LATERAL, and its windows would read all rows of a key to number them.
    fn many_each_on_sqlite(&mut self, scope: &Scope, wanted: &Embedding<'_>, keys: &[Value]) {
        let (table, id) = (scope.table().name, scope.table().id());
        self.keys(keys);
        self.push(" CROSS JOIN ").ident(table).push(" WHERE ").column(Some(table), id);
        self.push(" IN (SELECT ").column(Some("row"), id).push(" FROM ").ident(table).push(" AS \"row\" WHERE ");
        self.related_to_key(scope, wanted, "row");
        self.push(" ORDER BY ").sorted(wanted.order, Some("row"));
        self.part_of_each(wanted);
        self.push(") ORDER BY \"keys\".\"key\", ").sorted(wanted.order, Some(table));
    }

    fn many_each_on_postgres(
        &mut self,
        scope: &Scope,
        wanted: &Embedding<'_>,
        keys: &[Value],
        output: &[&'static Column],
    ) {
        let table = scope.table().name;
        self.keys(keys);
        self.push(" CROSS JOIN LATERAL (SELECT ");
        let columns = each_once(output.iter().copied().chain(wanted.order.iter().map(|key| key.column)));
        self.join(columns, ", ", |sql, column| _ = sql.column(Some(table), column));
        self.push(" FROM ").ident(table).push(" WHERE ");
        self.related_to_key(scope, wanted, table);
        self.push(" ORDER BY ").sorted(wanted.order, Some(table));
        self.part_of_each(wanted);
        self.push(") AS ").ident(table).push(" ORDER BY \"keys\".\"key\", ").sorted(wanted.order, Some(table));
    }

    /// The keys that the statement begins from.
    fn keys(&mut self, keys: &[Value]) {
        let array = Value::Json(array(keys));
        if self.dialect == Dialect::Sqlite {
            self.push(" FROM json_each(").bind(Kind::Json, array).push(") AS \"keys\"");
        } else {
            self.push(" FROM json_array_elements_text(").bind(Kind::Json, array);
            self.push(") WITH ORDINALITY AS \"keys\" (\"value\", \"key\")");
        }
    }

    /// That a row is one that the key leads to, in the scope, and passes the filter.
    fn related_to_key(&mut self, scope: &Scope, wanted: &Embedding<'_>, qualifier: &str) {
        let there = wanted.relation.there;
        let key = match (self.dialect, there.kind) {
            (Dialect::Sqlite, Kind::Uuid) => " = unhex(\"keys\".\"value\")",
            (Dialect::Sqlite, _) => " = \"keys\".\"value\"",
            (Dialect::Postgres, Kind::Uuid) => " = CAST(\"keys\".\"value\" AS UUID)",
            (Dialect::Postgres, _) => " = CAST(\"keys\".\"value\" AS BIGINT)",
        };
        self.column(Some(qualifier), there).push(key);
        for node in scope.rows().conjuncts().iter().chain(wanted.filter.conjuncts()) {
            self.push(" AND ").predicate(node, Some(qualifier));
        }
    }

    fn part_of_each(&mut self, wanted: &Embedding<'_>) {
        let offset = i64::try_from(wanted.offset).unwrap_or(i64::MAX);
        self.push(" LIMIT ").rows(wanted.limit.into());
        self.push(" OFFSET ").rows(offset);
    }
}

/// Keys as a JSON array. UUIDs have no hyphens, which SQLite's `unhex` would refuse and PostgreSQL does not need.
fn array(keys: &[Value]) -> String {
    let mut text = String::with_capacity(2 + keys.len() * 8);
    text.push('[');
    for (n, key) in keys.iter().enumerate() {
        if n > 0 {
            text.push(',');
        }
        match key {
            Value::Int(key) => text.push_str(&key.to_string()),
            Value::Uuid(key) => {
                text.push('"');
                text.push_str(key.as_simple().encode_lower(&mut [0; 32]));
                text.push('"');
            }
            _ => text.push_str("null"),
        }
    }
    text.push(']');
    text
}

#[cfg(all(test, feature = "sqlite"))]
mod tests;
