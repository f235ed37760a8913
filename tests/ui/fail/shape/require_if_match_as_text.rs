// errors: 1
use restruct::prelude::*;

#[derive(Resource)]
#[resource(read = public, write = public, require_if_match = "yes")]
struct Card {
    id: i64,
    #[resource(version)]
    version: i64,
}

fn main() {}
