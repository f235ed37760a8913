// errors: 1
use restruct::prelude::*;

#[derive(Resource)]
#[resource(read = public, write = public)]
struct Card<'a> {
    id: i64,
    data: &'a str,
}

fn main() {}
