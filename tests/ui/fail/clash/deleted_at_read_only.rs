// errors: 1
use restruct::prelude::*;

#[derive(Resource)]
#[resource(read = public, write = public)]
struct Card {
    id: i64,
    #[resource(deleted_at, read_only)]
    gone: Option<DateTime<Utc>>,
}

fn main() {}
