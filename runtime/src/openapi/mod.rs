//! The app as an `OpenAPI` document (<https://spec.openapis.org/oas/v3.1.1>): what `GET /openapi.json` answers and the
//! command `openapi` prints.
//!
//! It is made from the descriptors and from the tables that mount the routes, and so says nothing that is not there.
//! `values` are columns as JSON Schemas and `rows` are tables; `lists` is what a list can be asked. `operations` are routes,
//! with `collection`, `item` and `auth` for each kind and `responses` for what they answer. `shared` is what all of them
//! refer to, and `serve` the route.
//!
//! The members of an object stand in the order of the alphabet, as `serde_json` keeps them: the same structs are the same
//! bytes.

mod auth;
mod collection;
#[cfg(feature = "docs")]
mod docs;
mod item;
mod lists;
mod names;
mod operations;
mod patterns;
mod responses;
mod rows;
mod serve;
mod shared;
mod values;

use std::fmt::Write as _;

use serde_json::{Map, Value as Json, json};
use sha2::{Digest as _, Sha256};

use self::names::Names;
pub(crate) use self::serve::{SHOWN, list, router};
use crate::{
    relation::Relation,
    routes::{self, Subject},
    schema::Schema,
    server,
    table::Table,
};

/// What is described, and what its parts are called.
struct Api<'a> {
    schema: &'a Schema,
    names: Names,
}

/// What is described, in its own words.
#[derive(Clone, Copy)]
pub(crate) struct Title {
    pub(crate) name: &'static str,
    /// The version of the app, where it says one.
    pub(crate) version: Option<&'static str>,
}

/// The document of an app.
pub(crate) fn document(title: Title, schema: &Schema) -> Json {
    let api = Api { schema, names: Names::of(schema.tables()) };
    let mut paths = Map::new();
    for operation in routes::list(schema).into_iter().chain(server::health_list()) {
        let path = paths.entry(operation.path.clone()).or_insert_with(|| operations::path(operation.about));
        path[operation.method.to_ascii_lowercase()] = operations::operation(&api, &operation);
    }
    let paths = Json::Object(paths);
    let mut document = json!({
        "openapi": "3.1.0",
        // The place of the document decides, so that it holds under a prefix and behind a proxy that takes one away.
        "servers": [{ "url": "." }],
        "tags": tags(schema),
        "components": shared::components(&api, &paths.to_string()),
        "paths": paths,
    });
    document["info"] = json!({ "title": title.name, "version": version(title, &document) });
    document
}

/// A version that is another one whenever the document is. Behind that of the app this is what builds of one version differ
/// in (<https://semver.org/#spec-item-10>).
fn version(title: Title, document: &Json) -> String {
    let digest = digest(&document.to_string());
    match title.version {
        Some(version) if version.contains('+') => format!("{version}.{digest}"),
        Some(version) => format!("{version}+{digest}"),
        None => digest,
    }
}

/// Enough of a text to tell it from others.
fn digest(text: &str) -> String {
    Sha256::digest(text).iter().take(6).fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// What operations are grouped by: the resources, sign-in, the server.
fn tags(schema: &Schema) -> Json {
    let resources = schema.tables().iter().filter(|table| routes::is_mounted(table));
    let resources = resources.map(|table| described(json!({ "name": table.path }), [table.doc]));
    let auth = schema.login().map(|_| json!({ "name": AUTH, "description": "Sign-in" }));
    resources.chain(auth).chain([json!({ "name": SERVICE, "description": "The server itself" })]).collect()
}

const AUTH: &str = "auth";
const SERVICE: &str = "service";

fn tag(about: Subject) -> &'static str {
    match about {
        Subject::Rows(table) | Subject::Row(table) => table.path,
        Subject::Auth => AUTH,
        Subject::Service => SERVICE,
    }
}

impl Api<'_> {
    /// The relations that a client can follow from a table.
    fn relations(&self, table: &Table) -> impl Iterator<Item = &Relation> {
        self.schema.relations().of(table).iter().map(|relation| &**relation)
    }

    /// Where the schema of a row stands.
    fn row(&self, table: &Table) -> Json {
        reference("schemas", self.names.row(table))
    }

    /// Where the parameter stands that says what is shown of a row.
    fn select(&self, table: &Table) -> Json {
        reference("parameters", &format!("{}.select", self.names.row(table)))
    }

    /// The same of a row that is written; of what nobody may read nothing is shown.
    fn select_written(&self, table: &Table) -> Option<Json> {
        let name = format!("{}.select.written", self.names.row(table));
        (!table.rules.read.is_none()).then(|| reference("parameters", &name))
    }

    /// Where the schema of what is sent for one stands.
    fn sent(&self, table: &Table, sent: rows::Sent) -> Json {
        reference("schemas", &self.names.sent(table, sent))
    }
}

/// Where a component stands.
fn reference(kind: &str, name: &str) -> Json {
    json!({ "$ref": format!("#/components/{kind}/{name}") })
}

/// An object with what is to be said of it; nothing where that is nothing.
fn described<'t>(mut object: Json, texts: impl IntoIterator<Item = &'t str>) -> Json {
    let texts: Vec<_> = texts.into_iter().filter(|text| !text.is_empty()).collect();
    if !texts.is_empty() {
        object["description"] = texts.join("\n\n").into();
    }
    object
}

#[cfg(test)]
mod tests;
