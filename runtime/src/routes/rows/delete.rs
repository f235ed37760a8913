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
    routes::{no_parameters, reply::json},
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
    let row = store::delete(&context.db, &scope, &key(table, parts)?, table.output()).await?;
    Ok(json(StatusCode::OK, object(table, &row)?))
}
