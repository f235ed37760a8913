//! A changed row: replaced, or merged with what came.

use axum::{
    body::Body,
    http::{Method, request::Parts},
    response::Response,
};

use super::{key, written};
use crate::{
    context::Context,
    error::Result,
    input::{self, Mode},
    policy::{Caller, authorize},
    routes::{
        body, no_parameters,
        prefer::{Prefer, Preference},
    },
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
    let prefer = Prefer::of(&parts.headers, &[Preference::Return])?;
    no_parameters(parts)?;
    let key = key(table, parts)?;
    let mode = if parts.method == Method::PUT { Mode::Replace } else { Mode::Merge };
    let own = caller.identity().is_some_and(|identity| identity.table == table && identity.key == key);
    let changes = input::changes(table, mode, &body::json(parts, body).await?, own)?;
    let row = store::update(&context.db, &scope, &key, changes, prefer.output(table)).await?;
    Ok(prefer.applied(written(table, &row, &prefer)?))
}
