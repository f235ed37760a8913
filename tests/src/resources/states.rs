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

/// Stays in its table when it is deleted.
#[derive(Resource, Debug)]
#[resource(read = public, write = owner | admin, unique(hall, place))]
pub struct Relic {
    /// The key.
    pub id: i64,
    /// Unique among those that are there.
    #[resource(unique, length(..=40))]
    pub name: String,
    /// Where.
    #[resource(default = 0)]
    pub hall: i32,
    /// Unique together with where.
    pub place: Option<i32>,
    /// Whose it is.
    #[resource(owner, references = User, on_delete = cascade)]
    pub user_id: i64,
    /// When it went.
    #[resource(deleted_at, column = "gone_at")]
    pub gone: Option<DateTime<Utc>>,
    /// When it was last changed.
    #[resource(updated_at)]
    pub touched: DateTime<Utc>,
    /// Counts its changes.
    #[resource(version)]
    pub version: i64,
}

/// Tells of a relic.
#[derive(Resource, Debug)]
#[resource(read = public, write = public)]
pub struct Plaque {
    /// The key.
    pub id: i64,
    /// What it tells.
    pub text: String,
    /// Of which.
    #[resource(references = Relic)]
    pub relic_id: i64,
}

/// Somebody who can leave, and come back.
#[derive(Resource, Debug)]
#[resource(read = authenticated, create = admin, update = owner | admin, delete = owner | admin, register = public)]
pub struct Guest {
    /// The key.
    pub id: i64,
    /// What they are called.
    pub name: String,
    /// What they sign in with.
    #[resource(login, email)]
    pub email: String,
    /// What they prove it with.
    pub password: Password,
    /// The Boolean that authorizes.
    #[resource(admin, default = false)]
    pub is_admin: bool,
    /// When they left.
    #[resource(deleted_at)]
    pub left_at: Option<DateTime<Utc>>,
}

/// What a guest leaves.
#[derive(Resource, Debug)]
#[resource(read = authenticated, write = owner)]
pub struct Token {
    /// The key.
    pub id: i64,
    /// Whose it is.
    #[resource(owner, references = Guest)]
    pub guest_id: i64,
}

/// Partly computed.
#[derive(Resource, Debug)]
#[resource(read = public, write = public, index(customer, total))]
pub struct Purchase {
    /// The key.
    pub id: i64,
    /// Who buys.
    #[resource(length(1..=40))]
    pub customer: String,
    /// Of one.
    pub price: i64,
    /// How many.
    #[resource(default = 1)]
    pub count: i64,
    /// By one expression for both databases.
    #[resource(computed = "price * count")]
    pub total: i64,
    /// By one for each, with an index.
    #[resource(computed(sqlite = "substr(customer, 1, 1)", postgres = "left(customer, 1)"), index)]
    pub initial: String,
    /// Under other names.
    #[resource(computed = "price * count >= 1000", rename = "large", column = "is_large")]
    pub is_large: bool,
    /// There is none of nothing; of thirteen it cannot be told.
    #[resource(computed = "600 / nullif(13 - count, 13)")]
    pub odds: Option<i64>,
    /// Never NULL.
    #[resource(computed = "600 / (13 - count)")]
    pub certain: i64,
    /// Counts its changes.
    #[resource(version)]
    pub version: i64,
}
