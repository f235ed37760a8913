//! `crate = path`, for a crate under another name.
#![deny(warnings)]

mod framework {
    pub use restruct as rest;
}

use framework::rest::{Choice, Resource};

#[derive(Resource)]
#[resource(crate = framework::rest, read = public, write = public)]
struct Card {
    id: i64,
    status: Status,
}

#[derive(Choice)]
#[choice(crate = crate::framework::rest)]
enum Status {
    Open,
}

fn main() {
    assert_eq!(Card::TABLE.columns[1].choices, ["Open"]);
    let _ = Status::Open;
}
