//! That a row lies behind another in an order: what makes a page deep in a list cost no more than the first.

use super::Sql;
use crate::{
    order::Order,
    value::{Kind, Value},
};

type Keys<'a> = &'a [(Order, Value)];

impl Sql {
    /// The rows behind that with these keys.
    ///
    /// Keys of one direction that cannot be NULL are compared as one row, by which both databases seek in an index over
    /// them. Others begin with a bound on the first key where there is one, and then spell the order out.
    pub(super) fn after(&mut self, keys: Keys<'_>, qualifier: Option<&str>) -> &mut Self {
        let [(first, value), rest @ ..] = keys else { return self.push("FALSE") };
        let alike = |(key, _): &(Order, Value)| !key.column.nullable && key.descending == first.descending;
        if keys.iter().all(alike) {
            return self.as_row(keys, qualifier);
        }
        // NULLs that come later satisfy no bound.
        let none_later = !first.column.nullable || first.nulls_first;
        let bound = none_later && *value != Value::Null && !rest.is_empty();
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
        self.push("(").behind(key, value, qualifier);
        if !rest.is_empty() {
            self.push(" OR (");
            match value {
                Value::Null => self.column(qualifier, key.column).push(" IS NULL"),
                value => self.compare_key(key, " = ", value, qualifier),
            };
            self.push(" AND ").spelled(rest, qualifier).push(")");
        }
        self.push(")")
    }

    fn behind(&mut self, key: &Order, value: &Value, qualifier: Option<&str>) -> &mut Self {
        match value {
            Value::Null if key.nulls_first => self.column(qualifier, key.column).push(" IS NOT NULL"),
            Value::Null => self.push("FALSE"),
            value => {
                self.compare_key(key, if key.descending { " < " } else { " > " }, value, qualifier);
                if key.column.nullable && !key.nulls_first {
                    self.push(" OR ").column(qualifier, key.column).push(" IS NULL");
                }
                self
            }
        }
    }

    fn compare_key(&mut self, key: &Order, operator: &str, value: &Value, qualifier: Option<&str>) -> &mut Self {
        let kind: Kind = key.column.kind;
        self.ordered(key.column, qualifier).push(operator).bind(kind, value.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        fixture::{THINGS, named},
        sql::Dialect,
    };

    #[test]
    fn each_order_has_its_form() {
        let key = |name: &str, descending: bool| Order::by(named(&THINGS, name), descending);
        let one = || Value::Int(1);
        for (keys, text) in [
            (vec![(key("id", false), one())], "(id) > (?1)"),
            (vec![(key("id", true), one())], "(id) < (?1)"),
            (vec![(key("count", false), one()), (key("id", false), one())], "(count, id) > (?1, ?2)"),
            (
                vec![(key("count", true), one()), (key("id", false), one())],
                "(count <= ?1 AND (count < ?2 OR (count = ?3 AND (id > ?4))))",
            ),
            (
                vec![(key("small", false), one()), (key("id", false), one())],
                "(small > ?1 OR small IS NULL OR (small = ?2 AND (id > ?3)))",
            ),
            (
                vec![(key("small", true), one()), (key("id", false), one())],
                "(small <= ?1 AND (small < ?2 OR (small = ?3 AND (id > ?4))))",
            ),
            (
                vec![(key("small", false), Value::Null), (key("id", false), one())],
                "(FALSE OR (small IS NULL AND (id > ?1)))",
            ),
            (
                vec![(key("small", true), Value::Null), (key("id", false), one())],
                "(small IS NOT NULL OR (small IS NULL AND (id > ?1)))",
            ),
        ] {
            let mut sql = Sql::new(Dialect::Sqlite, "");
            sql.after(&keys, None);
            assert_eq!(sql.finish(Vec::new()).unwrap().text.replace('"', ""), text);
        }
    }
}
