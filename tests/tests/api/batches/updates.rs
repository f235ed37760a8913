//! Rows changed together.

use restruct::Store as _;
use restruct_tests::{
    Backend, Server, Session, both,
    resources::{User, kanban, odd},
    server::PASSWORD,
};
use serde_json::{Value, json};

use super::{MANY, all, people, together, until_waiting};

both!(kanban; each_changes_its_own_row, nobody_changes_what_ends_them);
both!(odd; one_of_each_pair_changes, guards_are_looked_at_for_each);

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
