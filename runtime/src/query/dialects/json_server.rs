//! The manner of json-server, which `ra-data-json-server` and `@refinedev/simple-rest` speak:
//! `_start=0&_end=10&_sort=date,id&_order=desc,asc&status=Done&title_like=photo`.

use super::{Dialect, suffix};
use crate::{
    error::Result,
    query::{Draft, Pair, bad, numbers, sort},
};

pub(super) static DIALECT: Dialect =
    Dialect { parameters: &["_start", "_end", "_sort", "_order"], claims: suffix::is_suffixed, counts: true, read };

fn read(draft: &mut Draft, pairs: &[Pair<'_>]) -> Result<()> {
    let mut page = [None; 2];
    let [mut fields, mut directions] = [None, None];
    for (name, value) in pairs {
        match &**name {
            "_start" => super::once(&mut page[0], name, numbers::offset(name, value)?)?,
            "_end" => super::once(&mut page[1], name, numbers::offset(name, value)?)?,
            "_sort" => super::once(&mut fields, name, value)?,
            "_order" => super::once(&mut directions, name, value)?,
            "q" => draft.words(name, value)?,
            _ => suffix::filter(draft, name, value)?,
        }
    }
    if let [start, Some(end)] = page {
        draft.rows("_start and _end", start.unwrap_or(0), end)?;
    } else if let [Some(start), None] = page {
        draft.offset("_start", start)?;
    }
    let directions = directions.map(|directions| directions.split(',').collect::<Vec<_>>()).unwrap_or_default();
    let fields = fields.map(|fields| fields.split(',').collect::<Vec<_>>()).unwrap_or_default();
    if directions.len() > fields.len() {
        return Err(bad("`_order` has more directions than `_sort` has columns"));
    }
    if fields.is_empty() {
        return Ok(());
    }
    let keys = fields.iter().enumerate().map(|(at, field)| sort::by(draft.table, field, directions.get(at).copied()));
    let keys = keys.collect::<Result<_>>()?;
    draft.order("_sort", keys)
}
