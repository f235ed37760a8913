// errors: 1
use restruct::prelude::*;

#[derive(Resource)]
#[resource(read = public, write = public)]
struct Card {
    id: i64,
    #[resource(range(0.0..1.0))]
    title: f64,
}

fn main() {}
