//! The handlers of rows, a file for each action: each a straight line of authorize, parse, store, encode.

mod change;
mod change_many;
mod create;
mod delete;
mod delete_many;
mod get;
mod list;
mod nested;
mod page;
mod selected;
mod upsert;

use axum::{
    http::{HeaderValue, StatusCode, header, request::Parts},
    response::{IntoResponse as _, Response},
};
use percent_encoding::percent_decode_str;

pub(super) use self::{
    change::change, change_many::change_many, create::create, delete::delete, delete_many::delete_many, get::get,
    list::list,
};
use super::{etag::Tag, prefer::Prefer, reply::json};
use crate::{
    error::{Code, Error, Result},
    output::Shape,
    row::Row,
    sql,
    table::Table,
    text,
    value::Value,
};

/// A row of [`Table::output`], as JSON.
fn object(table: &'static Table, row: &Row) -> Result<Vec<u8>> {
    let mut body = Vec::new();
    Shape::new(table.readable()).row(&mut body, |at| Ok(row.values()[at].as_ref()))?;
    Ok(body)
}

/// The entity tag of a row of [`Table::output`].
fn tag(table: &'static Table, row: &Row) -> Option<Tag> {
    Tag::of(Tag::columns(table).map(|column| row.get(column.name)))
}

/// Rows of [`Table::output`], as a JSON array.
fn array<'r>(table: &'static Table, rows: impl Iterator<Item = &'r Row>) -> Result<Vec<u8>> {
    let shape = Shape::new(table.readable());
    let mut body = vec![b'['];
    for row in rows {
        if body.len() > 1 {
            body.push(b',');
        }
        shape.row(&mut body, |at| Ok(row.values()[at].as_ref()))?;
    }
    body.push(b']');
    Ok(body)
}

/// The answer of a write over one row.
fn written(table: &'static Table, row: &Row, prefer: &Prefer) -> Result<Response> {
    Ok(if prefer.minimal { StatusCode::NO_CONTENT.into_response() } else { json(StatusCode::OK, object(table, row)?) })
}

/// The answer of a write over several rows.
fn many_written(table: &'static Table, rows: &[Row], prefer: &Prefer) -> Result<Response> {
    let mut response = if prefer.minimal {
        StatusCode::NO_CONTENT.into_response()
    } else {
        json(StatusCode::OK, array(table, rows.iter())?)
    };
    counted(&mut response, prefer, rows.len())?;
    Ok(prefer.applied(response))
}

/// Says how many rows a write touched, where that is wanted.
fn counted(response: &mut Response, prefer: &Prefer, count: usize) -> Result<()> {
    if prefer.count {
        let range = HeaderValue::try_from(format!("*/{count}")).map_err(Error::internal)?;
        response.headers_mut().insert(header::CONTENT_RANGE, range);
    }
    Ok(())
}

/// The 400 of a write that would mean every row.
fn no_filter() -> Error {
    Error::new(Code::BadQuery, "this would touch every row; a filter must say which are meant")
        .hint("send one, as in ?id=in.(1,2)")
}

/// The key in the path. One that is not canonical is no row's.
pub(super) fn key(table: &'static Table, parts: &Parts) -> Result<Value> {
    let segment = parts.uri.path().rsplit('/').next().unwrap_or_default();
    percent_decode_str(segment)
        .decode_utf8()
        .ok()
        .and_then(|segment| text::parse_key(table.id(), &segment))
        .ok_or_else(sql::no_such_row)
}
