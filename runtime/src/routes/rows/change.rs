//! A changed row: replaced, or merged with what came.

use axum::{
    body::Body,
    http::{Method, StatusCode, request::Parts},
    response::Response,
};

use super::{key, object};
use crate::{
    context::Context,
    error::Result,
    input::{self, Mode},
    policy::{Caller, authorize},
    routes::{body, no_parameters, reply::json},
    store,
    table::{Action, Table},
};

/// `PUT /cards/{id}` and `PATCH /cards/{id}`
pub(in crate::routes) async fn change(
    table: &'static Table,
    context: &Context,
    caller: &Caller,
    parts: &Parts,
    body: Body,
) -> Result<Response> {
    let scope = authorize(table, Action::Update, caller)?;
    no_parameters(parts)?;
    let key = key(table, parts)?;
    let mode = if parts.method == Method::PUT { Mode::Replace } else { Mode::Merge };
    let own = caller.identity().is_some_and(|identity| identity.table == table && identity.key == key);
    let changes = input::changes(table, mode, &body::json(parts, body).await?, own)?;
    let row = store::update(&context.db, &scope, &key, changes, table.output()).await?;
    Ok(json(StatusCode::OK, object(table, &row)?))
}
