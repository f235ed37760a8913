// errors: 1
use restruct::prelude::*;

#[derive(Resource)]
#[resource(read = public, create = public, delete = none)]
struct Card {
    id: i64,
    title: String,
}

fn main() {}
