// errors: 1
use restruct::prelude::*;

#[derive(Resource)]
#[resource(read = public, write = public, index(id, data))]
struct Card {
    id: i64,
    data: Json<Vec<i32>>,
}

fn main() {}
