// errors: 1
use restruct::prelude::*;

#[derive(Resource)]
#[resource(read = publc, write = public)]
struct Card {
    id: i64,
    title: String,
}

fn main() {}
