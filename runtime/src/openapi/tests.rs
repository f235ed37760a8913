use super::{document, names::Names, rows::Sent};
use crate::{
    fixture::{THINGS, USERS},
    prelude::*,
    resource::Resource as _,
    schema::Schema,
    table::Table,
};

/// Who writes.
#[derive(Resource)]
#[resource(read = authenticated, write = none, register = public)]
#[allow(dead_code, reason = "only its table is looked at")]
struct Author {
    id: i64,
    #[resource(login, email)]
    email: String,
    password: Password,
}

/// Something to remember.
#[derive(Resource)]
#[resource(read = public, write = owner, delete = none, page(20, 50))]
#[allow(dead_code, reason = "only its table is looked at")]
struct Note {
    id: Uuid,
    /// What it is about.
    #[resource(length(1..=80), search)]
    title: String,
    #[resource(write_only)]
    hint: Option<String>,
    #[resource(default = false)]
    done: bool,
    #[resource(owner, references = Author, on_delete = cascade)]
    author_id: i64,
    #[resource(references = Note, on_delete = cascade, nested, inverse = "parts")]
    whole_id: Option<Uuid>,
    #[resource(version)]
    version: i64,
}

fn schema(tables: &[&'static Table]) -> Schema {
    Schema::new(tables).unwrap()
}

#[test]
fn a_small_app() {
    let document = document("notes", &schema(&[Author::TABLE, Note::TABLE]));
    insta::assert_snapshot!("notes", serde_json::to_string_pretty(&document).unwrap());
}

#[test]
fn the_version_is_another_one_when_the_document_is() {
    let version = |app, tables: &[&'static Table]| document(app, &schema(tables))["info"]["version"].clone();
    let notes = version("notes", &[Author::TABLE, Note::TABLE]);
    assert_eq!(version("notes", &[Author::TABLE, Note::TABLE]), notes);
    assert_ne!(version("notes", &[Author::TABLE]), notes);
    assert_eq!(notes.as_str().unwrap().len(), 12);
}

#[test]
fn schemas_are_told_apart_whatever_their_structs_are_called() {
    static OTHER: Table = Table { resource: "User", name: "visitors", path: "vis~itors", ..Table::BLANK };
    static FOREIGN: Table = Table { resource: "Größe", name: "sizes", path: "sizes", ..Table::BLANK };
    let names = Names::of(&[&USERS, &OTHER, &FOREIGN, &THINGS]);
    assert_eq!(names.row(&USERS), "User.at.users");
    assert_eq!(names.row(&OTHER), "User.at.vis-itors");
    assert_eq!(names.row(&FOREIGN), "Gr--e");
    assert_eq!(names.sent(&THINGS, Sent::Each), "Thing.each");
}
