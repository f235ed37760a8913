//! What the parameters of one request have said so far.

use super::{Cursor, Query, bad};
use crate::{
    column::{Column, Role},
    error::Result,
    filter::{Compare, Node},
    order::{self, Order},
    table::Table,
    value::Value,
};

/// Filter terms, at most.
pub(super) const MOST_TERMS: usize = 100;

/// A query that is being read; every dialect fills it in.
pub(super) struct Draft {
    pub(super) table: &'static Table,
    /// The parameters that say nothing here.
    without: &'static [&'static str],
    terms: Vec<Node>,
    /// The values that columns were given without an operator.
    plain: Vec<(&'static Column, Vec<Value>)>,
    words: Option<Node>,
    weight: usize,
    order: Option<Vec<Order>>,
    limit: Option<u32>,
    offset: Option<u64>,
    after: Option<String>,
    counted: bool,
}

impl Draft {
    pub(super) fn new(table: &'static Table) -> Self {
        Self {
            table,
            without: &[],
            terms: Vec::new(),
            plain: Vec::new(),
            words: None,
            weight: 0,
            order: None,
            limit: None,
            offset: None,
            after: None,
            counted: false,
        }
    }

    /// A query that says which rows are written: those have no order and no pages.
    pub(super) fn of_write(table: &'static Table) -> Self {
        let without = &["order", "limit", "offset", "after", "range", "sort", "_start", "_end", "_sort", "_order"];
        Self { without, ..Self::new(table) }
    }

    /// What is asked of related rows, in the native manner alone.
    pub(super) fn of_relation(table: &'static Table) -> Self {
        let without = &["select", "after", "filter", "range", "sort", "_start", "_end", "_sort", "_order"];
        Self { without, ..Self::new(table) }
    }

    /// Whether a parameter says something here, of those that do anywhere.
    pub(super) fn takes(&self, parameter: &str) -> bool {
        !self.without.contains(&parameter)
    }

    /// One more predicate that has to hold.
    pub(super) fn filter(&mut self, node: Node) -> Result<()> {
        self.weigh(weight(&node))?;
        self.terms.push(node);
        Ok(())
    }

    /// A value that a column shall have. Given again with another it may have either, since it cannot have both.
    pub(super) fn equal(&mut self, column: &'static Column, value: Value) -> Result<()> {
        if let Some((_, values)) = self.plain.iter_mut().find(|(known, _)| *known == column) {
            values.push(value);
            let max = self.table.page.max;
            if column.role == Role::Id && values.len() > max as usize {
                return Err(bad(format!("more than {max} ids are asked for at once")));
            }
            return Ok(());
        }
        self.plain.push((column, vec![value]));
        self.weigh(1)
    }

    /// Words to be found anywhere.
    pub(super) fn search(&mut self, name: &str, node: Node) -> Result<()> {
        self.weigh(1)?;
        once(&mut self.words, name, node)
    }

    fn weigh(&mut self, terms: usize) -> Result<()> {
        self.weight += terms;
        if self.weight > MOST_TERMS {
            return Err(bad(format!("there are more than {MOST_TERMS} filters")));
        }
        Ok(())
    }

    pub(super) fn order(&mut self, name: &str, keys: Vec<Order>) -> Result<()> {
        once(&mut self.order, name, keys)
    }

    pub(super) fn limit(&mut self, name: &str, limit: u32) -> Result<()> {
        once(&mut self.limit, name, limit)
    }

    pub(super) fn offset(&mut self, name: &str, offset: u64) -> Result<()> {
        once(&mut self.offset, name, offset)
    }

    /// The total is said without being asked for, and an offset past it is an empty page.
    pub(super) fn counted(&mut self) {
        self.counted = true;
    }

    pub(super) fn after(&mut self, name: &str, cursor: &str) -> Result<()> {
        once(&mut self.after, name, cursor.to_owned())
    }

    pub(super) fn finish(mut self) -> Result<Query> {
        let order = order::total(self.table, self.order.unwrap_or_default());
        if self.after.is_some() && self.offset.is_some() {
            return Err(bad("`after` and `offset` do not go together").hint("`after` goes on where a page ended"));
        }
        let after = self.after.map(|text| Cursor::read(self.table, &order, &text)).transpose()?;
        // Who names rows by their ids means all of them.
        let ids = self.plain.iter().find(|(column, _)| column.role == Role::Id).map_or(0, |(_, ids)| ids.len());
        let ids = u32::try_from(ids).unwrap_or(u32::MAX);
        self.terms.extend(self.plain.into_iter().map(|(column, mut values)| match values.len() {
            1 => Node::Compare(column, Compare::Eq, values.remove(0)),
            _ => Node::In(column, values),
        }));
        self.terms.extend(self.words);
        Ok(Query {
            filter: Node::And(self.terms),
            order,
            limit: self.limit.unwrap_or(self.table.page.default.max(ids)),
            offset: self.offset.unwrap_or(0),
            after,
            limited: self.limit.is_some(),
            counted: self.counted,
        })
    }
}

/// How many terms a predicate is.
pub(super) fn weight(node: &Node) -> usize {
    match node {
        Node::And(all) => all.iter().map(weight).sum(),
        Node::Or(any) => any.iter().map(weight).sum(),
        Node::Not(inner) => weight(inner),
        _ => 1,
    }
}

/// Fills a place that can be filled once.
pub(super) fn once<T>(slot: &mut Option<T>, name: &str, value: T) -> Result<()> {
    match slot.replace(value) {
        None => Ok(()),
        Some(_) => Err(bad(format!("`{name}` is given twice"))),
    }
}
