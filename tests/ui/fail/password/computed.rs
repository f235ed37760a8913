// errors: 1
use restruct::prelude::*;

#[derive(Resource)]
#[resource(read = owner, create = none, update = owner, delete = owner, register = none)]
struct User {
    id: i64,
    #[resource(login)]
    name: String,
    #[resource(computed = "name")]
    password: Password,
}

fn main() {}
