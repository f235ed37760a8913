//! Rows that are unique in more than one way, each somebody's.

use restruct::prelude::*;

use super::User;

/// A mark: its slug is nobody else's, its name no other's of its owner.
#[derive(Resource, Debug)]
#[resource(read = authenticated, write = owner, unique(user_id, name))]
pub struct Mark {
    /// The key.
    pub id: Uuid,
    /// Unique on its own.
    #[resource(unique, length(1..=20))]
    pub slug: String,
    /// Unique to its owner.
    #[resource(length(1..=20))]
    pub name: Option<String>,
    /// Any text.
    #[resource(default = Some("none".to_owned()))]
    pub note: Option<String>,
    /// Set at creation only.
    #[resource(immutable, default = 0)]
    pub kind: i32,
    /// Whose it is.
    #[resource(owner, references = User, on_delete = cascade)]
    pub user_id: i64,
    /// Counts its changes.
    #[resource(version)]
    pub version: i64,
}
