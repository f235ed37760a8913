//! Without any prelude.
#![no_implicit_prelude]
#![deny(warnings)]

#[derive(::restruct::Choice)]
enum Status {
    Open,
    Closed,
}

#[derive(::restruct::Resource)]
#[resource(read = public, write = public)]
struct Card {
    id: i64,
    #[resource(default = "x")]
    title: ::std::string::String,
    #[resource(default = Status::Open)]
    status: Status,
    #[resource(default)]
    next: ::std::option::Option<i64>,
}

fn main() {
    let _ = (Card::TITLE, Status::Closed);
    ::std::assert_eq!(<Card as ::restruct::Resource>::TABLE.columns.len(), 4);
}
