//! Typed use in Rust: the same engine and the same guarantees as over HTTP.

use restruct::{App, Caller, Code, Db, Password, Store as _, axum, prelude::NaiveDate};
use restruct_tests::{
    Server, both,
    resources::{Card, Diary, Priority, Seat, Status, User, kanban, odd, related},
    server::PASSWORD,
};
use serde_json::json;

both!(kanban; inserts_and_finds, asks_before_it_writes, updates_and_deletes, queries, keeps_passwords);
both!(kanban; transactions_keep_all_or_nothing, refuses_what_the_api_refuses);
both!(odd; says_what_is_taken, gets_or_inserts);
both!(with_routes; hand_written_routes_know_the_caller);
both!(related_with_routes; shows_what_a_caller_may_read);

async fn user(db: &Db, name: &str) -> User {
    let draft = User::draft().set(User::NAME, name).set(User::EMAIL, format!("{name}@example.com"));
    draft.set(User::PASSWORD, Password::new(PASSWORD)).insert(db).await.expect("a user")
}

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a date")
}

async fn inserts_and_finds(server: Server) {
    let db = &server.db;
    let ann = user(db, "ann").await;
    let draft = Card::draft().set(Card::TITLE, "x").set(Card::USER_ID, ann.id).set(Card::DATE, day("2026-05-01"));
    let card = draft.insert(db).await.expect("a card");
    assert_eq!((card.title.as_str(), card.status, card.priority), ("x", Status::ToDo, Priority::Medium));
    assert_eq!((card.user_id, card.date), (ann.id, Some(day("2026-05-01"))));
    assert_eq!(card.created_at, card.updated_at);
    let found = Card::find(db, card.id).await.expect("the query runs").expect("the card");
    assert_eq!((found.id, found.created_at, found.version), (card.id, card.created_at, card.version));
    assert!(Card::find(db, 4711).await.expect("the query runs").is_none());
    let seen = server.get(&format!("/cards/{}", card.id)).send().await.ok(200);
    assert_eq!(seen, serde_json::to_value(&found).expect("JSON"), "the derive writes what the API answers");
}

async fn asks_before_it_writes(server: Server) {
    let before = restruct::__private::statements(&server.db);
    let error = Card::draft().insert(&server.db).await.expect_err("a title is required");
    assert_eq!(error.code(), Code::Invalid);
    assert_eq!(error.errors().keys().collect::<Vec<_>>(), ["title", "user_id"]);
    let wrong = Card::draft().set(Card::TITLE, "").set(Card::DESCRIPTION, "nul\0".to_owned()).set(Card::USER_ID, 1);
    let error = wrong.insert(&server.db).await.expect_err("they do not pass");
    assert_eq!(error.code(), Code::Invalid);
    assert!(error.errors().contains_key("description"), "{error}");
    let error = Card::query().filter(Card::TITLE.eq("nul\0")).all(&server.db).await.expect_err("no text has a NUL");
    assert_eq!(error.code(), Code::Invalid);
    assert_eq!(restruct::__private::statements(&server.db), before, "nothing was sent");
}

async fn updates_and_deletes(server: Server) {
    let db = &server.db;
    let ann = user(db, "ann").await;
    let mut card = Card::draft().set(Card::TITLE, "x").set(Card::USER_ID, ann.id).insert(db).await.expect("a card");
    let (version, made) = (card.version, card.created_at);
    card.title = "y".into();
    card.status = Status::Done;
    card.update(db).await.expect("the update");
    assert_eq!((card.version, card.created_at), (version + 1, made));
    assert!(card.updated_at >= made);
    let again = Card::draft().set(Card::PRIORITY, Priority::High).update(db, card.id).await.expect("the update");
    assert_eq!((again.title.as_str(), again.status, again.priority), ("y", Status::Done, Priority::High));
    let gone = Card::find(db, card.id).await.expect("the query runs").expect("the card");
    card.delete(db).await.expect("the deletion");
    assert!(Card::find(db, gone.id).await.expect("the query runs").is_none());
    assert_eq!(gone.delete(db).await.expect_err("it is gone").code(), Code::NotFound);
    let lost = Card::draft().set(Card::TITLE, "z").update(db, 4711).await;
    assert_eq!(lost.expect_err("it never was").code(), Code::NotFound);
}

async fn queries(server: Server) {
    let db = &server.db;
    let ann = user(db, "ann").await;
    for (title, status, date) in [
        ("a", Status::ToDo, Some("2026-01-03")),
        ("b", Status::Done, Some("2026-01-01")),
        ("c", Status::Done, None),
        ("d", Status::Testing, Some("2026-01-02")),
    ] {
        let draft = Card::draft().set(Card::TITLE, title).set(Card::STATUS, status).set(Card::USER_ID, ann.id);
        draft.set(Card::DATE, date.map(day)).insert(db).await.expect("a card");
    }
    let titles = async |query: restruct::Query<Card>| {
        let cards = query.all(db).await.expect("the query runs");
        cards.into_iter().map(|card| card.title).collect::<String>()
    };
    assert_eq!(titles(Card::query()).await, "abcd");
    assert_eq!(titles(Card::query().filter(Card::STATUS.eq(Status::Done))).await, "bc");
    assert_eq!(titles(Card::query().filter(Card::STATUS.neq(Status::Done)).order(Card::DATE.desc())).await, "ad");
    assert_eq!(titles(Card::query().order(Card::DATE.asc())).await, "bdac", "NULLs as PostgreSQL has them");
    assert_eq!(titles(Card::query().order(Card::DATE.desc())).await, "cadb");
    assert_eq!(titles(Card::query().filter(Card::DATE.is_null() | Card::DATE.lt(day("2026-01-02")))).await, "bc");
    assert_eq!(
        titles(Card::query().filter(Card::DATE.gte(day("2026-01-02")) & Card::DATE.lte(day("2026-01-03")))).await,
        "ad"
    );
    assert_eq!(titles(Card::query().filter(!Card::TITLE.is_in(["a", "d"]))).await, "bc");
    assert_eq!(titles(Card::query().filter(Card::DATE.is_not_null()).filter(Card::TITLE.gt("a"))).await, "bd");
    assert_eq!(titles(Card::query().order(Card::STATUS.asc()).order(Card::TITLE.desc())).await, "cbda");
    assert_eq!(titles(Card::query().limit(2).offset(1)).await, "bc");
    assert_eq!(titles(Card::query().filter(Card::TITLE.is_in(Vec::<String>::new()))).await, "");
    let done = || Card::query().filter(Card::STATUS.eq(Status::Done));
    assert_eq!(done().limit(1).count(db).await.expect("the query runs"), 2);
    assert_eq!(done().first(db).await.expect("the query runs").map(|card| card.title).as_deref(), Some("b"));
}

async fn keeps_passwords(server: Server) {
    let db = &server.db;
    let mut ann = user(db, "ann").await;
    let session = server.login("ann@example.com", PASSWORD).await;
    ann.name = "Anna".into();
    ann.update(db).await.expect("the update");
    server.login("ann@example.com", PASSWORD).await;
    server.get("/auth/me").token(&session.token).send().await.assert_status(200);
    let unchanged =
        User::draft().set(User::NAME, "x").set(User::EMAIL, "x@example.com").set(User::PASSWORD, Password::UNCHANGED);
    assert_eq!(unchanged.insert(db).await.expect_err("there is none to keep").code(), Code::Invalid);
    for clear in ["short", &"x".repeat(73), "nul\0nul\0nul"] {
        let weak = User::draft().set(User::PASSWORD, Password::new(clear)).update(db, ann.id).await;
        let error = weak.expect_err("it is refused");
        assert_eq!(error.code(), Code::Invalid);
        assert!(!format!("{error} {error:?}").contains(clear));
    }
    let changed = User::draft().set(User::PASSWORD, Password::new("another passphrase")).update(db, ann.id).await;
    changed.expect("the update");
    server.get("/auth/me").token(&session.token).send().await.assert_problem(401, "PGRST301");
    server.login("ann@example.com", "another passphrase").await;
    let promoted = User::draft().set(User::IS_ADMIN, true).update(db, ann.id).await.expect("the update");
    assert!(promoted.is_admin);
    let admin = server.login("ann@example.com", "another passphrase").await;
    User::draft().set(User::IS_ADMIN, false).update(db, ann.id).await.expect("the update");
    server.get("/auth/me").token(&admin.token).send().await.assert_problem(401, "PGRST301");
}

async fn transactions_keep_all_or_nothing(server: Server) {
    let db = &server.db;
    let ann = user(db, "ann").await;
    let insert = || Card::draft().set(Card::TITLE, "x").set(Card::USER_ID, ann.id);
    let count = async || Card::query().count(db).await.expect("the query runs");
    let tx = db.begin().await.expect("a transaction");
    insert().insert(&tx).await.expect("a card");
    insert().insert(&tx).await.expect("a card");
    assert_eq!(Card::query().count(&tx).await.expect("the query runs"), 2, "it sees itself");
    assert_eq!(count().await, 0, "nobody else does");
    tx.commit().await.expect("the commit");
    assert_eq!(count().await, 2);
    let tx = db.begin().await.expect("a transaction");
    insert().insert(&tx).await.expect("a card");
    tx.rollback().await.expect("the rollback");
    assert_eq!(count().await, 2);
    let tx = db.begin().await.expect("a transaction");
    insert().insert(&tx).await.expect("a card");
    drop(tx);
    // Whoever writes next waits until the dropped one is undone.
    insert().insert(db).await.expect("a card");
    assert_eq!(count().await, 3);
}

async fn refuses_what_the_api_refuses(server: Server) {
    let db = &server.db;
    let ann = user(db, "ann").await;
    let long = Card::draft().set(Card::TITLE, "x".repeat(101)).set(Card::USER_ID, ann.id).insert(db).await;
    let error = long.expect_err("too long");
    assert_eq!((error.code(), error.errors().len()), (Code::Invalid, 1));
    let lost = Card::draft().set(Card::TITLE, "x").set(Card::USER_ID, 4711).insert(db).await;
    assert_eq!(lost.expect_err("no such user").code(), Code::ForeignKey);
    let twice = User::draft()
        .set(User::NAME, "x")
        .set(User::EMAIL, "ANN@example.com")
        .set(User::PASSWORD, Password::new(PASSWORD));
    let error = twice.insert(db).await.expect_err("the address is taken");
    assert_eq!(error.code(), Code::Unique);
    assert!(error.errors().contains_key("email"), "{error}");
    let mail =
        User::draft().set(User::NAME, "x").set(User::EMAIL, "nobody").set(User::PASSWORD, Password::new(PASSWORD));
    assert!(mail.insert(db).await.expect_err("no address").errors().contains_key("email"));
}

async fn says_what_is_taken(server: Server) {
    let seat = || Seat::draft().set(Seat::HALL, "A").set(Seat::NUMBER, 1);
    seat().insert(&server.db).await.expect("a seat");
    let error = seat().insert(&server.db).await.expect_err("it is taken");
    assert_eq!(error.code(), Code::Unique);
    assert_eq!(error.errors().keys().collect::<Vec<_>>(), ["hall", "number"]);
}

async fn gets_or_inserts(server: Server) {
    let seat = |number| Seat::draft().set(Seat::HALL, "A").set(Seat::NUMBER, number).set(Seat::CODE, "x".to_owned());
    let first = seat(1).get_or_insert(&server.db, Seat::CODE).await.expect("a seat");
    let second = seat(2).get_or_insert(&server.db, Seat::CODE).await.expect("the same seat");
    assert_eq!((first.id, second.number), (second.id, 1));
    assert_eq!(Seat::query().count(&server.db).await.expect("the query runs"), 1);
}

fn with_routes() -> App {
    let router = axum::Router::new()
        .route("/stats", axum::routing::get(stats))
        .route("/whoami", axum::routing::get(who_am_i))
        .route("/fails", axum::routing::get(async || restruct::Error::new(Code::NotFound, "there is no such board")));
    kanban().routes(router)
}

type Reply = ([(&'static str, &'static str); 1], String);

fn reply(body: &serde_json::Value) -> Reply {
    ([("content-type", "application/json")], body.to_string())
}

async fn stats(db: Db) -> restruct::Result<Reply> {
    let done = Card::query().filter(Card::STATUS.eq(Status::Done)).count(&db).await?;
    Ok(reply(&json!({"done": done})))
}

async fn who_am_i(caller: Caller, db: Db) -> restruct::Result<Reply> {
    let is_admin = caller.is_admin(&db).await?;
    Ok(reply(&json!({"id": caller.id::<User>(), "is_admin": is_admin})))
}

async fn hand_written_routes_know_the_caller(server: Server) {
    let (ann, root) = (server.register("Ann").await, server.admin("Root").await);
    server.create("/cards", &ann.token, &json!({"title": "x", "status": "Done"})).await;
    assert_eq!(server.get("/stats").send().await.ok(200), json!({"done": 1}));
    let who = async |token: Option<&str>| server.get("/whoami").maybe_token(token).send().await;
    assert_eq!(who(None).await.ok(200), json!({"id": null, "is_admin": false}));
    assert_eq!(who(Some(&ann.token)).await.ok(200), json!({"id": ann.id, "is_admin": false}));
    assert_eq!(who(Some(&root.token)).await.ok(200), json!({"id": root.id, "is_admin": true}));
    who(Some("x.y.z")).await.assert_problem(401, "PGRST301");
    server.call("OPTIONS", "/stats").send().await.assert_status(204).assert_allow(&["GET", "HEAD", "OPTIONS"]);
    server.post("/stats").send().await.assert_allow(&["GET", "HEAD", "OPTIONS"]).assert_problem(405, "PGRST117");
    User::draft().set(User::IS_ADMIN, false).update(&server.db, root.id).await.expect("the demotion");
    let demoted = who(Some(&root.token)).await;
    if demoted.status == 200 {
        assert_eq!(demoted.json()["is_admin"], false, "no role is stale\n{demoted:?}");
    } else {
        demoted.assert_problem(401, "PGRST301");
    }
    server.get("/fails").send().await.assert_problem(404, "PGRST116");
}

fn related_with_routes() -> App {
    related().routes(axum::Router::new().route("/titles", axum::routing::get(titles)))
}

async fn titles(caller: Caller, db: Db) -> restruct::Result<Reply> {
    let diaries = Diary::query().visible_to(&caller).all(&db).await?;
    let titles: Vec<_> = diaries.into_iter().map(|diary| diary.title).collect();
    Ok(reply(&json!(titles)))
}

async fn shows_what_a_caller_may_read(server: Server) {
    let (ann, bob) = (server.register("Ann").await, server.register("Bob").await);
    server.create("/diaries", &ann.token, &json!({"title": "hers"})).await;
    server.create("/diaries", &bob.token, &json!({"title": "his"})).await;
    assert_eq!(server.get("/titles").token(&ann.token).send().await.ok(200), json!(["hers"]));
    assert_eq!(server.get("/titles").token(&bob.token).send().await.ok(200), json!(["his"]));
    server.get("/titles").send().await.assert_problem(401, "PGRST302");
    let all = Diary::query().all(&server.db).await.expect("the query runs");
    assert_eq!(all.len(), 2, "the program itself sees everything");
    let ann_row = User::find(&server.db, ann.id).await.expect("the query runs").expect("the row");
    ann_row.delete(&server.db).await.expect("the deletion");
    server.get("/titles").token(&ann.token).send().await.assert_problem(401, "PGRST301");
}
