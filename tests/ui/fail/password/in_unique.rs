// errors: 1
use restruct::prelude::*;

#[derive(Resource)]
#[resource(read = owner, write = admin, register = none, unique(name, password))]
struct Card {
    id: i64,
    #[resource(login)]
    name: String,
    password: Password,
}

fn main() {}
