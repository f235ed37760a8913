// errors: 1
use restruct::prelude::*;

#[derive(Resource)]
#[resource(read = owner(user_id), write = public)]
struct Card {
    id: i64,
    title: String,
}

fn main() {}
