//! One row.

use axum::{
    http::{StatusCode, request::Parts},
    response::Response,
};

use super::{
    key,
    selected::{self, Shown},
};
use crate::{
    context::Context,
    embed,
    error::Result,
    filter::Node,
    input::Changes,
    output::Aside,
    policy::{Caller, authorize},
    query,
    routes::{prefer::Prefer, reply::json},
    sql, store,
    table::{Action, Table},
};

/// `GET /cards/{id}`
pub(in crate::routes) async fn get(
    table: &'static Table,
    context: &Context,
    caller: &Caller,
    parts: &Parts,
) -> Result<Response> {
    let scope = authorize(table, Action::Read, caller)?;
    let prefer = Prefer::of(&parts.headers, &[])?;
    let selection = query::select(table, context.schema.relations(), parts.uri.query())?;
    let selection = selection.as_ref();
    let key = key(table, parts)?;
    let nothing = Changes::default();
    let joined = selection.map_or(Node::TRUE, |selection| embed::inner(selection, caller));
    let mut shown = Shown::of(table, selection, &[], Aside::No);
    let columns = std::mem::take(&mut shown.columns);
    let statement = sql::find(context.db.dialect(), &scope, &key, &nothing, &joined, columns)?;
    let rows = shown.read(context, statement).await?;
    if rows.count == 0 {
        return Err(store::why_none(&context.db, &scope, &key, &joined).await);
    }
    let (body, cut) = shown.filled(context, caller, rows).await?;
    // The array of one without its brackets.
    let mut response = json(StatusCode::OK, body[1..body.len() - 1].to_vec());
    selected::say_cut(&mut response, &cut)?;
    Ok(prefer.applied(response))
}
