// errors: 1
use restruct::prelude::*;

#[derive(Resource)]
#[resource(read = public, write = public)]
struct Card {
    id: i64,
    #[resource(read_only, immutable, default = "x")]
    title: String,
}

fn main() {}
