//! The header `Range: items=0-19` (RFC 9110, section 14), also without its unit as PostgREST's clients write it.

use super::{Query, bad, numbers::digits};
use crate::{
    error::{Code, Error, Result},
    table::Table,
};

impl Query {
    /// Narrows the page to a range, and says whether it did: ranges of another unit are passed over, as the RFC says.
    ///
    /// Where `limit` and `offset` stand in the URL as well, both hold. A range may be longer than a page, and is then
    /// answered in part.
    pub(crate) fn narrow(&mut self, table: &Table, range: &str, unit: Option<&str>) -> Result<bool> {
        let (unit, range) = match range.split_once('=') {
            Some((unit, range)) => (unit, range),
            None => (unit.unwrap_or(UNIT), range),
        };
        if !unit.trim().eq_ignore_ascii_case(UNIT) {
            return Ok(false);
        }
        let (first, last) = bounds(range.trim())
            .ok_or_else(|| bad("the Range header cannot be read").hint("write Range: items=0-19, or items=20-"))?;
        if last.is_some_and(|last| last < first) {
            return Err(Error::new(Code::Range, "the range ends before it starts"));
        }
        if self.after.is_some() {
            return Err(bad("`after` and a range do not go together").hint("use `after` with `limit`"));
        }
        // Without a limit the URL's page has no end, and the longest answer begins where the range does.
        let (most, behind) = if self.limited {
            (self.limit, self.offset.saturating_add(self.limit.into()))
        } else {
            (table.page.max, u64::MAX)
        };
        let end = last.map_or(u64::MAX, |last| last.saturating_add(1)).min(behind);
        let start = first.max(self.offset);
        if end <= start && self.limit > 0 {
            return Err(Error::new(Code::Range, "the range lies outside of the page that the URL asks for"));
        }
        if last.is_some() || self.limited {
            let length = u32::try_from(end.saturating_sub(start)).unwrap_or(most);
            self.limit = length.min(most);
        }
        self.offset = start;
        Ok(true)
    }
}

const UNIT: &str = "items";

/// `0-19` or `20-`.
fn bounds(range: &str) -> Option<(u64, Option<u64>)> {
    let (first, last) = range.split_once('-')?;
    let first = digits(first).filter(|first| *first <= super::numbers::MOST)?;
    match last {
        "" => Some((first, None)),
        last => Some((first, Some(digits(last)?))),
    }
}
