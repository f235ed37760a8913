use restruct::prelude::*;

/// Someone who can sign in.
#[derive(Resource)]
#[resource(read = owner, write = none, register = public)]
pub(crate) struct User {
    id: i64,
    #[resource(length(1..=80))]
    name: String,
    #[resource(login, email)]
    email: String,
    password: Password,
}
