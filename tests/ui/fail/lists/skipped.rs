// errors: 1
use restruct::prelude::*;

#[derive(Resource)]
#[resource(read = public, write = public, unique(id, title))]
struct Card {
    id: i64,
    #[resource(skip)]
    title: String,
}

fn main() {}
