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
        // A place that is made up can lie where no list ends; what is behind it could not be asked for.
        let can_follow = behind <= query::MOST_OFFSET && total.is_none_or(|total| behind < total);
        if full && !last.is_empty() && can_follow {
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

#[cfg(test)]
mod tests {
    use axum::http::Request;
    use proptest::{prelude::*, sample::select};

    use super::*;
    use crate::{fixture::THINGS, order};

    /// Numbers of rows, most of them where numbers end.
    fn places() -> impl Strategy<Value = u64> {
        let most = query::MOST_OFFSET;
        prop_oneof![0..2000_u64, (most - 2000)..=most, any::<u64>().prop_map(move |place| place % most)]
    }

    proptest! {
        /// Nobody signs cursors, so that anybody may begin a page anywhere.
        #[test]
        fn every_link_can_be_followed(
            first in places(),
            limit in select(vec![1_u32, 20, 50]),
            some in any::<u32>(),
            total in proptest::option::of(places()),
            id in any::<i64>(),
            ranged in any::<bool>(),
        ) {
            let count = u64::from(if ranged { limit } else { some % (limit + 1) });
            let order = order::total(&THINGS, Vec::new());
            let wanted = query::parse(&THINGS, None).unwrap();
            let (parts, ()) = Request::get("/things?count=gt.1&offset=3").body(()).unwrap().into_parts();
            let window = Window { first, limit, unsaid: ranged.then_some(limit), linked: true };
            let mut headers = HeaderMap::new();
            let told = (usize::try_from(count).unwrap(), vec![Value::Int(id)]);
            window.tell(&parts, (&wanted, &THINGS), told, total, &mut headers).unwrap();
            let range = headers[header::CONTENT_RANGE].to_str().unwrap().to_owned();
            let (rows, all) = range.split_once('/').unwrap();
            prop_assert_eq!(all, total.map_or_else(|| "*".to_owned(), |total| total.to_string()));
            match rows.split_once('-') {
                None => prop_assert_eq!((rows, count), ("*", 0)),
                Some((from, to)) => {
                    let (from, to): (u64, u64) = (from.parse().unwrap(), to.parse().unwrap());
                    prop_assert_eq!(to - from + 1, count, "{}", range);
                }
            }
            let Some(link) = headers.get(header::LINK) else { return Ok(()) };
            let link = link.to_str().unwrap();
            let query = link.strip_prefix("</things?").and_then(|link| link.strip_suffix(">; rel=\"next\"")).unwrap();
            let next = query::parse(&THINGS, Some(query)).map_err(|refused| TestCaseError::fail(refused.to_string()))?;
            let cursor = next.after.expect("a cursor");
            prop_assert_eq!((cursor.position, &cursor.values), (first + count, &vec![Value::Int(id)]));
            prop_assert_eq!(&next.order, &order);
        }
    }
}
