//! The rows: the same for every server and every run, but for the password.

use std::fmt::Write as _;

use crate::{Result, contender::Contender, database::Database, workload::CONNECTIONS};

pub(crate) const USERS: i64 = 1_000;
pub(crate) const CARDS: i64 = 100_000;
/// The last comments of a card that a board shows.
pub(crate) const SHOWN: usize = 3;
pub(crate) const STATUSES: [&str; 4] = ["To Do", "Ongoing", "Testing", "Done"];
pub(crate) const PRIORITIES: [&str; 3] = ["Low", "Medium", "High"];

/// The least that the generated server takes: signing in is no part of what most rows measure.
pub(crate) const LEAST_BCRYPT_COST: u32 = 10;
/// What it takes when nothing is said, and what a storm of logins has to cost.
const BCRYPT_COST: u32 = 12;
const ROWS_PER_STATEMENT: i64 = 500;

/// The first of the cards have comments, more than the requests ask for.
const DISCUSSED: i64 = 20_000;
const COMMENTS_OF_EACH: i64 = 5;

/// Who owns a card: every user the same number, spread over the table.
pub(crate) fn owner(card: i64) -> i64 {
    (card - 1) % USERS + 1
}

/// The last comments of one of the cards that have any, the newest first. They lie apart: everybody commented in turns.
pub(crate) fn last_comments(card: i64) -> [i64; SHOWN] {
    [1, 2, 3].map(|nth| card + DISCUSSED * (COMMENTS_OF_EACH - nth))
}

/// Where a card stands.
pub(crate) fn status(card: i64) -> &'static str {
    pick(&STATUSES, card)
}

/// What a user signs in with.
pub(crate) fn email(user: i64) -> String {
    format!("user{user}@example.com")
}

/// What stands in the column of passwords: all of one password, which every user has.
#[derive(Debug)]
pub(crate) struct Hashes {
    /// Of those whose tokens are used.
    light: String,
    /// Of everybody else.
    full: String,
}

impl Hashes {
    pub(crate) fn of(password: &str) -> Result<Self> {
        Ok(Self { light: bcrypt::hash(password, LEAST_BCRYPT_COST)?, full: bcrypt::hash(password, BCRYPT_COST)? })
    }

    fn of_user(&self, user: i64) -> &str {
        if usize::try_from(user).is_ok_and(|user| user <= CONNECTIONS) { &self.light } else { &self.full }
    }
}

/// Fills empty tables.
pub(crate) async fn fill(database: &mut Database, contender: &Contender, hashes: &Hashes) -> Result<()> {
    let version = if contender.token_version { ", _ver" } else { "" };
    let users = format!("users (name, email, password, is_admin{version})");
    insert(database, &users, USERS, |sql, id| {
        write!(sql, "('User {id}', '{}', '{}', FALSE", email(id), hashes.of_user(id))?;
        if contender.token_version { write!(sql, ", {})", id * 7_919) } else { write!(sql, ")") }
    })
    .await?;

    let cards = "cards (title, description, status, priority, date, user_id, created_at, updated_at, version)";
    insert(database, cards, CARDS, card).await?;

    let comments = "comments (message, user_id, card_id, created_at, updated_at)";
    insert(database, comments, DISCUSSED * COMMENTS_OF_EACH, comment).await?;

    // Requests name rows by number: both databases count from one in the order of insertion.
    if database.number("SELECT max(id) FROM users").await? != USERS
        || database.number("SELECT max(id) FROM cards").await? != CARDS
        || database.number("SELECT max(id) FROM comments").await? != DISCUSSED * COMMENTS_OF_EACH
    {
        return Err("the rows are not numbered from one".into());
    }
    database.settle().await
}

fn card(sql: &mut String, id: i64) -> std::fmt::Result {
    let (minute, second, micro) = (id / 60 % 60, id % 60, id * 37 % 1_000_000);
    let time = format!("2026-01-{:02}T{:02}:{minute:02}:{second:02}.{micro:06}Z", id % 28 + 1, id % 24);
    write!(sql, "('Card {id} of the board', ")?;
    match id % 3 {
        0 => sql.push_str("NULL"),
        _ => write!(sql, "'What has to be done for card {id}, said in a sentence or two, as people do.'")?,
    }
    write!(sql, ", '{}', '{}', ", status(id), pick(&PRIORITIES, id / 4))?;
    match id % 5 {
        0 => sql.push_str("NULL"),
        _ => write!(sql, "'2026-{:02}-{:02}'", id % 12 + 1, id % 28 + 1)?,
    }
    write!(sql, ", {}, '{time}', '{time}', 1)", owner(id))
}

fn comment(sql: &mut String, id: i64) -> std::fmt::Result {
    let (card, user) = ((id - 1) % DISCUSSED + 1, id * 7 % USERS + 1);
    let time = format!("2026-02-{:02}T{:02}:{:02}:00.000000Z", id % 28 + 1, id % 24, id % 60);
    write!(sql, "('What user {user} thinks of card {card}, in a sentence.', {user}, {card}, '{time}', '{time}')")
}

async fn insert(
    database: &mut Database,
    table: &str,
    rows: i64,
    row: impl Fn(&mut String, i64) -> std::fmt::Result,
) -> Result<()> {
    database.execute("BEGIN".into()).await?;
    let mut next = 1;
    while next <= rows {
        let last = (next + ROWS_PER_STATEMENT - 1).min(rows);
        let mut sql = format!("INSERT INTO {table} VALUES ");
        for id in next..=last {
            if id > next {
                sql.push_str(", ");
            }
            row(&mut sql, id)?;
        }
        database.execute(sql).await?;
        next = last + 1;
    }
    database.execute("COMMIT".into()).await
}

fn pick(choices: &[&'static str], at: i64) -> &'static str {
    usize::try_from(at).ok().and_then(|i| choices.get(i % choices.len())).unwrap_or(&choices[0])
}
