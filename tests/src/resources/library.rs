//! Texts to search.

use restruct::prelude::*;

/// What books stand on.
#[derive(Resource, Debug)]
#[resource(read = public, write = public, table = "shelves")]
pub struct Rack {
    /// The key.
    pub id: i64,
    /// Where it stands; nobody searches it.
    pub place: Option<String>,
}

/// Two texts to search, in rows that the database numbers.
#[derive(Resource, Debug)]
#[resource(read = public, write = public, table = "books")]
pub struct Volume {
    /// The key.
    pub id: i64,
    /// What it is called.
    #[resource(search, length(1..=200))]
    pub title: String,
    /// What it is about, as long as can be.
    #[resource(search)]
    pub about: Option<String>,
    /// Not searched.
    pub language: Option<String>,
    /// Seen by nobody.
    #[resource(write_only)]
    pub price: Option<String>,
    /// Unique, to make a row fail.
    #[resource(unique)]
    pub code: Option<String>,
    /// Where it stands.
    #[resource(references = Rack, on_delete = cascade)]
    pub shelf_id: Option<i64>,
}

/// One text, in rows whose key is no number.
#[derive(Resource, Debug)]
#[resource(read = public, write = public, table = "leaves")]
pub struct Leaf {
    /// The key.
    pub id: Uuid,
    /// What stands on it.
    #[resource(search, length(..=2000))]
    pub text: Option<String>,
    /// The book that it has fallen out of.
    #[resource(references = Volume, on_delete = cascade)]
    pub book_id: Option<i64>,
}
