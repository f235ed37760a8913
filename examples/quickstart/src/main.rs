//! The smallest app worth running: people who register themselves, and see each other when they are signed in.
//!
//! `cargo run -p quickstart`, then the address that it prints.

use restruct::prelude::*;

// One struct says all of it: the table, what JSON goes in and out, and who may do what. Nothing is open that is not
// named here; without the access rules it would not compile.
/// Someone who joined.
#[derive(Resource)]
#[resource(read = authenticated, create = none, update = owner, delete = owner, register = public)]
struct Member {
    id: i64,
    // What people sign in with. It is unique without regard to case, since that is how e-mail works.
    #[resource(login, email)]
    email: String,
    // Hashed on every way in, and in no answer on any way out.
    password: Password,
    #[resource(length(1..=80))]
    name: String,
    about: Option<String>,
    #[resource(created_at)]
    joined_at: DateTime<Utc>,
}

fn main() -> std::process::ExitCode {
    App::new("quickstart").resource::<Member>().run()
}
