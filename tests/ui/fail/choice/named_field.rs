// errors: 1
use restruct::prelude::*;

#[derive(Choice)]
enum Status {
    Open { since: i32 },
}

fn main() {}
