// errors: 1
use restruct::prelude::*;

#[derive(Resource)]
#[resource(read = public, write = public)]
struct Card {
    id: i64,
    #[resource(range(0.5..=1.5))]
    title: i64,
}

fn main() {}
