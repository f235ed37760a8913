// errors: 1
use restruct::prelude::*;

#[derive(Resource)]
#[resource(read = public, write = public, tabel = "cards")]
struct Card {
    id: Uuid,
    title: String,
}

#[derive(Resource)]
#[resource(read = public, write = public)]
struct Note {
    id: i64,
    #[resource(references = Card)]
    card_id: Uuid,
}

fn titled() -> Filter {
    Card::TITLE.eq("x")
}

fn main() {}
