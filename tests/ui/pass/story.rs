//! What the documentation shows first, and what its descriptor holds.
#![deny(warnings)]

use restruct::prelude::*;
use restruct::{Column, FieldType, Kind, Rule, Seeder, Table};

/// Someone who can sign in.
#[derive(Resource)]
#[resource(read = owner | admin, create = admin, update = owner | admin, delete = admin, register = public, seed = first_users)]
struct User {
    id: i64,
    #[resource(length(1..=80))]
    name: String,
    #[resource(login, email)]
    email: String,
    password: Password,
    #[resource(admin, default = false)]
    is_admin: bool,
}

#[derive(Choice, Clone, Copy, Debug, PartialEq)]
enum Status {
    #[choice(rename = "To Do")]
    ToDo,
    Ongoing,
    Testing,
    Done,
}

/// A task on the board.
///
/// With more to say.
#[derive(Resource)]
#[resource(read = public, write = owner | admin, seed = first_cards, unique(user_id, title), index(status, date), page(20, 200))]
struct Card {
    id: i64,
    /// What is to be done.
    #[resource(length(1..=100))]
    title: String,
    description: Option<String>,
    #[resource(default = Status::ToDo, index)]
    status: Status,
    date: Option<NaiveDate>,
    #[resource(range(-5..=5), default = -1)]
    weight: i32,
    #[resource(range(0.5..=1), default = 0.75)]
    share: f64,
    #[resource(pattern = "^[a-z-]+$", validate = no_dash, rename = "slugName", column = "slug_name", default = "x")]
    slug: String,
    #[resource(owner, references = User, on_delete = cascade)]
    user_id: i64,
    #[resource(references = Card, on_delete = set_null)]
    parent: Option<i64>,
    #[resource(skip)]
    #[expect(dead_code)]
    cached: Vec<&'static str>,
    #[resource(created_at)]
    created_at: DateTime<Utc>,
    #[resource(updated_at)]
    updated_at: DateTime<Utc>,
    #[resource(version)]
    version: i64,
}

fn no_dash(slug: &str) -> Result<(), &'static str> {
    if slug.starts_with('-') { Err("must not start with a dash") } else { Ok(()) }
}

async fn first_users(_: &Seeder) -> Result<()> {
    Ok(())
}

async fn first_cards(_: &Seeder) -> Result<()> {
    Ok(())
}

fn column(table: &'static Table, name: &str) -> &'static Column {
    table.columns.iter().find(|column| column.name == name).expect(name)
}

fn main() {
    let cards = Card::TABLE;
    assert_eq!((cards.resource, cards.name, cards.path), ("Card", "cards", "cards"));
    assert_eq!(cards.doc, "A task on the board.\n\nWith more to say.");
    assert_eq!(cards.rules.read, Rule::PUBLIC);
    assert_eq!(cards.rules.update, Rule::OWNER.or(Rule::ADMIN));
    assert_eq!(cards.uniques, [["user_id", "title"]]);
    assert_eq!(cards.indexes, [["status", "date"]]);
    assert_eq!((cards.page.default, cards.page.max), (20, 200));
    assert_eq!(cards.seed.map(|seed| seed.name), Some("first_cards"));
    assert_eq!(cards.columns.len(), 13);
    assert_eq!(column(cards, "title").doc, "What is to be done.");
    assert_eq!(column(cards, "slug_name").json, "slugName");
    assert_eq!(column(cards, "user_id").references.map(|r| (r.table)().name), Some("users"));
    assert_eq!(column(cards, "parent").references.map(|r| (r.table)().name), Some("cards"));
    let default = column(cards, "status").default.expect("a default");
    assert!(default.constant);
    assert_eq!((default.value)(), Status::ToDo.to_value());
    let validate = column(cards, "slug_name").validate.expect("a function");
    assert!(validate(&String::from("-x").to_value().unwrap()).is_err());
    assert!(validate(&String::from("x").to_value().unwrap()).is_ok());

    assert_eq!(User::TABLE.login().map(|c| c.name), Some("email"));
    assert!(User::TABLE.register && User::LOGIN && !Card::LOGIN);

    assert_eq!(Status::ALL, [Status::ToDo, Status::Ongoing, Status::Testing, Status::Done]);
    assert_eq!(Status::ToDo.to_string(), "To Do");
    assert_eq!((Status::KIND, Status::CHOICES), (Kind::Text, ["To Do", "Ongoing", "Testing", "Done"].as_slice()));
    assert_eq!(Status::from_value(Status::Done.to_value().unwrap()), Ok(Status::Done));
    assert!(Status::from_value(String::from("ToDo").to_value().unwrap()).is_err());
    let _ = Card::STATUS.eq(Status::Done) & Card::TITLE.eq("x");
}
