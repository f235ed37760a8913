// errors: 2
use restruct::prelude::*;

#[derive(Choice)]
enum Status {
    #[choice(rename = "")]
    Open,
    Closed(i32),
}

fn main() {}
