//! Sign-in as operations.

use serde_json::{Map, Value as Json, json};

use super::{
    Api, described,
    lists::string,
    reference,
    responses::{answer, content, fail},
    rows::Sent,
    values,
};
use crate::{auth::credentials::OF_FORMS, table::Table};

/// What an operation of sign-in takes and answers.
pub(super) fn operation(api: &Api<'_>, path: &str) -> Json {
    let Some(login) = api.schema.login() else { return json!({ "responses": {} }) };
    let (summary, body, status, text, failures): (_, _, _, _, &[u16]) = match path {
        "/auth/register" => {
            let failures: &[u16] = if login.admin().is_some() { &[403, 409] } else { &[409] };
            ("Make an account and sign in", Some(content(&api.sent(login, Sent::Register))), "201", SESSION, failures)
        }
        "/auth/login" => ("Sign in", Some(credentials(login)), "200", SESSION, &[]),
        "/auth/password" => {
            let text = "A new session. All tokens of before are dead";
            ("Change the own password", Some(content(&new_password())), "200", text, &[])
        }
        _ => ("Read the own row", None, "200", "Who is asking", &[]),
    };
    let schema = if body.is_some() { reference("schemas", "auth.session") } else { api.row(login) };
    let mut responses = json!({ status: answer(text, &schema, &[]) });
    fail(&mut responses, [400, 401, 503].into_iter().chain(failures.iter().copied()));
    let mut written = json!({ "summary": summary, "responses": responses });
    if let Some(content) = body {
        written["requestBody"] = json!({ "required": true, "content": content });
        fail(&mut written["responses"], [413, 415, 422]);
    }
    written
}

const SESSION: &str = "A session";

/// What a sign-in answers.
pub(super) fn session(api: &Api<'_>, login: &Table) -> Json {
    json!({
        "type": "object",
        "properties": {
            "access_token": { "type": "string", "description": "A JWT, for `Authorization: Bearer`" },
            "token_type": { "const": "bearer" },
            "expires_in": { "type": "integer", "description": "Seconds" },
            "expires_at": { "type": "integer", "description": "Seconds since 1970" },
            "user": api.row(login),
        },
        "required": ["access_token", "token_type", "expires_in", "expires_at", "user"],
    })
}

/// Login and password under the names of their fields, or the form of `OAuth2` (RFC 6749 section 4.3.2).
fn credentials(login: &Table) -> Json {
    let names = [login.login(), login.password()].into_iter().flatten().map(|column| column.json);
    let mut content = content(&texts(names));
    let mut form = texts(["username", "password"].into_iter());
    for name in OF_FORMS {
        form["properties"][name] = string();
    }
    form["properties"]["grant_type"] = json!({ "const": "password" });
    content["application/x-www-form-urlencoded"] = json!({ "schema": form });
    content
}

/// An object of texts and nothing else.
fn texts<'n>(names: impl Iterator<Item = &'n str> + Clone) -> Json {
    let properties: Map<_, _> = names.clone().map(|name| (name.to_owned(), string())).collect();
    json!({
        "type": "object", "properties": properties, "required": names.collect::<Vec<_>>(), "additionalProperties": false,
    })
}

fn new_password() -> Json {
    let mut schema = texts(["current", "new"].into_iter());
    schema["properties"]["new"] = described(values::password(), ["72 bytes at most"]);
    schema
}
