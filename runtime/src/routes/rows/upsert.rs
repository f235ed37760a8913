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
    error::{Code, Error, Result},
    input::{self, Mode},
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
    pub(super) rows: Vec<Sent>,
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
        let sent = |row: &Tree| -> Result<Sent> {
            input::without_rows(relations, table, row, "does not go together with a resolution")?;
            Ok(Sent {
                new: input::changes(table, mode(prefer), row, false)?,
                change: input::changes(table, Mode::Merge, row, false)?,
            })
        };
        let is_array = body.is_array();
        let rows = if is_array { input::rows(body, sent)? } else { vec![sent(body)?] };
        Ok(Upserted { rows, is_array, update, target: self.target })
    }
}

impl Upserted {
    /// Makes what is not there. 201 where a row was made, 200 otherwise; rows that were ignored are absent from the
    /// answer.
    pub(super) async fn done(self, create: &Scope, at: At<'_>, prefer: &Prefer, path: &str) -> Result<Response> {
        let how = Upsert { create, update: self.update.as_ref(), target: self.target };
        let became = if self.rows.is_empty() {
            store::nothing_seen(at.session(), create).await?;
            Vec::new()
        } else {
            let done = store::upsert(at, &how, self.rows, &prefer.output(create.table())).await;
            done.map_err(|error| if self.is_array { error } else { error.of_one_row() })?
        };
        if self.is_array { many(&how, prefer, &became) } else { one(&how, prefer, became, path) }
    }
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
