// errors: 1
use restruct::prelude::*;

#[derive(Resource)]
#[resource(read = public, write = public, unique(title, place))]
struct Card {
    id: i64,
    #[resource(length(..=501))]
    title: String,
    place: i32,
}

fn main() {}
