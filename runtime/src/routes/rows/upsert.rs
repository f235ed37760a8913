//! New rows that may be there already: `POST /cards?on_conflict=..` with `Prefer: resolution=..`.

use axum::{
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use serde_json::Value as Tree;

use super::{
    answer::Answer,
    create::{created, mode},
};
use crate::{
    error::{Code, Error, Result},
    input::{self, Changes, Mode},
    policy::{Scope, authorize},
    query,
    relation::Relations,
    routes::{
        prefer::{Prefer, Resolution},
        reply::json,
    },
    store::{self, At, Became, Made, Sent, Upsert},
    table::{Action, Table},
};

/// How taken values are resolved, and by which of them a row is there already.
pub(super) struct Resolved {
    resolution: Resolution,
    target: &'static [&'static str],
}

/// What a request says of that; neither half has a meaning without the other.
pub(super) fn resolved(
    table: &'static Table,
    prefer: &Prefer,
    target: Option<&'static [&'static str]>,
) -> Result<Option<Resolved>> {
    match (prefer.resolution, target) {
        (None, None) => Ok(None),
        (Some(resolution), Some(target)) => Ok(Some(Resolved { resolution, target })),
        (Some(_), None) => Err(query::no_set(table, "`on_conflict` must say by what a row is there already")),
        (None, Some(_)) => Err(Error::new(Code::BadQuery, "`on_conflict` has no meaning without a resolution")
            .hint("send Prefer: resolution=merge-duplicates or resolution=ignore-duplicates")),
    }
}

/// Rows that were read, and are not written yet.
pub(super) struct Upserted {
    pub(super) rows: Sent,
    is_array: bool,
    update: Option<Scope>,
    target: &'static [&'static str],
}

impl Resolved {
    /// The rows of a body. Whoever merges must be let update as well.
    pub(super) fn read(self, create: &Scope, relations: &Relations, prefer: &Prefer, body: &Tree) -> Result<Upserted> {
        let table = create.table();
        let update = match self.resolution {
            Resolution::Merge => Some(authorize(table, Action::Update, create.caller())?),
            Resolution::Ignore => None,
        };
        let sent = |row: &Tree| -> Result<(Changes, Changes)> {
            input::without_rows(relations, table, row, "does not go together with a resolution")?;
            let new = input::changes(table, mode(prefer), row, false)?;
            Ok((new, input::changes(table, Mode::Merge, row, false)?))
        };
        let is_array = body.is_array();
        let rows = if is_array { input::rows(body, sent)? } else { vec![sent(body)?] };
        let (new, changes) = rows.into_iter().unzip();
        Ok(Upserted { rows: Sent { new, changes }, is_array, update, target: self.target })
    }
}

impl Upserted {
    /// Makes what is not there. 201 where a row was made, 200 otherwise; rows that were ignored are absent from the
    /// answer.
    pub(super) async fn done(
        &mut self,
        create: &Scope,
        at: At<'_>,
        answer: &Answer<'_>,
        path: &str,
    ) -> Result<Response> {
        let how = Upsert { create, update: self.update.as_ref(), target: self.target };
        let became = if self.rows.new.is_empty() {
            store::nothing_seen(at.session(), create).await?;
            Vec::new()
        } else {
            let done = store::upsert(at, &how, &mut self.rows, &answer.columns()).await;
            done.map_err(|error| error.of_rows(self.is_array))?
        };
        if self.is_array { many(at, answer, &became).await } else { one(at, answer, became, path).await }
    }
}

async fn one(at: At<'_>, answer: &Answer<'_>, mut became: Vec<Became>, path: &str) -> Result<Response> {
    let empty = || StatusCode::OK.into_response();
    let (mut response, count) = match became.pop() {
        Some(Became::Made(row, visible)) => {
            let made = Made { row, visible };
            return created(answer, &made, path, answer.made(at, &made).await?);
        }
        Some(Became::Changed(_)) if answer.prefer.minimal => (empty(), 1),
        Some(Became::Changed(row)) => (answer.one(at, StatusCode::OK, &row).await?, 1),
        Some(Became::Ignored) if answer.prefer.minimal => (empty(), 0),
        Some(Became::Ignored) => (json(StatusCode::OK, b"null".to_vec()), 0),
        None => return Err(Error::internal("nothing became of a row")),
    };
    answer.counted(&mut response, count)?;
    Ok(response)
}

async fn many(at: At<'_>, answer: &Answer<'_>, became: &[Became]) -> Result<Response> {
    let made = became.iter().any(|became| matches!(became, Became::Made(..)));
    // An empty array is what a plain POST makes of one, too.
    let status = if made || became.is_empty() { StatusCode::CREATED } else { StatusCode::OK };
    let rows = became.iter().filter_map(|became| match became {
        Became::Made(row, _) | Became::Changed(row) => Some(row),
        Became::Ignored => None,
    });
    let rows: Vec<_> = rows.collect();
    let visible = became.iter().all(|became| !matches!(became, Became::Made(_, false)));
    let mut response =
        if answer.prefer.minimal || !visible { status.into_response() } else { answer.many(at, status, &rows).await? };
    answer.counted(&mut response, rows.len())?;
    Ok(response)
}
