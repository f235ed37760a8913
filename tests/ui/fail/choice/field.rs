// errors: 1
use restruct::prelude::*;

#[derive(Choice)]
enum Status {
    Open(i32),
}

fn main() {}
