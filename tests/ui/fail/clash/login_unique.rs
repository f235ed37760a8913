// errors: 1
use restruct::prelude::*;

#[derive(Resource)]
#[resource(read = owner, write = admin, register = none)]
struct Card {
    id: i64,
    #[resource(login, unique)]
    name: String,
    password: Password,
}

fn main() {}
