// errors: 1
use restruct::prelude::*;

#[derive(Choice)]
struct Status {
    open: bool,
}

fn main() {}
