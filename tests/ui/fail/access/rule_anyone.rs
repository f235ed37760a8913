// errors: 1
use restruct::prelude::*;

#[derive(Resource)]
#[resource(read = public, write = anyone)]
struct Card {
    id: i64,
}

fn main() {}
