//! `Idempotency-Key`: what was done is not done again, and is answered as it was.

mod concurrent;
mod rights;

use restruct::__private::statements;
use restruct_tests::{
    Backend, Call, Server, both,
    process::SECRET,
    resources::{kanban, marked},
    server::PASSWORD,
};
use serde_json::{Value, json};
use tokio::task::JoinSet;

both!(kanban; a_replay_answers_the_same, another_request_needs_another_key, keys_are_each_callers_own);
both!(kanban; failures_are_not_kept, sixteen_at_once_make_one_row, malformed_keys_are_refused, whole_arrays_are_replayed);
both!(kanban; the_dead_replay_nothing, passwords_are_hashed_once, costs_nothing_without_a_key);
both!(kanban; after_a_day_a_key_is_new, what_is_old_is_forgotten, a_new_token_replays_what_the_old_one_did);
both!(marked; upserts_are_replayed);

const KEY: &str = "8e03978e-40d5-43e8-bc93-6894a57f9324";

fn post(server: &Server, token: &str, key: &str, body: &Value) -> Call {
    server.post("/cards").token(token).json(body).header("idempotency-key", key)
}

async fn count(server: &Server) -> usize {
    server.get("/cards").send().await.rows().len()
}

async fn a_replay_answers_the_same(server: Server) {
    let ann = server.register("Ann").await;
    let card = json!({"title": "x"});
    let first = post(&server, &ann.token, KEY, &card).send().await;
    first.assert_status(201);
    for key in [KEY.to_owned(), format!("\"{KEY}\"")] {
        let again = post(&server, &ann.token, &key, &card).send().await;
        assert_eq!((again.status, &again.body), (first.status, &first.body));
        for name in ["location", "content-type", "vary", "cache-control", "etag", "preference-applied"] {
            assert_eq!(again.header(name), first.header(name), "{name}");
        }
    }
    // What became of the row since is another matter.
    let path = first.header("location").expect("where it is").to_owned();
    server.delete(&path).token(&ann.token).send().await.assert_status(200);
    assert_eq!(post(&server, &ann.token, KEY, &card).send().await.body, first.body);
    assert_eq!(count(&server).await, 0);
    let minimal = || post(&server, &ann.token, "m", &card).header("prefer", "return=minimal");
    let first = minimal().send().await;
    let again = minimal().send().await;
    again.assert_status(201).assert_empty().assert_header("preference-applied", "return=minimal");
    assert_eq!(again.header("location"), first.header("location"));
    assert_eq!(count(&server).await, 1);
}

async fn another_request_needs_another_key(server: Server) {
    let ann = server.register("Ann").await;
    let card = json!({"title": "x"});
    post(&server, &ann.token, KEY, &card).send().await.assert_status(201);
    for other in [
        post(&server, &ann.token, KEY, &json!({"title": "y"})),
        post(&server, &ann.token, KEY, &json!([{"title": "x"}])),
        post(&server, &ann.token, KEY, &card).header("prefer", "return=minimal"),
        server
            .post("/comments")
            .token(&ann.token)
            .json(&json!({"message": "x", "card_id": 1}))
            .header("idempotency-key", KEY),
    ] {
        other.send().await.assert_problem(422, "PT422");
    }
    post(&server, &ann.token, "another", &card).send().await.assert_status(201);
    assert_eq!(count(&server).await, 2);
}

async fn keys_are_each_callers_own(server: Server) {
    let (ann, bob) = (server.register("Ann").await, server.register("Bob").await);
    let card = json!({"title": "x"});
    let first = post(&server, &ann.token, KEY, &card).send().await;
    let second = post(&server, &bob.token, KEY, &card).send().await;
    assert_eq!((first.ok(201)["user_id"].clone(), second.ok(201)["user_id"].clone()), (json!(ann.id), json!(bob.id)));
    post(&server, "x.y.z", KEY, &card).send().await.assert_problem(401, "PGRST301");
    server.post("/cards").json(&card).header("idempotency-key", KEY).send().await.assert_problem(401, "PGRST302");
}

async fn failures_are_not_kept(server: Server) {
    let ann = server.register("Ann").await;
    let comment = |card: i64| {
        let body = json!({"message": "x", "card_id": card});
        server.post("/comments").token(&ann.token).json(&body).header("idempotency-key", KEY)
    };
    post(&server, &ann.token, KEY, &json!({"title": ""})).send().await.assert_invalid(&["title"]);
    comment(1).send().await.assert_fields(409, "23503", &["card_id"]);
    let many = json!([{"message": "x", "card_id": 1}, {"message": "x", "card_id": 1}]);
    let answer = server.post("/comments").token(&ann.token).json(&many).header("idempotency-key", KEY).send().await;
    answer.assert_fields(409, "23503", &["0.card_id", "1.card_id"]);
    post(&server, &ann.token, "other", &json!({"title": "x"})).send().await.assert_status(201);
    comment(1).send().await.assert_status(201);
    comment(1).send().await.assert_status(201);
    assert_eq!(server.get("/comments").send().await.rows().len(), 1);
}

async fn sixteen_at_once_make_one_row(server: Server) {
    let ann = server.register("Ann").await;
    for round in 0..3 {
        let mut set = JoinSet::new();
        for _ in 0..16 {
            set.spawn(post(&server, &ann.token, &format!("k{round}"), &json!({"title": "x"})).send());
        }
        let answers = set.join_all().await;
        let made: Vec<_> = answers.iter().filter(|answer| answer.status == 201).collect();
        assert!(made.iter().all(|answer| answer.body == made[0].body), "{answers:?}");
        for answer in answers.iter().filter(|answer| answer.status != 201) {
            answer.assert_problem(409, "PT409");
        }
        assert_eq!(count(&server).await, round + 1);
    }
}

async fn malformed_keys_are_refused(server: Server) {
    let ann = server.register("Ann").await;
    let card = json!({"title": "x"});
    for key in ["", "\"\"", "\"x", "\"x\"y", "a b", "\"a\\b\"", &"k".repeat(256)] {
        post(&server, &ann.token, key, &card).send().await.assert_problem(400, "PT400");
    }
    let twice = post(&server, &ann.token, KEY, &card).header("idempotency-key", "other").send().await;
    twice.assert_problem(400, "PT400");
    assert_eq!(count(&server).await, 0);
    post(&server, &ann.token, &"k".repeat(255), &card).send().await.assert_status(201);
}

async fn whole_arrays_are_replayed(server: Server) {
    let ann = server.register("Ann").await;
    let rows: Value = (0..300).map(|n| json!({"title": n.to_string()})).collect();
    let first = post(&server, &ann.token, KEY, &rows).send().await;
    assert_eq!(first.ok(201).as_array().map(Vec::len), Some(300));
    assert_eq!(post(&server, &ann.token, KEY, &rows).send().await.body, first.body);
    let counted = server.get("/cards").header("prefer", "count=exact").send().await;
    counted.assert_header("x-total-count", "300");
}

async fn the_dead_replay_nothing(server: Server) {
    let (ann, root) = (server.register("Ann").await, server.admin("Root").await);
    let card = json!({"title": "x"});
    post(&server, &ann.token, KEY, &card).send().await.assert_status(201);
    server.delete(&format!("/users/{}", ann.id)).token(&root.token).send().await.assert_status(200);
    post(&server, &ann.token, KEY, &card).send().await.assert_problem(401, "PGRST301");
    post(&server, &ann.token, "new", &card).send().await.assert_problem(401, "PGRST301");
}

async fn passwords_are_hashed_once(server: Server) {
    let root = server.admin("Root").await;
    let row = json!({"name": "x", "email": "x@example.com", "password": PASSWORD});
    let call = || server.post("/users").token(&root.token).json(&row).header("idempotency-key", KEY);
    let first = call().send().await;
    first.assert_status(201);
    assert_eq!(call().send().await.body, first.body);
    server.login("x@example.com", PASSWORD).await;
}

async fn costs_nothing_without_a_key(server: Server) {
    let ann = server.register("Ann").await;
    let before = statements(&server.db);
    server.create("/cards", &ann.token, &json!({"title": "x"})).await;
    assert_eq!(statements(&server.db) - before, 1);
    post(&server, &ann.token, KEY, &json!({"title": "x"})).send().await.assert_status(201);
    let before = statements(&server.db);
    post(&server, &ann.token, KEY, &json!({"title": "x"})).send().await.assert_status(201);
    assert_eq!(statements(&server.db) - before, 2, "what was answered, and whether the token is alive");
}

async fn upserts_are_replayed(server: Server) {
    let ann = server.register("Ann").await;
    let call = || {
        let call = server.post("/marks?on_conflict=slug").token(&ann.token).json(&json!([{"slug": "a"}]));
        call.header("prefer", "resolution=merge-duplicates").header("idempotency-key", KEY)
    };
    let first = call().send().await;
    first.assert_status(201);
    let again = call().send().await;
    assert_eq!((again.status, &again.body), (201, &first.body));
    assert_eq!(server.get("/marks").token(&ann.token).send().await.each("version"), [1]);
}

/// Makes every answer that is kept so much older.
async fn age(server: &Server, by: &str) {
    let then = match server.backend() {
        Backend::Sqlite => format!("strftime('%Y-%m-%dT%H:%M:%S.000000Z', done_at, '-{by}')"),
        Backend::Postgres => format!("done_at - INTERVAL '{by}'"),
    };
    server.database.execute(&format!("UPDATE _restruct_idempotency SET done_at = {then}")).await;
}

async fn kept(server: &Server) -> i64 {
    server.database.number("SELECT count(*) FROM _restruct_idempotency").await
}

async fn after_a_day_a_key_is_new(server: Server) {
    let ann = server.register("Ann").await;
    let card = json!({"title": "x"});
    let first = post(&server, &ann.token, KEY, &card).send().await;
    first.assert_status(201);
    age(&server, "23 hours").await;
    assert_eq!(post(&server, &ann.token, KEY, &card).send().await.body, first.body, "it is not a day old");
    age(&server, "1 hours").await;
    // Another process may not have looked for a minute: what is too old is there and not seen.
    let second = post(&server, &ann.token, KEY, &card).send().await;
    assert_ne!(second.assert_status(201).id(), first.id());
    assert_eq!((count(&server).await, kept(&server).await), (2, 1));
    assert_eq!(post(&server, &ann.token, KEY, &card).send().await.body, second.body, "its day has begun anew");
    // By then the key may be another request's.
    age(&server, "24 hours").await;
    post(&server, &ann.token, KEY, &json!({"title": "y"})).send().await.assert_status(201);
    post(&server, &ann.token, KEY, &card).send().await.assert_problem(422, "PT422");
    // A failure leaves what is old as it is.
    age(&server, "24 hours").await;
    post(&server, &ann.token, KEY, &json!({"title": ""})).send().await.assert_invalid(&["title"]);
    post(&server, &ann.token, KEY, &card).send().await.assert_status(201);
    assert_eq!((count(&server).await, kept(&server).await), (4, 1));
}

async fn what_is_old_is_forgotten(server: Server) {
    let ann = server.register("Ann").await;
    let card = json!({"title": "x"});
    for key in ["a", "b", "c"] {
        post(&server, &ann.token, key, &card).send().await.assert_status(201);
    }
    age(&server, "24 hours").await;
    post(&server, &ann.token, "d", &card).send().await.assert_status(201);
    assert_eq!(kept(&server).await, 4, "a process looks once a minute");
    // One that has just begun has not looked yet, and forgets nothing that can still be asked for.
    let Server { db, database, .. } = &server;
    let other = Server::resume(kanban().jwt_secret(SECRET), db.clone(), database.clone()).await;
    let without = other.post("/cards").token(&ann.token).json(&card).send().await;
    without.assert_status(201);
    assert_eq!(kept(&server).await, 4, "nobody sent a key");
    post(&other, &ann.token, "d", &card).send().await.assert_status(201);
    assert_eq!(kept(&server).await, 4, "a replay writes nothing");
    post(&other, &ann.token, "e", &card).send().await.assert_status(201);
    assert_eq!(kept(&server).await, 2);
    assert_eq!(count(&server).await, 6);
}

async fn a_new_token_replays_what_the_old_one_did(server: Server) {
    let ann = server.register("Ann").await;
    let card = json!({"title": "x"});
    let first = post(&server, &ann.token, KEY, &card).send().await;
    first.assert_status(201);
    let body = json!({"current": PASSWORD, "new": "another good one"});
    server.post("/auth/password").token(&ann.token).json(&body).send().await.assert_status(200);
    for key in [KEY, "new"] {
        post(&server, &ann.token, key, &card).send().await.assert_problem(401, "PGRST301");
    }
    assert_eq!((count(&server).await, kept(&server).await), (1, 1), "nothing is done and nothing kept");
    let anew = server.login(&ann.email, "another good one").await;
    assert_eq!(post(&server, &anew.token, KEY, &card).send().await.body, first.body);
    post(&server, &anew.token, "new", &card).send().await.assert_status(201);
}
