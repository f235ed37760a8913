//! The manner of ra-data-simple-rest, JSON in three parameters:
//! `filter={"status":["Done","Testing"],"date_gte":"2026-01-01"}&range=[0,9]&sort=["date","DESC"]`.

use serde_json::Value as Json;

use super::Dialect;
use crate::{
    column::Column,
    error::{Error, Result},
    filter::{Is, Node},
    input,
    names::shown,
    query::{Draft, Pair, bad, numbers, refuse, search, sort, suffixes},
};

pub(super) static DIALECT: Dialect = Dialect { parameters: &["filter", "range", "sort"], claims: |_, _| false, read };

fn read(draft: &mut Draft, pairs: &[Pair<'_>]) -> Result<()> {
    let mut seen = Vec::new();
    for (name, value) in pairs {
        // Nothing stands beside the three.
        let Some(read) = READERS.iter().find(|(known, _)| known == name).map(|(_, read)| read) else {
            if name != "q" {
                refuse::column(draft, name)?;
            }
            return Err(bad(format!("`{name}` stands beside `filter`")).hint("put it into the object of `filter`"));
        };
        if seen.contains(name) {
            return Err(bad(format!("`{name}` is given twice")));
        }
        seen.push(name.clone());
        read(draft, &json(name, value)?)?;
    }
    Ok(())
}

type Reader = fn(&mut Draft, &Json) -> Result<()>;

const READERS: [(&str, Reader); 3] = [("filter", filter), ("range", range), ("sort", sort)];

fn json(name: &str, text: &str) -> Result<Json> {
    // As strict as a body: a member that stands twice would have one of the two forgotten.
    let form = match name {
        "filter" => FILTER,
        "range" => RANGE,
        _ => SORT,
    };
    input::parse(text.as_bytes()).map_err(|_| bad(format!("`{name}` is not JSON")).hint(form))
}

const FILTER: &str = "write filter={\"column\":value}, percent-encoded";
const RANGE: &str = "write range=[first,last], percent-encoded";
const SORT: &str = "write sort=[\"column\",\"ASC\"], percent-encoded";

/// An object of columns and values; an array means any of its values.
fn filter(draft: &mut Draft, json: &Json) -> Result<()> {
    let Json::Object(members) = json else { return Err(bad("`filter` must be an object").hint(FILTER)) };
    for (name, value) in members {
        if name == "q" {
            search::from_box(draft, name, &text(name, value)?)?;
            continue;
        }
        let (column, suffix) = suffixes::column(draft, name)?;
        match (suffix, value) {
            (Some(suffix), value) => draft.filter(suffix.node(column, &text(name, value)?)?)?,
            (None, Json::Array(values)) => any(draft, name, column, values)?,
            (None, Json::Null) => draft.filter(Node::Is(column, Is::Null))?,
            (None, value) => draft.equal(column, suffixes::plain(column, &text(name, value)?)?)?,
        }
    }
    Ok(())
}

fn any(draft: &mut Draft, name: &str, column: &'static Column, values: &[Json]) -> Result<()> {
    let given = values.iter().filter(|value| !value.is_null());
    let given: Vec<_> = given.map(|value| suffixes::plain(column, &text(name, value)?)).collect::<Result<_>>()?;
    if given.len() < values.len() {
        return draft.filter(Node::Or(vec![Node::In(column, given), Node::Is(column, Is::Null)]));
    }
    if given.is_empty() {
        return draft.filter(Node::In(column, given));
    }
    given.into_iter().try_for_each(|value| draft.equal(column, value))
}

/// The text of a value. Clients that take an id from the address bar send `"7"` where the row has 7, so what a value is
/// follows from the column and not from its quotes.
fn text(name: &str, value: &Json) -> Result<String> {
    match value {
        Json::String(text) => Ok(text.clone()),
        Json::Number(number) => Ok(number.to_string()),
        Json::Bool(truth) => Ok(truth.to_string()),
        Json::Null | Json::Array(_) | Json::Object(_) => Err(not_a_value(name)),
    }
}

fn not_a_value(name: &str) -> Error {
    bad(format!("`filter`: `{}` has something that is not a value", shown(name))).hint(FILTER)
}

/// The first row and the last. Who asks so reads the total from `Content-Range`.
fn range(draft: &mut Draft, json: &Json) -> Result<()> {
    let Some([first, last]) = pair(json).map(|pair| pair.map(Json::as_u64)) else { return Err(no_range()) };
    let (Some(first), Some(last)) = (first, last) else { return Err(no_range()) };
    if first > numbers::MOST || last > numbers::MOST {
        return Err(no_range());
    }
    draft.counted();
    draft.offset("range", first)?;
    draft.limit("range", numbers::between(draft.table, "range", first, last + 1)?)
}

fn no_range() -> Error {
    bad("`range` must be the numbers of the first row and of the last").hint(RANGE)
}

fn sort(draft: &mut Draft, json: &Json) -> Result<()> {
    let Some([Json::String(name), Json::String(direction)]) = pair(json) else {
        return Err(bad("`sort` must be a column and a direction").hint(SORT));
    };
    draft.order("sort", vec![sort::by(draft.table, "sort", name, direction)?])
}

fn pair(json: &Json) -> Option<[&Json; 2]> {
    match json.as_array()?.as_slice() {
        [one, two] => Some([one, two]),
        _ => None,
    }
}
