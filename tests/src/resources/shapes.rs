//! Keys, names and exposures out of the ordinary.

use restruct::prelude::*;

use super::Percent;

/// A key that is a UUID.
#[derive(Resource, Debug)]
#[resource(read = public, write = public)]
pub struct Parcel {
    /// The key.
    pub id: Uuid,
    /// What is in it.
    pub content: String,
}

/// Points to a UUID.
#[derive(Resource, Debug)]
#[resource(read = public, write = public)]
pub struct Leg {
    /// The key.
    pub id: i64,
    /// The parcel on its way.
    #[resource(references = Parcel, on_delete = cascade)]
    pub parcel_id: Uuid,
}

/// Names that SQL and Rust keep for themselves.
#[derive(Resource, Debug)]
#[resource(read = public, write = public, table = "group", path = "groups", rename_all = "camelCase")]
pub struct Group {
    /// The key.
    pub id: i64,
    /// A keyword of Rust.
    pub r#type: String,
    /// A keyword of SQL.
    #[resource(unique)]
    pub table: String,
    /// A word of the query grammar, under another name in JSON.
    #[resource(rename = "position")]
    pub order: i32,
    /// Another name in SQL.
    #[resource(column = "select", default = "none")]
    pub chosen_one: String,
    /// In no table and no answer.
    #[resource(skip)]
    pub cached: Option<String>,
}

/// Unique together.
#[derive(Resource, Debug)]
#[resource(read = public, write = public, unique(hall, number), index(number, hall))]
pub struct Seat {
    /// The key.
    pub id: i64,
    /// Where.
    #[resource(length(..=40))]
    pub hall: String,
    /// Which.
    pub number: i32,
    /// Unique on its own.
    #[resource(unique, length(..=40))]
    pub code: Option<String>,
}

/// Every exposure.
#[derive(Resource, Debug)]
#[resource(read = public, write = public)]
pub struct Ticket {
    /// The key.
    pub id: i64,
    /// Set at creation only.
    #[resource(immutable)]
    pub number: i32,
    /// Never set by clients.
    #[resource(read_only, default = "open")]
    pub state: String,
    /// Set by clients and never seen.
    #[resource(write_only)]
    pub pin: String,
    /// Both at once.
    #[resource(write_only, immutable, default = 0)]
    pub batch: i64,
    /// Optional, with a default.
    #[resource(default = Some("standard".to_owned()))]
    pub class: Option<String>,
    /// When it was made.
    #[resource(created_at)]
    pub made: DateTime<Utc>,
    /// When it was last changed.
    #[resource(updated_at)]
    pub touched: DateTime<Utc>,
    /// Counts its changes.
    #[resource(version)]
    pub revision: i64,
}

/// Every validation.
#[derive(Resource, Debug)]
#[resource(read = public, write = public)]
pub struct Form {
    /// The key.
    pub id: i64,
    /// Three to five characters.
    #[resource(length(3..=5))]
    pub word: String,
    /// One to ten.
    #[resource(range(1..=10))]
    pub grade: i32,
    /// From nothing to one.
    #[resource(range(0.0..=1.0))]
    pub share: f64,
    /// Upper-case letters and digits.
    #[resource(pattern = "^[A-Z]{2}[0-9]+$")]
    pub code: String,
    /// An address.
    #[resource(email)]
    pub mail: Option<String>,
    /// A place on the web.
    #[resource(url)]
    pub site: Option<String>,
    /// Checked by a function; `panic` brings it down.
    #[resource(validate = even, default = 0)]
    pub even: i64,
    /// Two bytes at most.
    #[resource(length(..=2))]
    pub raw: Option<Vec<u8>>,
    /// A newtype.
    pub percent: Option<Percent>,
}

/// What [`Form::even`] must not be: the check panics, as a user's mistake might.
pub const EXPLOSIVE: i64 = 666;

#[allow(clippy::trivially_copy_pass_by_ref, reason = "what `validate` takes")]
fn even(number: &i64) -> Result<(), &'static str> {
    assert_ne!(*number, EXPLOSIVE, "a mistake in a check");
    if number % 2 == 0 { Ok(()) } else { Err("must be even") }
}

/// Small pages.
#[derive(Resource, Debug)]
#[resource(read = public, write = public, page(3, 5))]
pub struct Gadget {
    /// The key.
    pub id: i64,
    /// Any text.
    pub label: String,
}

/// What lists are asked about.
#[derive(Resource, Debug)]
#[resource(read = public, write = public)]
pub struct Reading {
    /// The key.
    pub id: i64,
    /// A text.
    pub label: Option<String>,
    /// A number.
    pub count: Option<i32>,
    /// Another number.
    pub ratio: Option<f64>,
    /// Yes, no or unknown.
    pub flag: Option<bool>,
    /// A date.
    pub day: Option<NaiveDate>,
    /// A time.
    pub stamp: Option<DateTime<Utc>>,
    /// A tree.
    pub tree: Option<serde_json::Value>,
    /// Never seen.
    #[resource(write_only)]
    pub hidden: Option<String>,
}

/// A login resource that nobody registers with, and whose login is no address.
#[derive(Resource, Debug)]
#[resource(read = owner | admin, create = admin, update = owner | admin, delete = admin, register = none)]
pub struct Member {
    /// The key.
    pub id: Uuid,
    /// What they sign in with.
    #[resource(login, length(3..=20))]
    pub handle: String,
    /// What they prove it with.
    pub secret: Password,
    /// The Boolean that authorizes.
    #[resource(admin, default = false)]
    pub chief: bool,
}
