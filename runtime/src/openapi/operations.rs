//! Routes as operations.

use serde_json::{Value as Json, json};

use super::{
    Api, SERVICE, auth, collection, described, item,
    responses::{answer, fail, failures, untagged},
    tag, values,
};
use crate::{
    column::Role,
    routes::{Operation, Subject},
    table::Table,
};

/// What holds for every operation of a path.
pub(super) fn path(about: Subject) -> Json {
    let Subject::Row(table) = about else { return json!({}) };
    let schema = values::key(table.id());
    json!({ "parameters": [{ "name": "id", "in": "path", "required": true, "schema": schema }] })
}

pub(super) fn operation(api: &Api<'_>, operation: &Operation) -> Json {
    let mut written = match operation.about {
        Subject::Rows(table) => of_rows(api, table, operation, collection::operation(api, table, operation.method)),
        Subject::Row(table) => of_rows(api, table, operation, item::operation(api, table, operation.method)),
        Subject::Auth => auth::operation(api, &operation.path),
        Subject::Service => service(&operation.path),
    };
    let tag = tag(operation.about);
    written["operationId"] = id(operation, tag).into();
    written["tags"] = json!([tag]);
    if api.schema.login().is_some() {
        written["security"] = security(operation);
    }
    written
}

/// What every operation on rows has.
fn of_rows(api: &Api<'_>, table: &'static Table, operation: &Operation, mut written: Json) -> Json {
    let responses = &mut written["responses"];
    fail(responses, failures(api, operation.about, operation.method, table));
    if let (Some(text), true) = (untagged(operation.about, operation.method, table), responses["412"].is_object()) {
        responses["412"]["description"] = text.into();
    }
    let said = written["description"].take();
    let stamped = operation.method == "POST" && table.with_role(Role::Owner).is_some();
    let owner = if stamped { ". The row is its maker's" } else { "" };
    let who = format!("Who may: {}{owner}", operation.who.replace(" | ", ", "));
    described(written, [said.as_str().unwrap_or_default(), &who])
}

/// No two operations have one id: nothing that stands behind the path ends like another that does.
fn id(operation: &Operation, tag: &str) -> String {
    let verb = match (operation.about, operation.method) {
        (Subject::Auth | Subject::Service, _) => operation.path.rsplit('/').next().unwrap_or_default(),
        (Subject::Rows(_), "GET") => "list",
        (_, "GET") => "get",
        (_, "POST") => "create",
        (_, "PUT") => "replace",
        (Subject::Rows(_), "PATCH") => "change_many",
        (_, "PATCH") => "change",
        (Subject::Rows(_), _) => "delete_many",
        _ => "delete",
    };
    if tag == SERVICE { verb.to_owned() } else { format!("{tag}_{verb}") }
}

/// Whose request it may be. A path of its own that anybody may use needs no caller; rows that anybody may see or change
/// can still depend on who does.
fn security(operation: &Operation) -> Json {
    let open = operation.who.split(" | ").any(|word| word == "public");
    match (open, operation.about) {
        (false, _) => json!([{ "bearer": [] }]),
        (true, Subject::Auth | Subject::Service) => json!([]),
        (true, Subject::Rows(_) | Subject::Row(_)) => json!([{}, { "bearer": [] }]),
    }
}

fn service(path: &str) -> Json {
    let schema = json!({ "type": "object", "properties": { "status": { "const": "ok" } }, "required": ["status"] });
    let (summary, failures): (_, &[u16]) = match path {
        "/healthz" => ("Say that the process is there", &[]),
        _ => ("Say that the database answers, and that its tables are those of this program", &[503]),
    };
    let mut written = json!({ "summary": summary, "responses": { "200": answer("It is so", &schema, &[]) } });
    fail(&mut written["responses"], failures.iter().copied());
    written
}
