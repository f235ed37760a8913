//! Rows that change together: all that a filter means alike, or an array of them each in its own way.

use axum::{body::Body, http::request::Parts, response::Response};
use serde_json::Value as Tree;

use super::{answer::Answer, no_filter};
use crate::{
    context::Context,
    error::Result,
    input::{self, Mode},
    policy::{Caller, Scope, authorize},
    query,
    routes::{
        body,
        conditions::Conditions,
        prefer::{Prefer, Preference},
    },
    store::{self, At, Meant},
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
    let (filter, selection) = query::filter(table, context.schema.relations(), parts.uri.query())?;
    let answer = Answer::of(table, caller, &prefer, selection);
    let body = body::json(parts, body).await?;
    let filter = match filter {
        Some(filter) => filter,
        None if body.is_array() => return each(&scope, context, &answer, &body).await,
        None => return Err(no_filter()),
    };
    let mut changes = input::changes(table, Mode::Merge, &body, false)?;
    let meant = Meant { filter: &filter, most: prefer.max_affected };
    store::hash_where(&context.db, &scope, &meant, &mut changes).await?;
    let state = (&scope, &meant, &mut changes, &answer);
    let done = store::together(
        At::Own(&context.db),
        answer.of_many_may_fail(),
        state,
        |(scope, meant, changes, answer), at| {
            Box::pin(async move {
                let rows = store::update_where(at, scope, meant, changes, answer.columns()).await?;
                answer.many_written(at, &rows).await
            })
        },
    );
    done.await
}

/// Changes each of an array by itself.
async fn each(scope: &Scope, context: &Context, answer: &Answer<'_>, body: &Tree) -> Result<Response> {
    let table = scope.table();
    let own = scope.caller().identity().filter(|identity| identity.table == table);
    let rows = input::keyed(table, body, own.map(|identity| &identity.key))?;
    if let Some(most) = answer.prefer.max_affected.filter(|most| rows.len() as u64 > *most) {
        return Err(store::too_many(most));
    }
    let (keys, mut rows): (Vec<_>, Vec<_>) = rows.into_iter().unzip();
    store::hash_rows(&context.db, scope, Some(&keys), &mut rows).await?;
    let state = (scope, &*keys, &mut *rows, answer);
    let done =
        store::together(At::Own(&context.db), answer.of_many_may_fail(), state, |(scope, keys, rows, answer), at| {
            Box::pin(async move {
                let rows = store::update_each(at, scope, keys, rows, &answer.columns()).await?;
                answer.many_written(at, &rows).await
            })
        });
    done.await
}
