//! What an operation answers.

use serde_json::{Map, Value as Json, json};

use super::{Api, lists::can_merge, reference};
use crate::{
    column::{OnDelete, Role},
    routes::Subject,
    table::{Action, Rule, Table},
};

/// An answer of JSON, with some of the shared headers.
pub(super) fn answer(text: &str, schema: &Json, headers: &[&str]) -> Json {
    let mut answer = empty(text, headers);
    answer["content"] = content(schema);
    answer
}

/// An answer without a body. Every answer has the id of its request.
pub(super) fn empty(text: &str, headers: &[&str]) -> Json {
    let all = headers.iter().chain(&["X-Request-Id"]);
    let headers: Map<_, _> = all.map(|name| ((*name).to_owned(), reference("headers", name))).collect();
    json!({ "description": text, "headers": headers })
}

/// A body that is JSON.
pub(super) fn content(schema: &Json) -> Json {
    json!({ "application/json": { "schema": schema } })
}

/// Adds the failures of some statuses, and that any other has the same body.
pub(super) fn fail(responses: &mut Json, statuses: impl IntoIterator<Item = u16>) {
    for status in statuses {
        let status_alone = format!("problem.{status}");
        let own = PROBLEMS.iter().any(|(name, ..)| *name == status_alone);
        let mut problem = reference("responses", if own { &status_alone } else { "problem" });
        problem["description"] = reason(status).into();
        responses[status.to_string()] = problem;
    }
    responses["default"] = reference("responses", "problem.other");
}

/// The failures that operations refer to: what they are called, and the headers that they have.
const PROBLEMS: [(&str, &str, &[&str]); 6] = [
    ("problem", "What went wrong (RFC 9457)", &[]),
    ("problem.401", "Who is asking is not known", &["WWW-Authenticate"]),
    ("problem.415", "The body cannot be read", &["Accept-Encoding"]),
    ("problem.416", "There is no such page", &["Content-Range"]),
    ("problem.503", "The server or its database is busy", &["Retry-After"]),
    ("problem.other", "What else went wrong (RFC 9457)", &["Allow", "Retry-After"]),
];

/// All of them.
pub(super) fn problems() -> Json {
    let schema = reference("schemas", "service.problem");
    let problem = |(name, text, headers): (&str, &str, &[&str])| {
        let mut problem = empty(text, headers);
        problem["content"] = json!({ "application/problem+json": { "schema": schema } });
        (name.to_owned(), problem)
    };
    PROBLEMS.map(problem).into_iter().collect::<Map<_, _>>().into()
}

fn reason(status: u16) -> &'static str {
    match status {
        400 => "The query string, a header or the JSON cannot be read, or asks for what is not there",
        401 => "A token is needed, or the one that was sent is malformed, expired or dead",
        403 => "The rule excludes this caller from every row, or a field is not the caller's to set",
        404 => "There is no such row, or none that the caller may touch",
        409 => {
            "A unique value is taken, a reference leads to no row that the caller may read, or others refer to this row"
        }
        412 => "The row is not in the state that `If-Match` or `If-None-Match` asks for",
        413 => "The body is too large",
        415 => "The body is of another media type, or in another encoding than UTF-8 as it is",
        416 => {
            "`Range` ends before it begins, or lies outside of `limit` and `offset`; or, with a count, the page begins \
             behind the last row"
        }
        422 => "Some fields do not pass: `errors` has a message for each",
        428 => "`If-Match` is missing",
        _ => "The database is busy or cannot be reached, or its schema is not the one of this program",
    }
}

/// The failures that an operation on rows has of its own.
pub(super) fn failures(api: &Api<'_>, about: Subject, method: &str, table: &'static Table) -> Vec<u16> {
    let one = matches!(about, Subject::Row(_));
    let body = matches!(method, "POST" | "PUT" | "PATCH");
    let action = action(method);
    let writes = action != Action::Read;
    let all = [
        (400, true),
        (401, api.schema.login().is_some()),
        (403, may_be_forbidden(api, table, action)),
        // A filter that means no row is no failure; an array names its rows.
        (404, one || method == "PATCH"),
        (409, may_conflict(api, table, action)),
        (412, true),
        (413, body),
        (415, body),
        (416, !writes && !one),
        (422, body),
        (428, writes && table.require_if_match && (action != Action::Create || can_merge(table))),
        (503, true),
    ];
    all.into_iter().filter(|(_, may)| *may).map(|(status, _)| status).collect()
}

/// What 412 says where there are no entity tags to name: of the rows of a table together, and of rows without a version.
pub(super) fn untagged(about: Subject, method: &str, table: &Table) -> Option<&'static str> {
    let tagged = matches!(about, Subject::Row(_)) && table.with_role(Role::Version).is_some();
    (!tagged).then_some(if method == "GET" {
        "`If-Match` is not `*`: there are no entity tags here"
    } else {
        "`If-Match` is not `*`, or `If-None-Match` is: there are no entity tags here"
    })
}

/// What a method does with rows.
fn action(method: &str) -> Action {
    match method {
        "GET" => Action::Read,
        "POST" => Action::Create,
        "DELETE" => Action::Delete,
        _ => Action::Update,
    }
}

/// Whether some known caller is excluded from every row, or from a field, of all that a request may touch.
fn may_be_forbidden(api: &Api<'_>, table: &'static Table, action: Action) -> bool {
    let creates = action == Action::Create;
    let merges = || creates && can_merge(table) && excludes(table, Action::Update);
    // What comes along brings nothing of its own.
    let brings = || creates && api.relations(table).any(|r| r.nested() && excludes(r.table, Action::Create));
    // What an administrator was answered is answered again to administrators alone.
    let again = || creates && api.schema.login().is_some_and(|login| login.admin().is_some());
    excludes(table, action) || merges() || brings() || again()
}

fn excludes(table: &Table, action: Action) -> bool {
    let field = match action {
        Action::Read | Action::Delete => false,
        Action::Create => table.admin().is_some(),
        Action::Update => table.admin().is_some() || table.password().is_some(),
    };
    field || table.rules.of(action) == Rule::ADMIN
}

fn may_conflict(api: &Api<'_>, table: &'static Table, action: Action) -> bool {
    match action {
        Action::Read => false,
        // Two requests can have one idempotency key.
        Action::Create => true,
        Action::Update => table.unique_sets().next().is_some() || table.references().next().is_some(),
        // What is only stamped leaves no table.
        Action::Delete => table.deleted_at().is_none() && api.schema.tables().iter().any(|other| holds(other, table)),
    }
}

/// Whether rows of `other` keep those of `table` from going.
fn holds(other: &Table, table: &Table) -> bool {
    let mut references = other.columns.iter().filter_map(|column| column.references);
    references.any(|reference| reference.on_delete == OnDelete::Restrict && (reference.table)().name == table.name)
}
