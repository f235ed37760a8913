//! New rows: one, or an array of them.

use axum::{
    body::Body,
    extract::OriginalUri,
    http::{HeaderValue, StatusCode, header, request::Parts},
    response::{IntoResponse as _, Response},
};

use super::object;
use crate::{
    context::Context,
    error::{Error, Result},
    input::{self, Changes, Mode},
    output::Shape,
    policy::{Caller, Scope, authorize},
    routes::{
        body, no_parameters,
        prefer::{Prefer, Preference},
        reply::json,
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

async fn create_all(scope: &Scope, context: &Context, prefer: &Prefer, mut rows: Vec<Changes>) -> Result<Response> {
    let table = scope.table();
    if rows.is_empty() {
        // No statement carries the scope, so it is asked by itself.
        store::nothing_seen(&context.db, scope).await?;
        return Ok(if prefer.minimal {
            StatusCode::CREATED.into_response()
        } else {
            json(StatusCode::CREATED, b"[]".to_vec())
        });
    }
    // A transaction holds up every other writer of SQLite, and hashing is slow.
    for (n, changes) in rows.iter_mut().enumerate() {
        store::hash(&context.db, scope, None, changes).await.map_err(|error| error.in_row(n))?;
    }
    let tx = context.db.begin().await?;
    let shape = Shape::new(table.readable());
    let (mut body, mut all_visible) = (vec![b'['], true);
    for (n, changes) in rows.into_iter().enumerate() {
        let made = match store::insert(&tx, scope, changes, prefer.output(table)).await {
            Ok(made) => made,
            Err(error) => {
                tx.rollback().await?;
                return Err(error.in_row(n));
            }
        };
        if n > 0 {
            body.push(b',');
        }
        all_visible &= made.visible;
        if prefer.minimal {
            continue;
        }
        shape.row(&mut body, |at| Ok(made.row.values()[at].as_ref()))?;
    }
    tx.commit().await?;
    body.push(b']');
    Ok(if all_visible && !prefer.minimal {
        json(StatusCode::CREATED, body)
    } else {
        StatusCode::CREATED.into_response()
    })
}

fn created(table: &'static Table, made: &Made, path: &str, prefer: &Prefer) -> Result<Response> {
    if !made.visible {
        return Ok(StatusCode::CREATED.into_response());
    }
    let mut response = if prefer.minimal {
        StatusCode::CREATED.into_response()
    } else {
        json(StatusCode::CREATED, object(table, &made.row)?)
    };
    if let Some(id) = made.row.get(table.id().name) {
        let location = format!("{path}/{}", text::of(id.as_ref()));
        response.headers_mut().insert(header::LOCATION, HeaderValue::try_from(location).map_err(Error::internal)?);
    }
    Ok(response)
}
