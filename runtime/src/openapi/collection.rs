//! The operations on the rows of a table together.

use serde_json::{Value as Json, json};

use super::{
    Api, described,
    lists::{self, FILTERS, can_merge, prefer, prefer_for_new, string},
    reference,
    responses::{answer, content, empty},
    rows::Sent,
};
use crate::{column::Role, input::MOST_ROWS, query, routes::prefer::Preference, table::Table};

pub(super) fn operation(api: &Api<'_>, table: &'static Table, method: &str) -> Json {
    match method {
        "GET" => list(api, table),
        "POST" => create(api, table),
        "PATCH" => change_many(api, table),
        _ => delete_many(api, table),
    }
}

fn list(api: &Api<'_>, table: &Table) -> Json {
    let headers = ["Content-Range", "X-Total-Count", "Link", "X-Embed-Truncated", "Preference-Applied"];
    described(
        json!({
            "summary": format!("List {}", table.path),
            "parameters": lists::of_list(api, table),
            "responses": {
                "200": answer("A page of rows", &array(&api.row(table)), &headers),
                "304": empty("`If-None-Match` is `*`, and there is always a list", &[]),
            },
        }),
        [FILTERS, "The parameters with which react-admin and refine ask for lists are understood as well."],
    )
}

fn create(api: &Api<'_>, table: &'static Table) -> Json {
    let mut responses = json!({ "201": made(api, table) });
    let mut parameters = vec![prefer_for_new(table), reference("parameters", "Idempotency-Key")];
    parameters.extend(api.select_written(table));
    if let Some(target) = on_conflict(table) {
        parameters.push(target);
        responses["200"] = met(api, table);
        if table.require_if_match && can_merge(table) {
            parameters.push(any_state(false));
        }
    }
    let sent = api.sent(table, Sent::Create);
    json!({
        "summary": format!("Create one of {}, or an array of them, all or none", table.path),
        "parameters": parameters,
        "requestBody": { "required": true, "content": content(&json!({ "oneOf": [sent, at_most(&sent)] })) },
        "responses": responses,
    })
}

/// What new rows are answered with. Of what its maker may not read nothing is told in headers either.
fn made(api: &Api<'_>, table: &Table) -> Json {
    if table.rules.read.is_none() {
        return empty("It was created", &["Content-Range", "Preference-Applied"]);
    }
    let tag = table.with_role(Role::Version).map(|_| "ETag");
    let headers: Vec<_> = ["Location"]
        .into_iter()
        .chain(tag)
        .chain(["Content-Range", "X-Embed-Truncated", "Preference-Applied"])
        .collect();
    let row = api.row(table);
    let text = "What was created; no body where its maker may not read it or does not want it. `Location` and the tag \
                are those of one row";
    answer(text, &json!({ "oneOf": [row, array(&row)] }), &headers)
}

/// What rows are answered with that were there already.
fn met(api: &Api<'_>, table: &Table) -> Json {
    let text = "Nothing was created: what is there was changed, or left alone";
    if table.rules.read.is_none() {
        return empty(text, &["Content-Range", "Preference-Applied"]);
    }
    let headers = ["Content-Range", "X-Embed-Truncated", "Preference-Applied"];
    let row = api.row(table);
    answer(text, &json!({ "oneOf": [row, array(&row), { "type": "null" }] }), &headers)
}

/// The parameter that says by which of its values a row is there already, where there are any.
fn on_conflict(table: &'static Table) -> Option<Json> {
    let sets: Vec<_> = query::conflicts(table).map(|set| format!("`{set}`")).collect();
    let text = format!("With `resolution`: the fields by which a row is there already, {}", sets.join(" or "));
    let parameter = json!({ "name": "on_conflict", "in": "query", "schema": string() });
    (!sets.is_empty()).then(|| described(parameter, [text.as_str()]))
}

fn change_many(api: &Api<'_>, table: &Table) -> Json {
    let body = json!({ "oneOf": [api.sent(table, Sent::Change), at_most(&api.sent(table, Sent::Each))] });
    let mut content = content(&body);
    content["application/merge-patch+json"] = content["application/json"].clone();
    let mut written = json!({
        "summary": format!("Change {}: those that a filter means alike, or each of an array in its own way", table.path),
        "requestBody": { "required": true, "content": content },
    });
    of_many(api, table, &mut written, "The rows as they are now");
    let more = "Without a filter the body is an array of rows with their keys. All of them are changed or none.";
    described(written, [FILTERS, more])
}

fn delete_many(api: &Api<'_>, table: &Table) -> Json {
    let mut written = json!({ "summary": format!("Delete the {} that a filter means", table.path) });
    of_many(api, table, &mut written, "The rows as they were");
    described(written, [FILTERS, "Without a filter nothing is deleted."])
}

/// What both writes over rows that are there take and answer.
fn of_many(api: &Api<'_>, table: &Table, written: &mut Json, text: &str) {
    let state = table.require_if_match.then(|| any_state(true));
    written["parameters"] = lists::filters(table)
        .chain(api.select_written(table))
        .chain([prefer(Preference::OF_ROWS)])
        .chain(state)
        .collect();
    written["responses"] = if table.rules.read.is_none() {
        json!({})
    } else {
        let headers = ["Content-Range", "X-Embed-Truncated", "Preference-Applied"];
        json!({ "200": answer(text, &array(&api.row(table)), &headers) })
    };
    written["responses"]["204"] = empty("With `return=minimal`", &["Content-Range", "Preference-Applied"]);
}

/// A list has no tag; whoever must name one says by this that any state will do.
fn any_state(required: bool) -> Json {
    let text = if required { "That the rows may be in any state" } else { "With `resolution=merge-duplicates`" };
    json!({
        "name": "If-Match", "in": "header", "required": required,
        "schema": { "type": "string", "const": "*" },
        "description": text,
    })
}

fn array(row: &Json) -> Json {
    json!({ "type": "array", "items": row })
}

/// The rows of a body.
fn at_most(row: &Json) -> Json {
    json!({ "type": "array", "items": row, "maxItems": MOST_ROWS })
}
