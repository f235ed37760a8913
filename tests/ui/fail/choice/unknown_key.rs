// errors: 1
use restruct::prelude::*;

#[derive(Choice)]
enum Status {
    #[choice(renam = "x")]
    Open,
}

fn main() {}
