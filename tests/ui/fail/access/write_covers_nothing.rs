// errors: 1
use restruct::prelude::*;

#[derive(Resource)]
#[resource(read = public, create = admin, update = admin, delete = admin, write = admin)]
struct Card {
    id: i64,
    title: String,
}

fn main() {}
