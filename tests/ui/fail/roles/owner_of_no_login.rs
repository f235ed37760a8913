// errors: 1
use restruct::prelude::*;

#[derive(Resource)]
#[resource(read = public, write = public)]
struct Team {
    id: i64,
}

#[derive(Resource)]
#[resource(read = public, write = owner)]
struct Card {
    id: i64,
    #[resource(owner, references = Team)]
    team_id: i64,
}

fn main() {}
