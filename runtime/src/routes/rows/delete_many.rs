//! Rows that go together.

use axum::{http::request::Parts, response::Response};

use super::{answer::Answer, no_filter};
use crate::{
    context::Context,
    error::Result,
    policy::{Caller, authorize},
    query,
    routes::{
        conditions::Conditions,
        prefer::{Prefer, Preference},
    },
    store::{self, At, Meant},
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
    Conditions::of_many(table, &parts.headers)?;
    let (filter, selection) = query::filter(table, context.schema.relations(), parts.uri.query())?;
    let answer = Answer::of(table, caller, &prefer, selection);
    let meant = Meant { filter: &filter.ok_or_else(no_filter)?, most: prefer.max_affected };
    let state = (&scope, &meant, &answer);
    let done = store::together(At::Own(&context.db), answer.of_many_may_fail(), state, |(scope, meant, answer), at| {
        Box::pin(async move {
            let answer = answer.before(at, true).await?;
            let rows = store::delete_where(at, scope, meant, answer.columns()).await?;
            answer.many_written(at, &rows).await
        })
    });
    done.await
}
