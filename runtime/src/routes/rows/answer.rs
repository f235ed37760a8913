//! What a write answers of the rows that it wrote: everything, what `select` says, or nothing.

use std::{borrow::Cow, sync::Arc};

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
};

use super::selected::say_cut;
use crate::{
    column::Column,
    embed,
    error::{Error, Result},
    output::{Aside, JsonRows, Room, Shape},
    policy::Caller,
    query::Selection,
    routes::{etag::Tag, prefer::Prefer, reply::json},
    row::Row,
    store::{self, At, Made},
    table::Table,
};

/// How rows are shown that a write answers.
#[derive(Clone)]
pub(super) struct Answer<'a> {
    pub(super) table: &'static Table,
    pub(super) prefer: &'a Prefer,
    caller: Cow<'a, Caller>,
    selected: Option<Arc<Selected>>,
}

struct Selected {
    selection: Selection,
    columns: Vec<&'static Column>,
    shape: Shape,
}

impl<'a> Answer<'a> {
    pub(super) fn of(
        table: &'static Table,
        caller: &'a Caller,
        prefer: &'a Prefer,
        selection: Option<Selection>,
    ) -> Self {
        // Whoever wants no answer has said for nothing what it should be.
        let selected = selection.filter(|_| !prefer.minimal).map(|selection| {
            let (columns, shape) = embed::output(&selection, &[], Aside::No);
            Arc::new(Selected { selection, columns, shape })
        });
        Self { table, prefer, caller: Cow::Borrowed(caller), selected }
    }

    /// The same before a write that may be the caller's `last`, since it ends their own token: the related rows of its
    /// answer, which are read behind it, are those that they may read now.
    pub(super) async fn before(&self, at: At<'_>, last: bool) -> Result<Self> {
        let own = self.caller.identity().is_some_and(|identity| identity.table == self.table);
        if !(last && own && self.embeds()) {
            return Ok(self.clone());
        }
        Ok(Self { caller: Cow::Owned(store::found(at.session(), &self.caller).await?), ..self.clone() })
    }

    /// Whether all of a row is shown, and nothing else.
    pub(super) fn is_whole(&self) -> bool {
        self.selected.is_none()
    }

    /// Whether related rows are shown, which are read after the write.
    fn embeds(&self) -> bool {
        self.selected.as_ref().is_some_and(|selected| selected.selection.shown().next().is_some())
    }

    /// Whether what shows a row may fail after the write, which then is undone: related rows are read, or a column stands
    /// more than once, so that nobody knows how much it will be.
    pub(super) fn may_fail(&self) -> bool {
        self.embeds() || self.selected.as_ref().is_some_and(|selected| selected.shape.repeats())
    }

    /// The same of rows of any number: any of them may be too many.
    pub(super) fn of_many_may_fail(&self) -> bool {
        !self.prefer.minimal
    }

    /// What a statement has to answer: what is shown, then what is told in headers.
    pub(super) fn columns(&self) -> Vec<&'static Column> {
        let Some(selected) = &self.selected else { return self.prefer.output(self.table) };
        let mut all = selected.columns.clone();
        for column in std::iter::once(self.table.id()).chain(Tag::columns(self.table)) {
            if !all.contains(&column) {
                all.push(column);
            }
        }
        all
    }

    /// The answer that shows a row.
    pub(super) async fn one(&self, at: At<'_>, status: StatusCode, row: &Row) -> Result<Response> {
        let Some(selected) = &self.selected else { return Ok(json(status, object(self.table, row)?)) };
        let (body, cut) = selected.text(at, &self.caller, &[row]).await?;
        // The array of one without its brackets.
        let mut response = json(status, body[1..body.len() - 1].to_vec());
        say_cut(&mut response, &cut)?;
        Ok(response)
    }

    /// The answer that shows rows.
    pub(super) async fn many(&self, at: At<'_>, status: StatusCode, rows: &[&Row]) -> Result<Response> {
        let Some(selected) = &self.selected else {
            return Ok(json(status, array(self.table, rows.iter().copied(), at.most_answered())?));
        };
        let (body, cut) = selected.text(at, &self.caller, rows).await?;
        let mut response = json(status, body);
        say_cut(&mut response, &cut)?;
        Ok(response)
    }

    /// What shows a row that was made, to whom it may be shown.
    pub(super) async fn made(&self, at: At<'_>, made: &Made) -> Result<Option<Response>> {
        if self.prefer.minimal || !made.visible {
            return Ok(None);
        }
        self.one(at, StatusCode::CREATED, &made.row).await.map(Some)
    }

    /// The same of rows, all of which may be shown or none is.
    pub(super) async fn all_made(&self, at: At<'_>, made: &[Made]) -> Result<Option<Response>> {
        if self.prefer.minimal || !made.iter().all(|made| made.visible) {
            return Ok(None);
        }
        let rows: Vec<_> = made.iter().map(|made| &made.row).collect();
        self.many(at, StatusCode::CREATED, &rows).await.map(Some)
    }

    /// The answer of a write over a row that is there.
    pub(super) async fn written(&self, at: At<'_>, row: &Row) -> Result<Response> {
        if self.prefer.minimal {
            return Ok(StatusCode::NO_CONTENT.into_response());
        }
        self.one(at, StatusCode::OK, row).await
    }

    /// The answer of a write over several rows.
    pub(super) async fn many_written(&self, at: At<'_>, rows: &[Row]) -> Result<Response> {
        let mut response = if self.prefer.minimal {
            StatusCode::NO_CONTENT.into_response()
        } else {
            self.many(at, StatusCode::OK, &rows.iter().collect::<Vec<_>>()).await?
        };
        self.counted(&mut response, rows.len())?;
        Ok(self.prefer.applied(response))
    }

    /// Says how many rows a write touched, where that is wanted.
    pub(super) fn counted(&self, response: &mut Response, count: usize) -> Result<()> {
        if self.prefer.count {
            let range = HeaderValue::try_from(format!("*/{count}")).map_err(Error::internal)?;
            response.headers_mut().insert(header::CONTENT_RANGE, range);
        }
        Ok(())
    }
}

impl Selected {
    /// The text of rows with everything that is embedded in them, and the relations that were cut.
    async fn text(&self, at: At<'_>, caller: &Caller, rows: &[&Row]) -> Result<(Vec<u8>, Vec<String>)> {
        let room = Room::of(at.most_answered());
        let rows = JsonRows::of(rows.iter().copied(), self.columns.len(), &self.shape, room)?;
        let embedded = embed::embed(at, caller, &self.selection, rows, 0).await?;
        Ok((embedded.body, embedded.cut))
    }
}

/// The entity tag of a row that a write answers.
pub(super) fn tag(table: &'static Table, row: &Row) -> Option<Tag> {
    Tag::of(Tag::columns(table).map(|column| row.get(column.name)))
}

/// A row of [`Table::output`], as JSON.
pub(super) fn object(table: &'static Table, row: &Row) -> Result<Vec<u8>> {
    let mut body = Vec::new();
    Shape::new(table.readable()).row(&mut body, |at| Ok(row.values()[at].as_ref()))?;
    Ok(body)
}

/// Rows of [`Table::output`], as a JSON array of at most so many bytes.
pub(super) fn array<'r>(table: &'static Table, rows: impl Iterator<Item = &'r Row>, most: usize) -> Result<Vec<u8>> {
    let shape = Shape::new(table.readable());
    Ok(JsonRows::of(rows, shape.shown(), &shape, Room::of(most))?.body)
}
