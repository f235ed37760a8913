// errors: 1
use restruct::prelude::*;

#[derive(Resource)]
#[resource(read = public, write = public)]
struct Card {
    #[resource(default = 1)]
    id: i64,
}

fn main() {}
