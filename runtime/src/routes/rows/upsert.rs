//! New rows that may be there already: `POST /cards?on_conflict=..` with `Prefer: resolution=..`.

use axum::{
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use serde_json::Value as Tree;

use super::{
    array, counted,
    create::{created, mode},
    object,
};
use crate::{
    context::Context,
    error::{Error, Result},
    input::{self, Mode},
    policy::{Scope, authorize},
    routes::{
        prefer::{Prefer, Resolution},
        reply::json,
    },
    store::{self, Became, Made, Sent, Upsert},
    table::Action,
};

/// Makes what is not there. 201 where a row was made, 200 otherwise; rows that were ignored are absent from the answer.
pub(super) async fn upsert(
    create: &Scope,
    context: &Context,
    prefer: &Prefer,
    (resolution, target): (Resolution, &'static [&'static str]),
    body: &Tree,
    path: &str,
) -> Result<Response> {
    let table = create.table();
    let update = match resolution {
        Resolution::Merge => Some(authorize(table, Action::Update, create.caller())?),
        Resolution::Ignore => None,
    };
    let sent = |row: &Tree| -> Result<Sent> {
        let new = input::changes(table, mode(prefer), row, false)?;
        // The caller's own row is told by what is stored, not by the body; its password is guarded as another's.
        Ok(Sent { new, change: input::changes(table, Mode::Merge, row, false)? })
    };
    let rows = if body.is_array() { input::rows(body, sent)? } else { vec![sent(body)?] };
    let how = Upsert { create, update: update.as_ref(), target };
    let became = if rows.is_empty() {
        store::nothing_seen(&context.db, create).await?;
        Vec::new()
    } else {
        let done = store::upsert(&context.db, &how, rows, &prefer.output(table)).await;
        done.map_err(|error| if body.is_array() { error } else { error.of_one_row() })?
    };
    let response = if body.is_array() { many(&how, prefer, &became)? } else { one(&how, prefer, became, path)? };
    Ok(prefer.applied(response))
}

fn one(how: &Upsert<'_>, prefer: &Prefer, mut became: Vec<Became>, path: &str) -> Result<Response> {
    let table = how.create.table();
    match became.pop() {
        Some(Became::Made(row, visible)) => created(table, &Made { row, visible }, path, prefer),
        Some(Became::Changed(row)) => {
            let body = if prefer.minimal { None } else { Some(object(table, &row)?) };
            let mut response = body.map_or_else(|| StatusCode::OK.into_response(), |body| json(StatusCode::OK, body));
            counted(&mut response, prefer, 1)?;
            Ok(response)
        }
        Some(Became::Ignored) => {
            let nothing = || json(StatusCode::OK, b"null".to_vec());
            let mut response = if prefer.minimal { StatusCode::OK.into_response() } else { nothing() };
            counted(&mut response, prefer, 0)?;
            Ok(response)
        }
        None => Err(Error::internal("nothing became of a row")),
    }
}

fn many(how: &Upsert<'_>, prefer: &Prefer, became: &[Became]) -> Result<Response> {
    let made = became.iter().any(|became| matches!(became, Became::Made(..)));
    // An empty array is what a plain POST makes of one, too.
    let status = if made || became.is_empty() { StatusCode::CREATED } else { StatusCode::OK };
    let rows = || {
        became.iter().filter_map(|became| match became {
            Became::Made(row, _) | Became::Changed(row) => Some(row),
            Became::Ignored => None,
        })
    };
    let visible = became.iter().all(|became| !matches!(became, Became::Made(_, false)));
    let mut response = if prefer.minimal || !visible {
        status.into_response()
    } else {
        json(status, array(how.create.table(), rows())?)
    };
    counted(&mut response, prefer, rows().count())?;
    Ok(response)
}
