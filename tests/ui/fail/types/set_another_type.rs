// errors: 2
use restruct::prelude::*;

#[derive(Resource)]
#[resource(read = public, write = public)]
struct Shelf {
    id: i64,
    boards: i16,
    title: String,
}

fn narrow() {
    let _ = Shelf::draft().set(Shelf::BOARDS, 1_i16).set(Shelf::TITLE, "Fables").set(Shelf::BOARDS, 1);
}

fn asked() {
    let _ = Shelf::TITLE.eq(1);
}

fn main() {}
