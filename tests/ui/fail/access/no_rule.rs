// errors: 1
use restruct::prelude::*;

#[derive(Resource)]
struct Card {
    id: i64,
}

fn main() {}
