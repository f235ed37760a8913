//! A row that goes.

use axum::{http::request::Parts, response::Response};

use super::{answer::Answer, key};
use crate::{
    context::Context,
    error::Result,
    policy::{Caller, authorize},
    query,
    routes::{
        conditions::Conditions,
        prefer::{Prefer, Preference},
    },
    store::{self, At},
    table::{Action, Table},
};

/// `DELETE /cards/{id}`
pub(in crate::routes) async fn delete(
    table: &'static Table,
    context: &Context,
    caller: &Caller,
    parts: &Parts,
) -> Result<Response> {
    let scope = authorize(table, Action::Delete, caller)?;
    let prefer = Prefer::of(&parts.headers, Preference::OF_ROW)?;
    let selection = query::written(table, context.schema.relations(), parts.uri.query())?;
    let answer = Answer::of(table, caller, &prefer, selection);
    let key = key(table, parts)?;
    let scope = scope.expecting(Conditions::of_write(table, &parts.headers)?.of_change());
    let (at, state) = (At::Own(&context.db), (&scope, &key, &answer, caller.is(table, &key)));
    let done = store::together(at, answer.may_fail(), state, |(scope, key, answer, last), at| {
        Box::pin(async move {
            let answer = answer.before(at, *last).await?;
            let row = store::delete(at.session(), scope, key, answer.columns()).await?;
            // Without an ETag: what it would be of is not there any more.
            answer.written(at, &row).await
        })
    });
    Ok(prefer.applied(done.await?))
}
