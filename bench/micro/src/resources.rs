//! The kanban, and a resource with every check that a text can have.

use restruct::{Table, prelude::*};

/// Someone who can sign in.
#[derive(Resource)]
#[resource(read = owner | admin, create = admin, update = owner | admin, delete = admin, register = public)]
pub(crate) struct User {
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
pub(crate) enum Status {
    #[choice(rename = "To Do")]
    ToDo,
    Ongoing,
    Testing,
    Done,
}

/// How much a card matters.
#[derive(Choice)]
pub(crate) enum Priority {
    Low,
    Medium,
    High,
}

/// A task on the board.
#[derive(Resource)]
#[resource(read = public, write = owner | admin)]
pub(crate) struct Card {
    id: i64,
    #[resource(length(1..=100))]
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
    #[resource(version)]
    version: i64,
}

/// What someone says of a card.
#[derive(Resource)]
#[resource(read = authenticated, write = owner | admin)]
pub(crate) struct Comment {
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

/// How somebody can be reached.
#[derive(Resource)]
#[resource(read = public, write = authenticated)]
pub(crate) struct Contact {
    id: i64,
    #[resource(email)]
    email: String,
    #[resource(url)]
    site: String,
    #[resource(pattern = "^[a-z]+(-[a-z]+)*$")]
    slug: String,
    #[resource(range(0..=100))]
    score: f64,
}

/// The table of `R`.
pub(crate) const fn table<R: Resource>() -> &'static Table {
    R::TABLE
}
