//! A row that goes.

use axum::{
    http::{StatusCode, request::Parts},
    response::Response,
};

use super::{key, object};
use crate::{
    context::Context,
    error::Result,
    policy::{Caller, authorize},
    routes::{conditions::Conditions, no_parameters, reply::json},
    store,
    table::{Action, Table},
};

/// `DELETE /cards/{id}`
pub(in crate::routes) async fn delete(
    table: &'static Table,
    context: &Context,
    caller: &Caller,
    parts: &Parts,
) -> Result<Response> {
    let scope = authorize(table, Action::Delete, caller)?;
    no_parameters(parts)?;
    let key = key(table, parts)?;
    let scope = scope.expecting(Conditions::of_write(table, &parts.headers)?.of_change());
    let row = store::delete(&context.db, &scope, &key, table.output()).await?;
    // No ETag: what it would be of is not there any more.
    Ok(json(StatusCode::OK, object(table, &row)?))
}
