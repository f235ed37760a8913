//! Rows whose states are told apart, and ways to change them out of the ordinary.

use restruct::prelude::*;

use super::User;

/// Where books stand; it counts nothing.
#[derive(Resource, Debug)]
#[resource(table = "shelves", read = public, write = public)]
pub struct Shelf {
    /// The key.
    pub id: i64,
    /// What is written on it.
    pub label: String,
}

/// Stands on a shelf until that goes.
#[derive(Resource, Debug)]
#[resource(read = public, write = public)]
pub struct Book {
    /// The key.
    pub id: i64,
    /// What it is called.
    pub title: String,
    /// Where it stands.
    #[resource(references = Shelf, on_delete = set_null)]
    pub shelf_id: Option<i64>,
    /// Set once.
    #[resource(immutable, default = 0)]
    pub edition: i64,
    /// Counts its changes.
    #[resource(version)]
    pub version: i64,
}

/// Nobody changes what they have not seen.
#[derive(Resource, Debug)]
#[resource(path = "accounts", read = owner | admin, write = owner | admin, require_if_match)]
pub struct Account {
    /// The key.
    pub id: i64,
    /// How much there is.
    #[resource(default = 0)]
    pub balance: i64,
    /// Whose it is.
    #[resource(owner, references = User, on_delete = cascade)]
    pub user_id: i64,
    /// Counts its changes.
    #[resource(version)]
    pub revision: i64,
}

/// Replaced in parts.
#[derive(Resource, Debug)]
#[resource(read = public, write = public, put = merge)]
pub struct Profile {
    /// The key.
    pub id: i64,
    /// Required.
    pub name: String,
    /// Optional.
    pub about: Option<String>,
    /// With a default.
    #[resource(default = "light")]
    pub theme: String,
}
