//! The rows that a new board starts with.
//!
//! All three hooks run in one transaction, users first since cards point to them, and each runs once in the life of a
//! database: cards that somebody deletes do not come back.

use restruct::prelude::*;

use crate::{Card, Comment, Priority, Status, User};

const PEOPLE: [(&str, &str); 5] = [
    ("Ada", "ada@example.com"),
    ("Ben", "ben@example.com"),
    ("Chloe", "chloe@example.com"),
    ("Dev", "dev@example.com"),
    ("Emi", "emi@example.com"),
];

const TASKS: [&str; 12] = [
    "Sketch the landing page",
    "Write the release notes",
    "Renew the certificate",
    "Answer the survey",
    "Measure the first page load",
    "Clear the backlog",
    "Plan the spring party",
    "Translate the menu",
    "Back up the photo archive",
    "Order new keyboards",
    "Invite the beta testers",
    "Fix the broken search",
];

const PLACES: [&str; 4] = ["for the shop", "for the blog", "for the app", "for the office"];

const REMARKS: [&str; 6] = [
    "I can take this one.",
    "Blocked until Friday.",
    "Is there a deadline?",
    "Done on my side, please have a look.",
    "Let us talk about it tomorrow.",
    "Much smaller than it looked.",
];

pub(crate) async fn users(seeder: &Seeder) -> Result<()> {
    seeder.progress(PEOPLE.len() as u64 + 1);
    // No password stands in this file, and none is the same on two machines: each is made up here and shown once, on
    // the terminal of whoever fills the database.
    let boss = "admin@example.com";
    User::draft()
        .set(User::NAME, "Administrator")
        .set(User::EMAIL, boss)
        .set(User::PASSWORD, seeder.random_password(boss))
        .set(User::IS_ADMIN, true)
        .get_or_insert(seeder, User::EMAIL)
        .await?;
    seeder.advance(1);
    for (name, email) in PEOPLE {
        User::draft()
            .set(User::NAME, name)
            .set(User::EMAIL, email)
            .set(User::PASSWORD, seeder.random_password(email))
            .get_or_insert(seeder, User::EMAIL)
            .await?;
        seeder.advance(1);
    }
    Ok(())
}

pub(crate) async fn cards(seeder: &Seeder) -> Result<()> {
    let owners = User::query().filter(User::IS_ADMIN.eq(false)).all(seeder).await?;
    let titles: Vec<String> =
        PLACES.iter().flat_map(|place| TASKS.iter().map(move |task| format!("{task} {place}"))).collect();
    seeder.progress(titles.len() as u64);
    // Going round the lists gives every person and every column of the board something, the same on every machine.
    let mondays = NaiveDate::from_ymd_opt(2026, 1, 5).into_iter().flat_map(|first| first.iter_weeks());
    for (n, ((title, owner), monday)) in titles.iter().zip(owners.iter().cycle()).zip(mondays).enumerate() {
        Card::draft()
            .set(Card::TITLE, title)
            .set(Card::DESCRIPTION, (n % 3 == 0).then(|| format!("Asked for by {}.", owner.name)))
            .set(Card::STATUS, [Status::ToDo, Status::Ongoing, Status::Testing, Status::Done][n % 4])
            .set(Card::PRIORITY, [Priority::Medium, Priority::High, Priority::Low][n % 3])
            .set(Card::DATE, monday)
            .set(Card::USER_ID, owner.id)
            .insert(seeder)
            .await?;
        seeder.advance(1);
    }
    Ok(())
}

pub(crate) async fn comments(seeder: &Seeder) -> Result<()> {
    let people = User::query().all(seeder).await?;
    let cards = Card::query().limit(30).all(seeder).await?;
    seeder.progress(cards.len() as u64);
    for (n, card) in cards.iter().enumerate() {
        Comment::draft()
            .set(Comment::MESSAGE, REMARKS[n % REMARKS.len()])
            .set(Comment::USER_ID, people[n % people.len()].id)
            .set(Comment::CARD_ID, card.id)
            .insert(seeder)
            .await?;
        seeder.advance(1);
    }
    Ok(())
}
