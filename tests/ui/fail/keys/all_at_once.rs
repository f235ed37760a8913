// errors: 6
use restruct::prelude::*;

#[derive(Resource)]
#[resource(read = publik, write = public, pag(1, 2))]
struct Card {
    id: i64,
    #[resource(uniqe)]
    title: String,
    #[resource(login, owner)]
    who: i64,
    #[resource(length(9..=1))]
    text: String,
    #[resource(rename = "select")]
    choice: String,
}

fn main() {}
