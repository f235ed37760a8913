//! The handlers of rows, a file for each action: each a straight line of authorize, parse, store, encode.

mod change;
mod create;
mod delete;
mod get;
mod list;
mod selected;

use axum::{
    http::{StatusCode, request::Parts},
    response::{IntoResponse as _, Response},
};
use percent_encoding::percent_decode_str;

pub(super) use self::{change::change, create::create, delete::delete, get::get, list::list};
use super::{etag::Tag, prefer::Prefer, reply::json};
use crate::{error::Result, output::Shape, row::Row, sql, table::Table, text, value::Value};

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

/// The key in the path. One that is not canonical is no row's.
fn key(table: &'static Table, parts: &Parts) -> Result<Value> {
    let segment = parts.uri.path().rsplit('/').next().unwrap_or_default();
    percent_decode_str(segment)
        .decode_utf8()
        .ok()
        .and_then(|segment| text::parse_key(table.id(), &segment))
        .ok_or_else(sql::no_such_row)
}
