//! Every statement, written once: both databases take this SQL, and both drivers keep it prepared.

use chrono::{SubsecRound as _, Utc};
use sqlx::PgPool;

use crate::{
    model::{Author, Card, CardPatch, Comment, NewCard, Priority, Status, User},
    pool::Sqlite,
};

type Result<T> = std::result::Result<T, sqlx::Error>;

/// A page of a list.
#[derive(Clone, Copy)]
pub(crate) struct Page {
    pub(crate) limit: i64,
    pub(crate) offset: i64,
}

/// What the handlers ask of a database.
pub(crate) trait Store: Clone + Send + Sync + 'static {
    fn user(&self, email: &str) -> impl Future<Output = Result<User>> + Send;
    fn card(&self, id: i64) -> impl Future<Output = Result<Card>> + Send;
    fn cards(&self, status: Option<Status>, page: Page) -> impl Future<Output = Result<Vec<Card>>> + Send;
    fn cards_from(&self, id: i64, limit: i64) -> impl Future<Output = Result<Vec<Card>>> + Send;
    fn authors(&self, ids: &[i64]) -> impl Future<Output = Result<Vec<Author>>> + Send;
    /// Those of one card together, the newest first.
    fn last_comments(&self, cards: &[i64]) -> impl Future<Output = Result<Vec<Comment>>> + Send;
    fn insert(&self, card: NewCard, owner: i64) -> impl Future<Output = Result<Card>> + Send;
    /// Changes the card only where `owner` owns it.
    fn update(&self, id: i64, patch: CardPatch, owner: i64) -> impl Future<Output = Result<Card>> + Send;
}

const CARD: &str = "SELECT id, title, description, status, priority, date, user_id, created_at, updated_at, version \
     FROM cards WHERE id = $1";

/// The statements that are told how many rows to give.
pub(crate) struct Lists {
    all: &'static str,
    from: &'static str,
    of_status: &'static str,
}

macro_rules! lists {
    ($more:literal) => {
        Lists {
            all: concat!(
                "SELECT id, title, description, status, priority, date, user_id, created_at, updated_at, version \
                 FROM cards ORDER BY id LIMIT $1",
                $more,
                " OFFSET $2"
            ),
            from: concat!(
                "SELECT id, title, description, status, priority, date, user_id, created_at, updated_at, version \
                 FROM cards WHERE id >= $1 ORDER BY id LIMIT $2",
                $more
            ),
            of_status: concat!(
                "SELECT id, title, description, status, priority, date, user_id, created_at, updated_at, version \
                 FROM cards WHERE status = $1 ORDER BY id LIMIT $2",
                $more,
                " OFFSET $3"
            ),
        }
    };
}

pub(crate) static BARE: Lists = lists!("");
/// SQLite prepares a statement anew whenever a bare bound limit is another number, but not for a sum.
pub(crate) static SUMS: Lists = lists!("+0");

const INSERT: &str = "INSERT INTO cards (title, description, status, priority, date, user_id, created_at, updated_at) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $7) \
     RETURNING id, title, description, status, priority, date, user_id, created_at, updated_at, version";

// One text for every patch, so that it is prepared once.
const UPDATE: &str = "UPDATE cards SET title = COALESCE($3, title), \
     description = CASE WHEN $4 THEN $5 ELSE description END, status = COALESCE($6, status), \
     priority = COALESCE($7, priority), date = CASE WHEN $8 THEN $9 ELSE date END, \
     updated_at = $10, version = version + 1 \
     WHERE id = $1 AND user_id = $2 \
     RETURNING id, title, description, status, priority, date, user_id, created_at, updated_at, version";

/// The row of a write, which has to be read to its end: sqlx's `fetch_one` leaves a statement after its first row, and
/// SQLite then commits without ever copying its WAL back, which grows until the disk is full.
fn written(mut rows: Vec<Card>) -> Result<Card> {
    rows.pop().ok_or(sqlx::Error::RowNotFound)
}

macro_rules! store {
    ($store:ty, |$self:ident| read $read:expr, write $write:expr, lists $lists:expr, user $user:literal,
        keys $keys:expr, authors $authors:literal, comments $comments:literal) => {
        impl Store for $store {
            async fn user(&$self, email: &str) -> Result<User> {
                sqlx::query_as($user).bind(email).fetch_one($read).await
            }

            async fn card(&$self, id: i64) -> Result<Card> {
                sqlx::query_as(CARD).bind(id).fetch_one($read).await
            }

            async fn cards(&$self, status: Option<Status>, page: Page) -> Result<Vec<Card>> {
                let query = match status {
                    Some(status) => sqlx::query_as($lists.of_status).bind(status.as_str()),
                    None => sqlx::query_as($lists.all),
                };
                query.bind(page.limit).bind(page.offset).fetch_all($read).await
            }

            async fn cards_from(&$self, id: i64, limit: i64) -> Result<Vec<Card>> {
                sqlx::query_as($lists.from).bind(id).bind(limit).fetch_all($read).await
            }

            async fn authors(&$self, ids: &[i64]) -> Result<Vec<Author>> {
                sqlx::query_as($authors).bind($keys(ids)).fetch_all($read).await
            }

            async fn last_comments(&$self, cards: &[i64]) -> Result<Vec<Comment>> {
                sqlx::query_as($comments).bind($keys(cards)).fetch_all($read).await
            }

            async fn insert(&$self, card: NewCard, owner: i64) -> Result<Card> {
                sqlx::query_as(INSERT)
                    .bind(card.title)
                    .bind(card.description)
                    .bind(card.status.as_str())
                    .bind(card.priority.as_str())
                    .bind(card.date)
                    .bind(owner)
                    .bind(Utc::now().trunc_subsecs(6))
                    .fetch_all($write)
                    .await
                    .and_then(written)
            }

            async fn update(&$self, id: i64, patch: CardPatch, owner: i64) -> Result<Card> {
                sqlx::query_as(UPDATE)
                    .bind(id)
                    .bind(owner)
                    .bind(patch.title)
                    .bind(patch.description.is_some())
                    .bind(patch.description.flatten())
                    .bind(patch.status.map(Status::as_str))
                    .bind(patch.priority.map(Priority::as_str))
                    .bind(patch.date.is_some())
                    .bind(patch.date.flatten())
                    .bind(Utc::now().trunc_subsecs(6))
                    .fetch_all($write)
                    .await
                    .and_then(written)
            }
        }
    };
}

store!(Sqlite, |self| read &self.read, write &self.write, lists self.lists,
    user "SELECT id, name, email, password, is_admin FROM users WHERE email = $1",
    keys json_array,
    authors "SELECT id, name FROM users WHERE id IN (SELECT value FROM json_each($1))",
    comments "SELECT comments.id, message, user_id, card_id FROM json_each($1) AS cards CROSS JOIN comments \
         WHERE comments.id IN (SELECT id FROM comments WHERE card_id = cards.value ORDER BY id DESC LIMIT 3) \
         ORDER BY cards.key, comments.id DESC");
store!(PgPool, |self| read self, write self, lists BARE,
    user "SELECT id, name, email, password, is_admin FROM users WHERE lower(email) = lower($1)",
    keys <[i64]>::to_vec,
    authors "SELECT id, name FROM users WHERE id = ANY($1)",
    comments "SELECT last.id, message, user_id, card_id FROM unnest($1) WITH ORDINALITY AS cards (card, place) \
         CROSS JOIN LATERAL (SELECT id, message, user_id, card_id FROM comments WHERE card_id = cards.card \
         ORDER BY id DESC LIMIT 3) AS last ORDER BY cards.place, last.id DESC");

/// SQLite has no arrays to bind.
fn json_array(keys: &[i64]) -> String {
    let keys: Vec<String> = keys.iter().map(i64::to_string).collect();
    format!("[{}]", keys.join(","))
}
