//! Many rows of resources whose deletions leave the row, or whose changes need a tag.

use restruct_tests::{Server, both, resources::kept};
use serde_json::{Value, json};

both!(kept; deletions_leave_the_rows, what_is_gone_is_made_anew, a_tag_is_asked_for);

fn relics(names: &[&str]) -> Value {
    names.iter().map(|name| json!({"name": name, "place": name.len()})).collect()
}

async fn deletions_leave_the_rows(server: Server) {
    let (ann, bob) = (server.register("Ann").await, server.register("Bob").await);
    server.post("/relics").token(&ann.token).json(&relics(&["a", "bb"])).send().await.assert_status(201);
    server.post("/relics").token(&bob.token).json(&relics(&["ccc"])).send().await.assert_status(201);
    let gone = server.delete("/relics?id=gt.0").token(&ann.token).send().await;
    assert_eq!(gone.each("name"), ["a", "bb"]);
    assert!(
        server.delete("/relics?id=gt.0").token(&ann.token).send().await.rows().is_empty(),
        "none is there any more"
    );
    assert_eq!(server.get("/relics").send().await.each("name"), ["ccc"]);
    let many = server.delete("/relics?id=gt.0").token(&bob.token).header("prefer", "max-affected=0").send().await;
    many.assert_problem(400, "PGRST124");
    let patch = server.patch("/relics?id=gt.0").token(&ann.token).json(&json!({"hall": 7})).send().await;
    assert!(patch.rows().is_empty());
    // Their values are free again.
    let again = server.post("/relics").token(&bob.token).json(&relics(&["a", "bb"])).send().await.ok(201);
    let moved = json!([{"id": again[0]["id"], "name": "ccc"}, {"id": 1, "name": "x"}]);
    server.patch("/relics").token(&bob.token).json(&moved).send().await.assert_status(409);
    let gone = json!([{"id": again[0]["id"], "hall": 3}, {"id": 1, "hall": 3}]);
    server.patch("/relics").token(&bob.token).json(&gone).send().await.assert_fields(404, "PGRST116", &["1.id"]);
}

async fn what_is_gone_is_made_anew(server: Server) {
    let ann = server.register("Ann").await;
    let upsert = |hall: i32| {
        let call =
            server.post("/relics?on_conflict=name").token(&ann.token).json(&json!([{"name": "a", "hall": hall}]));
        call.header("prefer", "resolution=merge-duplicates")
    };
    let made = upsert(1).send().await.ok(201);
    assert_eq!(upsert(2).send().await.ok(200)[0]["id"], made[0]["id"]);
    server.delete("/relics?name=eq.a").token(&ann.token).send().await.assert_status(200);
    let anew = upsert(3).send().await.ok(201);
    assert_ne!(anew[0]["id"], made[0]["id"]);
    assert_eq!(upsert(4).send().await.ok(200)[0]["hall"], 4);
}

async fn a_tag_is_asked_for(server: Server) {
    let ann = server.register("Ann").await;
    let account = server.create("/accounts", &ann.token, &json!({"balance": 1})).await;
    let each = json!([{"id": account["id"], "balance": 2}]);
    for call in [
        server.patch("/accounts?id=gt.0").json(&json!({"balance": 2})),
        server.patch("/accounts").json(&each),
        server.delete("/accounts?id=gt.0"),
    ] {
        let missing = call.clone().token(&ann.token).send().await.assert_problem(428, "PT428");
        let tagged = call.token(&ann.token).header("if-match", "\"1\"").send().await.assert_problem(412, "PT412");
        for problem in [missing, tagged] {
            assert!(problem["hint"].as_str().expect("a hint").contains("`If-Match: *`"), "{problem}");
        }
    }
    let known = server.patch("/accounts").token(&ann.token).json(&each).header("if-match", "*").send().await;
    assert_eq!(known.each("balance"), [2]);
}
