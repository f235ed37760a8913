//! Resources that point to themselves, to each other, and to what not everybody sees.

use restruct::prelude::*;

use super::User;

/// Points to its own kind.
#[derive(Resource, Debug)]
#[resource(read = public, write = public)]
pub struct Folder {
    /// The key.
    pub id: i64,
    /// What it is called.
    pub name: String,
    /// What it lies in.
    #[resource(references = Folder, on_delete = set_null)]
    pub parent_id: Option<i64>,
}

/// Half of a cycle: the nullable edge.
#[derive(Resource, Debug)]
#[resource(read = public, write = public)]
pub struct Team {
    /// The key.
    pub id: i64,
    /// What it is called.
    pub name: String,
    /// Who leads it.
    #[resource(references = Player, on_delete = set_null)]
    pub captain_id: Option<i64>,
}

/// The other half of the cycle.
#[derive(Resource, Debug)]
#[resource(read = public, write = public)]
pub struct Player {
    /// The key.
    pub id: i64,
    /// What they are called.
    pub name: String,
    /// Whom they play for.
    #[resource(references = Team, on_delete = cascade)]
    pub team_id: i64,
}

/// What others point to.
#[derive(Resource, Debug)]
#[resource(read = public, write = public)]
pub struct Artist {
    /// The key.
    pub id: i64,
    /// What they are called.
    pub name: String,
}

/// Goes with its artist.
#[derive(Resource, Debug)]
#[resource(read = public, write = public)]
pub struct Album {
    /// The key.
    pub id: i64,
    /// Whose it is.
    #[resource(references = Artist, on_delete = cascade)]
    pub artist_id: i64,
}

/// Outlives its artist.
#[derive(Resource, Debug)]
#[resource(read = public, write = public)]
pub struct Poster {
    /// The key.
    pub id: i64,
    /// Who is on it.
    #[resource(references = Artist, on_delete = set_null)]
    pub artist_id: Option<i64>,
}

/// Holds its artist.
#[derive(Resource, Debug)]
#[resource(read = public, write = public)]
pub struct Contract {
    /// The key.
    pub id: i64,
    /// Whom it binds.
    #[resource(references = Artist)]
    pub artist_id: i64,
}

/// Seen by its owner alone.
#[derive(Resource, Debug)]
#[resource(read = owner, write = owner)]
pub struct Diary {
    /// The key.
    pub id: i64,
    /// What it is called.
    pub title: String,
    /// Whose it is.
    #[resource(owner, references = User, on_delete = cascade)]
    pub user_id: i64,
}

/// Seen by all, and points to what only its owner sees.
#[derive(Resource, Debug)]
#[resource(read = public, write = owner)]
pub struct Entry {
    /// The key.
    pub id: i64,
    /// Any text.
    pub text: String,
    /// Where it belongs.
    #[resource(references = Diary, on_delete = cascade)]
    pub diary_id: Option<i64>,
    /// Whose it is.
    #[resource(owner, references = User, on_delete = cascade)]
    pub user_id: i64,
}

/// Points to one resource twice, by fields whose names say nothing of a key.
#[derive(Resource, Debug)]
#[resource(read = owner, write = owner)]
pub struct Message {
    /// The key.
    pub id: i64,
    /// Any text.
    pub text: String,
    /// Who wrote it.
    #[resource(owner, references = User, on_delete = cascade, relation = "from", inverse = "sent")]
    pub sender: i64,
    /// Who shall read it.
    #[resource(references = User, on_delete = set_null, relation = "to", inverse = "received")]
    pub receiver: Option<i64>,
    /// Never seen, nor what it leads to.
    #[resource(write_only, references = Folder, on_delete = set_null)]
    pub folder_id: Option<i64>,
}
