//! Rows that change together: all that a filter means alike, or an array of them each in its own way.

use axum::{body::Body, http::request::Parts, response::Response};
use serde_json::Value as Tree;

use super::{answer::Answer, no_filter};
use crate::{
    context::Context,
    error::Result,
    input::{self, Changes, Mode},
    policy::{Caller, Scope, authorize},
    query,
    routes::{
        body,
        conditions::Conditions,
        prefer::{Prefer, Preference},
        refusal::{Unfit, of_body},
    },
    store::{self, At, Meant},
    table::{Action, Table},
    value::Value,
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
    Conditions::of_many(table, &parts.headers)?;
    let (filter, selection) = query::filter(table, context.schema.relations(), parts.uri.query())?;
    let answer = Answer::of(table, caller, &prefer, selection);
    let body = body::json(parts, body).await?;
    let filter = match filter {
        Some(filter) => filter,
        None if body.is_array() => return each(&scope, context, &answer, &body).await,
        None => return Err(no_filter()),
    };
    let meant = Meant { filter: &filter, most: prefer.max_affected };
    let mut changes = match input::changes_alone(context.schema.relations(), table, Mode::Merge, &body, false) {
        Ok(changes) => changes,
        Err(error) => {
            let unfit = Unfit::Many(&meant, input::guards(table, Mode::Merge, &body, false));
            return Err(of_body(error, context, &scope, unfit).await);
        }
    };
    store::hash_where(&context.db, &scope, &meant, &mut changes).await?;
    let last = store::ends_tokens(table, &changes);
    let (at, state) = (At::Own(&context.db), (&scope, &meant, &mut changes, &answer, last));
    let done = store::together(at, answer.of_many_may_fail(), state, |(scope, meant, changes, answer, last), at| {
        Box::pin(async move {
            let answer = answer.before(at, *last).await?;
            let rows = store::update_where(at, scope, meant, changes, answer.columns()).await?;
            answer.many_written(at, &rows).await
        })
    });
    done.await
}

/// Changes each of an array by itself.
async fn each(scope: &Scope, context: &Context, answer: &Answer<'_>, body: &Tree) -> Result<Response> {
    let table = scope.table();
    let own = scope.caller().identity().filter(|identity| identity.table == table).map(|identity| &identity.key);
    let rows = match sent(scope, context, answer, body, own) {
        Ok(rows) => rows,
        Err(error) => {
            return Err(of_body(error, context, scope, Unfit::Each(input::keys(table, body, own))).await);
        }
    };
    let (keys, mut rows): (Vec<_>, Vec<_>) = rows.into_iter().unzip();
    store::hash_rows(&context.db, scope, Some(&keys), &mut rows).await?;
    let last = rows.iter().any(|changes| store::ends_tokens(table, changes));
    let (at, state) = (At::Own(&context.db), (scope, &*keys, &mut *rows, answer, last));
    let done = store::together(at, answer.of_many_may_fail(), state, |(scope, keys, rows, answer, last), at| {
        Box::pin(async move {
            let answer = answer.before(at, *last).await?;
            let rows = store::update_each(at, scope, keys, rows, &answer.columns()).await?;
            answer.many_written(at, &rows).await
        })
    });
    done.await
}

/// The rows of an array with their keys.
fn sent(
    scope: &Scope,
    context: &Context,
    answer: &Answer<'_>,
    body: &Tree,
    own: Option<&Value>,
) -> Result<Vec<(Value, Changes)>> {
    let rows = input::keyed(context.schema.relations(), scope.table(), body, own)?;
    match answer.prefer.max_affected {
        Some(most) if rows.len() as u64 > most => Err(store::too_many(most)),
        _ => Ok(rows),
    }
}
