//! The requests, and what must come back.

use serde::{Deserialize, de::IgnoredAny};

use crate::{
    Result, client,
    client::Answer,
    contender::Contender,
    dataset::{self, CARDS, PRIORITIES, STATUSES, USERS},
};

/// How many connections ask at once. Each has a user of its own.
pub(crate) const CONNECTIONS: usize = 32;

/// A kind of request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Workload {
    One,
    Page,
    Filtered,
    LongPage,
    Board,
    Create,
    Update,
}

/// What each connection sends, over and over.
pub(crate) type Plan = Vec<Vec<Request>>;

/// A whole request, and what its answer must be.
#[derive(Debug)]
pub(crate) struct Request {
    pub(crate) bytes: Vec<u8>,
    expected: Expected,
}

#[derive(Debug)]
enum Expected {
    Card {
        id: i64,
    },
    Page {
        rows: usize,
        first: Option<i64>,
        status: Option<&'static str>,
    },
    /// Cards with their users and last comments, from this one on.
    Board {
        rows: usize,
        first: i64,
    },
    Created {
        title: String,
        owner: i64,
    },
    Updated {
        id: i64,
        status: &'static str,
    },
}

/// Every member of a card and no other, but for what a board adds.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Card {
    id: i64,
    title: String,
    #[serde(rename = "description")]
    _description: Option<IgnoredAny>,
    status: String,
    #[serde(rename = "priority")]
    _priority: IgnoredAny,
    #[serde(rename = "date")]
    _date: Option<IgnoredAny>,
    user_id: i64,
    #[serde(rename = "created_at")]
    _created_at: IgnoredAny,
    #[serde(rename = "updated_at")]
    _updated_at: IgnoredAny,
    #[serde(rename = "version")]
    _version: IgnoredAny,
    user: Option<Author>,
    comments: Option<Vec<Comment>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Author {
    id: i64,
    name: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Comment {
    id: i64,
    #[serde(rename = "message")]
    _message: String,
    #[serde(rename = "user_id")]
    _user_id: i64,
}

impl Card {
    /// Whether nothing was added to it.
    fn is_plain(&self) -> bool {
        self.user.is_none() && self.comments.is_none()
    }

    /// Whether it has its user and its last comments.
    fn is_on_board(&self) -> bool {
        let user = self.user.as_ref().is_some_and(|u| u.id == self.user_id && u.name == format!("User {}", u.id));
        let comments = self.comments.iter().flatten().map(|comment| comment.id);
        user && self.user_id == dataset::owner(self.id) && comments.eq(dataset::last_comments(self.id))
    }
}

impl Workload {
    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::One => "GET one",
            Self::Page => "GET page of 20",
            Self::Filtered => "GET filtered page of 20",
            Self::LongPage => "GET page of 1,000",
            Self::Board => "GET 20, each with its user and last 3 comments",
            Self::Create => "POST with JWT",
            Self::Update => "PATCH with JWT",
        }
    }

    /// Whether it leaves other rows behind.
    pub(crate) fn writes(self) -> bool {
        matches!(self, Self::Create | Self::Update)
    }

    /// The requests of a round: the same for both servers, but for how a filter is written and whose tokens they are.
    pub(crate) fn plan(self, contender: &Contender, tokens: &[String], round: usize) -> Plan {
        let mut dice = Dice(0x9E37_79B9_7F4A_7C15 ^ (round as u64 + 1));
        let users = (1..=USERS).zip(tokens);
        users
            .map(|(user, token)| (0..256).map(|n| self.request(contender, user, token, n, &mut dice)).collect())
            .collect()
    }

    fn request(self, contender: &Contender, user: i64, token: &str, n: i64, dice: &mut Dice) -> Request {
        match self {
            Self::One => {
                let id = dice.below(CARDS) + 1;
                Request { bytes: client::get(&format!("/cards/{id}")), expected: Expected::Card { id } }
            }
            // The first fifty pages: where people are. Far ones measure the database alone.
            Self::Page => page(20, 20 * dice.below(50)),
            Self::LongPage => page(1_000, 1_000 * dice.below(10)),
            Self::Board => {
                let first = 20 * dice.below(50) + 1;
                Request {
                    bytes: client::get(&format!("{}{first}&limit=20", contender.board)),
                    expected: Expected::Board { rows: 20, first },
                }
            }
            Self::Filtered => {
                let (status, offset) = (dice.pick(&STATUSES), 20 * dice.below(50));
                let (equals, value) = (contender.equals, status.replace(' ', "%20"));
                Request {
                    bytes: client::get(&format!("/cards?status={equals}{value}&limit=20&offset={offset}")),
                    expected: Expected::Page { rows: 20, first: None, status: Some(status) },
                }
            }
            Self::Create => {
                let title = format!("Card {n} of user {user}");
                let (status, priority) = (dice.pick(&STATUSES), dice.pick(&PRIORITIES));
                let body = format!(
                    r#"{{"title":"{title}","description":"Made while the clock was running.","status":"{status}","priority":"{priority}","date":"2026-03-14"}}"#
                );
                Request {
                    bytes: client::send("POST", "/cards", Some(token), &body),
                    expected: Expected::Created { title, owner: user },
                }
            }
            Self::Update => {
                let (id, status) = (user + USERS * dice.below(CARDS / USERS), dice.pick(&STATUSES));
                let body = format!(r#"{{"status":"{status}","description":"Changed {n} times while the clock ran."}}"#);
                Request {
                    bytes: client::send("PATCH", &format!("/cards/{id}"), Some(token), &body),
                    expected: Expected::Updated { id, status },
                }
            }
        }
    }
}

/// The request for a page of the list of cards.
pub(crate) fn page(rows: usize, offset: i64) -> Request {
    Request {
        bytes: client::get(&format!("/cards?limit={rows}&offset={offset}")),
        expected: Expected::Page { rows, first: Some(offset + 1), status: None },
    }
}

impl Request {
    /// What every answer must pass: cheap, since the driver shares the machine.
    pub(crate) fn check(&self, answer: Answer<'_>) -> Result<()> {
        let (status, ends) = match self.expected {
            Expected::Card { .. } | Expected::Updated { .. } => (200, b"{}"),
            Expected::Page { .. } | Expected::Board { .. } => (200, b"[]"),
            Expected::Created { .. } => (201, b"{}"),
        };
        let shape = answer.body.first() == Some(&ends[0]) && answer.body.last() == Some(&ends[1]);
        if answer.status == status && shape { Ok(()) } else { Err(self.unexpected(answer)) }
    }

    /// What some answers must pass as well: that they say what was asked for.
    pub(crate) fn check_body(&self, answer: Answer<'_>) -> Result<()> {
        let right = match &self.expected {
            Expected::Card { id } => one(answer.body).is_some_and(|c| c.id == *id && c.user_id == dataset::owner(*id)),
            Expected::Page { rows, first, status } => {
                let cards = many(answer.body);
                cards.len() == *rows
                    && cards.iter().all(Card::is_plain)
                    && cards.is_sorted_by_key(|c| c.id)
                    && first.is_none_or(|id| cards[0].id == id)
                    && status.is_none_or(|s| cards.iter().all(|c| c.status == s))
            }
            Expected::Board { rows, first } => {
                let cards = many(answer.body);
                cards.len() == *rows && (*first..).zip(&cards).all(|(id, c)| c.id == id && c.is_on_board())
            }
            Expected::Created { title, owner } => {
                one(answer.body).is_some_and(|c| c.id > CARDS && c.title == *title && c.user_id == *owner)
            }
            Expected::Updated { id, status } => one(answer.body).is_some_and(|c| c.id == *id && c.status == *status),
        };
        if right { Ok(()) } else { Err(self.unexpected(answer)) }
    }

    fn unexpected(&self, answer: Answer<'_>) -> Box<dyn std::error::Error + Send + Sync> {
        let request = String::from_utf8_lossy(&self.bytes);
        let body: String = String::from_utf8_lossy(answer.body).chars().take(500).collect();
        // Its first line only: further down stands a token.
        let line = request.lines().next().unwrap_or_default();
        format!("{line} was answered {} {body} where {:?} was expected", answer.status, self.expected).into()
    }
}

fn one(body: &[u8]) -> Option<Card> {
    serde_json::from_slice(body).ok().filter(Card::is_plain)
}

fn many(body: &[u8]) -> Vec<Card> {
    serde_json::from_slice(body).unwrap_or_default()
}

/// Numbers that look random and are the same in every run (xorshift64).
#[derive(Debug)]
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: i64) -> i64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        i64::try_from(self.0 >> 1).unwrap_or_default() % bound
    }

    fn pick<T: Copy, const N: usize>(&mut self, choices: &[T; N]) -> T {
        let at = usize::try_from(self.below(1 << 32)).unwrap_or_default();
        choices[at % N]
    }
}
