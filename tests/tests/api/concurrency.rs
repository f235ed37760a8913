//! Many at once: nobody is turned away, nothing is lost, and the dead are dead.

use restruct::{Password, Store as _};
use restruct_tests::{
    Answer, Backend, Server, Session, both,
    resources::{User, kanban},
    server::PASSWORD,
};
use serde_json::{Value, json};
use tokio::task::JoinSet;

both!(kanban; thirty_two_writers_all_succeed, one_of_many_wins_a_unique_value, no_update_is_lost);
both!(kanban; the_dead_are_dead_at_once, whole_batches_or_nothing, nobody_undoes_what_ends_them);

const WRITERS: usize = 32;

/// What all of them were answered.
pub(crate) async fn all(calls: impl IntoIterator<Item = restruct_tests::Call>) -> Vec<Answer> {
    let mut set = JoinSet::new();
    for call in calls {
        set.spawn(call.send());
    }
    set.join_all().await
}

#[track_caller]
fn count(answers: &[Answer], status: u16) -> usize {
    for answer in answers {
        assert!(answer.status < 500, "{answer:?}");
    }
    answers.iter().filter(|answer| answer.status == status).count()
}

async fn thirty_two_writers_all_succeed(server: Server) {
    let ann = server.register("Ann").await;
    for round in 0..5 {
        let body = json!({"title": format!("round {round}")});
        let calls = (0..WRITERS).map(|_| server.post("/cards").token(&ann.token).json(&body));
        let reads = (0..WRITERS).map(|_| server.get("/cards?limit=5"));
        let answers = all(calls.chain(reads)).await;
        assert_eq!((count(&answers, 201), count(&answers, 200)), (WRITERS, WRITERS));
    }
    let counted = server.get("/cards").header("prefer", "count=exact").send().await;
    counted.assert_header("x-total-count", &(5 * WRITERS).to_string());
    let paths: Vec<_> = (1..=WRITERS).map(|id| format!("/cards/{id}")).collect();
    let changes = paths.iter().map(|path| server.patch(path).token(&ann.token).json(&json!({"status": "Done"})));
    assert_eq!(count(&all(changes).await, 200), WRITERS);
    let removals = paths.iter().map(|path| server.delete(path).token(&ann.token));
    assert_eq!(count(&all(removals).await, 200), WRITERS);
}

async fn one_of_many_wins_a_unique_value(server: Server) {
    for round in 0..3 {
        let body = json!({"name": "x", "email": format!("same{round}@example.com"), "password": PASSWORD});
        let answers = all((0..WRITERS).map(|_| server.post("/auth/register").json(&body))).await;
        assert_eq!((count(&answers, 201), count(&answers, 409)), (1, WRITERS - 1));
        for loser in answers.iter().filter(|answer| answer.status == 409) {
            loser.assert_fields(409, "23505", &["email"]);
        }
    }
}

async fn no_update_is_lost(server: Server) {
    let ann = server.register("Ann").await;
    let card = server.create("/cards", &ann.token, &json!({"title": "x"})).await;
    let path = format!("/cards/{}", card["id"]);
    let calls = (0..WRITERS).map(|i| server.patch(&path).token(&ann.token).json(&json!({"title": format!("t{i}")})));
    let answers = all(calls).await;
    assert_eq!(count(&answers, 200), WRITERS);
    let mut versions: Vec<_> = answers.iter().map(|answer| answer.json()["version"].as_i64()).collect();
    versions.sort_unstable();
    versions.dedup();
    assert_eq!(versions.len(), WRITERS, "every change had a version of its own");
    let after = server.get(&path).send().await.ok(200);
    let expected = card["version"].as_i64().map(|version| version + i64::try_from(WRITERS).expect("few"));
    assert_eq!(after["version"].as_i64(), expected);
}

/// Asks with a token without a pause, until `stop` is dropped; gives the statuses, in order.
fn hammer(
    server: &Server,
    session: &Session,
    stop: &tokio::sync::watch::Sender<()>,
) -> tokio::task::JoinHandle<Vec<u16>> {
    let (call, mut stopped) = (server.get("/auth/me").token(&session.token), stop.subscribe());
    tokio::spawn(async move {
        let mut statuses = Vec::new();
        loop {
            tokio::select! {
                biased;
                _ = stopped.changed() => return statuses,
                answer = call.clone().send() => statuses.push(answer.status),
            }
        }
    })
}

async fn the_dead_are_dead_at_once(server: Server) {
    let root = server.admin("Root").await;
    let (deleted, changed, demoted) =
        (server.register("Ann").await, server.register("Bob").await, server.admin("Chief").await);
    let (stop, _) = tokio::sync::watch::channel(());
    let hammers: Vec<_> = [&deleted, &changed, &demoted].map(|session| hammer(&server, session, &stop)).into();
    let user = |session: &Session| format!("/users/{}", session.id);
    server.delete(&user(&deleted)).token(&root.token).send().await.assert_status(200);
    let passwords = json!({"current": PASSWORD, "new": "another passphrase"});
    server.post("/auth/password").token(&changed.token).json(&passwords).send().await.assert_status(200);
    let demotion = json!({"is_admin": false});
    server.patch(&user(&demoted)).token(&root.token).json(&demotion).send().await.assert_status(200);
    // From the moment of the answer on, on every connection there is.
    for session in [&deleted, &changed, &demoted] {
        let calls = (0..WRITERS).map(|_| server.get("/auth/me").token(&session.token));
        assert_eq!(count(&all(calls).await, 401), WRITERS);
        let writes = (0..4).map(|_| server.post("/cards").token(&session.token).json(&json!({"title": "x"})));
        assert_eq!(count(&all(writes).await, 401), 4);
    }
    drop(stop);
    for hammer in hammers {
        let statuses = hammer.await.expect("a task");
        assert!(statuses.iter().all(|status| matches!(status, 200 | 401)), "{statuses:?}");
        assert!(statuses.is_sorted(), "the dead came back: {statuses:?}");
    }
    assert!(server.get("/cards").send().await.rows().is_empty());
}

async fn whole_batches_or_nothing(server: Server) {
    let ann = server.register("Ann").await;
    let good: Vec<_> = (0..20).map(|_| json!({"title": "good"})).collect();
    let mut bad = good.clone();
    bad.push(json!({"title": "bad", "status": null}));
    let bodies = [Value::Array(good), Value::Array(bad)];
    let calls = (0..WRITERS).map(|i| server.post("/cards").token(&ann.token).json(&bodies[i % 2]));
    let answers = all(calls).await;
    assert_eq!((count(&answers, 201), count(&answers, 422)), (WRITERS / 2, WRITERS / 2));
    let stored = server.database.number("SELECT count(*) FROM cards").await;
    assert_eq!(stored, i64::try_from(WRITERS / 2 * 20).expect("few"));
}

/// A request that waits for the very change that ends its caller must find out when it gets its turn.
async fn nobody_undoes_what_ends_them(server: Server) {
    let (ann, bob) = (server.admin("Ann").await, server.register("Bob").await);
    let promotion = json!({"is_admin": true});
    let stay = server.patch(&format!("/users/{}", ann.id)).token(&ann.token).json(&promotion);
    let tx = server.db.begin().await.expect("a transaction");
    User::draft().set(User::IS_ADMIN, false).update(&tx, ann.id).await.expect("a demotion");
    let waiting = [tokio::spawn(stay.send())];
    until_somebody_waits(&server).await;
    tx.commit().await.expect("the demotion holds");
    for call in waiting {
        call.await.expect("an answer").assert_problem(401, "PGRST301");
    }
    let ann = User::find(&server.db, ann.id).await.expect("a query").expect("Ann");
    assert!(!ann.is_admin);

    let change = json!({"current": PASSWORD, "new": "what a thief would like"});
    let theft = server.post("/auth/password").token(&bob.token).json(&change);
    let tx = server.db.begin().await.expect("a transaction");
    let rescue = Password::new("what the owner chose");
    User::draft().set(User::PASSWORD, rescue).update(&tx, bob.id).await.expect("a new password");
    let waiting = tokio::spawn(theft.send());
    until_somebody_waits(&server).await;
    tx.commit().await.expect("the password holds");
    waiting.await.expect("an answer").assert_problem(401, "PGRST301");
    server.login("bob@example.com", "what the owner chose").await;
}

/// PostgreSQL can be asked whether a statement waits for a row; SQLite's writers queue before they reach it.
async fn until_somebody_waits(server: &Server) {
    if server.backend() == Backend::Sqlite {
        return;
    }
    let waiting =
        "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()";
    while server.database.number(waiting).await == 0 {
        tokio::task::yield_now().await;
    }
}
