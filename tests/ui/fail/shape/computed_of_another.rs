// errors: 1
use restruct::prelude::*;

#[derive(Resource)]
#[resource(read = public, write = public)]
struct Card {
    id: i64,
    price: i64,
    #[resource(computed(mysql = "price"))]
    double: i64,
}

fn main() {}
