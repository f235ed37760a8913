// errors: 1
use restruct::prelude::*;

#[derive(Resource)]
#[resource(read = public, write = public, put)]
struct Card {
    id: i64,
    title: String,
}

fn main() {}
