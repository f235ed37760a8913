// errors: 1
use restruct::prelude::*;

#[derive(Choice)]
#[choice(rename_all = lowercase)]
enum Status {
    Open,
}

fn main() {}
