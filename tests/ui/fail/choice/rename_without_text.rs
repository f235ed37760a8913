// errors: 1
use restruct::prelude::*;

#[derive(Choice)]
enum Status {
    #[choice(rename = open)]
    Open,
}

fn main() {}
