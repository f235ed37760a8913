// errors: 2
use restruct::prelude::*;

#[derive(Resource)]
#[resource(read = public, write = public)]
struct Card {
    id: i64,
    a: std::time::Duration,
    b: u64,
}

fn main() {}
