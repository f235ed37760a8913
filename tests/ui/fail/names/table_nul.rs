// errors: 1
use restruct::prelude::*;

#[derive(Resource)]
#[resource(read = public, write = public, table = "a\0b", path = "x")]
struct Card {
    id: i64,
    title: String,
}

fn main() {}
