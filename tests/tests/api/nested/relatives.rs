//! Rows that come along and are out of the ordinary: of the same table, by two ways, with fields that are not theirs to set.

use restruct_tests::{
    Call, Server, both,
    resources::{families, offices},
    server::PASSWORD,
};
use serde_json::{Value, json};

use super::count;

both!(families; of_the_same_table, by_two_ways_at_once, each_keeps_what_is_its_own, references_of_theirs_hold);
both!(families; preferences_hold_for_all, another_child_is_another_request);
both!(offices; nobody_comes_along_as_an_administrator);

async fn region(server: &Server, name: &str) -> Value {
    server.post("/regions").json(&json!({"name": name})).send().await.ok(201)["id"].clone()
}

async fn of_the_same_table(server: Server) {
    let other = region(&server, "other").await;
    let body = json!({"name": "a", "regions": [{"name": "b"}, {"name": "c", "region_id": other}]});
    let made = server.post("/regions").json(&body).send().await.ok(201);
    assert_eq!(made["region_id"], Value::Null);
    for (n, name) in ["b", "c"].iter().enumerate() {
        let within = &made["regions"][n];
        assert_eq!((&within["name"], &within["region_id"]), (&json!(name), &made["id"]));
        assert_eq!(within.get("regions"), None);
    }
    // Around may lie another; within a row that comes along nothing does.
    let body = json!({"name": "d", "region_id": made["id"], "regions": [{"name": "e"}]});
    assert_eq!(server.post("/regions").json(&body).send().await.ok(201)["region_id"], made["id"]);
    let deep = json!({"name": "f", "regions": [{"name": "g", "regions": [{"name": "h"}]}]});
    server.post("/regions").json(&deep).send().await.assert_invalid(&["regions.0.regions"]);
    // The two are rows of one table, and in each other's way.
    let same = json!({"name": "i", "regions": [{"name": "j"}, {"name": "i"}]});
    server.post("/regions").json(&same).send().await.assert_fields(409, "23505", &["regions.1.name"]);
    let taken = json!([{"name": "k"}, {"name": "l", "regions": [{"name": "m"}, {"name": "a"}]}]);
    server.post("/regions").json(&taken).send().await.assert_fields(409, "23505", &["1.regions.1.name"]);
    assert_eq!(count(&server, "/regions").await, 6);
}

async fn by_two_ways_at_once(server: Server) {
    let (b, c) = (region(&server, "b").await, region(&server, "c").await);
    // What is sent of the way around is not looked at, and of the other way it counts.
    let body = json!({
        "name": "a",
        "departures": [{"to_id": b}, {"to_id": c, "from_id": b}],
        "arrivals": [{"from_id": c, "to_id": c}],
    });
    let made = server.post("/regions").json(&body).send().await.ok(201);
    let ends = |road: &Value| (road["from_id"].clone(), road["to_id"].clone());
    assert_eq!(ends(&made["departures"][0]), (made["id"].clone(), b.clone()));
    assert_eq!(ends(&made["departures"][1]), (made["id"].clone(), c.clone()));
    assert_eq!(ends(&made["arrivals"][0]), (c, made["id"].clone()));
    let half = json!({"name": "d", "departures": [{}], "arrivals": [{"to_id": b}]});
    server.post("/regions").json(&half).send().await.assert_invalid(&["departures.0.to_id", "arrivals.0.from_id"]);
    let nowhere = "00000000-0000-7000-8000-000000000000";
    for (body, field) in [
        (json!({"name": "d", "departures": [{"to_id": b}, {"to_id": nowhere}]}), "departures.1.to_id"),
        (json!({"name": "d", "departures": [{"to_id": b}], "arrivals": [{"from_id": nowhere}]}), "arrivals.0.from_id"),
    ] {
        server.post("/regions").json(&body).send().await.assert_fields(409, "23503", &[field]);
    }
    assert_eq!((count(&server, "/regions").await, count(&server, "/roads").await), (3, 3));
}

async fn each_keeps_what_is_its_own(server: Server) {
    let b = region(&server, "b").await;
    let road = json!({"to_id": b, "toll": 7, "surface": "gold", "id": 900, "version": 12});
    let made = server.post("/regions").json(&json!({"name": "a", "departures": [road]})).send().await.ok(201);
    let road = &made["departures"][0];
    assert_eq!(road.get("toll"), None, "{road}");
    assert_eq!((&road["surface"], &road["lanes"], &road["version"]), (&json!("gravel"), &json!(2), &json!(1)));
    assert_ne!(road["id"], 900);
    assert_eq!(server.database.number("SELECT toll FROM roads").await, 7);
    assert_eq!(server.get(&format!("/roads/{}", road["id"])).send().await.ok(200), *road);
    for (field, value) in [("closed_at", json!("2026-01-01T00:00:00Z")), ("from", json!({}))] {
        let body = json!({"name": "x", "departures": [{"to_id": b, (field): value}]});
        server.post("/regions").json(&body).send().await.assert_invalid(&[&format!("departures.0.{field}")]);
    }
    let twice = br#"{"name": "x", "departures": [{"to_id": 1, "lanes": 1, "lanes": 2}]}"#.to_vec();
    server.post("/regions").body("application/json", twice).send().await.assert_problem(400, "PGRST102");
    server.delete(&format!("/roads/{}", road["id"])).send().await.assert_status(200);
    let path = format!("/regions/{}?select=departures(id)", made["id"].as_str().expect("a key"));
    assert_eq!(server.get(&path).send().await.ok(200)["departures"], json!([]));
}

/// A row that the caller may not read is none, for those who come along as for others.
async fn references_of_theirs_hold(server: Server) {
    let root = server.admin("Root").await;
    let b = region(&server, "b").await;
    server.post("/complaints").json(&json!({"text": "x"})).send().await.assert_status(201);
    let there = server.get("/complaints").token(&root.token).send().await.each("id")[0].clone();
    let body = |name: &str, complaint: &Value| json!({"name": name, "departures": [{"to_id": b}, {"to_id": b, "complaint_id": complaint}]});
    for complaint in [&there, &json!(999)] {
        let answer = server.post("/regions").json(&body("a", complaint)).send().await;
        answer.assert_fields(409, "23503", &["departures.1.complaint_id"]);
    }
    server.post("/regions").token(&root.token).json(&body("a", &there)).send().await.assert_status(201);
    assert_eq!(count(&server, "/roads").await, 2);
}

async fn preferences_hold_for_all(server: Server) {
    let b = region(&server, "b").await;
    let body = |name: &str| json!({"name": name, "departures": [{"to_id": b}]});
    let nulls = server.post("/regions").json(&body("a")).header("prefer", "missing=null").send().await;
    nulls.assert_status(201).assert_header("preference-applied", "missing=null");
    assert_eq!(nulls.json()["departures"][0]["lanes"], Value::Null);
    let many = json!([body("c"), body("d")]);
    let minimal = server.post("/regions").json(&many).header("prefer", "return=minimal").send().await;
    minimal.assert_status(201).assert_empty();
    assert_eq!(minimal.header("location"), None);
    assert_eq!(count(&server, "/roads").await, 3);
}

async fn another_child_is_another_request(server: Server) {
    let b = region(&server, "b").await;
    let body = |lanes: i32| json!([{"name": "a", "departures": [{"to_id": b, "lanes": lanes}]}, {"name": "c"}]);
    let post = |lanes: i32, prefer: &str| -> Call {
        server.post("/regions").json(&body(lanes)).header("idempotency-key", "k").header("prefer", prefer)
    };
    // What fails is not kept, whichever row it was.
    post(1 << 30, "missing=default").send().await.assert_status(201);
    post(2, "missing=default").send().await.assert_problem(422, "PT422");
    post(1 << 30, "return=minimal").send().await.assert_problem(422, "PT422");
    let again = post(1 << 30, "missing=default").send().await;
    assert_eq!(again.ok(201)[0]["departures"][0]["lanes"], 1 << 30);
    assert_eq!((count(&server, "/regions").await, count(&server, "/roads").await), (3, 1));
}

async fn nobody_comes_along_as_an_administrator(server: Server) {
    let worker = |chief: Value| json!({"email": "w@example.com", "password": PASSWORD, "chief": chief});
    let chief = json!({"workers": [worker(json!(true))]});
    server.post("/offices").json(&chief).send().await.assert_problem(403, "42501");
    server.post("/offices").json(&json!([{}, chief])).send().await.assert_problem(403, "42501");
    server.post("/offices").json(&json!({"workers": [worker(Value::Null)]})).send().await.assert_fields(
        403,
        "42501",
        &["workers.0.chief"],
    );
    assert_eq!((count(&server, "/offices").await, count(&server, "/workers").await), (0, 0));
    let made = server.post("/offices").json(&json!({"workers": [worker(json!(false))]})).send().await.ok(201);
    assert_eq!(made["workers"][0]["chief"], false);
    let token = server.login("w@example.com", PASSWORD).await.token;
    server.post("/offices").token(&token).json(&json!([{}, chief])).send().await.assert_problem(403, "42501");
}
