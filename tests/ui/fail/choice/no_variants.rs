// errors: 1
use restruct::prelude::*;

#[derive(Choice)]
enum Status {}

fn main() {}
