//! New rows: one, or an array of them.

use axum::{
    body::Body,
    extract::OriginalUri,
    http::{HeaderValue, StatusCode, header, request::Parts},
    response::{IntoResponse as _, Response},
};

use super::{array, object, tag};
use crate::{
    context::Context,
    error::{Error, Result},
    input::{self, Changes, Mode},
    policy::{Caller, Scope, authorize},
    routes::{
        body,
        conditions::Conditions,
        no_parameters,
        prefer::{Prefer, Preference},
        reply::{json, tagged},
    },
    store::{self, Made},
    table::{Action, Table},
    text,
};

/// `POST /cards`
pub(in crate::routes) async fn create(
    table: &'static Table,
    context: &Context,
    caller: &Caller,
    parts: &Parts,
    body: Body,
) -> Result<Response> {
    let scope = authorize(table, Action::Create, caller)?;
    let prefer = Prefer::of(&parts.headers, &[Preference::Return])?;
    no_parameters(parts)?;
    Conditions::of_list(table, &parts.headers)?;
    let path = parts.extensions.get::<OriginalUri>().map(|uri| uri.path().to_owned()).unwrap_or_default();
    let body = body::json(parts, body).await?;
    if body.is_array() {
        let rows = input::rows(&body, |row| input::changes(table, Mode::Create, row, false))?;
        return create_all(&scope, context, &prefer, rows).await.map(|response| prefer.applied(response));
    }
    let changes = input::changes(table, Mode::Create, &body, false)?;
    let made = store::insert(&context.db, &scope, changes, prefer.output(table)).await?;
    created(table, &made, &path, &prefer).map(|response| prefer.applied(response))
}

async fn create_all(scope: &Scope, context: &Context, prefer: &Prefer, rows: Vec<Changes>) -> Result<Response> {
    let table = scope.table();
    let made = if rows.is_empty() {
        // No statement carries the scope, so it is asked by itself.
        store::nothing_seen(&context.db, scope).await?;
        Vec::new()
    } else {
        store::insert_many(&context.db, scope, rows, &prefer.output(table)).await?
    };
    if prefer.minimal || !made.iter().all(|made| made.visible) {
        return Ok(StatusCode::CREATED.into_response());
    }
    Ok(json(StatusCode::CREATED, array(table, made.iter().map(|made| &made.row))?))
}

fn created(table: &'static Table, made: &Made, path: &str, prefer: &Prefer) -> Result<Response> {
    if !made.visible {
        return Ok(StatusCode::CREATED.into_response());
    }
    let response = if prefer.minimal {
        StatusCode::CREATED.into_response()
    } else {
        json(StatusCode::CREATED, object(table, &made.row)?)
    };
    let mut response = tagged(response, table, tag(table, &made.row).as_ref());
    if let Some(id) = made.row.get(table.id().name) {
        let location = format!("{path}/{}", text::of(id.as_ref()));
        response.headers_mut().insert(header::LOCATION, HeaderValue::try_from(location).map_err(Error::internal)?);
    }
    Ok(response)
}
