//! What `select` makes of rows that were read.

use axum::{http::HeaderValue, response::Response};
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

use crate::{
    column::Column,
    context::Context,
    embed,
    error::{Error, Result},
    output::{Aside, JsonRows, Shape},
    policy::Caller,
    query::Selection,
    sql::Statement,
    store::At,
    table::Table,
    value::Value,
};

/// What a statement answers, and what becomes of it.
pub(super) struct Shown<'s> {
    selection: Option<&'s Selection>,
    pub(super) columns: Vec<&'static Column>,
    shape: Option<Shape>,
    told: usize,
}

impl<'s> Shown<'s> {
    /// Of a table: what is selected, or everything, with the values of some columns beside it.
    pub(super) fn of(
        table: &'static Table,
        selection: Option<&'s Selection>,
        told: &[&'static Column],
        aside: Aside,
    ) -> Self {
        let (columns, shape) = match selection {
            Some(selection) => {
                let (columns, shape) = embed::output(selection, told, aside);
                (columns, Some(shape))
            }
            None if told.is_empty() => (table.output(), None),
            None => {
                let (mut columns, shape) = (table.output(), Shape::new(table.readable()));
                let place = |told: &&Column| columns.iter().position(|column| column.name == told.name);
                if let Some(places) = told.iter().map(place).collect() {
                    (columns, Some(shape.telling_again(places, aside)))
                } else {
                    columns.extend(told);
                    (columns, Some(shape.telling(aside)))
                }
            }
        };
        Self { selection, columns, shape, told: told.len() }
    }

    /// Runs a statement over these columns.
    pub(super) async fn read(&mut self, context: &Context, statement: Statement) -> Result<JsonRows> {
        context.db.json(Statement { shape: self.shape.take().map(Box::new), ..statement }).await
    }

    /// The values beside the last row that any are told of.
    pub(super) fn last_told(&self, rows: &JsonRows) -> Vec<Value> {
        // The keys of relations stand behind them.
        let width = self.told + self.selection.map_or(0, |selection| selection.fetched().count());
        let last = rows.aside.len().checked_sub(width).map(|from| &rows.aside[from..from + self.told]);
        last.unwrap_or_default().to_vec()
    }

    /// The text of rows with everything that is embedded in them, and the relations that were cut.
    pub(super) async fn filled(
        &self,
        context: &Context,
        caller: &Caller,
        rows: JsonRows,
    ) -> Result<(Vec<u8>, Vec<String>)> {
        match self.selection {
            Some(selection) => {
                let embedded = embed::embed(At::Own(&context.db), caller, selection, rows, self.told).await?;
                Ok((embedded.body, embedded.cut))
            }
            None => Ok((rows.body, Vec::new())),
        }
    }
}

/// Says which relations have more rows than are shown.
pub(super) fn say_cut(response: &mut Response, cut: &[String]) -> Result<()> {
    if cut.is_empty() {
        return Ok(());
    }
    let names: Vec<_> = cut.iter().map(|name| utf8_percent_encode(name, IN_HEADER).to_string()).collect();
    let value = HeaderValue::try_from(names.join(", ")).map_err(Error::internal)?;
    response.headers_mut().insert("x-embed-truncated", value);
    Ok(())
}

/// What would end a name in a list of them.
const IN_HEADER: &AsciiSet = &CONTROLS.add(b' ').add(b',').add(b'%').add(b'"');
