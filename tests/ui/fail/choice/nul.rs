// errors: 1
use restruct::prelude::*;

#[derive(Choice)]
enum Status {
    #[choice(rename = "a\0")]
    Open,
}

fn main() {}
