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
#[resource(read = public, create = public | owner, update = owner, delete = owner)]
struct Card {
    id: i64,
    #[resource(owner, references = User)]
    title: i64,
}

fn main() {}
