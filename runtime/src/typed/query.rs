//! Queries over the rows of a resource.

use std::marker::PhantomData;

use super::{loaded, unfit};
use crate::{
    db::Session,
    error::Result,
    filter::{Filter, Node},
    order::{self, Order},
    policy::{self, Caller, Scope},
    resource::Resource,
    sql::Page,
    store,
    table::Action,
};

/// A query over the rows of `R`.
#[derive(Debug)]
#[must_use = "a query does nothing until it is run"]
pub struct Query<R> {
    filter: Node,
    order: Vec<Order>,
    limit: Option<u32>,
    offset: u64,
    caller: Option<Caller>,
    deleted: bool,
    resource: PhantomData<fn() -> R>,
}

impl<R: Resource> Query<R> {
    pub(super) fn new() -> Self {
        Self {
            filter: Node::TRUE,
            order: Vec::new(),
            limit: None,
            offset: 0,
            caller: None,
            deleted: false,
            resource: PhantomData,
        }
    }

    /// Only rows that pass; several filters all have to.
    pub fn filter(mut self, filter: Filter) -> Self {
        self.filter = self.filter.and(filter.0);
        self
    }

    /// Sorted by this; further keys break ties, and the id, ascending, always stands last.
    pub fn order(mut self, order: Order) -> Self {
        self.order.push(order);
        self
    }

    /// At most this many rows.
    pub fn limit(mut self, rows: u32) -> Self {
        self.limit = Some(rows);
        self
    }

    /// Without the first so many rows.
    pub fn offset(mut self, rows: u64) -> Self {
        self.offset = rows;
        self
    }

    /// Also rows that were deleted and are still in the table. No caller reads them: [`Query::visible_to`] outweighs this.
    pub fn with_deleted(mut self) -> Self {
        self.deleted = true;
        self
    }

    /// Only rows that the caller may read. Nobody, where the read rule wants somebody, is [`Code::NoToken`](crate::Code::NoToken); a caller
    /// whose token has died is [`Code::BadToken`](crate::Code::BadToken).
    pub fn visible_to(mut self, caller: &Caller) -> Self {
        self.caller = Some(caller.clone());
        self
    }

    /// The rows.
    pub async fn all(mut self, session: &dyn Session) -> Result<Vec<R>> {
        let scope = self.scope()?;
        if let Some(key) = self.order.iter().find(|key| key.column.secret) {
            return Err(unfit(key.column, "is a password; nothing is sorted by it"));
        }
        let order = order::total(R::TABLE, std::mem::take(&mut self.order));
        let page = Page { filter: &self.filter, order: &order, limit: self.limit, offset: self.offset };
        let rows = store::rows(session, &scope, &page, loaded(R::TABLE)).await?;
        rows.into_iter().map(|mut row| R::from_row(&mut row)).collect()
    }

    /// The first row, or none.
    pub async fn first(self, session: &dyn Session) -> Result<Option<R>> {
        Ok(self.limit(1).all(session).await?.pop())
    }

    /// How many rows pass the filters, whatever limit and offset say.
    pub async fn count(self, session: &dyn Session) -> Result<u64> {
        store::count(session, &self.scope()?, &self.filter).await
    }

    fn scope(&self) -> Result<Scope> {
        match &self.caller {
            Some(caller) => policy::authorize(R::TABLE, Action::Read, caller),
            None if self.deleted => Ok(policy::all(R::TABLE)),
            None => Ok(policy::system(R::TABLE)),
        }
    }
}
