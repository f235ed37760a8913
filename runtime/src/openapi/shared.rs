//! What operations refer to: schemas, parameters, headers, the one failure.

use serde_json::{Map, Value as Json, json};

use super::{
    Api, auth, described,
    lists::{select, string},
    reference,
    responses::problems,
    rows::{self, Sent},
};
use crate::{query::MOST_OFFSET, routes::idempotency::LONGEST, table::Table};

/// Everything that is referred to by the text of some paths.
pub(super) fn components(api: &Api<'_>, paths: &str) -> Json {
    let responses = used("responses", problems(), paths);
    let answers = format!("{paths}{responses}");
    let mut components = json!({
        "schemas": schemas(api),
        "parameters": used("parameters", parameters(api), paths),
        "headers": used("headers", headers(), &answers),
        "responses": responses,
    });
    if api.schema.login().is_some() {
        let text = "The `access_token` of a session, which `/auth/login` answers";
        components["securitySchemes"] =
            json!({ "bearer": { "type": "http", "scheme": "bearer", "bearerFormat": "JWT", "description": text } });
    }
    components
}

/// Those of some components that anything refers to.
fn used(kind: &str, mut all: Json, paths: &str) -> Json {
    if let Json::Object(all) = &mut all {
        // A reference may have a description beside it.
        all.retain(|name, _| paths.contains(&reference(kind, name)["$ref"].to_string()));
    }
    all
}

fn schemas(api: &Api<'_>) -> Json {
    let mut all = Map::new();
    for table in api.schema.tables() {
        if !table.rules.read.is_none() || table.login().is_some() {
            all.insert(api.names.row(table).to_owned(), rows::answered(api, table));
        }
        for sent in bodies(table) {
            all.insert(api.names.sent(table, sent), rows::sent(api, table, sent));
        }
    }
    if let Some(login) = api.schema.login() {
        all.insert("auth.session".into(), auth::session(api, login));
    }
    all.insert("service.problem".into(), problem());
    Json::Object(all)
}

/// What rows of a table are sent for.
fn bodies(table: &Table) -> impl Iterator<Item = Sent> {
    let (creates, updates) = (!table.rules.create.is_none(), !table.rules.update.is_none());
    let all = [
        (Sent::Create, creates),
        (Sent::Replace, updates && !table.put_merges),
        (Sent::Change, updates),
        (Sent::Each, updates),
        (Sent::Register, table.register && table.login().is_some()),
    ];
    all.into_iter().filter(|(_, sent)| *sent).map(|(sent, _)| sent)
}

fn parameters(api: &Api<'_>) -> Json {
    let mut all = general();
    for table in api.schema.tables() {
        let name = api.names.row(table);
        all[format!("{name}.select")] = select(api, table, false);
        all[format!("{name}.select.written")] = select(api, table, true);
    }
    all
}

/// The parameters that are the same for every table.
fn general() -> Json {
    let tree = |name: &str, text: &str| described(json!({ "name": name, "in": "query", "schema": string() }), [text]);
    let header =
        |name: &str, text: &str| described(json!({ "name": name, "in": "header", "schema": string() }), [text]);
    let offset = json!({ "type": "integer", "format": "int64", "minimum": 0, "maximum": MOST_OFFSET, "default": 0 });
    let mut needed = header("If-Match", "Entity tags: 412, and nothing changed, where the row is in no such state");
    needed["required"] = true.into();
    json!({
        "If-Match.needed": needed,
        "or": tree("or", "Filters of which one holds: `(status.eq.Done,and(date.is.null,title.like.Back*))`"),
        "and": tree("and", "Filters all of which hold: `(date.gte.2026-01-01,date.lt.2026-02-01)`"),
        "not.or": tree("not.or", "Filters none of which holds"),
        "not.and": tree("not.and", "Filters not all of which hold"),
        "offset": { "name": "offset", "in": "query", "schema": offset, "description": "How many rows lie before the page" },
        "after": tree("after", "Where a page ended: `Link` of that page has it. In place of `offset`"),
        "Range": header("Range", "A page by its rows: `items=0-19`, `items=20-`. Another unit is passed over"),
        "If-Match": header("If-Match", "Entity tags, or `*`: 412, and nothing changed, where the row is in no such state"),
        "If-None-Match": header(
            "If-None-Match",
            "Entity tags, or `*`: where the row is in such a state, a read is 304 and a change 412",
        ),
        "Idempotency-Key": {
            "name": "Idempotency-Key", "in": "header",
            "schema": { "type": "string", "minLength": 1, "maxLength": LONGEST, "pattern": "^[!-~]+$" },
            "description": "Sent again with the same key, the request is answered as it was, and not done again",
        },
    })
}

fn headers() -> Json {
    let header = |text: &str| json!({ "schema": string(), "description": text });
    let number = |text: &str| json!({ "schema": { "type": "integer", "minimum": 0 }, "description": text });
    json!({
        "Accept-Encoding": header("Where the body came encoded: `identity`, for it is read as it is"),
        "Allow": header("Of 405: the methods that the path takes"),
        "Content-Range": header(
            "The rows of the page and how many there are: `0-19/*`, with a count `0-19/57`; of none `*/*`, `*/0`. Of a write \
             with a count how many it touched, `*/2`",
        ),
        "X-Total-Count": number("With a count: how many there are"),
        "Link": header("Where there may be more: the next page, `</cards?after=..>; rel=\"next\"`; it can be empty"),
        "Location": header("The path of the new row"),
        "Retry-After": number("Of 429 and 503: seconds after which it may go better"),
        "WWW-Authenticate": header("How to say who is asking: `Bearer`, and what is wrong with the token"),
        "X-Request-Id": header("The id of the request, which the log has too: the client's, or one that was made up"),
        "ETag": header("The state that the row is in, a strong entity tag"),
        "Preference-Applied": header("What of `Prefer` was honoured"),
        "X-Embed-Truncated": header("The relations of which not all rows are shown"),
    })
}

/// The body of every failure.
fn problem() -> Json {
    let or_null = || json!({ "type": ["string", "null"] });
    json!({
        "type": "object",
        "properties": {
            "type": { "const": "about:blank" },
            "title": string(),
            "status": { "type": "integer", "minimum": 400, "maximum": 599 },
            "detail": { "type": "string", "description": "What went wrong" },
            "instance": { "type": ["string", "null"], "description": "`urn:uuid:` and the id of the request" },
            "code": { "type": "string", "description": "The same for the same reason, such as `PGRST116` or `23505`" },
            "message": { "type": "string", "description": "As `detail`" },
            "details": or_null(),
            "hint": { "type": ["string", "null"], "description": "What to do about it" },
            "errors": {
                "type": "object",
                "additionalProperties": string(),
                "description": "A message for each field at fault; `0.title` in row 0 of an array",
            },
        },
        "required": ["type", "title", "status", "detail", "instance", "code", "message", "details", "hint"],
    })
}
