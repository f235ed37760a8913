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
    routes::{
        conditions::Conditions,
        etag::Tag,
        prefer::Prefer,
        reply::{json, tagged, unchanged},
    },
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
    let mut selection = query::select(table, context.schema.relations(), parts.uri.query())?;
    let key = key(table, parts)?;
    let conditions = Conditions::of(table, &parts.headers)?;
    let scope = scope.expecting(conditions.of_read());
    let nothing = Changes::default();
    let inner = selection.as_ref().map_or(Node::TRUE, |selection| embed::inner(selection, caller));
    let dialect = context.db.dialect();
    let joins = selection.as_mut().map_or_else(Vec::new, |selection| embed::join(dialect, selection, caller, 1, 0));
    // A tag is of the whole row alone: what is embedded changes without it.
    let told: Vec<_> = if selection.is_none() { Tag::columns(table).collect() } else { Vec::new() };
    let mut shown = Shown::of(table, selection.as_ref(), &told, Aside::Row(0));
    let columns = std::mem::take(&mut shown.columns);
    let statement = sql::joined(dialect, &joins, &[], columns, |columns| {
        sql::find(dialect, &scope, &key, &nothing, &inner, columns)
    })?;
    let rows = shown.read(context, statement).await?;
    if rows.count == 0 {
        return Err(store::why_none(&context.db, &scope, &key, &inner).await);
    }
    let tag = if told.is_empty() { None } else { Tag::of(rows.aside.iter().map(Some)) };
    if conditions.has(tag.as_ref()) {
        return Ok(prefer.applied(unchanged(table, tag.as_ref())));
    }
    let (body, cut) = shown.filled(context, caller, rows).await?;
    // The array of one without its brackets.
    let mut response = json(StatusCode::OK, body[1..body.len() - 1].to_vec());
    selected::say_cut(&mut response, &cut)?;
    Ok(prefer.applied(tagged(response, table, tag.as_ref())))
}
