// errors: 1
use restruct::prelude::*;

#[derive(Resource)]
#[resource(read = public, write = public, unique(name, gone))]
struct Card {
    id: i64,
    name: String,
    #[resource(deleted_at)]
    gone: Option<DateTime<Utc>>,
}

fn main() {}
