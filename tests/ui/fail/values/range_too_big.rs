// errors: 1
use restruct::prelude::*;

#[derive(Resource)]
#[resource(read = public, write = public)]
struct Card {
    id: i64,
    #[resource(range(0..=9223372036854775808))]
    title: i64,
}

fn main() {}
