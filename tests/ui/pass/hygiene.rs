//! Nothing that the generated code names can be shadowed.
#![deny(warnings)]
#![allow(dead_code, non_camel_case_types, unused_macros, non_upper_case_globals)]

struct Result;
struct Option;
struct Vec;
struct Box;
struct String;
struct Field;
struct Table;
struct Row;
struct Value;
struct bool;
struct str;
struct i64;
struct restruct;
const Some: u8 = 0;
const None: u8 = 0;
const Ok: u8 = 0;
const Err: u8 = 0;
const text: u8 = 0;
const row: u8 = 0;
const seeder: u8 = 0;
trait Into {}
trait Default {}
trait Clone {}
trait Serialize {}
mod core {}
mod std {}
mod __private {}
macro_rules! vec {
    () => {
        compile_error!("shadowed")
    };
}
macro_rules! assert {
    () => {
        compile_error!("shadowed")
    };
}

#[derive(::restruct::Choice)]
enum Status {
    Some,
    None,
}

#[derive(::restruct::Resource)]
#[resource(read = owner, write = admin, register = none, seed = hook)]
struct User {
    id: ::core::primitive::i64,
    #[resource(login, email, length(3..=200))]
    email: ::std::string::String,
    password: ::restruct::Password,
    #[resource(admin)]
    admin: ::core::primitive::bool,
    #[resource(references = User, on_delete = set_null)]
    boss: ::core::option::Option<::core::primitive::i64>,
    #[resource(default = "x", validate = check)]
    note: ::std::string::String,
    #[resource(range(1..))]
    count: i32,
    #[resource(default)]
    data: ::std::vec::Vec<u8>,
    #[resource(default = Status::Some)]
    status: Status,
    #[resource(skip)]
    cache: ::core::option::Option<u8>,
}

fn check(_: &::core::primitive::str) -> ::core::result::Result<(), ::restruct::Error> {
    ::core::result::Result::Ok(())
}

async fn hook(_: &::restruct::Seeder) -> ::restruct::Result<()> {
    ::core::result::Result::Ok(())
}

fn main() {
    ::core::assert!(<User as ::restruct::Resource>::TABLE.columns.len() == 9);
}
