//! The kanban of the README, without its seeds: each test brings the rows that it needs.

use restruct::prelude::*;

/// Someone who can sign in.
#[derive(Resource, Debug)]
#[resource(read = owner | admin, create = admin, update = owner | admin, delete = admin, register = public)]
pub struct User {
    /// The key.
    pub id: i64,
    /// What they are called.
    #[resource(length(1..=80))]
    pub name: String,
    /// What they sign in with.
    #[resource(login, email)]
    pub email: String,
    /// What they prove it with.
    pub password: Password,
    /// The Boolean that authorizes.
    #[resource(admin, default = false)]
    pub is_admin: bool,
}

/// Where a card stands.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Nobody has begun.
    #[choice(rename = "To Do")]
    ToDo,
    /// Somebody is at it.
    Ongoing,
    /// Somebody tries it.
    Testing,
    /// It is done.
    Done,
}

/// How much a card matters.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Priority {
    /// It can wait.
    Low,
    /// It should be done.
    Medium,
    /// It must be done.
    High,
}

/// A task on the board.
#[derive(Resource, Debug)]
#[resource(read = public, write = owner | admin)]
pub struct Card {
    /// The key.
    pub id: i64,
    /// What is to be done.
    #[resource(length(1..=100), search)]
    pub title: String,
    /// In more words.
    pub description: Option<String>,
    /// Where it stands.
    #[resource(default = Status::ToDo, index)]
    pub status: Status,
    /// How much it matters.
    #[resource(default = Priority::Medium)]
    pub priority: Priority,
    /// When it is due.
    pub date: Option<NaiveDate>,
    /// Whose it is.
    #[resource(owner, references = User, on_delete = cascade)]
    pub user_id: i64,
    /// When it was made.
    #[resource(created_at)]
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    #[resource(updated_at)]
    pub updated_at: DateTime<Utc>,
    /// Counts its changes.
    #[resource(version)]
    pub version: i64,
}

/// What somebody says about a card.
#[derive(Resource, Debug)]
#[resource(read = public, write = owner | admin)]
pub struct Comment {
    /// The key.
    pub id: i64,
    /// What is said.
    #[resource(length(1..=1000))]
    pub message: String,
    /// Who says it.
    #[resource(owner, references = User, on_delete = cascade)]
    pub user_id: i64,
    /// About which card.
    #[resource(references = Card, on_delete = cascade, nested)]
    pub card_id: i64,
    /// When it was made.
    #[resource(created_at)]
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    #[resource(updated_at)]
    pub updated_at: DateTime<Utc>,
}
