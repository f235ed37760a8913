//! One row.

use axum::{
    http::{StatusCode, request::Parts},
    response::Response,
};

use super::key;
use crate::{
    context::Context,
    error::Result,
    input::Changes,
    policy::{Caller, authorize},
    routes::{no_parameters, prefer::Prefer, reply::json},
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
    no_parameters(parts)?;
    let key = key(table, parts)?;
    let nothing = Changes::default();
    let statement = sql::find(context.db.dialect(), &scope, &key, &nothing, table.output())?;
    let rows = context.db.json(statement).await?;
    if rows.count == 0 {
        return Err(store::why(&context.db, &scope, Some(&key), &nothing).await);
    }
    // The array of one without its brackets.
    Ok(prefer.applied(json(StatusCode::OK, rows.body[1..rows.body.len() - 1].to_vec())))
}
