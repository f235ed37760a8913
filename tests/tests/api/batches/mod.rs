//! Many writes at once, which a database may make together: each has its own answer, as if it had come alone.

mod failures;
mod inserts;
mod updates;

use restruct_tests::{Answer, Backend, Call, Server, Session};
use tokio::task::JoinSet;

const MANY: usize = 64;

/// What all of them were answered, in order.
async fn all(calls: impl IntoIterator<Item = Call>) -> Vec<Answer> {
    let mut set = JoinSet::new();
    for (at, call) in calls.into_iter().enumerate() {
        set.spawn(async move { (at, call.send().await) });
    }
    let mut answers = set.join_all().await;
    answers.sort_by_key(|(at, _)| *at);
    answers.into_iter().map(|(_, answer)| answer).collect()
}

/// How many rows PostgreSQL made together with others.
async fn in_company(server: &Server, table: &str) -> i64 {
    server.database.number(&format!("SELECT count(*) - count(DISTINCT xmin::text) FROM {table}")).await
}

/// Sends `calls` until PostgreSQL has made some of the rows together.
async fn together(
    server: &Server,
    table: &str,
    mut calls: impl FnMut() -> Vec<Call>,
    mut check: impl FnMut(&[Answer]),
) {
    loop {
        check(&all(calls()).await);
        if server.backend() == Backend::Sqlite || in_company(server, table).await > 0 {
            return;
        }
    }
}

/// Eight of them, signed in.
async fn people(server: &Server) -> Vec<Session> {
    let mut people = Vec::new();
    for at in 0..8 {
        people.push(server.register(&format!("Ann{at}")).await);
    }
    people
}

/// Until so many of the server's statements wait for a lock.
pub(crate) async fn until_waiting(server: &Server, many: usize) {
    let waiting =
        "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()";
    while server.database.number(waiting).await < i64::try_from(many).expect("few") {
        tokio::task::yield_now().await;
    }
}
