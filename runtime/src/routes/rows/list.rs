//! A page of rows.

use axum::{
    http::{HeaderValue, StatusCode, header, request::Parts},
    response::Response,
};

use super::selected::{self, Shown};
use crate::{
    context::Context,
    embed,
    error::{Code, Error, Result},
    output::Aside,
    policy::{Caller, authorize},
    query,
    routes::{
        prefer::{Prefer, Preference},
        reply::json,
    },
    sql::{self, Page},
    store,
    table::{Action, Table},
};

/// `GET /cards`
pub(in crate::routes) async fn list(
    table: &'static Table,
    context: &Context,
    caller: &Caller,
    parts: &Parts,
) -> Result<Response> {
    let scope = authorize(table, Action::Read, caller)?;
    let prefer = Prefer::of(&parts.headers, &[Preference::Count])?;
    let (mut wanted, selection) = query::parse_with_select(table, context.schema.relations(), parts.uri.query())?;
    let selection = selection.as_ref();
    if let Some(selection) = selection {
        wanted.filter = wanted.filter.and(embed::inner(selection, caller));
    }
    let total = if prefer.count || wanted.counted {
        Some(store::count(&context.db, &scope, &wanted.filter).await?)
    } else {
        None
    };
    if let Some(total) = total
        && !wanted.counted
        && wanted.offset > 0
        && wanted.offset >= total
    {
        return Err(past_the_end(total));
    }
    let page = Page { filter: &wanted.filter, order: &wanted.order, limit: Some(wanted.limit), offset: wanted.offset };
    let mut shown = Shown::of(table, selection, &[], Aside::No);
    let statement = sql::select(context.db.dialect(), &scope, &page, std::mem::take(&mut shown.columns))?;
    let rows = shown.read(context, statement).await?;
    let count = rows.count;
    if count == 0 {
        store::nothing_seen(&context.db, &scope).await?;
    }
    let (body, cut) = shown.filled(context, caller, rows).await?;
    let mut response = json(StatusCode::OK, body);
    selected::say_cut(&mut response, &cut)?;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_RANGE, content_range(wanted.offset, count, total)?);
    if let Some(total) = total {
        headers.insert("x-total-count", total.into());
    }
    Ok(prefer.applied(response))
}

/// `0-19/*`, `0-19/57`, `*/*`, `*/57`
fn content_range(offset: u64, count: usize, total: Option<u64>) -> Result<HeaderValue> {
    let total = total.map_or_else(|| "*".to_owned(), |total| total.to_string());
    let range = match count as u64 {
        0 => format!("*/{total}"),
        count => format!("{offset}-{}/{total}", offset + count - 1),
    };
    HeaderValue::try_from(range).map_err(Error::internal)
}

fn past_the_end(total: u64) -> Error {
    let error = Error::new(Code::Range, "the offset lies past the end").hint(format!("there are {total} rows"));
    match content_range(0, 0, Some(total)) {
        Ok(range) => error.header(header::CONTENT_RANGE, range),
        Err(_) => error,
    }
}
