// errors: 1
use restruct::prelude::*;

#[derive(Choice)]
enum Status {
    Open,
    Done,
}

#[derive(Resource)]
#[resource(read = public, write = public)]
struct Card {
    id: i64,
    #[resource(search)]
    status: Status,
}

fn main() {}
