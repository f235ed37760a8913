//! The handlers of rows: each a straight line of authorize, parse, store, encode.

use axum::{
    body::Body,
    extract::OriginalUri,
    http::{HeaderMap, HeaderValue, Method, StatusCode, header, request::Parts},
    response::{IntoResponse as _, Response},
};
use percent_encoding::percent_decode_str;

use super::{body, no_parameters, reply::json};
use crate::{
    context::Context,
    error::{Code, Error, Result},
    input::{self, Changes, Mode},
    output::Shape,
    policy::{Caller, Scope, authorize},
    query,
    row::Row,
    sql::{self, Page},
    store::{self, Made},
    table::{Action, Table},
    text,
    value::Value,
};

/// `GET /cards`
pub(super) async fn list(table: &'static Table, context: &Context, caller: &Caller, parts: &Parts) -> Result<Response> {
    let scope = authorize(table, Action::Read, caller)?;
    let wanted = query::parse(table, parts.uri.query())?;
    let total = if counts_exactly(&parts.headers) {
        Some(store::count(&context.db, &scope, &wanted.filter).await?)
    } else {
        None
    };
    if let Some(total) = total
        && wanted.offset > 0
        && wanted.offset >= total
    {
        return Err(past_the_end(total));
    }
    let page = Page { filter: &wanted.filter, order: &wanted.order, limit: Some(wanted.limit), offset: wanted.offset };
    let statement = sql::select(context.db.dialect(), &scope, &page, table.output())?;
    let rows = context.db.json(statement).await?;
    if rows.count == 0 {
        store::nothing_seen(&context.db, &scope).await?;
    }
    let mut response = json(StatusCode::OK, rows.body);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_RANGE, content_range(wanted.offset, rows.count, total)?);
    if let Some(total) = total {
        headers.insert("x-total-count", total.into());
    }
    Ok(response)
}

/// `GET /cards/{id}`
pub(super) async fn get(table: &'static Table, context: &Context, caller: &Caller, parts: &Parts) -> Result<Response> {
    let scope = authorize(table, Action::Read, caller)?;
    no_parameters(parts)?;
    let key = key(table, parts)?;
    let nothing = Changes::default();
    let statement = sql::find(context.db.dialect(), &scope, &key, &nothing, table.output())?;
    let rows = context.db.json(statement).await?;
    if rows.count == 0 {
        return Err(store::why(&context.db, &scope, Some(&key), &nothing).await);
    }
    // The array of one without its brackets.
    Ok(json(StatusCode::OK, rows.body[1..rows.body.len() - 1].to_vec()))
}

/// `POST /cards`
pub(super) async fn create(
    table: &'static Table,
    context: &Context,
    caller: &Caller,
    parts: &Parts,
    body: Body,
) -> Result<Response> {
    let scope = authorize(table, Action::Create, caller)?;
    no_parameters(parts)?;
    let path = parts.extensions.get::<OriginalUri>().map(|uri| uri.path().to_owned()).unwrap_or_default();
    let body = body::json(parts, body).await?;
    if body.is_array() {
        return create_all(&scope, context, input::rows(&body, |row| input::changes(table, Mode::Create, row, false))?)
            .await;
    }
    let changes = input::changes(table, Mode::Create, &body, false)?;
    let made = store::insert(&context.db, &scope, changes, table.output()).await?;
    created(table, &made, &path)
}

async fn create_all(scope: &Scope, context: &Context, mut rows: Vec<Changes>) -> Result<Response> {
    let table = scope.table();
    if rows.is_empty() {
        // No statement carries the scope, so it is asked by itself.
        store::nothing_seen(&context.db, scope).await?;
        return Ok(json(StatusCode::CREATED, b"[]".to_vec()));
    }
    // A transaction holds up every other writer of SQLite, and hashing is slow.
    for (n, changes) in rows.iter_mut().enumerate() {
        store::hash(&context.db, scope, None, changes).await.map_err(|error| error.in_row(n))?;
    }
    let tx = context.db.begin().await?;
    let shape = Shape::new(table.readable());
    let (mut body, mut all_visible) = (vec![b'['], true);
    for (n, changes) in rows.into_iter().enumerate() {
        let made = match store::insert(&tx, scope, changes, table.output()).await {
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
        shape.row(&mut body, |at| Ok(made.row.values()[at].as_ref()))?;
    }
    tx.commit().await?;
    body.push(b']');
    Ok(if all_visible { json(StatusCode::CREATED, body) } else { StatusCode::CREATED.into_response() })
}

fn created(table: &'static Table, made: &Made, path: &str) -> Result<Response> {
    if !made.visible {
        return Ok(StatusCode::CREATED.into_response());
    }
    let mut response = json(StatusCode::CREATED, object(table, &made.row)?);
    if let Some(id) = made.row.get(table.id().name) {
        let location = format!("{path}/{}", text::of(id.as_ref()));
        response.headers_mut().insert(header::LOCATION, HeaderValue::try_from(location).map_err(Error::internal)?);
    }
    Ok(response)
}

/// `PUT /cards/{id}` and `PATCH /cards/{id}`
pub(super) async fn change(
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

/// `DELETE /cards/{id}`
pub(super) async fn delete(
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

/// A row of [`Table::output`], as JSON.
fn object(table: &'static Table, row: &Row) -> Result<Vec<u8>> {
    let mut body = Vec::new();
    Shape::new(table.readable()).row(&mut body, |at| Ok(row.values()[at].as_ref()))?;
    Ok(body)
}

/// The key in the path. One that is not canonical is no row's.
fn key(table: &'static Table, parts: &Parts) -> Result<Value> {
    let segment = parts.uri.path().rsplit('/').next().unwrap_or_default();
    percent_decode_str(segment)
        .decode_utf8()
        .ok()
        .and_then(|segment| text::parse_key(table.id(), &segment))
        .ok_or_else(sql::no_such_row)
}

/// Whether `Prefer` (RFC 7240) asks for an exact count.
fn counts_exactly(headers: &HeaderMap) -> bool {
    let values = headers.get_all("prefer").iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split([',', ';'])).any(|word| word.trim().eq_ignore_ascii_case("count=exact"))
}

/// `0-19/*`, `0-19/57`, `*/*`, `*/57`
fn content_range(offset: u64, count: usize, total: Option<u64>) -> Result<HeaderValue> {
    let total = total.map_or_else(|| "*".to_owned(), |total| total.to_string());
    let range = match count as u64 {
        0 => format!("*/{total}"),
        count => format!("{offset}-{}/{total}", offset + count - 1),
    };
    HeaderValue::try_from(range).map_err(Error::internal)
}

fn past_the_end(total: u64) -> Error {
    let error = Error::new(Code::Range, "the offset lies past the end").hint(format!("there are {total} rows"));
    match content_range(0, 0, Some(total)) {
        Ok(range) => error.header(header::CONTENT_RANGE, range),
        Err(_) => error,
    }
}
