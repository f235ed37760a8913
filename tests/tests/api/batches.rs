//! Many writes at once, which a database may make together: each has its own answer, as if it had come alone.

use restruct::{App, Db, Store as _};
use restruct_tests::{
    Answer, Backend, Call, Server, Session, backend, both,
    resources::{User, kanban, odd, related},
    server::PASSWORD,
};
use serde_json::{Value, json};
use tokio::task::{JoinHandle, JoinSet};

both!(kanban; each_has_its_own_row, each_is_refused_by_itself, a_taken_login_is_refused_by_itself);
both!(kanban; each_changes_its_own_row, nobody_changes_what_ends_them);
both!(related; references_are_looked_at_for_each);
both!(odd; one_of_each_pair_changes, guards_are_looked_at_for_each);
both!(odd; one_of_each_pair_wins, values_of_every_type, keys_that_are_uuids, who_waits_holds_up_nobody);

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

async fn people(server: &Server) -> Vec<Session> {
    let mut people = Vec::new();
    for at in 0..8 {
        people.push(server.register(&format!("Ann{at}")).await);
    }
    people
}

async fn each_has_its_own_row(server: Server) {
    let people = people(&server).await;
    let body = |at: usize| {
        json!({
            "title": format!("card {at}"),
            "description": if at.is_multiple_of(3) { Value::Null } else { json!(format!("{at} 'in' \"words\" $1")) },
            "status": if at.is_multiple_of(2) { "To Do" } else { "Done" },
            "date": if at.is_multiple_of(5) { Value::Null } else { json!(format!("2026-01-{:02}", 1 + at % 28)) },
        })
    };
    let mut made = Vec::new();
    let calls = || (0..MANY).map(|at| server.post("/cards").token(&people[at % 8].token).json(&body(at))).collect();
    together(&server, "cards", calls, |answers| {
        for (at, answer) in answers.iter().enumerate() {
            let card = answer.ok(201);
            for (field, sent) in body(at).as_object().expect("an object") {
                assert_eq!(&card[field], sent, "{field}");
            }
            assert_eq!(card["user_id"], people[at % 8].id);
            assert_eq!(answer.header("location"), Some(&*format!("/cards/{}", card["id"])));
            made.push(card);
        }
    })
    .await;
    let stored = server.database.number("SELECT count(DISTINCT id) FROM cards").await;
    assert_eq!(stored, i64::try_from(made.len()).expect("few"), "an id for each");
    for card in made {
        assert_eq!(server.get(&format!("/cards/{}", card["id"])).send().await.ok(200), card);
    }
}

/// A row for each of `people` in turn, none of them made together with another.
async fn cards(server: &Server, people: &[Session]) -> Vec<Value> {
    let mut cards = Vec::new();
    for at in 0..MANY {
        cards.push(server.create("/cards", &people[at % 8].token, &json!({"title": format!("{at}")})).await);
    }
    cards
}

async fn each_changes_its_own_row(server: Server) {
    let people = people(&server).await;
    let root = server.admin("Root").await;
    let dead = server.register("Zoe").await;
    let passwords = json!({"current": PASSWORD, "new": "another passphrase"});
    server.post("/auth/password").token(&dead.token).json(&passwords).send().await.assert_status(200);
    let cards = cards(&server, &people).await;
    let mut round = 0;
    let mut calls = || {
        round += 1;
        let call = |at: usize| {
            let (path, token) = match at % 8 {
                0 => (&cards[at]["id"], &dead.token),
                1 => (&cards[at]["id"], &people[0].token),
                2 => (&json!(4711), &people[at % 8].token),
                3 => (&cards[at]["id"], &root.token),
                // One row for all of these.
                4 => (&cards[4]["id"], &people[4].token),
                _ => (&cards[at]["id"], &people[at % 8].token),
            };
            let date = if at.is_multiple_of(3) { Value::Null } else { json!("2026-02-03") };
            server
                .patch(&format!("/cards/{path}"))
                .token(token)
                .json(&json!({"title": format!("{round} {at}"), "date": date}))
        };
        (0..MANY).map(call).collect()
    };
    let mut rounds = 0;
    together(&server, "cards", &mut calls, |answers| {
        rounds += 1;
        let mut versions = Vec::new();
        for (at, answer) in answers.iter().enumerate() {
            match at % 8 {
                0 => _ = answer.assert_problem(401, "PGRST301"),
                1 | 2 => _ = answer.assert_problem(404, "PGRST116"),
                _ => {
                    let after = answer.ok(200);
                    let date = if at.is_multiple_of(3) { Value::Null } else { json!("2026-02-03") };
                    assert_eq!((&after["title"], &after["date"]), (&json!(format!("{rounds} {at}")), &date));
                    if at % 8 == 4 {
                        versions.push(after["version"].as_i64().expect("a number"));
                    } else {
                        assert_eq!((&after["id"], &after["version"]), (&cards[at]["id"], &json!(1 + rounds)));
                        assert_eq!(after["user_id"], cards[at]["user_id"]);
                    }
                }
            }
        }
        versions.sort_unstable();
        let before = 1 + (rounds - 1) * 8;
        assert_eq!(versions, (before + 1..=before + 8).collect::<Vec<i64>>(), "no change is lost");
    })
    .await;
    for (at, card) in cards.iter().enumerate().filter(|(at, _)| at % 8 < 2) {
        let now = server.get(&format!("/cards/{}", card["id"])).send().await.ok(200);
        assert_eq!(&now, card, "{at}");
    }
}

/// Who waits for the change that ends them finds out, in company as well.
async fn nobody_changes_what_ends_them(server: Server) {
    let people = people(&server).await;
    for round in 0..4 {
        let chief = server.admin(&format!("Chief{round}")).await;
        let tx = server.db.begin().await.expect("a transaction");
        User::draft().set(User::IS_ADMIN, false).update(&tx, chief.id).await.expect("a demotion");
        let body = |at: usize| json!({"name": format!("{round} {at}"), "is_admin": at == 8});
        let calls = (0..9).map(|at| {
            let who = people.get(at).unwrap_or(&chief);
            server.patch(&format!("/users/{}", who.id)).token(&who.token).json(&body(at))
        });
        let calls = tokio::spawn(all(calls.collect::<Vec<_>>()));
        if server.backend() == Backend::Postgres {
            until_waiting(&server, 1).await;
        }
        tx.commit().await.expect("the demotion holds");
        let answers = calls.await.expect("answers");
        for (at, answer) in answers[..8].iter().enumerate() {
            assert_eq!(answer.ok(200)["name"], json!(format!("{round} {at}")));
        }
        answers[8].assert_problem(401, "PGRST301");
        let chief = User::find(&server.db, chief.id).await.expect("the query runs").expect("the row");
        assert!(!chief.is_admin && chief.name == format!("Chief{round}"));
    }
}

async fn each_is_refused_by_itself(server: Server) {
    let people = people(&server).await;
    let card = server.create("/cards", &people[0].token, &json!({"title": "x"})).await["id"].clone();
    let dead = server.register("Zoe").await;
    let passwords = json!({"current": PASSWORD, "new": "another passphrase"});
    server.post("/auth/password").token(&dead.token).json(&passwords).send().await.assert_status(200);
    let comment = |at: usize| {
        let (token, card) = match at % 4 {
            0 => (&dead.token, card.clone()),
            1 => (&people[at % 8].token, json!(4711)),
            _ => (&people[at % 8].token, card.clone()),
        };
        server.post("/comments").token(token).json(&json!({"message": format!("{at}"), "card_id": card}))
    };
    together(
        &server,
        "comments",
        || (0..MANY).map(comment).collect(),
        |answers| {
            for (at, answer) in answers.iter().enumerate() {
                match at % 4 {
                    0 => _ = answer.assert_problem(401, "PGRST301"),
                    1 => _ = answer.assert_fields(409, "23503", &["card_id"]),
                    _ => assert_eq!(answer.ok(201)["message"], json!(format!("{at}"))),
                }
            }
        },
    )
    .await;
    let wrong = server.database.number("SELECT count(*) FROM comments WHERE card_id = 4711").await;
    assert_eq!(wrong, 0);
}

async fn a_taken_login_is_refused_by_itself(server: Server) {
    for round in 0..2 {
        let body = |at: usize| {
            let email = match at % 4 {
                0 => format!("own{at}@example.com"),
                n => format!("{}{round}@example.com", ["same", "SAME"][n % 2]),
            };
            json!({"name": format!("{at}"), "email": email, "password": PASSWORD})
        };
        let answers = all((0..16).map(|at| server.post("/auth/register").json(&body(at)))).await;
        let made = |answers: &[&Answer]| answers.iter().filter(|answer| answer.status == 201).count();
        let (own, same): (Vec<_>, Vec<_>) =
            (0..16).map(|at| (at, &answers[at])).partition(|(at, _)| at.is_multiple_of(4));
        let (own, same): (Vec<_>, Vec<_>) =
            (own.into_iter().map(|(_, a)| a).collect(), same.into_iter().map(|(_, a)| a).collect());
        assert_eq!(made(&own), if round == 0 { 4 } else { 0 });
        assert_eq!(made(&same), 1, "{same:?}");
    }
}

async fn references_are_looked_at_for_each(server: Server) {
    let people = people(&server).await;
    let mut diaries = Vec::new();
    for person in &people {
        diaries.push(server.create("/diaries", &person.token, &json!({"title": "mine"})).await["id"].clone());
    }
    let entry = |at: usize| {
        // Every third writes into a diary that only somebody else may read.
        let diary = if at.is_multiple_of(3) { &diaries[(at + 1) % 8] } else { &diaries[at % 8] };
        server.post("/entries").token(&people[at % 8].token).json(&json!({"text": format!("{at}"), "diary_id": diary}))
    };
    together(
        &server,
        "entries",
        || (0..MANY).map(entry).collect(),
        |answers| {
            for (at, answer) in answers.iter().enumerate() {
                if at.is_multiple_of(3) {
                    answer.assert_fields(409, "23503", &["diary_id"]);
                } else {
                    let made = answer.ok(201);
                    assert_eq!((&made["diary_id"], &made["user_id"]), (&diaries[at % 8], &json!(people[at % 8].id)));
                }
            }
        },
    )
    .await;
}

async fn one_of_each_pair_wins(server: Server) {
    let mut hall = 0;
    let mut calls = || {
        hall += 1;
        (0..MANY).map(|at| server.post("/seats").json(&json!({"hall": format!("{hall}"), "number": at / 2}))).collect()
    };
    together(&server, "seats", &mut calls, |answers| {
        for pair in answers.chunks(2) {
            let mut pair = [&pair[0], &pair[1]];
            pair.sort_by_key(|answer| answer.status);
            pair[0].assert_status(201);
            pair[1].assert_fields(409, "23505", &["hall", "number"]);
        }
    })
    .await;
}

async fn one_of_each_pair_changes(server: Server) {
    let mut seats = Vec::new();
    for at in 0..MANY {
        seats.push(server.post("/seats").json(&json!({"hall": "A", "number": at})).send().await.ok(201)["id"].clone());
    }
    let mut row = 0;
    let mut calls = || {
        row += 1;
        let code = |at: usize| json!({"code": format!("{row} {}", at / 2)});
        (0..MANY).map(|at| server.patch(&format!("/seats/{}", seats[at])).json(&code(at))).collect::<Vec<_>>()
    };
    for _ in 0..4 {
        let answers = all(calls()).await;
        for (at, pair) in answers.chunks(2).enumerate() {
            let mut pair = [&pair[0], &pair[1]];
            pair.sort_by_key(|answer| answer.status);
            let made = pair[0].ok(200);
            assert!(made["id"] == seats[2 * at] || made["id"] == seats[2 * at + 1], "{made}");
            pair[1].assert_fields(409, "23505", &["code"]);
        }
    }
}

async fn guards_are_looked_at_for_each(server: Server) {
    let mut tickets = Vec::new();
    for at in 0..MANY {
        let ticket = json!({"number": at, "pin": "x"});
        tickets.push(server.post("/tickets").json(&ticket).send().await.ok(201));
    }
    let calls = || {
        let call = |at: usize| {
            let number = if at.is_multiple_of(3) { at + 1 } else { at };
            server
                .patch(&format!("/tickets/{}", tickets[at]["id"]))
                .json(&json!({"number": number, "class": format!("{at}")}))
        };
        (0..MANY).map(call).collect()
    };
    together(&server, "tickets", calls, |answers| {
        for (at, answer) in answers.iter().enumerate() {
            if at.is_multiple_of(3) {
                answer.assert_invalid(&["number"]);
            } else {
                let after = answer.ok(200);
                assert_eq!((&after["id"], &after["class"]), (&tickets[at]["id"], &json!(format!("{at}"))));
            }
        }
    })
    .await;
}

async fn values_of_every_type(server: Server) {
    let body = |at: usize| {
        let full = json!({
            "flag": at.is_multiple_of(2), "small": -32768 + i64::try_from(at).expect("few"), "medium": 2_147_483_647,
            "large": 9_007_199_254_740_993_i64, "real": 0.1, "text": format!("text {at}"), "bytes": "AP/+",
            "uuid": "0192f0c1-2d3e-7abc-8def-0123456789ab", "date": "2024-02-29", "time": "23:59:59.000001",
            "moment": "2026-01-02T03:04:05.000000", "stamp": "2026-01-02T03:04:05.000000Z",
            "tree": {"a": 1.5, "b": [1, null, {"a": "x"}]}, "point": {"x": at, "y": -2}, "shade": "very_dark", "percent": 100,
        });
        let fields = full.as_object().expect("an object").clone().into_iter();
        // In every row something else is missing.
        let field = |(n, (name, value)): (usize, (String, Value))| {
            (name, if (n + at).is_multiple_of(5) { Value::Null } else { value })
        };
        Value::Object(fields.enumerate().map(field).collect())
    };
    let calls = || (0..MANY).map(|at| server.post("/maybe").json(&body(at))).collect();
    together(&server, "maybes", calls, |answers| {
        for (at, answer) in answers.iter().enumerate() {
            let made = answer.ok(201);
            for (field, sent) in body(at).as_object().expect("an object") {
                assert_eq!(&made[field], sent, "{field}");
            }
        }
    })
    .await;
    let rows = server.get("/maybe?limit=64").send().await.rows();
    let changes = |at: usize, row: &Value| server.patch(&format!("/maybe/{}", row["id"])).json(&body(at + 1));
    for (at, answer) in all(rows.iter().enumerate().map(|(at, row)| changes(at, row))).await.iter().enumerate() {
        let changed = answer.ok(200);
        assert_eq!(changed["id"], rows[at]["id"]);
        for (field, sent) in body(at + 1).as_object().expect("an object") {
            assert_eq!(&changed[field], sent, "{field}");
        }
    }
}

async fn keys_that_are_uuids(server: Server) {
    let calls = || (0..MANY).map(|at| server.post("/parcels").json(&json!({"content": format!("{at}")}))).collect();
    together(&server, "parcels", calls, |answers| {
        for (at, answer) in answers.iter().enumerate() {
            assert_eq!(answer.ok(201)["content"], json!(format!("{at}")));
        }
    })
    .await;
    let twice = server.database.number("SELECT count(*) - count(DISTINCT id) FROM parcels").await;
    assert_eq!(twice, 0);
}

/// A value that somebody is about to take: whoever wants it as well waits, and nobody else does.
async fn who_waits_holds_up_nobody(server: Server) {
    if server.backend() == Backend::Sqlite {
        // One writer: everybody waits for everybody.
        return;
    }
    let group = |table: String| {
        let group = json!({"type": "x", "table": table, "position": 1});
        server.post("/groups").json(&group)
    };
    let mut waiting: Vec<JoinHandle<Answer>> = Vec::new();
    let held = async {
        for round in 0..5 {
            // It comes with the others, and first or last of them.
            let others: Vec<_> = (0..MANY).map(|at| group(format!("{round} {at}"))).collect();
            let (before, after) = others.split_at(MANY * round / 4);
            let before = tokio::spawn(all(before.to_vec()));
            waiting.push(tokio::spawn(group("held".into()).send()));
            let after = all(after.to_vec()).await;
            for answer in before.await.expect("answers").iter().chain(&after) {
                answer.assert_status(201);
            }
            until_waiting(&server, waiting.len()).await;
        }
    };
    let taken = r#"INSERT INTO "group" ("type", "table", "order", "select") VALUES ('x', 'held', 1, 'x')"#;
    server.database.while_held(taken, held).await;
    let mut statuses = Vec::new();
    for call in waiting {
        statuses.push(call.await.expect("an answer").status);
    }
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 409, 409, 409, 409], "what was to be taken was not");
}

/// Until so many of the server's statements wait for a lock.
async fn until_waiting(server: &Server, many: usize) {
    let waiting =
        "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()";
    while server.database.number(waiting).await < i64::try_from(many).expect("few") {
        tokio::task::yield_now().await;
    }
}

/// Statements that insert cards do not end before `gate` is empty.
const GATE: &str = "
    CREATE TABLE gate (closed int);
    INSERT INTO gate VALUES (1);
    CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        WHILE EXISTS (SELECT FROM gate) LOOP PERFORM pg_sleep(0.01); END LOOP;
        RETURN NULL;
    END $$;
    CREATE TRIGGER wait AFTER INSERT ON cards FOR EACH STATEMENT EXECUTE FUNCTION wait()";

#[test]
fn what_may_have_happened_is_not_done_again() {
    backend::serve(Backend::Postgres, kanban, async |server: Server| {
        let ann = server.register("Ann").await;
        server.database.execute(GATE).await;
        let post = |at: usize| server.post("/cards").token(&ann.token).json(&json!({"title": format!("{at}")}));
        let calls: Vec<_> = (0..MANY).map(|at| tokio::spawn(post(at).send())).collect();
        let batches = "FROM pg_stat_activity WHERE state = 'active' AND query LIKE 'WITH \"_restruct_in\"%' \
                       AND datname = current_database()";
        while server.database.number(&format!("SELECT count(*) {batches}")).await == 0 {
            tokio::task::yield_now().await;
        }
        server.database.execute(&format!("SELECT pg_terminate_backend(pid)::text {batches}")).await;
        server.database.execute("DELETE FROM gate").await;
        let mut answers = Vec::new();
        for call in calls {
            answers.push(call.await.expect("an answer"));
        }
        let (lost, made): (Vec<_>, Vec<_>) = answers.iter().partition(|answer| answer.status == 503);
        assert!(lost.len() > 1, "a batch was lost");
        for answer in lost {
            answer.assert_problem(503, "PT503");
            assert!(answer.header("retry-after").is_some(), "{answer:?}");
        }
        for answer in &made {
            answer.ok(201);
        }
        let stored = server.database.number("SELECT count(*) FROM cards").await;
        assert_eq!(stored, i64::try_from(made.len()).expect("few"), "nothing was done twice or behind an answer");
    });
}

/// A batch draws ids itself, which takes a right on the sequence that a single insert does not need.
#[test]
fn a_batch_is_a_matter_of_cost_alone() {
    backend::serve(Backend::Postgres, kanban, async |owner: Server| {
        let ann = owner.register("Ann").await;
        let name = format!("clerk_{}", std::process::id());
        owner.database.execute(&format!(
            "CREATE ROLE {name} LOGIN; GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {name}"
        )).await;
        let url = owner.database.url.replace("postgres://postgres@", &format!("postgres://{name}@"));
        let db = Db::connect(&url).await.expect("a connection");
        let server = Server::resume(secret(kanban()), db, owner.database.clone()).await;
        for round in 0..3 {
            let post =
                |at: usize| server.post("/cards").token(&ann.token).json(&json!({"title": format!("{round} {at}")}));
            for (at, answer) in all((0..MANY).map(post)).await.iter().enumerate() {
                assert_eq!(answer.ok(201)["title"], json!(format!("{round} {at}")));
            }
        }
        assert_eq!(in_company(&owner, "cards").await, 0);
        server.db.close().await;
        owner.database.execute(&format!("DROP OWNED BY {name}; DROP ROLE {name}")).await;
    });
}

fn secret(app: App) -> App {
    app.jwt_secret(restruct_tests::process::SECRET)
}
