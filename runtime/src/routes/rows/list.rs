//! A page of rows.

use axum::{
    http::{StatusCode, request::Parts},
    response::Response,
};

use super::{
    page::{Window, past_the_end},
    selected::{self, Shown},
};
use crate::{
    context::Context,
    embed,
    error::Result,
    policy::{Caller, authorize},
    query,
    routes::{
        conditions::Conditions,
        prefer::{Prefer, Preference},
        reply::{json, unchanged},
    },
    sql, store,
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
    let prefer = Prefer::of(&parts.headers, Preference::OF_LIST)?;
    let (mut wanted, mut selection) = query::parse_with_select(table, context.schema.relations(), parts.uri.query())?;
    let window = Window::of(&mut wanted, table, &parts.headers)?;
    if Conditions::of_page(table, &parts.headers)?.has(None) {
        // No row has to be read to say so, but the token has to be alive.
        return store::nothing_seen(&context.db, &scope).await.map(|()| unchanged(table, None));
    }
    let mut joins = Vec::new();
    if let Some(selection) = &mut selection {
        wanted.filter = wanted.filter.and(embed::inner(selection, caller));
        joins = embed::join(context.db.dialect(), selection, caller, wanted.limit, wanted.offset);
    }
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
    let (keys, aside) = window.aside(&wanted);
    let mut shown = Shown::of(table, selection.as_ref(), &keys, aside);
    let columns = std::mem::take(&mut shown.columns);
    let statement = sql::list(context.db.dialect(), &scope, &wanted, &joins, columns)?;
    let rows = shown.read(context, statement).await?;
    let (count, last) = (rows.count, shown.last_told(&rows));
    if count == 0 {
        store::nothing_seen(&context.db, &scope).await?;
    }
    let (body, cut) = shown.filled(context, caller, rows).await?;
    let mut response = json(StatusCode::OK, body);
    selected::say_cut(&mut response, &cut)?;
    window.tell(parts, (&wanted, table), (count, last), total, response.headers_mut())?;
    Ok(prefer.applied(response))
}
