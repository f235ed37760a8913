//! Rows that change together: all that a filter means alike, or an array of them each in its own way.

use axum::{body::Body, http::request::Parts, response::Response};

use super::{many_written, no_filter};
use crate::{
    context::Context,
    error::Result,
    input::{self, Mode},
    policy::{Caller, authorize},
    query,
    routes::{
        body,
        conditions::Conditions,
        prefer::{Prefer, Preference},
    },
    store::{self, Meant},
    table::{Action, Table},
};

/// `PATCH /cards?..`, and `PATCH /cards` of an array of rows with their keys
pub(in crate::routes) async fn change_many(
    table: &'static Table,
    context: &Context,
    caller: &Caller,
    parts: &Parts,
    body: Body,
) -> Result<Response> {
    let scope = authorize(table, Action::Update, caller)?;
    let prefer = Prefer::of(&parts.headers, Preference::OF_ROWS)?;
    // A list has no tag; where changes need one, `*` says that this one knows what it does.
    Conditions::of_write(table, &parts.headers)?;
    Conditions::of_list(table, &parts.headers)?;
    let filter = query::filter(table, parts.uri.query())?;
    let body = body::json(parts, body).await?;
    let output = prefer.output(table);
    let rows = match filter {
        Some(filter) => {
            let changes = input::changes(table, Mode::Merge, &body, false)?;
            let meant = Meant { filter: &filter, most: prefer.max_affected };
            store::update_where(&context.db, &scope, &meant, changes, output).await?
        }
        None if body.is_array() => {
            let own = caller.identity().filter(|identity| identity.table == table);
            let rows = input::keyed(table, &body, own.map(|identity| &identity.key))?;
            if let Some(most) = prefer.max_affected.filter(|most| rows.len() as u64 > *most) {
                return Err(store::too_many(most));
            }
            store::update_each(&context.db, &scope, rows, &output).await?
        }
        None => return Err(no_filter()),
    };
    many_written(table, &rows, &prefer)
}
