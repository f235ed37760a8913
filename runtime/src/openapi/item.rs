//! The operations on one row.

use serde_json::{Value as Json, json};

use super::{
    Api,
    lists::prefer,
    reference,
    responses::{answer, content, empty},
    rows::Sent,
};
use crate::{column::Role, routes::prefer::Preference, table::Table};

pub(super) fn operation(api: &Api<'_>, table: &Table, method: &str) -> Json {
    match method {
        "GET" => get(api, table),
        "PUT" => replace(api, table),
        "PATCH" => change(api, table),
        _ => delete(api, table),
    }
}

fn get(api: &Api<'_>, table: &Table) -> Json {
    let known: Vec<_> = tag(table).into_iter().chain(["Preference-Applied"]).collect();
    let headers: Vec<_> = known.iter().copied().chain(["X-Embed-Truncated"]).collect();
    // Where no row has a tag, `*` is all that can be named.
    let same = if tag(table).is_some() {
        "The row is in a state that `If-None-Match` names"
    } else {
        "There is such a row, and `If-None-Match` is `*`"
    };
    let asked = [api.select(table), prefer(&[])].into_iter();
    json!({
        "summary": format!("Read one of {}", table.path),
        "parameters": asked.chain(states(table, false)).collect::<Json>(),
        "responses": { "200": answer("The row", &api.row(table), &headers), "304": empty(same, &known) },
    })
}

fn replace(api: &Api<'_>, table: &Table) -> Json {
    let (summary, sent) = if table.put_merges {
        (format!("Change one of {}, as PATCH does", table.path), Sent::Change)
    } else {
        (format!("Replace one of {}: what is absent goes back to its default", table.path), Sent::Replace)
    };
    let mut written = written(api, table, "The row as it is now", tag(table));
    written["summary"] = summary.into();
    written["requestBody"] = json!({ "required": true, "content": content(&api.sent(table, sent)) });
    written
}

fn change(api: &Api<'_>, table: &Table) -> Json {
    let mut content = content(&api.sent(table, Sent::Change));
    content["application/merge-patch+json"] = content["application/json"].clone();
    let mut written = written(api, table, "The row as it is now", tag(table));
    written["summary"] = format!("Change one of {}: what is absent stays", table.path).into();
    written["requestBody"] = json!({ "required": true, "content": content });
    written
}

fn delete(api: &Api<'_>, table: &Table) -> Json {
    // What the tag would be of is not there any more.
    let mut written = written(api, table, "The row as it was", None);
    written["summary"] = format!("Delete one of {}", table.path).into();
    written
}

/// What every write to one row takes and answers.
fn written(api: &Api<'_>, table: &Table, text: &str, tag: Option<&'static str>) -> Json {
    let told: Vec<_> = tag.into_iter().chain(["Preference-Applied"]).collect();
    let mut responses = json!({ "204": empty("With `return=minimal`", &told) });
    if !table.rules.read.is_none() {
        let headers: Vec<_> = told.iter().copied().chain(["X-Embed-Truncated"]).collect();
        responses["200"] = answer(text, &api.row(table), &headers);
    }
    json!({
        "parameters": std::iter::once(prefer(Preference::OF_ROW))
            .chain(api.select_written(table))
            .chain(states(table, true)).collect::<Json>(),
        "responses": responses,
    })
}

/// The header that says in which state a row is, where that is told.
fn tag(table: &Table) -> Option<&'static str> {
    table.with_role(Role::Version).map(|_| "ETag")
}

/// The headers that ask for a state, which those who change the row may have to know.
fn states(table: &Table, writes: bool) -> impl Iterator<Item = Json> {
    let needed = if writes && table.require_if_match { "If-Match.needed" } else { "If-Match" };
    let names = tag(table).map(|_| [needed, "If-None-Match"]);
    names.into_iter().flatten().map(|name| reference("parameters", name))
}
