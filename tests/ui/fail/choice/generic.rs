// errors: 1
use restruct::prelude::*;

#[derive(Choice)]
enum Status<const N: usize> {
    Open,
}

fn main() {}
