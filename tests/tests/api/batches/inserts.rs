//! Rows made together.

use restruct_tests::{
    Answer, Server, both,
    resources::{kanban, odd, related},
    server::PASSWORD,
};
use serde_json::{Value, json};

use super::{MANY, all, people, together};

both!(kanban; each_has_its_own_row, each_is_refused_by_itself, a_taken_login_is_refused_by_itself);
both!(related; references_are_looked_at_for_each);
both!(odd; one_of_each_pair_wins, values_of_every_type, keys_that_are_uuids);

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
        let after = answer.ok(200);
        assert_eq!(after["id"], rows[at]["id"]);
        for (field, sent) in body(at + 1).as_object().expect("an object") {
            assert_eq!(&after[field], sent, "{field}");
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
