// errors: 1
use restruct::prelude::*;

#[derive(Choice)]
#[choice(rename_all = "Kebab")]
enum Status {
    Open,
}

fn main() {}
