//! A row that goes.

use axum::{http::request::Parts, response::Response};

use super::{key, written};
use crate::{
    context::Context,
    error::Result,
    policy::{Caller, authorize},
    routes::{
        conditions::Conditions,
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
    let prefer = Prefer::of(&parts.headers, Preference::OF_ROW)?;
    no_parameters(parts)?;
    let key = key(table, parts)?;
    let scope = scope.expecting(Conditions::of_write(table, &parts.headers)?.of_change());
    let row = store::delete(&context.db, &scope, &key, prefer.output(table)).await?;
    // Without an ETag: what it would be of is not there any more.
    Ok(prefer.applied(written(table, &row, &prefer)?))
}
