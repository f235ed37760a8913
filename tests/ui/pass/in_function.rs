//! Derives on items of a function, which see the function's other items only.
#![deny(warnings)]

use restruct::prelude::*;

fn main() {
    #[derive(Choice)]
    enum Status {
        Open,
    }

    #[derive(Resource)]
    #[resource(read = public, write = public)]
    struct Card {
        id: i64,
        #[resource(default = Status::Open)]
        status: Status,
        #[resource(references = Card)]
        parent: Option<i64>,
    }

    assert_eq!(Card::TABLE.columns.len(), 3);
}
