// errors: 1
use restruct::prelude::*;

#[derive(Resource)]
#[resource(read = owner, write = admin, register = none)]
struct User {
    id: i64,
    #[resource(login)]
    name: String,
    password: Password,
}

#[derive(Resource)]
#[resource(read = public, write = public)]
struct Card {
    id: i64,
    #[resource(owner, references = User, nested)]
    title: i64,
}

fn main() {}
