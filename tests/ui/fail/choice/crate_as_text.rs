// errors: 1
use restruct::prelude::*;

#[derive(Choice)]
#[choice(crate = "restruct")]
enum Status {
    Open,
}

fn main() {}
