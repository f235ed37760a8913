//! A long list, and what belongs to its rows.

use restruct::prelude::*;

/// Sorted in many ways, of which most have an index.
#[derive(Resource, Debug)]
#[resource(read = public, write = public, index(stage, score))]
pub struct Trip {
    /// The key.
    pub id: i64,
    /// Hardly ever the same.
    #[resource(index)]
    pub start: i64,
    /// The same for many.
    #[resource(index)]
    pub stage: i32,
    /// Not known of many.
    #[resource(index)]
    pub score: Option<i32>,
    /// In no index.
    pub note: Option<String>,
    /// Never seen.
    #[resource(write_only)]
    pub code: Option<String>,
}

/// Part of a trip.
#[derive(Resource, Debug)]
#[resource(read = public, write = public)]
pub struct Stop {
    /// The key.
    pub id: i64,
    /// Where.
    pub place: String,
    /// On the way of which trip.
    #[resource(references = Trip, on_delete = cascade)]
    pub trip_id: i64,
}
