//! A predicate tree as SQL.

use std::borrow::Borrow;

use super::{
    Dialect, Sql,
    like::{like_to_glob, prefix},
};
use crate::{
    column::Column,
    error::Error,
    filter::{Compare, Identity, Is, Node, Standing},
    relation::Relation,
    table::TOKEN_VERSION,
    value::{Kind, Value},
};

impl Sql {
    /// `node` over the table (or alias) `qualifier`.
    pub(crate) fn predicate(&mut self, node: &Node, qualifier: Option<&str>) -> &mut Self {
        match node {
            Node::And(all) if all.is_empty() => self.push("TRUE"),
            Node::Or(any) if any.is_empty() => self.push("FALSE"),
            Node::And(all) => self.group(all, " AND ", qualifier),
            Node::Or(any) => self.group(any, " OR ", qualifier),
            Node::Not(inner) => {
                let outside = std::mem::replace(&mut self.negated, true);
                self.push("NOT (");
                self.predicate(inner, qualifier).push(")");
                self.negated = outside;
                self
            }
            Node::Compare(column, op, value) => self.compare(column, *op, value, qualifier),
            Node::In(_, values) if values.is_empty() => self.push("FALSE"),
            Node::In(column, values) => {
                self.comparable(column, qualifier).push(" IN (");
                self.join(padded(values), ", ", |sql, value| {
                    sql.comparand(column, value);
                });
                self.push(")")
            }
            Node::Is(column, test) => {
                self.column(qualifier, column);
                self.push(match test {
                    Is::Null | Is::Unknown => " IS NULL",
                    Is::NotNull => " IS NOT NULL",
                    Is::True => " IS TRUE",
                    Is::False => " IS FALSE",
                })
            }
            Node::Like { column, pattern, fold } => self.like(column, pattern, *fold, qualifier),
            Node::Match(column, pattern) => {
                let (operator, pattern) = match self.dialect {
                    // As PostgreSQL reads it: a point is a newline as well.
                    Dialect::Sqlite => (" REGEXP ", format!("(?s){pattern}")),
                    // No locale has a say in what a character is.
                    Dialect::Postgres => (" COLLATE \"C\" ~ ", pattern.clone()),
                };
                self.column(qualifier, column).push(operator).bind(Kind::Text, Value::Text(pattern))
            }
            Node::Search(columns, query) => self.search(columns, query, qualifier),
            Node::Same(column, value) => self.same(column, value, qualifier),
            Node::Caller(identity, standing) => self.caller(identity, *standing),
            Node::Exists { table, key, scope } => {
                let id = table.id();
                self.push("EXISTS (SELECT 1 FROM ").ident(table.name).push(" AS \"target\" WHERE ");
                self.column(Some("target"), id).push(" = ").bind(id.kind, key.clone()).push(" AND ");
                self.predicate(scope, Some("target")).push(")")
            }
            Node::Related { relation, rows } => self.related(relation, rows, qualifier),
            Node::Unstorable(column, reason) => {
                self.error = Some(Error::invalid([(column.json.to_owned(), reason.to_string())]));
                self
            }
        }
    }

    /// Some predicates with `AND` or `OR` between them.
    pub(super) fn group(&mut self, nodes: &[impl Borrow<Node>], separator: &str, qualifier: Option<&str>) -> &mut Self {
        if let [one] = nodes {
            return self.predicate(one.borrow(), qualifier);
        }
        self.push("(");
        self.join(nodes, separator, |sql, node| {
            sql.predicate(node.borrow(), qualifier);
        });
        self.push(")")
    }

    /// That the row has related ones that pass. Each level has a name of its own, since each speaks of the one around it.
    fn related(&mut self, relation: &Relation, rows: &Node, qualifier: Option<&str>) -> &mut Self {
        let Some(outer) = qualifier else {
            self.error = Some(Error::internal("a relation was asked for where its table has no name"));
            return self;
        };
        self.depth += 1;
        let alias = format!("related{}", self.depth);
        self.push("EXISTS (SELECT 1 FROM ").ident(relation.table.name).push(" AS ").ident(&alias).push(" WHERE ");
        self.column(Some(&alias), relation.there).push(" = ").column(Some(outer), relation.here).push(" AND ");
        self.predicate(rows, Some(&alias));
        // SQLite 3.51 makes a join of it where no limit stands, and of one within another a join that repeats the row.
        self.push(if self.dialect == Dialect::Sqlite { " LIMIT 1)" } else { ")" });
        self.depth -= 1;
        self
    }

    fn compare(&mut self, column: &'static Column, op: Compare, value: &Value, qualifier: Option<&str>) -> &mut Self {
        let equality = matches!(op, Compare::Eq | Compare::Neq);
        let op = match op {
            Compare::Eq => " = ",
            Compare::Neq => " <> ",
            Compare::Lt => " < ",
            Compare::Lte => " <= ",
            Compare::Gt => " > ",
            Compare::Gte => " >= ",
        };
        if equality {
            self.comparable(column, qualifier).push(op);
            return self.comparand(column, value);
        }
        self.ordered(column, qualifier).push(op).bind(column.kind, value.clone())
    }

    /// The column as equality sees it: an e-mail login without regard to ASCII case.
    fn comparable(&mut self, column: &Column, qualifier: Option<&str>) -> &mut Self {
        if column.folds_case() && self.dialect == Dialect::Postgres {
            self.push("lower(").column(qualifier, column).push(" COLLATE \"C\")")
        } else {
            // SQLite's column is NOCASE by declaration.
            self.column(qualifier, column)
        }
    }

    fn comparand(&mut self, column: &Column, value: &Value) -> &mut Self {
        if column.folds_case() && self.dialect == Dialect::Postgres {
            self.push("lower(").bind(column.kind, value.clone()).push(" COLLATE \"C\")")
        } else {
            self.bind(column.kind, value.clone())
        }
    }

    /// The column as order sees it: bytewise.
    pub(crate) fn ordered(&mut self, column: &Column, qualifier: Option<&str>) -> &mut Self {
        self.column(qualifier, column);
        if column.folds_case() && self.dialect == Dialect::Sqlite {
            self.push(" COLLATE BINARY");
        }
        self
    }

    fn like(&mut self, column: &'static Column, pattern: &str, fold: bool, qualifier: Option<&str>) -> &mut Self {
        // What a text begins with is looked up in an index, if there is one: a plan that is made for any pattern does not
        // know it otherwise.
        let folds = column.folds_case();
        let range = if folds || !fold { prefix(pattern, folds) } else { None };
        let ends = range.is_some();
        for (start, operator, end) in
            range.into_iter().flat_map(|[from, to]| [("(", " >= ", from), (" AND ", " < ", to)])
        {
            self.push(start).comparable(column, qualifier).push(operator).bind(Kind::Text, Value::Text(end));
        }
        self.push(if ends { " AND " } else { "" });
        match (self.dialect, fold) {
            (Dialect::Sqlite, false) => {
                self.column(qualifier, column).push(" GLOB ").bind(Kind::Text, Value::Text(like_to_glob(pattern)));
            }
            (Dialect::Sqlite, true) => {
                self.column(qualifier, column).push(" LIKE ").bind(Kind::Text, Value::Text(pattern.into()));
                self.push(" ESCAPE '\\'");
            }
            (Dialect::Postgres, false) => {
                self.column(qualifier, column).push(" LIKE ").bind(Kind::Text, Value::Text(pattern.into()));
            }
            // ILIKE would fold beyond ASCII, by the database's locale.
            (Dialect::Postgres, true) => {
                self.push("lower(").column(qualifier, column).push(" COLLATE \"C\") LIKE lower(");
                self.bind(Kind::Text, Value::Text(pattern.into())).push(" COLLATE \"C\")");
            }
        }
        self.push(if ends { ")" } else { "" })
    }

    fn same(&mut self, column: &'static Column, value: &Value, qualifier: Option<&str>) -> &mut Self {
        let json = column.kind == Kind::Json && self.dialect == Dialect::Postgres;
        let cast = if json { "::text" } else { "" };
        self.column(qualifier, column).push(cast);
        if column.folds_case() && self.dialect == Dialect::Sqlite {
            self.push(" COLLATE BINARY");
        }
        self.push(" IS NOT DISTINCT FROM ").bind(column.kind, value.clone()).push(cast)
    }

    fn caller(&mut self, who: &Identity, standing: Standing) -> &mut Self {
        let id = who.table.id();
        self.push("EXISTS (SELECT 1 FROM ").ident(who.table.name).push(" AS \"caller\" WHERE ");
        self.column(Some("caller"), id).push(" = ").bind(id.kind, who.key.clone()).push(" AND ");
        self.column(Some("caller"), &TOKEN_VERSION).push(" = ").bind(Kind::I64, Value::Int(who.version));
        if let Some(deleted_at) = who.table.deleted_at() {
            self.push(" AND ").column(Some("caller"), deleted_at).push(" IS NULL");
        }
        if standing == Standing::Admin {
            self.push(" AND ");
            match who.table.admin() {
                Some(admin) => self.column(Some("caller"), admin).push(" IS TRUE"),
                None => self.push("FALSE"),
            };
        }
        self.push(")")
    }
}

/// A list filled up with its last value to a power of two: prepared statements are kept by their texts, and a text for
/// every length would drive the others out.
fn padded(values: &[Value]) -> impl Iterator<Item = &Value> {
    let filling = values.len().next_power_of_two() - values.len();
    values.iter().chain(values.last().into_iter().cycle().take(filling))
}
