//! The handlers of rows, a file for each action: each a straight line of authorize, parse, store, encode.

mod answer;
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

use axum::{http::request::Parts, response::Response};
use percent_encoding::percent_decode_str;

pub(super) use self::{
    change::change, change_many::change_many, create::create, delete::delete, delete_many::delete_many, get::get,
    list::list,
};
use crate::{
    error::{Code, Error, Result},
    sql,
    table::{Action, Table},
    text,
    value::Value,
};

/// The answer of an action. Where that of a write would be too large, it says what became of the write, and how to do
/// without an answer.
pub(super) fn told(answer: Result<Response>, action: Action) -> Result<Response> {
    answer.map_err(|error| match error.code() {
        Code::AnswerTooLarge if action != Action::Read => error.details("nothing was changed").hint(
            "send `Prefer: return=minimal` to be answered without rows, ask for fewer columns with `select`, or write \
             fewer rows at once",
        ),
        _ => error,
    })
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
