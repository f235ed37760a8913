// errors: 1
use restruct::prelude::*;

#[derive(Resource)]
#[resource(read = public, write = public, crate = restrict)]
struct Card {
    id: i64,
}

fn main() {}
