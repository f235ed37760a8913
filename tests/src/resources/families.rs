//! Rows that are made together with the row they belong to.

use restruct::prelude::*;

/// What others come with.
#[derive(Resource, Debug)]
#[resource(read = public, write = public)]
pub struct Shop {
    /// The key.
    pub id: i64,
    /// What it is called.
    #[resource(unique)]
    pub name: String,
}

/// Anybody makes one.
#[derive(Resource, Debug)]
#[resource(read = public, write = public, unique(shop_id, code))]
pub struct Offer {
    /// The key.
    pub id: i64,
    /// What it is ordered by.
    pub code: String,
    /// How many there are.
    #[resource(default = 1, range(0..=100))]
    pub count: i32,
    /// Who has it.
    #[resource(references = Shop, on_delete = cascade, nested)]
    pub shop_id: i64,
}

/// Belongs to what belongs to something.
#[derive(Resource, Debug)]
#[resource(read = public, write = public)]
pub struct Remark {
    /// The key.
    pub id: i64,
    /// What it is about.
    #[resource(references = Offer, on_delete = cascade, nested)]
    pub offer_id: i64,
}

/// Anybody makes one, and only administrators see it.
#[derive(Resource, Debug)]
#[resource(read = admin, write = public)]
pub struct Complaint {
    /// The key.
    pub id: i64,
    /// Any text.
    pub text: String,
    /// About whom.
    #[resource(references = Shop, on_delete = cascade, nested, inverse = "letters")]
    pub shop_id: Option<i64>,
}

/// Administrators make one.
#[derive(Resource, Debug)]
#[resource(read = public, write = admin)]
pub struct Licence {
    /// The key.
    pub id: i64,
    /// Whose it is.
    #[resource(references = Shop, on_delete = cascade, nested)]
    pub shop_id: i64,
}

/// Nobody makes one.
#[derive(Resource, Debug)]
#[resource(read = public, write = none)]
pub struct Award {
    /// The key.
    pub id: i64,
    /// Whose it is.
    #[resource(references = Shop, on_delete = cascade)]
    pub shop_id: i64,
}

/// Anybody makes one, and those who are signed in see it.
#[derive(Resource, Debug)]
#[resource(read = authenticated, write = public)]
pub struct Chest {
    /// The key.
    pub id: Uuid,
}

/// Lies in what not everybody sees.
#[derive(Resource, Debug)]
#[resource(read = public, write = public)]
pub struct Coin {
    /// The key.
    pub id: Uuid,
    /// Where it lies.
    #[resource(references = Chest, on_delete = cascade, nested)]
    pub chest_id: Uuid,
}

/// Lies within another of its kind.
#[derive(Resource, Debug)]
#[resource(read = public, write = public)]
pub struct Region {
    /// The key.
    pub id: Uuid,
    /// What it is called.
    #[resource(unique, length(1..=20))]
    pub name: String,
    /// What it lies in.
    #[resource(references = Region, on_delete = cascade, nested)]
    pub region_id: Option<Uuid>,
}

/// Leads from one region to another.
#[derive(Resource, Debug)]
#[resource(read = public, write = public)]
pub struct Road {
    /// The key.
    pub id: i64,
    /// Where it begins.
    #[resource(references = Region, on_delete = cascade, nested, inverse = "departures")]
    pub from_id: Uuid,
    /// Where it ends.
    #[resource(references = Region, on_delete = cascade, nested, inverse = "arrivals")]
    pub to_id: Uuid,
    /// What made it necessary.
    #[resource(references = Complaint)]
    pub complaint_id: Option<i64>,
    /// Never seen.
    #[resource(write_only)]
    pub toll: Option<i32>,
    /// Set by nobody.
    #[resource(read_only, default = "gravel")]
    pub surface: String,
    /// With a default.
    #[resource(default = Some(2))]
    pub lanes: Option<i32>,
    /// Since when it is gone.
    #[resource(deleted_at)]
    pub closed_at: Option<DateTime<Utc>>,
    /// Counts its changes.
    #[resource(version)]
    pub version: i64,
}

/// Where people work.
#[derive(Resource, Debug)]
#[resource(read = public, write = public)]
pub struct Office {
    /// The key.
    pub id: i64,
}

/// Comes with an office and signs in.
#[derive(Resource, Debug)]
#[resource(read = public, write = public, register = none)]
pub struct Worker {
    /// The key.
    pub id: i64,
    /// What they sign in with.
    #[resource(login, email)]
    pub email: String,
    /// What they prove it with.
    pub password: Password,
    /// The Boolean that authorizes.
    #[resource(admin, default = false)]
    pub chief: bool,
    /// Given at the start.
    #[resource(immutable, default = 0)]
    pub badge: i64,
    /// Where they work.
    #[resource(references = Office, on_delete = set_null, nested)]
    pub office_id: Option<i64>,
}
