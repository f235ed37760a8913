//! What a successful sign-in answers.

use serde::Serialize;
use serde_json::value::RawValue;

use super::token::{LIFETIME, Tokens};
use crate::{
    column::Column,
    db::Row,
    error::{Error, Result},
    output::Shape,
    table::{TOKEN_VERSION, Table},
    value::{Value, ValueRef},
};

#[derive(Serialize)]
struct Session<'a> {
    access_token: &'a str,
    token_type: &'static str,
    expires_in: u64,
    expires_at: u64,
    user: &'a RawValue,
}

/// The columns that a row must have been read with to make a session of it.
pub(super) fn columns(login: &'static Table) -> Vec<&'static Column> {
    login.readable().chain([&TOKEN_VERSION]).collect()
}

/// The session of a row read with [`columns`], as JSON.
pub(super) fn json(tokens: &Tokens, login: &'static Table, row: &Row) -> Result<Vec<u8>> {
    let key = row.get(login.id().name).ok_or_else(|| Error::internal("a login row without its key"))?;
    let Some(Value::Int(version)) = row.get(TOKEN_VERSION.name) else {
        return Err(Error::internal("a login row without its token version"));
    };
    let issued = tokens.issue(key, *version)?;
    let user = String::from_utf8(user(login, row)?).map_err(Error::internal)?;
    let session = Session {
        access_token: &issued.token,
        token_type: "bearer",
        expires_in: LIFETIME,
        expires_at: issued.expires_at,
        user: &RawValue::from_string(user).map_err(Error::internal)?,
    };
    serde_json::to_vec(&session).map_err(Error::internal)
}

/// The readable columns of a login row, as JSON.
pub(super) fn user(login: &'static Table, row: &Row) -> Result<Vec<u8>> {
    let columns: Vec<_> = login.readable().collect();
    let mut body = Vec::new();
    Shape::new(columns.iter().copied())
        .row(&mut body, |at| Ok(row.get(columns[at].name).map_or(ValueRef::Null, Value::as_ref)))?;
    Ok(body)
}
