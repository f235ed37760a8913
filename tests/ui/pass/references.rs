//! Tables that point to themselves, to each other, across modules and by Uuid.
#![deny(warnings)]

use restruct::prelude::*;

#[derive(Resource)]
#[resource(read = public, write = authenticated)]
struct Team {
    id: Uuid,
    #[resource(references = people::Person, on_delete = set_null)]
    lead: Option<i64>,
    #[resource(references = Self)]
    parent: Option<Uuid>,
}

mod people {
    use super::Team;
    use restruct::prelude::*;

    #[derive(Resource)]
    #[resource(read = authenticated, write = admin, register = none)]
    pub(super) struct Person {
        pub(super) id: i64,
        #[resource(login)]
        name: String,
        password: Password,
        #[resource(references = Team)]
        team: Uuid,
    }
}

fn people_of(table: &restruct::Table) -> Vec<&'static str> {
    table.columns.iter().filter_map(|column| column.references).map(|reference| (reference.table)().name).collect()
}

#[derive(Resource)]
#[resource(read = public, create = public | owner, update = owner, delete = none)]
struct Note {
    id: i64,
    #[resource(owner, references = people::Person)]
    author: Option<i64>,
}

fn main() {
    assert_eq!(people_of(Team::TABLE), ["persons", "teams"]);
    assert_eq!(people_of(people::Person::TABLE), ["teams"]);
    assert_eq!(people_of(Note::TABLE), ["persons"]);
}
