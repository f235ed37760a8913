//! `Prefer: resolution=..`: rows that may be there already; and `missing`.

use restruct_tests::{
    Answer, Call, Server, both,
    resources::{kanban, marked, odd},
    server::PASSWORD,
};
use serde_json::{Value, json};
use tokio::task::JoinSet;

both!(marked; merges_what_is_there, ignores_what_is_there, one_row_is_no_array, others_rows_are_taken);
both!(marked; guards_and_other_sets_hold, sixteen_at_once_make_one, targets_are_unique_sets, the_dead_upsert_nothing);
both!(kanban; accounts_are_merged_without_case);
both!(odd; what_is_missing);

fn upsert(server: &Server, token: &str, resolution: &str, target: &str, body: &Value) -> Call {
    let call = server.post(&format!("/marks?on_conflict={target}")).token(token).json(body);
    call.header("prefer", &format!("resolution={resolution}-duplicates"))
}

#[track_caller]
fn seen(answer: &Answer, status: u16) -> Vec<(String, Value, i64)> {
    let rows = answer.ok(status);
    let row = |row: &Value| {
        let slug = row["slug"].as_str().expect("a slug").to_owned();
        (slug, row["note"].clone(), row["version"].as_i64().expect("a version"))
    };
    rows.as_array().expect("an array").iter().map(row).collect()
}

async fn merges_what_is_there(server: Server) {
    let ann = server.register("Ann").await;
    let rows = json!([{"slug": "a", "note": "1"}, {"slug": "b"}]);
    let made = upsert(&server, &ann.token, "merge", "slug", &rows).send().await;
    made.assert_header("preference-applied", "resolution=merge-duplicates");
    assert_eq!(seen(&made, 201), [("a".into(), json!("1"), 1), ("b".into(), json!("none"), 1)]);
    let rows = json!([{"slug": "c", "note": "3"}, {"slug": "b", "note": "2"}, {"slug": "a"}]);
    let mixed = upsert(&server, &ann.token, "merge", "slug", &rows).send().await;
    // What a row does not name stays as it is.
    assert_eq!(
        seen(&mixed, 201),
        [("c".into(), json!("3"), 1), ("b".into(), json!("2"), 2), ("a".into(), json!("1"), 2)]
    );
    assert_eq!(mixed.json()[2]["id"], made.json()[0]["id"]);
    let again = upsert(&server, &ann.token, "merge", "slug", &rows).header("prefer", "count=exact").send().await;
    assert_eq!(seen(&again, 200).len(), 3);
    again.assert_header("content-range", "*/3");
    let twice = json!([{"slug": "z"}, {"slug": "a"}, {"slug": "z"}]);
    upsert(&server, &ann.token, "merge", "slug", &twice).send().await.assert_invalid(&["2.slug"]);
    upsert(&server, &ann.token, "merge", "slug", &json!([{"slug": ""}, {"note": "x"}]))
        .send()
        .await
        .assert_invalid(&["0.slug", "1.slug"]);
    assert_eq!(server.get("/marks").token(&ann.token).send().await.rows().len(), 3);
    let many: Value = (0..1000).map(|n| json!({"slug": format!("s{n}"), "note": "many"})).collect();
    for status in [201, 200] {
        assert_eq!(seen(&upsert(&server, &ann.token, "merge", "slug", &many).send().await, status).len(), 1000);
    }
}

async fn ignores_what_is_there(server: Server) {
    let ann = server.register("Ann").await;
    let rows = json!([{"slug": "a", "note": "1"}, {"slug": "b", "note": "1"}, {"slug": "a", "note": "2"}]);
    let made = upsert(&server, &ann.token, "ignore", "slug", &rows).send().await;
    assert_eq!(seen(&made, 201), [("a".into(), json!("1"), 1), ("b".into(), json!("1"), 1)]);
    let again = upsert(&server, &ann.token, "ignore", "slug", &rows).send().await;
    assert_eq!(seen(&again, 200), []);
    let empty = upsert(&server, &ann.token, "ignore", "slug", &json!([])).send().await;
    assert_eq!(seen(&empty, 201), []);
}

async fn one_row_is_no_array(server: Server) {
    let ann = server.register("Ann").await;
    let row = |note: &str| json!({"slug": "a", "note": note});
    let made = upsert(&server, &ann.token, "merge", "slug", &row("1")).send().await;
    let path = made.header("location").expect("where it is").to_owned();
    assert_eq!(made.ok(201)["note"], "1");
    let merged = upsert(&server, &ann.token, "merge", "slug", &row("2")).send().await;
    assert_eq!(merged.ok(200)["note"], "2");
    assert_eq!(upsert(&server, &ann.token, "ignore", "slug", &row("3")).send().await.ok(200), Value::Null);
    assert_eq!(server.get(&path).token(&ann.token).send().await.ok(200)["note"], "2");
    upsert(&server, &ann.token, "merge", "slug", &json!({"slug": ""})).send().await.assert_invalid(&["slug"]);
    let minimal =
        upsert(&server, &ann.token, "merge", "slug", &row("4")).header("prefer", "return=minimal").send().await;
    minimal.assert_status(200).assert_empty();
}

async fn others_rows_are_taken(server: Server) {
    let (ann, bob) = (server.register("Ann").await, server.register("Bob").await);
    upsert(&server, &ann.token, "merge", "slug", &json!({"slug": "a"})).send().await.assert_status(201);
    let rows = json!([{"slug": "b"}, {"slug": "a", "note": "mine"}]);
    upsert(&server, &bob.token, "merge", "slug", &rows).send().await.assert_fields(409, "23505", &["1.slug"]);
    let one = upsert(&server, &bob.token, "merge", "slug", &rows[1]).send().await;
    one.assert_fields(409, "23505", &["slug"]);
    server.post("/marks").token(&bob.token).json(&rows[1]).send().await.assert_fields(409, "23505", &["slug"]);
    assert_eq!(server.get("/marks").token(&bob.token).send().await.each("note"), ["none"]);
    // The set that holds the owner is each caller's own.
    let name = json!({"slug": "x", "name": "n"});
    upsert(&server, &ann.token, "merge", "user_id,name", &name).send().await.assert_status(201);
    let name = json!({"slug": "y", "name": "n"});
    upsert(&server, &bob.token, "merge", "name,user_id", &name).send().await.assert_status(201);
    let name = json!({"slug": "z", "name": "n"});
    assert_eq!(upsert(&server, &bob.token, "merge", "user_id,name", &name).send().await.ok(200)["slug"], "z");
}

async fn guards_and_other_sets_hold(server: Server) {
    let ann = server.register("Ann").await;
    let rows = json!([{"slug": "a", "name": "x", "kind": 1}, {"slug": "b", "name": "y"}]);
    upsert(&server, &ann.token, "merge", "slug", &rows).send().await.assert_status(201);
    let kind = json!([{"slug": "c"}, {"slug": "a", "kind": 2}]);
    upsert(&server, &ann.token, "merge", "slug", &kind).send().await.assert_invalid(&["1.kind"]);
    // Of a new row, or of a changed one, another set may be taken.
    let taken = json!([{"slug": "c", "name": "x"}]);
    for resolution in ["merge", "ignore"] {
        let answer = upsert(&server, &ann.token, resolution, "slug", &taken).send().await;
        answer.assert_fields(409, "23505", &["0.user_id", "0.name"]);
    }
    let taken = json!([{"slug": "b", "name": "x"}]);
    let answer = upsert(&server, &ann.token, "merge", "slug", &taken).send().await;
    answer.assert_fields(409, "23505", &["0.user_id", "0.name"]);
    assert_eq!(server.get("/marks").token(&ann.token).send().await.each("version"), [1, 1]);
}

async fn sixteen_at_once_make_one(server: Server) {
    let ann = server.register("Ann").await;
    let mut set = JoinSet::new();
    for n in 0..16 {
        set.spawn(upsert(&server, &ann.token, "merge", "slug", &json!([{"slug": "a", "note": n.to_string()}])).send());
    }
    let answers = set.join_all().await;
    let count = |status: u16| answers.iter().filter(|answer| answer.status == status).count();
    assert_eq!((count(201), count(200)), (1, 15), "{answers:?}");
    let rows = server.get("/marks").token(&ann.token).send().await.rows();
    assert_eq!(rows[0]["version"], 16);
}

async fn targets_are_unique_sets(server: Server) {
    let ann = server.register("Ann").await;
    for target in ["note", "name", "slug,name", "id", "", "slug,slug", "version"] {
        let answer = upsert(&server, &ann.token, "merge", target, &json!({"slug": "a"})).send().await;
        let problem = answer.assert_problem(400, "PGRST100");
        let hint = problem["hint"].as_str().expect("a hint").to_owned();
        assert!(hint.contains("on_conflict=slug") && hint.contains("on_conflict=user_id,name"), "{hint}");
    }
    let post = |query: &str| server.post(&format!("/marks{query}")).token(&ann.token).json(&json!({"slug": "a"}));
    post("").header("prefer", "resolution=merge-duplicates").send().await.assert_problem(400, "PGRST100");
    post("?on_conflict=slug").send().await.assert_problem(400, "PGRST100");
    post("?columns=slug").send().await.assert_problem(400, "PGRST100");
    post("?on_conflict=slug&on_conflict=slug").send().await.assert_problem(400, "PGRST100");
    let half = post("?on_conflict=slug").header("prefer", "handling=strict, resolution=half").send().await;
    half.assert_problem(400, "PGRST122");
    assert!(server.get("/marks").token(&ann.token).send().await.rows().is_empty());
}

async fn the_dead_upsert_nothing(server: Server) {
    let (ann, root) = (server.register("Ann").await, server.admin("Root").await);
    let row = json!([{"slug": "a"}]);
    upsert(&server, &root.token, "merge", "slug", &row).send().await.assert_status(201);
    server.delete(&format!("/users/{}", ann.id)).token(&root.token).send().await.assert_status(200);
    for resolution in ["merge", "ignore"] {
        for rows in [&row, &json!([])] {
            let answer = upsert(&server, &ann.token, resolution, "slug", rows).send().await;
            answer.assert_problem(401, "PGRST301");
        }
    }
}

async fn accounts_are_merged_without_case(server: Server) {
    let (ann, root) = (server.register("Ann").await, server.admin("Root").await);
    let row = |email: &str, name: &str, password: &str| json!({"email": email, "name": name, "password": password});
    let upsert = |token: &str, rows: &Value| {
        let call = server.post("/users?on_conflict=email").token(token).json(rows);
        call.header("prefer", "resolution=merge-duplicates")
    };
    let rows = json!([row("new@example.com", "New", PASSWORD), row("ANN@example.com", "Anna", "another password")]);
    upsert(&ann.token, &rows).send().await.assert_problem(403, "42501");
    assert_eq!(upsert(&root.token, &rows).send().await.ok(201)[1]["name"], "Anna");
    server.get("/auth/me").token(&ann.token).send().await.assert_problem(401, "PGRST301");
    server.login("ann@example.com", "another password").await;
    server.login("new@example.com", PASSWORD).await;
    let own = json!([row("b@example.com", "x", PASSWORD), row("root@example.com", "x", "another password")]);
    upsert(&root.token, &own).send().await.assert_invalid(&["1.password"]);
    server.get("/auth/me").token(&root.token).send().await.assert_status(200);
    let twice = json!([row("A@example.com", "x", PASSWORD), row("a@example.com", "x", PASSWORD)]);
    upsert(&root.token, &twice).send().await.assert_invalid(&["1.email"]);
}

async fn what_is_missing(server: Server) {
    let post = |prefer: &str| {
        server.post("/tickets").json(&json!({"number": 1, "pin": "x", "batch": 1})).header("prefer", prefer)
    };
    let default = post("missing=default").send().await;
    default.assert_header("preference-applied", "missing=default");
    assert_eq!(default.ok(201)["class"], "standard");
    let null = post("missing=null").send().await;
    null.assert_header("preference-applied", "missing=null");
    assert_eq!((&null.ok(201)["class"], &null.ok(201)["state"]), (&Value::Null, &json!("open")));
    let required = server.post("/tickets").json(&json!({"number": 1})).header("prefer", "missing=null").send().await;
    required.assert_invalid(&["pin", "batch"]);
}
