//! A page of rows.

use axum::{
    http::{StatusCode, request::Parts},
    response::Response,
};

use super::page::{Window, past_the_end};
use crate::{
    context::Context,
    error::Result,
    output::Shape,
    policy::{Caller, authorize},
    query,
    routes::{
        prefer::{Prefer, Preference},
        reply::json,
    },
    sql::{self, Page},
    store,
    table::{Action, Table},
};

/// `GET /cards`
pub(in crate::routes) async fn list(
    table: &'static Table,
    context: &Context,
    caller: &Caller,
    parts: &Parts,
) -> Result<Response> {
    let scope = authorize(table, Action::Read, caller)?;
    let prefer = Prefer::of(&parts.headers, &[Preference::Count])?;
    let mut wanted = query::parse(table, parts.uri.query())?;
    let window = Window::of(&mut wanted, table, &parts.headers)?;
    let counted = prefer.count || wanted.counted;
    let total = if counted { Some(store::count(&context.db, &scope, &wanted.filter).await?) } else { None };
    if let Some(total) = total
        // Whoever has not asked for a count does not expect to be refused by it.
        && !wanted.counted
        && wanted.offset > 0
        && wanted.offset >= total
    {
        return Err(past_the_end(total));
    }
    let behind = wanted.after.as_ref().map(|cursor| cursor.node(&wanted.order));
    let filter = behind.map(|behind| wanted.filter.clone().and(behind));
    let filter = filter.as_ref().unwrap_or(&wanted.filter);
    let page = Page { filter, order: &wanted.order, limit: Some(wanted.limit), offset: wanted.offset };
    let (keys, aside) = window.aside(&wanted);
    let shape = Shape::new(table.readable()).telling(aside);
    let statement = sql::select(context.db.dialect(), &scope, &page, [table.output(), keys].concat())?;
    let mut rows = context.db.json(statement.shaped(shape)).await?;
    if rows.count == 0 {
        store::nothing_seen(&context.db, &scope).await?;
    }
    let mut response = json(StatusCode::OK, std::mem::take(&mut rows.body));
    window.tell(parts, (&wanted, table), &mut rows, total, response.headers_mut())?;
    Ok(prefer.applied(response))
}
