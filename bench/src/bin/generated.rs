//! The kanban, generated: the same tables, routes and rules as `hand`, from annotated structs.

use restruct::prelude::*;

#[cfg(feature = "mimalloc")]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Someone who can sign in. Everybody sees who owns a card.
#[derive(Resource)]
#[resource(read = public, create = admin, update = owner | admin, delete = admin, register = public)]
struct User {
    id: i64,
    #[resource(length(1..=80))]
    name: String,
    #[resource(login, email)]
    email: String,
    password: Password,
    #[resource(admin, default = false)]
    is_admin: bool,
}

/// How far a card has come.
#[derive(Choice)]
enum Status {
    #[choice(rename = "To Do")]
    ToDo,
    Ongoing,
    Testing,
    Done,
}

/// How much a card matters.
#[derive(Choice)]
enum Priority {
    Low,
    Medium,
    High,
}

/// A task on the board.
#[derive(Resource)]
#[resource(read = public, write = owner | admin, index(status, id))]
struct Card {
    id: i64,
    #[resource(length(1..=100))]
    title: String,
    description: Option<String>,
    #[resource(default = Status::ToDo)]
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
    #[resource(version)]
    version: i64,
}

/// What someone says of a card.
#[derive(Resource)]
#[resource(read = public, write = owner | admin)]
struct Comment {
    id: i64,
    #[resource(length(1..=1000))]
    message: String,
    #[resource(owner, references = User, on_delete = cascade)]
    user_id: i64,
    #[resource(references = Card, on_delete = cascade)]
    card_id: i64,
    #[resource(created_at)]
    created_at: DateTime<Utc>,
    #[resource(updated_at)]
    updated_at: DateTime<Utc>,
}

fn main() -> std::process::ExitCode {
    App::new("kanban").resource::<User>().resource::<Card>().resource::<Comment>().run()
}
