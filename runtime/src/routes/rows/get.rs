//! One row.

use axum::{
    http::{StatusCode, request::Parts},
    response::Response,
};

use super::key;
use crate::{
    context::Context,
    error::Result,
    input::Changes,
    output::{Aside, Shape},
    policy::{Caller, authorize},
    routes::{
        conditions::Conditions,
        etag::Tag,
        no_parameters,
        prefer::Prefer,
        reply::{json, tagged, unchanged},
    },
    sql, store,
    table::{Action, Table},
};

/// `GET /cards/{id}`
pub(in crate::routes) async fn get(
    table: &'static Table,
    context: &Context,
    caller: &Caller,
    parts: &Parts,
) -> Result<Response> {
    let scope = authorize(table, Action::Read, caller)?;
    let prefer = Prefer::of(&parts.headers, &[])?;
    no_parameters(parts)?;
    let key = key(table, parts)?;
    let conditions = Conditions::of(table, &parts.headers)?;
    let scope = scope.expecting(conditions.of_read());
    let nothing = Changes::default();
    let mut output = table.output();
    let shape = Shape::new(output.iter().copied()).telling(Aside::Row(0));
    output.extend(Tag::columns(table));
    let statement = sql::find(context.db.dialect(), &scope, &key, &nothing, output)?.shaped(shape);
    let rows = context.db.json(statement).await?;
    if rows.count == 0 {
        return Err(store::why(&context.db, &scope, Some(&key), &nothing).await);
    }
    let tag = Tag::of(rows.aside.iter().map(Some));
    if conditions.has(tag.as_ref()) {
        return Ok(prefer.applied(unchanged(table, tag.as_ref())));
    }
    // The array of one without its brackets.
    let response = json(StatusCode::OK, rows.body[1..rows.body.len() - 1].to_vec());
    Ok(prefer.applied(tagged(response, table, tag.as_ref())))
}
