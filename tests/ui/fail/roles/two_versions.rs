// errors: 1
use restruct::prelude::*;

#[derive(Resource)]
#[resource(read = public, write = public)]
struct Card {
    id: i64,
    #[resource(version)]
    a: i64,
    #[resource(version)]
    b: i64,
}

fn main() {}
