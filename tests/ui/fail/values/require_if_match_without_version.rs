// errors: 1
use restruct::prelude::*;

#[derive(Resource)]
#[resource(read = public, write = public, require_if_match)]
struct Card {
    id: i64,
    title: String,
}

fn main() {}
