//! Requests with one key at a time: one is done, and the others are told so.

use restruct::{Store as _, Tx};
use restruct_tests::{
    Answer, Backend, Call, Server, Session, both,
    process::SECRET,
    resources::{Card, kanban},
    server::PASSWORD,
};
use serde_json::{Value, json};
use tokio::task::JoinSet;

use super::KEY;

both!(kanban; one_is_done_and_the_others_are_refused, who_goes_away_gives_the_key_back);
both!(kanban; a_dead_token_is_told_of_first, another_process_is_refused_or_waits);

/// A comment that cannot be made before the transaction ends: on SQLite nobody else writes meanwhile, and on PostgreSQL
/// nobody refers to a row that may go.
async fn held(server: &Server, who: &Session) -> (Value, Tx) {
    let card = server.create("/cards", &who.token, &json!({"title": "x"})).await;
    let tx = server.db.begin().await.expect("a transaction");
    let row = Card::find(&tx, card["id"].as_i64().expect("a key")).await.expect("a query").expect("the card");
    row.delete(&tx).await.expect("a deletion");
    (json!({"message": "x", "card_id": card["id"]}), tx)
}

fn post(server: &Server, token: &str, comment: &Value) -> Call {
    server.post("/comments").token(token).json(comment).header("idempotency-key", KEY)
}

async fn next(calls: &mut JoinSet<Answer>) -> Answer {
    calls.join_next().await.expect("one is left").expect("an answer")
}

/// What is answered once nothing with the key is being done any more.
async fn until_free(call: Call) -> Answer {
    loop {
        let answer = call.clone().send().await;
        if answer.status != 409 || answer.json()["code"] != "PT409" {
            return answer;
        }
        tokio::task::yield_now().await;
    }
}

async fn one_is_done_and_the_others_are_refused(server: Server) {
    let ann = server.register("Ann").await;
    let (comment, tx) = held(&server, &ann).await;
    let mut calls = JoinSet::new();
    for _ in 0..16 {
        calls.spawn(post(&server, &ann.token, &comment).send());
    }
    // Whichever of them came first has to wait for the transaction, and nobody has to wait for that one.
    for _ in 1..16 {
        next(&mut calls).await.assert_problem(409, "PT409");
    }
    let another = json!({"message": "y", "card_id": comment["card_id"]});
    post(&server, &ann.token, &another).send().await.assert_problem(409, "PT409");
    tx.rollback().await.expect("the card stays");
    let done = next(&mut calls).await;
    done.assert_status(201);
    assert_eq!(post(&server, &ann.token, &comment).send().await.body, done.body);
    assert_eq!(server.get("/comments").send().await.rows().len(), 1);
}

async fn who_goes_away_gives_the_key_back(server: Server) {
    let (ann, root) = (server.register("Ann").await, server.admin("Root").await);
    let (comment, tx) = held(&server, &root).await;
    let mut calls = JoinSet::new();
    for _ in 0..2 {
        calls.spawn(post(&server, &root.token, &comment).send());
    }
    next(&mut calls).await.assert_problem(409, "PT409");
    calls.shutdown().await;
    // What is refused without a write says at once whether the key is free.
    let taken = json!({"name": "x", "email": ann.email, "password": PASSWORD});
    let taken = server.post("/users").token(&root.token).json(&taken).header("idempotency-key", KEY);
    until_free(taken).await.assert_fields(409, "23505", &["email"]);
    tx.rollback().await.expect("the card stays");
    // PostgreSQL has the key until it has done with what was left in the middle.
    until_free(post(&server, &root.token, &comment)).await.assert_status(201);
    assert_eq!(server.get("/comments").send().await.rows().len(), 1);
}

async fn a_dead_token_is_told_of_first(server: Server) {
    let old = server.register("Ann").await;
    let body = json!({"current": PASSWORD, "new": "another good one"});
    server.post("/auth/password").token(&old.token).json(&body).send().await.assert_status(200);
    let ann = server.login(&old.email, "another good one").await;
    let (comment, tx) = held(&server, &ann).await;
    let mut calls = JoinSet::new();
    for _ in 0..2 {
        calls.spawn(post(&server, &ann.token, &comment).send());
    }
    next(&mut calls).await.assert_problem(409, "PT409");
    post(&server, &old.token, &comment).send().await.assert_problem(401, "PGRST301");
    tx.rollback().await.expect("the card stays");
    next(&mut calls).await.assert_status(201);
}

/// Another application over the same database knows of this one what any process does.
async fn another_process_is_refused_or_waits(server: Server) {
    let ann = server.register("Ann").await;
    let other = Server::resume(kanban().jwt_secret(SECRET), server.db.clone(), server.database.clone()).await;
    let (comment, tx) = held(&server, &ann).await;
    let mut calls = JoinSet::new();
    for server in [&server, &other] {
        calls.spawn(post(server, &ann.token, &comment).send());
    }
    if server.backend() == Backend::Postgres {
        next(&mut calls).await.assert_problem(409, "PT409");
    }
    tx.rollback().await.expect("the card stays");
    let done = next(&mut calls).await;
    done.assert_status(201);
    for again in calls.join_all().await {
        assert_eq!((again.status, &again.body), (201, &done.body));
    }
    assert_eq!(server.get("/comments").send().await.rows().len(), 1);
}
