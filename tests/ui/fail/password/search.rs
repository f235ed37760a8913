// errors: 1
use restruct::prelude::*;

#[derive(Resource)]
#[resource(read = owner, write = admin, register = none)]
struct Card {
    id: i64,
    #[resource(login)]
    name: String,
    #[resource(search)]
    password: Password,
}

fn main() {}
