// errors: 1
#![allow(non_snake_case)]
use restruct::prelude::*;

#[derive(Resource)]
#[resource(read = public, write = public)]
struct Card {
    id: i64,
    first_name: String,
    #[resource(column = "b")]
    firstName: String,
}

fn main() {}
