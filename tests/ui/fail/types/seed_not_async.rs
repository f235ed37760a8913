// errors: 1
use restruct::prelude::*;

#[derive(Resource)]
#[resource(read = public, write = public, seed = first)]
struct Card {
    id: i64,
    title: String,
}

fn first(_: &restruct::Seeder) {}

fn main() {}
