//! New rows: one, or an array of them.

use axum::{
    body::Body,
    extract::OriginalUri,
    http::{HeaderValue, StatusCode, header, request::Parts},
    response::{IntoResponse as _, Response},
};

use super::{array, counted, object, tag, upsert};
use crate::{
    context::Context,
    error::{Code, Error, Result},
    input::{self, Changes, Mode},
    policy::{Caller, Scope, authorize},
    query,
    routes::{
        body,
        conditions::Conditions,
        prefer::{Prefer, Preference, Resolution},
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
    let honoured = [Preference::Return, Preference::Count, Preference::Missing, Preference::Resolution];
    let prefer = Prefer::of(&parts.headers, &honoured)?;
    let target = query::on_conflict(table, parts.uri.query())?;
    Conditions::of_list(table, &parts.headers)?;
    let path = parts.extensions.get::<OriginalUri>().map(|uri| uri.path().to_owned()).unwrap_or_default();
    let body = body::json(parts, body).await?;
    if let Some(resolution) = prefer.resolution {
        if resolution == Resolution::Merge {
            Conditions::of_write(table, &parts.headers)?;
        }
        let target =
            target.ok_or_else(|| query::no_set(table, "`on_conflict` must say by what a row is there already"))?;
        return upsert::upsert(&scope, context, &prefer, (resolution, target), &body, &path).await;
    }
    if target.is_some() {
        return Err(Error::new(Code::BadQuery, "`on_conflict` has no meaning without a resolution")
            .hint("send Prefer: resolution=merge-duplicates or resolution=ignore-duplicates"));
    }
    let absent = mode(&prefer);
    if body.is_array() {
        let rows = input::rows(&body, |row| input::changes(table, absent, row, false))?;
        return create_all(&scope, context, &prefer, rows).await.map(|response| prefer.applied(response));
    }
    let changes = input::changes(table, absent, &body, false)?;
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
    let mut response = if prefer.minimal || !made.iter().all(|made| made.visible) {
        StatusCode::CREATED.into_response()
    } else {
        json(StatusCode::CREATED, array(table, made.iter().map(|made| &made.row))?)
    };
    counted(&mut response, prefer, made.len())?;
    Ok(response)
}

/// What an absent field of a new row means.
pub(super) fn mode(prefer: &Prefer) -> Mode {
    if prefer.missing_is_null { Mode::CreateNull } else { Mode::Create }
}

pub(super) fn created(table: &'static Table, made: &Made, path: &str, prefer: &Prefer) -> Result<Response> {
    if !made.visible {
        let mut response = StatusCode::CREATED.into_response();
        counted(&mut response, prefer, 1)?;
        return Ok(response);
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
    counted(&mut response, prefer, 1)?;
    Ok(response)
}
