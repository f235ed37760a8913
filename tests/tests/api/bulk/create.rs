//! `POST` of an array: all of it or none, in few statements, and every error with the number of its row.

use restruct::__private::statements;
use restruct_tests::{
    Server, both,
    resources::{kanban, odd, related},
    server::PASSWORD,
};
use serde_json::{Value, json};
use tokio::task::JoinSet;

both!(kanban; a_thousand_rows_cost_a_handful_of_statements, each_row_is_stamped, bad_references_name_their_rows);
both!(kanban; accounts_come_with_hashes_and_versions, who_may_not_gets_nothing_done, hostile_bodies_are_refused);
both!(kanban; racing_batches_are_whole);
both!(odd; rows_come_back_in_their_order, keys_of_both_kinds, conflicts_name_every_row);
both!(related; nulls_and_references_mix, scopes_hold_in_every_row);

fn cards(count: usize) -> Value {
    (0..count).map(|n| json!({"title": format!("card {n}"), "date": (n % 3 == 0).then_some("2026-01-31")})).collect()
}

async fn a_thousand_rows_cost_a_handful_of_statements(server: Server) {
    let ann = server.register("Ann").await;
    for (count, most) in [(1, 3), (2, 3), (65, 3), (1000, 6)] {
        let before = statements(&server.db);
        let made = server.post("/cards").token(&ann.token).json(&cards(count)).send().await.ok(201);
        let cost = statements(&server.db) - before;
        assert!(cost <= most, "{count} rows cost {cost} statements");
        assert_eq!(made.as_array().expect("an array").len(), count);
        let titles: Vec<_> = made.as_array().expect("an array").iter().map(|card| card["title"].clone()).collect();
        assert_eq!(titles, (0..count).map(|n| json!(format!("card {n}"))).collect::<Vec<_>>());
    }
    let answer = server.post("/cards").token(&ann.token).json(&cards(1001)).send().await;
    answer.assert_problem(422, "23514");
    let counted = server.get("/cards?limit=0").header("prefer", "count=exact").send().await;
    counted.assert_header("x-total-count", "1068");
}

async fn each_row_is_stamped(server: Server) {
    let (ann, bob) = (server.register("Ann").await, server.register("Bob").await);
    let rows = json!([
        {"title": "a", "user_id": bob.id, "id": 99, "version": 7},
        {"title": "b", "created_at": "2000-01-01T00:00:00Z"}
    ]);
    let made = server.post("/cards").token(&ann.token).json(&rows).send().await.ok(201);
    for card in made.as_array().expect("an array") {
        assert_eq!((&card["user_id"], &card["version"]), (&json!(ann.id), &json!(1)));
        assert_eq!(card["created_at"], card["updated_at"]);
        assert_eq!(server.get(&format!("/cards/{}", card["id"])).send().await.ok(200), *card);
    }
    assert_eq!(made[1]["id"].as_i64(), made[0]["id"].as_i64().map(|id| id + 1));
    // Ids that were drawn are not given again.
    let next = server.create("/cards", &ann.token, &json!({"title": "c"})).await;
    assert!(next["id"].as_i64() > made[1]["id"].as_i64(), "{next}");
}

async fn bad_references_name_their_rows(server: Server) {
    let ann = server.register("Ann").await;
    let card = server.create("/cards", &ann.token, &json!({"title": "x"})).await;
    let row = |n: usize| json!({"message": n.to_string(), "card_id": if n % 57 == 56 { json!(4711) } else { card["id"].clone() }});
    let rows: Value = (0..120).map(row).collect();
    let answer = server.post("/comments").token(&ann.token).json(&rows).send().await;
    answer.assert_fields(409, "23503", &["56.card_id", "113.card_id"]);
    assert!(server.get("/comments").send().await.rows().is_empty(), "nothing of it was kept");
}

async fn accounts_come_with_hashes_and_versions(server: Server) {
    let root = server.admin("Root").await;
    let row = |n: usize| json!({"name": format!("n{n}"), "email": format!("n{n}@example.com"), "password": PASSWORD, "is_admin": n == 1});
    let rows: Value = (0..3).map(row).collect();
    let made = server.post("/users").token(&root.token).json(&rows).send().await.ok(201);
    assert_eq!(made[1]["is_admin"], true);
    let (first, second) =
        (server.login("n0@example.com", PASSWORD).await, server.login("n2@example.com", PASSWORD).await);
    // A new password ends the tokens of one of them alone.
    let body = json!({"current": PASSWORD, "new": "another password"});
    server.post("/auth/password").token(&first.token).json(&body).send().await.assert_status(200);
    server.get("/auth/me").token(&first.token).send().await.assert_status(401);
    server.get("/auth/me").token(&second.token).send().await.assert_status(200);
    let other = |email: &str| json!({"name": "x", "email": email, "password": PASSWORD});
    for (rows, named) in [
        (json!([row(7), row(0), other("N2@Example.com")]), &["1.email", "2.email"][..]),
        (json!([row(7), row(8), other("N8@Example.com")]), &["2.email"]),
    ] {
        let answer = server.post("/users").token(&root.token).json(&rows).send().await;
        answer.assert_fields(409, "23505", named);
    }
    assert_eq!(server.get("/users").token(&root.token).send().await.rows().len(), 4);
}

async fn who_may_not_gets_nothing_done(server: Server) {
    let (ann, root) = (server.register("Ann").await, server.admin("Root").await);
    let row = json!([{"name": "x", "email": "x@example.com", "password": PASSWORD}]);
    server.post("/users").token(&ann.token).json(&row).send().await.assert_problem(403, "42501");
    server.post("/users").json(&row).send().await.assert_problem(401, "PGRST302");
    server.post("/cards").json(&cards(2)).send().await.assert_problem(401, "PGRST302");
    server.delete(&format!("/users/{}", ann.id)).token(&root.token).send().await.assert_status(200);
    for rows in [json!([]), cards(1), cards(300)] {
        server.post("/cards").token(&ann.token).json(&rows).send().await.assert_problem(401, "PGRST301");
    }
    assert!(server.get("/cards").send().await.rows().is_empty());
}

async fn hostile_bodies_are_refused(server: Server) {
    let ann = server.register("Ann").await;
    let post = |body: String| server.post("/cards").token(&ann.token).body("application/json", body);
    post(format!("{}{}", "[".repeat(200), "]".repeat(200))).send().await.assert_problem(400, "PGRST102");
    post("[{\"title\":\"x\"},".to_owned()).send().await.assert_problem(400, "PGRST102");
    post("[{\"title\":\"x\",\"title\":\"y\"}]".to_owned()).send().await.assert_problem(400, "PGRST102");
    let odd = json!([{"title": "x"}, [{"title": "x"}], 7, null, {"title": ""}, {"titel": "x"}]);
    post(odd.to_string()).send().await.assert_invalid(&["1", "2", "3", "4.title", "5.title", "5.titel"]);
    let huge = json!([{"title": "x", "description": "x".repeat(2 << 20)}]);
    assert!(matches!(post(huge.to_string()).send().await.status, 201 | 413));
    let large: Value = (0..900).map(|n| json!({"title": n.to_string(), "description": "y".repeat(1000)})).collect();
    assert_eq!(post(large.to_string()).send().await.ok(201).as_array().map(Vec::len), Some(900));
}

async fn racing_batches_are_whole(server: Server) {
    let root = server.admin("Root").await;
    let row = |n: usize| json!({"name": "x", "email": format!("r{n}@example.com"), "password": PASSWORD});
    let mut set = JoinSet::new();
    for first in 0..8 {
        // Each shares an address with the next, in the same order for all.
        let rows = json!([row(first), row(first + 1)]);
        set.spawn(server.post("/users").token(&root.token).json(&rows).send());
    }
    let made = set.join_all().await.iter().filter(|answer| answer.status == 201).count();
    let there = server.get("/users?limit=100").token(&root.token).send().await.rows().len();
    assert_eq!(there, 1 + 2 * made, "a part of a batch was kept");
    assert!(made > 0);
}

async fn rows_come_back_in_their_order(server: Server) {
    let row = |n: usize| match n % 3 {
        0 => json!({"text": format!("t{n}"), "large": n}),
        1 => {
            json!({"flag": n.is_multiple_of(2), "real": 0.1, "tree": {"a": [n]}, "uuid": "01890a5d-ac96-774b-bcce-b302099a8057"})
        }
        _ => json!({"date": "2026-01-31", "stamp": "2026-01-31T08:30:00.5Z", "bytes": "AAE=", "percent": 7}),
    };
    let rows: Value = (0..300).map(row).collect();
    let made = server.post("/maybe").json(&rows).send().await.ok(201);
    let ids: Vec<_> = made.as_array().expect("an array").iter().filter_map(|row| row["id"].as_i64()).collect();
    assert!(ids.is_sorted(), "{ids:?}");
    for (sent, got) in std::iter::zip(rows.as_array().expect("rows"), made.as_array().expect("rows")) {
        for (name, value) in sent.as_object().expect("an object") {
            if name != "stamp" {
                assert_eq!(&got[name], value);
            }
        }
        assert_eq!(&server.get(&format!("/maybe/{}", got["id"])).send().await.ok(200), got);
        if ids.len() > 40 && got["id"].as_i64() > ids.get(40).copied() {
            break;
        }
    }
}

async fn keys_of_both_kinds(server: Server) {
    let row = |n: usize| json!({"content": format!("p{n}")});
    let rows: Value = (0..70).map(row).collect();
    let made = server.post("/parcels").json(&rows).send().await.ok(201);
    let made = made.as_array().expect("an array");
    for (n, parcel) in made.iter().enumerate() {
        assert_eq!(parcel["content"], format!("p{n}"));
    }
    assert_eq!(
        server.get(&format!("/parcels/{}", made[69]["id"].as_str().expect("a uuid"))).send().await.ok(200),
        made[69]
    );
}

async fn conflicts_name_every_row(server: Server) {
    let seat = |hall: &str, number: usize, code: Option<&str>| json!({"hall": hall, "number": number, "code": code});
    server.post("/seats").json(&seat("A", 1, Some("x"))).send().await.assert_status(201);
    let rows = json!([
        seat("B", 1, None),
        seat("A", 1, None),
        seat("B", 2, Some("x")),
        seat("B", 1, Some("y")),
        seat("B", 3, Some("y"))
    ]);
    let answer = server.post("/seats").json(&rows).send().await;
    // Row 0 has the seat of row 3, which was not made; so row 4 has its code.
    answer.assert_fields(409, "23505", &["1.hall", "1.number", "2.code", "3.hall", "3.number", "3.code"]);
    assert_eq!(server.get("/seats").send().await.rows().len(), 1);
}

async fn nulls_and_references_mix(server: Server) {
    let root = server.post("/folders").json(&json!({"name": "root"})).send().await.ok(201);
    let row = |n: usize| json!({"name": n.to_string(), "parent_id": n.is_multiple_of(2).then(|| root["id"].clone())});
    let rows: Value = (0..20).map(row).collect();
    let made = server.post("/folders").json(&rows).send().await.ok(201);
    let made = made.as_array().expect("an array");
    for (n, folder) in made.iter().enumerate() {
        assert_eq!(folder["name"], n.to_string());
        assert_eq!(folder["id"].as_i64(), made[0]["id"].as_i64().map(|id| id + i64::try_from(n).expect("a number")));
    }
}

async fn scopes_hold_in_every_row(server: Server) {
    let (ann, bob) = (server.register("Ann").await, server.register("Bob").await);
    let mine = server.create("/diaries", &ann.token, &json!({"title": "mine"})).await;
    let theirs = server.create("/diaries", &bob.token, &json!({"title": "theirs"})).await;
    let row = |n: usize| json!({"text": n.to_string(), "diary_id": if n == 57 { &theirs["id"] } else { &mine["id"] }});
    let rows: Value = (0..60).map(row).collect();
    let answer = server.post("/entries").token(&ann.token).json(&rows).send().await;
    answer.assert_fields(409, "23503", &["57.diary_id"]);
    assert!(server.get("/entries").send().await.rows().is_empty());
}
