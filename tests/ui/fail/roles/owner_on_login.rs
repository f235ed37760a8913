// errors: 1
use restruct::prelude::*;

#[derive(Resource)]
#[resource(read = owner, write = admin, register = none)]
struct Person {
    id: i64,
    #[resource(login)]
    name: String,
    password: Password,
    #[resource(owner, references = Person)]
    boss: Option<i64>,
}

fn main() {}
