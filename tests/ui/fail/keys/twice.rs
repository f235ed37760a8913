// errors: 1
use restruct::prelude::*;

#[derive(Resource)]
#[resource(read = public, write = public)]
struct Card {
    id: i64,
    #[resource(index, length(1..=9), index)]
    title: String,
}

fn main() {}
