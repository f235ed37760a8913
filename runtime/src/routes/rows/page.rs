//! What a list says of its place: `Content-Range`, `X-Total-Count`, and the link to the next page.

use axum::{
    extract::OriginalUri,
    http::{HeaderMap, HeaderValue, header, request::Parts},
};

use crate::{
    column::Column,
    error::{Code, Error, Result},
    output::Aside,
    query::{self, Cursor, Query},
    table::Table,
    value::Value,
};

/// The page that a request asks for.
pub(super) struct Window {
    /// How many rows lie before it.
    first: u64,
    limit: u32,
    /// The limit, where the query string does not say it.
    unsaid: Option<u32>,
    /// Whether the next page is linked to.
    linked: bool,
}

impl Window {
    /// Narrows what the URL asks for to the `Range` header.
    pub(super) fn of(wanted: &mut Query, table: &Table, headers: &HeaderMap) -> Result<Self> {
        let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
        let ranged = match text("range") {
            Some(range) => wanted.narrow(table, range, text("range-unit"))?,
            None => false,
        };
        Ok(Self {
            first: wanted.after.as_ref().map_or(wanted.offset, |cursor| cursor.position),
            limit: wanted.limit,
            unsaid: ranged.then_some(wanted.limit),
            // The other manners have ways of their own to turn a page.
            linked: !wanted.counted && wanted.limit > 0,
        })
    }

    /// What has to be known of which row for the link.
    pub(super) fn aside(&self, wanted: &Query) -> (Vec<&'static Column>, Aside) {
        match self.limit.checked_sub(1) {
            Some(last) if self.linked => {
                (query::keys(&wanted.order).iter().map(|key| key.column).collect(), Aside::Row(last as usize))
            }
            _ => (Vec::new(), Aside::No),
        }
    }

    /// The headers of a page that has been read.
    pub(super) fn tell(
        &self,
        parts: &Parts,
        (wanted, table): (&Query, &Table),
        (count, last): (usize, Vec<Value>),
        total: Option<u64>,
        headers: &mut HeaderMap,
    ) -> Result<()> {
        let full = count == self.limit as usize;
        let count = count as u64;
        // Rows before a cursor may have gone since it was made; the range stays within the total.
        let first = total.map_or(self.first, |total| self.first.min(total.saturating_sub(count)));
        headers.insert(header::CONTENT_RANGE, content_range(first, count, total)?);
        if let Some(total) = total {
            headers.insert("x-total-count", total.into());
        }
        let behind = self.first.saturating_add(count);
        if full && !last.is_empty() && total.is_none_or(|total| behind < total) {
            let link = self.link(parts, wanted, table, behind, last);
            headers.insert(header::LINK, HeaderValue::try_from(link).map_err(Error::internal)?);
        }
        Ok(())
    }

    /// A reference to the next page without scheme and host: nothing that a client sends decides where it points.
    fn link(&self, parts: &Parts, wanted: &Query, table: &Table, behind: u64, last: Vec<Value>) -> String {
        let cursor = Cursor { position: behind, values: last }.write(table, &wanted.order);
        let place = cursor.map_or_else(|| format!("offset={behind}"), |cursor| format!("after={cursor}"));
        let path = parts.extensions.get::<OriginalUri>().map_or(parts.uri.path(), |uri| uri.path());
        format!("<{path}?{}>; rel=\"next\"", query::next(parts.uri.query(), self.unsaid, &place))
    }
}

/// `0-19/*`, `0-19/57`, `*/*`, `*/57`
fn content_range(first: u64, count: u64, total: Option<u64>) -> Result<HeaderValue> {
    let total = total.map_or_else(|| "*".to_owned(), |total| total.to_string());
    let range = match count {
        0 => format!("*/{total}"),
        count => format!("{first}-{}/{total}", first + count - 1),
    };
    HeaderValue::try_from(range).map_err(Error::internal)
}

/// The refusal of a page that begins behind the last row.
pub(super) fn past_the_end(total: u64) -> Error {
    let error = Error::new(Code::Range, "the offset lies past the end").hint(format!("there are {total} rows"));
    match content_range(0, 0, Some(total)) {
        Ok(range) => error.header(header::CONTENT_RANGE, range),
        Err(_) => error,
    }
}
