// errors: 1
use restruct::prelude::*;

#[derive(Resource, serde::Serialize)]
#[resource(read = public, write = public)]
struct Card {
    id: i64,
}

fn main() {}
