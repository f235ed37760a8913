//! The rows behind a cursor, at the cost of a page however deep it lies.
//!
//! What lies behind a row in an order of several keys is no range of an index as a whole. It is some ranges one behind the
//! other: level with the row in all keys but the last and further on in that, level in all but two, and so on; and of each
//! key that can be NULL the NULLs, where they come last. Each is read by itself, and no further than those before it have
//! left the page unfilled.

use super::{
    Dialect, Join, Sql, Statement, each_once, joined,
    rows::{Page, select},
};
use crate::{
    column::Column,
    error::Result,
    order::Order,
    policy::Scope,
    query::Query,
    value::{Kind, Value},
};

/// The sort keys of a row with its values, up to the id.
type Keys<'a> = &'a [(Order, Value)];

/// Rows behind that lie together.
struct Range<'a> {
    /// The keys in which they are the same.
    level: Keys<'a>,
    /// The others.
    rest: Keys<'a>,
    part: Part,
}

#[derive(Clone, Copy, PartialEq)]
enum Part {
    /// Behind in the first of the others, and not NULL in it.
    Further,
    /// NULL in it, behind all that are not.
    Nulls,
    /// Behind in the others together.
    All,
}

/// How many keys make ranges of their own; an order of more has its last ones spelt out.
const LEVELS: usize = 3;

fn ranges(keys: Keys<'_>) -> Vec<Range<'_>> {
    let deepest = keys.len().saturating_sub(1).min(LEVELS);
    let mut ranges = Vec::with_capacity(2 * deepest + 1);
    for depth in (0..=deepest).rev() {
        let (level, rest) = keys.split_at(depth);
        let [(key, value), behind @ ..] = rest else { continue };
        let parts = if depth == deepest && !behind.is_empty() {
            [Some(Part::All), None]
        } else {
            [has_further(key, value).then_some(Part::Further), has_nulls(key, value).then_some(Part::Nulls)]
        };
        ranges.extend(parts.into_iter().flatten().map(|part| Range { level, rest, part }));
    }
    ranges
}

/// Whether rows that are not NULL in a key can lie behind a value.
fn has_further(key: &Order, value: &Value) -> bool {
    *value != Value::Null || key.nulls_first
}

/// Whether NULLs lie behind a value.
fn has_nulls(key: &Order, value: &Value) -> bool {
    *value != Value::Null && key.column.nullable && !key.nulls_first
}

/// `SELECT` of the page that a query asks for, with what is joined to each row; to that of an offset, nothing.
pub(crate) fn list(
    dialect: Dialect,
    scope: &Scope,
    query: &Query,
    joins: &[Join],
    output: Vec<&'static Column>,
) -> Result<Statement> {
    let page = Page { filter: &query.filter, order: &query.order, limit: Some(query.limit), offset: query.offset };
    joined(dialect, joins, &query.order, output, |output| match &query.after {
        Some(cursor) => select_behind(dialect, scope, &page, &cursor.keys(&query.order), output),
        None if joins.is_empty() => select(dialect, scope, &page, output),
        None => select_first(dialect, scope, &page, output),
    })
}

/// `SELECT` of the first page as those behind it are read: how many rows it has decides how others are joined to them.
fn select_first(dialect: Dialect, scope: &Scope, page: &Page<'_>, output: Vec<&'static Column>) -> Result<Statement> {
    debug_assert!(page.offset == 0, "nothing is joined to a page with an offset");
    let mut sql = Sql::new(dialect, "SELECT ");
    sql.outputs(&output);
    sql.over(scope, page.filter);
    sql.push(" ORDER BY ").sorted(page.order, None);
    sql.push(" LIMIT ").most(page);
    sql.finish(output)
}

/// `SELECT` of a page that begins behind a row. It has no offset.
fn select_behind(
    dialect: Dialect,
    scope: &Scope,
    page: &Page<'_>,
    keys: Keys<'_>,
    output: Vec<&'static Column>,
) -> Result<Statement> {
    let mut sql = Sql::new(dialect, "");
    let ranges = ranges(keys);
    if let [only] = &ranges[..] {
        sql.push("SELECT ").outputs(&output);
        sql.chosen(scope, page);
        sql.range(only, scope, page);
        return sql.finish(output);
    }
    let columns = each_once(output.iter().copied().chain(page.order.iter().map(|key| key.column)));
    let mut chosen: Option<String> = None;
    for (n, range) in ranges.iter().enumerate() {
        sql.push(if n == 0 { "WITH " } else { ", " }).numbered(n).push(" AS MATERIALIZED (");
        sql.push(if n == 0 { "SELECT " } else { "SELECT * FROM (SELECT " }).outputs(&columns);
        if let Some(text) = &chosen {
            // What is bound to the text is bound to its copies.
            sql.push(text);
        } else {
            let from = sql.text.len();
            sql.chosen(scope, page);
            chosen = Some(sql.text[from..].to_owned());
        }
        sql.range(range, scope, page);
        if n > 0 {
            // Of this limit nothing is known beforehand, so there is another within.
            sql.push(") AS ").numbered(n).push(" LIMIT ").most(page);
            for before in 0..n {
                sql.push(" - (SELECT count(*) FROM ").numbered(before).push(")");
            }
        }
        sql.push(")");
    }
    sql.push(" SELECT ").outputs(&output);
    sql.push(" FROM (");
    sql.join(0..ranges.len(), " UNION ALL ", |sql, n| _ = sql.push("SELECT * FROM ").numbered(n));
    sql.push(") AS ").ident(scope.table().name).push(" ORDER BY ").sorted(page.order, None);
    sql.finish(output)
}

impl Sql {
    /// The name of a range, which no table has.
    fn numbered(&mut self, n: usize) -> &mut Self {
        self.push("\"_restruct_").number(n + 1);
        self.push("\"")
    }

    /// As many rows as a page has. PostgreSQL plans a statement that comes often for any values of what is bound: of a
    /// bound limit it would expect a tenth of the table, and read the rows of a few by their keys, all of them.
    fn most(&mut self, page: &Page<'_>) {
        match (self.dialect, page.limit) {
            (Dialect::Postgres, Some(limit)) => self.number(limit as usize),
            (_, limit) => self.rows(limit.map_or(i64::MAX, i64::from)),
        }
    }

    /// The rows that a page is chosen from, up to an `AND`.
    fn chosen(&mut self, scope: &Scope, page: &Page<'_>) {
        let table = scope.table().name;
        self.push(" FROM ").ident(table).push(" WHERE ");
        for node in scope.rows().conjuncts().iter().chain(page.filter.conjuncts()) {
            self.predicate(node, Some(table)).push(" AND ");
        }
    }

    /// Those of a range, in their order, as many as a page has.
    fn range(&mut self, range: &Range<'_>, scope: &Scope, page: &Page<'_>) {
        let qualifier = Some(scope.table().name);
        for (key, value) in range.level {
            self.level(key, value, qualifier).push(" AND ");
        }
        let [(key, value), behind @ ..] = range.rest else { return };
        match range.part {
            Part::Further => self.further(key, value, qualifier),
            Part::Nulls => self.level(key, &Value::Null, qualifier),
            Part::All => self.behind(range.rest, qualifier),
        };
        self.push(" ORDER BY ");
        if range.part == Part::Further {
            // To say where NULLs go, where none can be, would only keep an index from being read in its order.
            self.ordered(key.column, None).push(if key.descending { " DESC" } else { " ASC" });
            self.push(if behind.is_empty() { "" } else { ", " });
        }
        let sorted = if range.part == Part::All { range.rest } else { behind };
        self.sorted(&sorted.iter().map(|(key, _)| *key).collect::<Vec<_>>(), None);
        self.push(" LIMIT ").most(page);
    }

    /// That a row lies behind that with these keys.
    ///
    /// Keys of one direction that cannot be NULL are compared as one row, by which both databases seek in an index over
    /// them. Others begin with a bound on the first key where there is one, and then spell the order out.
    fn behind(&mut self, keys: Keys<'_>, qualifier: Option<&str>) -> &mut Self {
        let [(first, value), rest @ ..] = keys else { return self.push("FALSE") };
        let alike = |(key, _): &(Order, Value)| !key.column.nullable && key.descending == first.descending;
        if keys.iter().all(alike) {
            return self.as_row(keys, qualifier);
        }
        let bound = *value != Value::Null && !has_nulls(first, value) && !rest.is_empty();
        if bound {
            self.push("(");
            self.compare_key(first, if first.descending { " <= " } else { " >= " }, value, qualifier).push(" AND ");
        }
        self.spelled(keys, qualifier);
        if bound { self.push(")") } else { self }
    }

    fn as_row(&mut self, keys: Keys<'_>, qualifier: Option<&str>) -> &mut Self {
        self.push("(").join(keys, ", ", |sql, (key, _)| _ = sql.ordered(key.column, qualifier));
        self.push(if keys[0].0.descending { ") < (" } else { ") > (" });
        self.join(keys, ", ", |sql, (key, value)| _ = sql.bind(key.column.kind, value.clone())).push(")")
    }

    /// Behind by the first key, or level with it and behind by the others.
    fn spelled(&mut self, keys: Keys<'_>, qualifier: Option<&str>) -> &mut Self {
        let [(key, value), rest @ ..] = keys else { return self.push("FALSE") };
        self.push("((").level(key, value, qualifier).push(" AND ").behind(rest, qualifier).push(")");
        if has_further(key, value) {
            self.push(" OR ").further(key, value, qualifier);
        }
        if has_nulls(key, value) {
            self.push(" OR ").level(key, &Value::Null, qualifier);
        }
        self.push(")")
    }

    fn level(&mut self, key: &Order, value: &Value, qualifier: Option<&str>) -> &mut Self {
        match value {
            Value::Null => self.column(qualifier, key.column).push(" IS NULL"),
            value => self.compare_key(key, " = ", value, qualifier),
        }
    }

    fn further(&mut self, key: &Order, value: &Value, qualifier: Option<&str>) -> &mut Self {
        match value {
            Value::Null => self.column(qualifier, key.column).push(" IS NOT NULL"),
            value => self.compare_key(key, if key.descending { " < " } else { " > " }, value, qualifier),
        }
    }

    fn compare_key(&mut self, key: &Order, operator: &str, value: &Value, qualifier: Option<&str>) -> &mut Self {
        let kind: Kind = key.column.kind;
        self.ordered(key.column, qualifier).push(operator).bind(kind, value.clone())
    }
}

#[cfg(test)]
mod tests;
