//! The members of what signs in or changes a password, from JSON or from a form.

use axum::{body::Body, http::request::Parts};
use serde_json::{Map, Value as Json};

use crate::{
    column::Column,
    error::{Code, Error, Result},
    names::{nearest, shown},
    routes,
};

const FORM: &str = "application/x-www-form-urlencoded";

/// What a form may hold beside login and password (RFC 6749 sections 4.3.2 and 2.3.1). Clients send these unasked.
pub(crate) const OF_FORMS: [&str; 4] = ["grant_type", "scope", "client_id", "client_secret"];

/// Unknown members that are named in one answer.
const MOST_UNKNOWN: usize = 100;

/// Login and password: JSON with the names of their columns, or an `OAuth2` form.
pub(super) async fn read(columns: [&'static Column; 2], parts: &Parts, body: Body) -> Result<[String; 2]> {
    if !routes::media_type(&parts.headers).is_some_and(|sent| sent.eq_ignore_ascii_case(FORM)) {
        return texts(&routes::object(parts, body).await?, columns.map(|column| column.json), &[]);
    }
    let form = form(&routes::read(parts, body).await?)?;
    if form.get("grant_type").is_some_and(|grant| grant != "password") {
        return Err(Error::invalid([("grant_type".to_owned(), "must be password".to_owned())]));
    }
    texts(&form, ["username", "password"], &OF_FORMS)
}

/// The members of a form, each of which stands once (RFC 6749 section 3.2).
fn form(body: &[u8]) -> Result<Map<String, Json>> {
    let mut members = Map::new();
    for (name, value) in url::form_urlencoded::parse(body).into_owned() {
        if members.contains_key(&name) {
            let text = format!("the member `{}` stands twice in the form", shown(&name));
            return Err(Error::new(Code::BadRequest, text).hint("send it once"));
        }
        members.insert(name, Json::String(value));
    }
    Ok(members)
}

/// The strings of some members, all errors at once. Nothing else may stand beside them but `others`.
pub(super) fn texts<const N: usize>(
    body: &Map<String, Json>,
    names: [&'static str; N],
    others: &[&str],
) -> Result<[String; N]> {
    let mut errors = Vec::new();
    let texts = names.map(|name| match body.get(name) {
        Some(Json::String(text)) => text.clone(),
        other => {
            let reason = if other.is_some() { "must be a string" } else { "is required" };
            errors.push((name.to_owned(), reason.to_owned()));
            String::new()
        }
    });
    let unknown = body.keys().filter(|name| !names.iter().chain(others).any(|known| known == name));
    errors.extend(unknown.take(MOST_UNKNOWN).map(|name| {
        let hint = nearest(name, names).map(|known| format!(" (did you mean `{known}`?)")).unwrap_or_default();
        (shown(name), format!("is not a member of this body{hint}"))
    }));
    if errors.is_empty() { Ok(texts) } else { Err(Error::invalid(errors)) }
}
