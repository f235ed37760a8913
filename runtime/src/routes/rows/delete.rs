//! A row that goes.

use axum::{http::request::Parts, response::Response};

use super::{key, written};
use crate::{
    context::Context,
    error::Result,
    policy::{Caller, authorize},
    routes::{
        no_parameters,
        prefer::{Prefer, Preference},
    },
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
    let prefer = Prefer::of(&parts.headers, &[Preference::Return])?;
    no_parameters(parts)?;
    let row = store::delete(&context.db, &scope, &key(table, parts)?, prefer.output(table)).await?;
    Ok(prefer.applied(written(table, &row, &prefer)?))
}
