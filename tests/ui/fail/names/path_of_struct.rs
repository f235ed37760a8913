// errors: 1
use restruct::prelude::*;

#[derive(Resource)]
#[resource(read = public, write = public)]
struct Doc {
    id: i64,
}

fn main() {}
