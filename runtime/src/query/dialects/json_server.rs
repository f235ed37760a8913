//! json-server's manner, which ra-data-json-server and refine write:
//! `_start=0&_end=10&_sort=status,date&_order=asc,desc&status=Done&date_gte=2026-01-01`.

use super::Dialect;
use crate::{
    error::Result,
    query::{Draft, Pair, bad, draft::once, numbers, search, sort, suffixes},
};

pub(super) static DIALECT: Dialect =
    Dialect { parameters: &["_start", "_end", "_sort", "_order"], claims: suffixes::claims, read };

fn read(draft: &mut Draft, pairs: &[Pair<'_>]) -> Result<()> {
    let (mut start, mut end, mut by, mut order) = (None, None, None, None);
    for (name, value) in pairs {
        match &**name {
            "_start" => once(&mut start, name, numbers::offset(name, value)?)?,
            "_end" => once(&mut end, name, numbers::offset(name, value)?)?,
            "_sort" => once(&mut by, name, &**value)?,
            "_order" => once(&mut order, name, &**value)?,
            "q" => search::from_box(draft, name, value)?,
            _ => suffixes::filter(draft, name, value)?,
        }
    }
    page(draft, start, end)?;
    match (by, order) {
        (Some(by), order) => sorted(draft, by, order),
        (None, Some(_)) => Err(bad("`_order` says nothing without `_sort`")),
        (None, None) => Ok(()),
    }
}

/// Rows from `_start` to the one before `_end`. Who asks for a page in this manner reads the total from `X-Total-Count`.
fn page(draft: &mut Draft, start: Option<u64>, end: Option<u64>) -> Result<()> {
    if start.or(end).is_some() {
        draft.counted();
    }
    let first = start.unwrap_or(0);
    if end.is_some_and(|end| end < first) {
        return Err(bad("`_end` lies before `_start`").hint("`_end` is the row behind the last one, counted from 0"));
    }
    draft.offset("_start", first)?;
    match end {
        Some(end) => draft.limit("_end", numbers::between(draft.table, "_end", first, end)?),
        None => Ok(()),
    }
}

/// A list of columns, and one of as many directions or fewer: ascending where none is said.
fn sorted(draft: &mut Draft, by: &str, order: Option<&str>) -> Result<()> {
    let mut directions = order.into_iter().flat_map(|order| order.split(','));
    let mut keys = Vec::new();
    for name in sort::names("_sort", by)? {
        keys.push(sort::by(draft.table, "_order", name, directions.next().unwrap_or("asc"))?);
    }
    sort::not_too_many("_sort", &keys)?;
    if directions.next().is_some() {
        return Err(bad("`_order` has more directions than `_sort` has columns"));
    }
    draft.order("_sort", keys)
}
