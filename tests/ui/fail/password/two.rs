// errors: 1
use restruct::prelude::*;

#[derive(Resource)]
#[resource(read = owner, write = admin, register = none)]
struct Card {
    id: i64,
    #[resource(login)]
    name: String,
    password: Password,
    pin: Password,
}

fn main() {}
