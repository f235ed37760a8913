// errors: 1
use restruct::prelude::*;

#[derive(Resource)]
#[resource(read = owner, write = owner, register = none)]
struct Card {
    id: i64,
    #[resource(login)]
    name: String,
    password: Password,
}

fn main() {}
