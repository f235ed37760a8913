// errors: 1
use restruct::prelude::*;

#[derive(Resource)]
#[resource(read = public, write = public, unique(price, double))]
struct Card {
    id: i64,
    price: i64,
    #[resource(computed = "price * 2")]
    double: i64,
}

fn main() {}
