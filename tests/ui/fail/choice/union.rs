// errors: 1
use restruct::prelude::*;

#[derive(Choice)]
union Status {
    open: bool,
}

fn main() {}
