// errors: 1
use restruct::prelude::*;

#[derive(Resource)]
#[resource(read = public, write = public)]
struct Card {
    id: i64,
    #[resource(range(5..=-5))]
    title: i32,
}

fn main() {}
