//! A changed row: replaced, or merged with what came.

use axum::{
    body::Body,
    http::{Method, request::Parts},
    response::Response,
};

use super::{key, tag, written};
use crate::{
    context::Context,
    error::Result,
    input::{self, Mode},
    policy::{Caller, authorize},
    routes::{
        body,
        conditions::Conditions,
        no_parameters,
        prefer::{Prefer, Preference},
        reply::tagged,
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
    let prefer = Prefer::of(&parts.headers, Preference::OF_ROW)?;
    no_parameters(parts)?;
    let key = key(table, parts)?;
    let conditions = Conditions::of_write(table, &parts.headers)?;
    let replaces = parts.method == Method::PUT && !table.put_merges;
    let mode = if replaces { Mode::Replace } else { Mode::Merge };
    let own = caller.identity().is_some_and(|identity| identity.table == table && identity.key == key);
    let changes = input::changes(table, mode, &body::json(parts, body).await?, own)?;
    let scope = scope.expecting(conditions.of_change());
    let row = store::update(&context.db, &scope, &key, changes, prefer.output(table)).await?;
    let response = tagged(written(table, &row, &prefer)?, table, tag(table, &row).as_ref());
    Ok(prefer.applied(response))
}
