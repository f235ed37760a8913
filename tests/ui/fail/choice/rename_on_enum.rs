// errors: 1
use restruct::prelude::*;

#[derive(Choice)]
#[choice(rename = "x")]
enum Status {
    Open,
}

fn main() {}
