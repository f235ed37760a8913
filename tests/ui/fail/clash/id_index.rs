// errors: 1
use restruct::prelude::*;

#[derive(Resource)]
#[resource(read = public, write = public)]
struct Card {
    #[resource(id, index)]
    key: i64,
}

fn main() {}
