// errors: 1
use restruct::prelude::*;

#[derive(Choice)]
enum Status {
    Open,
    #[choice(rename = "Open")]
    Closed,
}

fn main() {}
