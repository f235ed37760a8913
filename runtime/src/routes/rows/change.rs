//! A changed row: replaced, or merged with what came.

use axum::{
    body::Body,
    http::{Method, request::Parts},
    response::Response,
};

use super::{
    answer::{Answer, tag},
    key,
};
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
        refusal::{Unfit, of_body},
        reply::tagged,
    },
    store::{self, At},
    table::{Action, Table},
};

/// `PUT /cards/{id}` and `PATCH /cards/{id}`
pub(in crate::routes) async fn change(
    table: &'static Table,
    context: &Context,
    caller: &Caller,
    parts: &Parts,
    body: Body,
) -> Result<Response> {
    let scope = authorize(table, Action::Update, caller)?;
    let prefer = Prefer::of(&parts.headers, Preference::OF_ROW)?;
    let selection = query::written(table, context.schema.relations(), parts.uri.query())?;
    let answer = Answer::of(table, caller, &prefer, selection);
    let key = key(table, parts)?;
    let conditions = Conditions::of_write(table, &parts.headers)?;
    let replaces = parts.method == Method::PUT && !table.put_merges;
    let mode = if replaces { Mode::Replace } else { Mode::Merge };
    let own = caller.is(table, &key);
    let (relations, body) = (context.schema.relations(), body::json(parts, body).await?);
    let mut changes = match input::changes_alone(relations, table, mode, &body, own) {
        Ok(changes) => changes,
        Err(error) => {
            let unfit = Unfit::One(&key, input::guards(table, mode, &body, own));
            return Err(of_body(error, context, &scope, unfit).await);
        }
    };
    let scope = scope.expecting(conditions.of_change());
    store::hash(&context.db, &scope, Some(&key), &mut changes).await?;
    let last = own && store::ends_tokens(table, &changes);
    let (at, state) = (At::Own(&context.db), (&scope, &key, &mut changes, &answer, last));
    let done = store::together(at, answer.may_fail(), state, |(scope, key, changes, answer, last), at| {
        Box::pin(async move {
            let answer = answer.before(at, *last).await?;
            let row = store::update(at.session(), scope, key, changes, answer.columns()).await?;
            Ok(tagged(answer.written(at, &row).await?, answer.table, tag(answer.table, &row).as_ref()))
        })
    });
    Ok(prefer.applied(done.await?))
}
