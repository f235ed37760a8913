//! A kanban board: three structs, the rows to start with, and one route written by hand.
//!
//! `cargo run -p kanban` makes `kanban.db`, fills it and serves it. `cargo run -p kanban -- --help` shows the rest.

mod seeds;
mod stats;

use restruct::prelude::*;

/// Someone who can sign in.
// People see themselves and administrators see everybody: `owner` of a user is that user. Accounts are made at
// `/auth/register`, which exists because `register = public` says so; `POST /users` is for administrators.
#[derive(Resource)]
#[resource(read = owner | admin, create = admin, update = owner | admin, delete = admin)]
#[resource(register = public, seed = seeds::users)]
struct User {
    id: i64,
    #[resource(length(1..=80))]
    name: String,
    #[resource(login, email)]
    email: String,
    // Can be written and never read: not in an answer, not in a filter, not by `serde_json::to_string(&user)`.
    password: Password,
    // The Boolean that `admin` in a rule means. Only an administrator can set it, and losing it takes effect at once.
    #[resource(admin, default = false)]
    is_admin: bool,
}

/// How far a card has come.
#[derive(Choice, Clone, Copy, Debug, PartialEq)]
enum Status {
    #[choice(rename = "To Do")]
    ToDo,
    Ongoing,
    Testing,
    Done,
}

/// How soon a card matters.
#[derive(Choice, Clone, Copy, Debug, PartialEq)]
enum Priority {
    Low,
    Medium,
    High,
}

/// A task on the board.
// `write` is create, update and delete in one. Whoever creates a card becomes its owner: `user_id` is stamped from the
// token and never taken from the body, so nobody can make a card in another's name.
//
// A PUT replaces a row, and what it leaves out goes back to its default. Some front ends PUT a part of one, though:
// react-admin does where it changes many rows at once. `put = merge` has a PUT leave alone what it does not name.
#[derive(Resource)]
#[resource(read = public, write = owner | admin, put = merge, seed = seeds::cards)]
struct Card {
    id: i64,
    #[resource(length(1..=100), search)]
    title: String,
    description: Option<String>,
    #[resource(default = Status::ToDo, index)]
    status: Status,
    #[resource(default = Priority::Medium)]
    priority: Priority,
    date: Option<NaiveDate>,
    #[resource(owner, references = User, on_delete = cascade)]
    user_id: i64,
    #[resource(created_at)]
    created_at: DateTime<Utc>,
    #[resource(updated_at)]
    updated_at: DateTime<Utc>,
    // Counts the changes of the row, so that a client can tell whether somebody was faster.
    #[resource(version)]
    version: i64,
}

/// What somebody has to say about a card.
#[derive(Resource)]
#[resource(read = public, write = owner | admin, seed = seeds::comments)]
struct Comment {
    id: i64,
    #[resource(length(1..=2000))]
    message: String,
    #[resource(owner, references = User, on_delete = cascade)]
    user_id: i64,
    // `nested`: a POST of a card may bring its first comments along.
    #[resource(references = Card, on_delete = cascade, nested)]
    card_id: i64,
    #[resource(created_at)]
    created_at: DateTime<Utc>,
    #[resource(updated_at)]
    updated_at: DateTime<Utc>,
}

fn main() -> std::process::ExitCode {
    App::new("kanban")
        .version(env!("CARGO_PKG_VERSION"))
        .resource::<User>()
        .resource::<Card>()
        .resource::<Comment>()
        // Hand-written routes stand beside the generated ones, with the same errors, limits and callers.
        .routes(stats::routes())
        .run()
}
