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
    #[resource(references = User, on_delete = cascde)]
    title: i64,
}

fn main() {}
