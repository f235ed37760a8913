use super::{Title, document, names::Names, rows::Sent};
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

fn title(version: Option<&'static str>) -> Title {
    Title { name: "notes", version }
}

fn schema(tables: &[&'static Table]) -> Schema {
    Schema::new(tables).unwrap()
}

#[test]
fn a_small_app() {
    let document = document(title(None), &schema(&[Author::TABLE, Note::TABLE]));
    insta::assert_snapshot!("notes", serde_json::to_string_pretty(&document).unwrap());
}

#[test]
fn the_version_is_another_one_when_the_document_is() {
    let version = |app, tables: &[&'static Table]| {
        let version = document(title(app), &schema(tables))["info"]["version"].clone();
        version.as_str().unwrap().to_owned()
    };
    let notes = version(None, &[Author::TABLE, Note::TABLE]);
    assert_eq!(version(None, &[Author::TABLE, Note::TABLE]), notes);
    assert_ne!(version(None, &[Author::TABLE]), notes);
    assert_eq!(notes.len(), 12);
    // Behind that of the app, as what comes behind a plus in it.
    for (app, whole) in [("1.2.3", format!("1.2.3+{notes}")), ("1.2.3+x", format!("1.2.3+x.{notes}"))] {
        assert_eq!(version(Some(app), &[Author::TABLE, Note::TABLE]), whole);
    }
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
