//! Random questions, and the same answers from SQLite past sqlx, from SQLite over sqlx, and from PostgreSQL.

mod filters;
mod manners;
mod patterns;
mod questions;
mod random;
mod rows;
mod selects;
mod tables;
mod written;

use std::{env, fmt::Display, str::FromStr};

use restruct_tests::{Answer, Server, backend};

use self::{
    questions::{Question, question},
    random::Random,
};
use crate::parity::comparable;

/// Questions of one run, unless `AGREEMENT_QUERIES` says otherwise.
const QUESTIONS: usize = 400;

/// Pages that are read one after the other.
const PAGES: usize = 3;

#[test]
fn random_queries_are_answered_alike() {
    let (questions, seed) = (setting("AGREEMENT_QUERIES", QUESTIONS), setting("AGREEMENT_SEED", 1_u64));
    let mut disagreements = Vec::new();
    backend::serve_all(tables::app, async |servers| {
        let mut random = Random(seed);
        let tokens = rows::fill(&servers, &mut random).await;
        let mut rows = 0_usize;
        for number in 0..questions {
            let mut asked = question(&mut random);
            for _ in 0..PAGES {
                let (answer, wrong) = ask(&servers, &tokens, &asked).await;
                let range = answer.header("content-range").unwrap_or_default();
                rows += usize::from(range.starts_with(|c: char| c.is_ascii_digit()));
                disagreements.extend(wrong.map(|wrong| format!("seed {seed}, question {number}: {wrong}")));
                if let Some(etag) = answer.header("etag") {
                    let asked = asked.on_condition(etag, &mut random);
                    let (_, wrong) = ask(&servers, &tokens, &asked).await;
                    disagreements.extend(wrong.map(|wrong| format!("seed {seed}, question {number}: {wrong}")));
                }
                let Some(next) = next(&answer) else { break };
                asked.path = next;
                // The link has taken it up.
                asked.headers.retain(|(name, _)| *name != "range");
            }
        }
        assert!(rows * 3 > questions, "most questions find nothing: {rows} pages with rows");
    });
    let first: Vec<_> = disagreements.iter().take(5).map(String::as_str).collect();
    assert!(first.is_empty(), "{} disagreements\n{}", disagreements.len(), first.join("\n\n"));
}

fn setting<T: FromStr<Err: Display>>(name: &str, otherwise: T) -> T {
    env::var(name).map_or(otherwise, |text| text.parse().unwrap_or_else(|e| panic!("{name}={text}: {e}")))
}

/// The answer of the first, and what is wrong with the three.
async fn ask(servers: &[Server; 3], tokens: &[String; 3], asked: &Question) -> (Answer, Option<String>) {
    let call = |at: usize| {
        let mut call = servers[at].call(asked.method, &asked.path);
        if asked.signed_in {
            call = call.token(&tokens[at]);
        }
        for (name, value) in &asked.headers {
            call = call.header(name, value);
        }
        call.send()
    };
    let (direct, over_sqlx, postgres) = tokio::join!(call(0), call(1), call(2));
    let told = comparable(&postgres);
    let wrong = if comparable(&direct) != told {
        Some(format!("SQLite: {}\nPostgreSQL: {told}", comparable(&direct)))
    } else if comparable(&over_sqlx) != told {
        Some(format!("SQLite over sqlx: {}\nPostgreSQL: {told}", comparable(&over_sqlx)))
    } else if told.starts_with('5') {
        Some(format!("a failure of the server: {told}"))
    } else if asked.valid && !told.starts_with("200") && !asked.instead.is_some_and(|status| told.starts_with(status)) {
        Some(format!("a valid query is refused: {told}"))
    } else {
        None
    };
    (direct, wrong.map(|wrong| format!("{asked:?}\n{wrong}")))
}

/// The path that `Link` leads to.
fn next(answer: &Answer) -> Option<String> {
    let path = answer.header("link")?.strip_prefix('<')?.strip_suffix(">; rel=\"next\"")?;
    Some(path.to_owned())
}
