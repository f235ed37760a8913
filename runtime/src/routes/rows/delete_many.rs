//! Rows that go together.

use axum::{http::request::Parts, response::Response};

use super::{many_written, no_filter};
use crate::{
    context::Context,
    error::Result,
    policy::{Caller, authorize},
    query,
    routes::{
        conditions::Conditions,
        prefer::{Prefer, Preference},
    },
    store::{self, Meant},
    table::{Action, Table},
};

/// `DELETE /cards?..`
pub(in crate::routes) async fn delete_many(
    table: &'static Table,
    context: &Context,
    caller: &Caller,
    parts: &Parts,
) -> Result<Response> {
    let scope = authorize(table, Action::Delete, caller)?;
    let prefer = Prefer::of(&parts.headers, Preference::OF_ROWS)?;
    // A list has no tag; where changes need one, `*` says that this one knows what it does.
    Conditions::of_write(table, &parts.headers)?;
    Conditions::of_list(table, &parts.headers)?;
    let filter = query::filter(table, parts.uri.query())?.ok_or_else(no_filter)?;
    let meant = Meant { filter: &filter, most: prefer.max_affected };
    let rows = store::delete_where(&context.db, &scope, &meant, prefer.output(table)).await?;
    many_written(table, &rows, &prefer)
}
