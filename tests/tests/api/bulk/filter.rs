//! `PATCH` and `DELETE` over a filter: every row that it means, inside the caller's scope, or none.

use restruct::__private::statements;
use restruct_tests::{
    Server, both,
    resources::{kanban, marked, odd, related},
    server::PASSWORD,
};
use serde_json::{Value, json};

both!(kanban; changes_what_is_meant, deletes_what_is_meant, needs_a_filter, takes_no_order, stays_in_scope);
both!(kanban; more_than_expected_changes_nothing, guards_hold_for_every_row, own_passwords_stay, references_are_in_scope);
both!(kanban; the_dead_touch_nothing, costs_one_statement);
both!(odd; immutable_fields_stay, conflicts_are_named, too_many_is_said_before_what_is_taken);
both!(related; what_others_refer_to_stays, too_many_is_said_before_what_refers_to_them);
both!(marked; unique_values_of_many);

async fn cards(server: &Server, token: &str, titles: &[&str]) -> Vec<Value> {
    let rows: Value = titles.iter().map(|title| json!({"title": title})).collect();
    server.post("/cards").token(token).json(&rows).send().await.ok(201).as_array().expect("an array").clone()
}

async fn changes_what_is_meant(server: Server) {
    let ann = server.register("Ann").await;
    let made = cards(&server, &ann.token, &["a", "b", "c", "d"]).await;
    let patch = |path: &str| server.patch(path).token(&ann.token).json(&json!({"status": "Done"}));
    let changed = patch("/cards?title=in.(d,b,x)").send().await.rows();
    assert_eq!(changed.iter().map(|card| &card["title"]).collect::<Vec<_>>(), ["b", "d"], "in the order of their keys");
    for (card, before) in std::iter::zip(&changed, [&made[1], &made[3]]) {
        assert_eq!((&card["status"], &card["version"]), (&json!("Done"), &json!(2)));
        assert!(card["updated_at"].as_str() >= before["updated_at"].as_str());
        assert_eq!(server.get(&format!("/cards/{}", card["id"])).send().await.ok(200), *card);
    }
    assert!(patch("/cards?title=eq.nothing").send().await.rows().is_empty());
    let untouched = server.patch("/cards?status=eq.Done").token(&ann.token).json(&json!({})).send().await.rows();
    assert_eq!(untouched, changed, "nothing to change changes nothing");
    let counted =
        patch("/cards?or=(title.eq.a,title.eq.b)").header("prefer", "return=minimal, count=exact").send().await;
    counted.assert_status(204).assert_empty().assert_header("content-range", "*/2");
    counted.assert_header("preference-applied", "return=minimal, count=exact");
    patch("/cards?title=eq.a").json(&json!({"title": ""})).send().await.assert_invalid(&["title"]);
}

async fn deletes_what_is_meant(server: Server) {
    let ann = server.register("Ann").await;
    let made = cards(&server, &ann.token, &["a", "b", "c"]).await;
    let gone = server.delete("/cards?title=neq.b").token(&ann.token).send().await.rows();
    assert_eq!(gone, [made[0].clone(), made[2].clone()]);
    assert!(server.delete("/cards?title=neq.b").token(&ann.token).send().await.rows().is_empty());
    let minimal = server.delete("/cards?id=gt.0").token(&ann.token).header("prefer", "return=minimal").send().await;
    minimal.assert_status(204).assert_empty();
    assert!(server.get("/cards").send().await.rows().is_empty());
}

async fn needs_a_filter(server: Server) {
    let ann = server.register("Ann").await;
    cards(&server, &ann.token, &["a"]).await;
    for path in ["/cards", "/cards?"] {
        server.delete(path).token(&ann.token).send().await.assert_problem(400, "PGRST100");
        let patch = server.patch(path).token(&ann.token).json(&json!({"title": "x"})).send().await;
        patch.assert_problem(400, "PGRST100");
    }
    server.put("/cards").token(&ann.token).json(&json!({"title": "x"})).send().await.assert_problem(405, "PGRST117");
    assert_eq!(server.get("/cards").send().await.each("title"), ["a"]);
}

async fn takes_no_order(server: Server) {
    let ann = server.register("Ann").await;
    for query in ["order=id", "limit=1", "offset=1", "select=nothing", "nothing=eq.1", "password=eq.x", "title=eqq.x"] {
        let filtered = format!("/cards?id=gt.0&{query}");
        server.delete(&filtered).token(&ann.token).send().await.assert_problem(400, "PGRST100");
        let patch = server.patch(&filtered).token(&ann.token).json(&json!({"title": "x"})).send().await;
        patch.assert_problem(400, "PGRST100");
    }
    let array = server.patch("/cards?id=eq.1").token(&ann.token).json(&json!([{"title": "x"}])).send().await;
    array.assert_problem(422, "23514");
}

async fn stays_in_scope(server: Server) {
    let (ann, bob, root) = (server.register("Ann").await, server.register("Bob").await, server.admin("Root").await);
    cards(&server, &ann.token, &["a1", "a2"]).await;
    cards(&server, &bob.token, &["b1"]).await;
    let patch = |token: &str| server.patch("/cards?id=gt.0").token(token).json(&json!({"description": "x"}));
    assert_eq!(patch(&bob.token).send().await.each("title"), ["b1"]);
    assert_eq!(patch(&root.token).send().await.rows().len(), 3);
    server.patch("/cards?id=gt.0").json(&json!({"title": "x"})).send().await.assert_problem(401, "PGRST302");
    server.delete("/cards?id=gt.0").send().await.assert_problem(401, "PGRST302");
    // Users read themselves alone, and so touch nobody else.
    let name = json!({"name": "x"});
    assert_eq!(server.patch("/users?id=gt.0").token(&ann.token).json(&name).send().await.each("id"), [json!(ann.id)]);
    server.delete("/users?id=gt.0").token(&ann.token).send().await.assert_problem(403, "42501");
    assert_eq!(server.delete("/cards?title=like.*").token(&bob.token).send().await.each("title"), ["b1"]);
    assert_eq!(server.get("/cards").send().await.rows().len(), 2);
}

async fn more_than_expected_changes_nothing(server: Server) {
    let ann = server.register("Ann").await;
    cards(&server, &ann.token, &["a", "b", "c"]).await;
    let prefer = |most: &str| format!("handling=strict, max-affected={most}");
    for (most, status) in [("0", 400), ("2", 400), ("3", 200), ("4", 200)] {
        let patch = server.patch("/cards?id=gt.0").token(&ann.token).json(&json!({"description": most}));
        let answer = patch.header("prefer", &prefer(most)).send().await;
        if status == 400 {
            answer.assert_problem(400, "PGRST124");
            assert!(!server.get("/cards").send().await.each("description").contains(&json!(most)));
        } else {
            assert_eq!(answer.rows().len(), 3);
            answer.assert_header("preference-applied", &prefer(most));
        }
    }
    let delete = server.delete("/cards?id=gt.0").token(&ann.token).header("prefer", "max-affected=2").send().await;
    delete.assert_problem(400, "PGRST124");
    assert_eq!(server.get("/cards").send().await.rows().len(), 3);
    for unusable in ["-1", "+1", "x", "", "99999999999999999999999"] {
        let call = server.delete("/cards?id=eq.0").token(&ann.token).header("prefer", &prefer(unusable));
        call.send().await.assert_problem(400, "PGRST122");
    }
}

async fn guards_hold_for_every_row(server: Server) {
    let (ann, root) = (server.register("Ann").await, server.admin("Root").await);
    let same = server.patch("/users?id=gt.0").token(&ann.token).json(&json!({"is_admin": false, "name": "x"}));
    assert_eq!(same.send().await.each("name"), ["x"]);
    let promoted = server.patch("/users?id=gt.0").token(&ann.token).json(&json!({"is_admin": true, "name": "y"}));
    promoted.send().await.assert_fields(403, "42501", &["is_admin"]);
    let demoted =
        server.patch(&format!("/users?id=neq.{}", root.id)).token(&root.token).json(&json!({"is_admin": true}));
    assert_eq!(demoted.send().await.rows().len(), 1);
    server.get("/auth/me").token(&ann.token).send().await.assert_status(200);
    let names = server.get("/users?order=id").token(&root.token).send().await.each("name");
    assert_eq!(names, ["x", "Root"]);
    // A demotion ends the tokens of whom it demotes, and of nobody else.
    let bob = server.register("Bob").await;
    let all = server.patch(&format!("/users?id=neq.{}", root.id)).token(&root.token).json(&json!({"is_admin": false}));
    assert_eq!(all.send().await.rows().len(), 2);
    server.get("/auth/me").token(&ann.token).send().await.assert_problem(401, "PGRST301");
    server.get("/auth/me").token(&bob.token).send().await.assert_status(200);
}

async fn own_passwords_stay(server: Server) {
    let (ann, bob, root) = (server.register("Ann").await, server.register("Bob").await, server.admin("Root").await);
    let new = json!({"password": "another password"});
    server.patch("/users?id=gt.0").token(&ann.token).json(&new).send().await.assert_invalid(&["password"]);
    server.patch("/users?id=gt.0").token(&root.token).json(&new).send().await.assert_invalid(&["password"]);
    server.login("root@example.com", PASSWORD).await;
    let others = server.patch(&format!("/users?id=neq.{}", root.id)).token(&root.token).json(&new).send().await;
    assert_eq!(others.rows().len(), 2);
    for session in [&ann, &bob] {
        server.get("/auth/me").token(&session.token).send().await.assert_problem(401, "PGRST301");
        server.login(&session.email, "another password").await;
    }
    server.get("/auth/me").token(&root.token).send().await.assert_status(200);
}

async fn references_are_in_scope(server: Server) {
    let ann = server.register("Ann").await;
    let card = &cards(&server, &ann.token, &["a"]).await[0];
    let row = json!({"message": "x", "card_id": card["id"]});
    server.post("/comments").token(&ann.token).json(&json!([row, row])).send().await.assert_status(201);
    let patch =
        |query: &str| server.patch(&format!("/comments?{query}")).token(&ann.token).json(&json!({"card_id": 4711}));
    patch("id=gt.0").send().await.assert_fields(409, "23503", &["card_id"]);
    assert!(patch("id=eq.0").send().await.rows().is_empty(), "no row, no reference");
}

async fn the_dead_touch_nothing(server: Server) {
    let (ann, root) = (server.register("Ann").await, server.admin("Root").await);
    cards(&server, &root.token, &["a"]).await;
    server.delete(&format!("/users/{}", ann.id)).token(&root.token).send().await.assert_status(200);
    let patch = server.patch("/cards?id=gt.0").token(&ann.token);
    patch.clone().json(&json!({"title": "x"})).send().await.assert_problem(401, "PGRST301");
    patch.json(&json!({})).send().await.assert_problem(401, "PGRST301");
    server.delete("/cards?id=gt.0").token(&ann.token).send().await.assert_problem(401, "PGRST301");
}

async fn costs_one_statement(server: Server) {
    let ann = server.register("Ann").await;
    // An answer that is too large undoes the write, and what begins that is counted as well.
    for (preference, cost) in [("return=minimal", 1), ("return=representation", 2)] {
        cards(&server, &ann.token, &["a", "b", "c"]).await;
        for call in [
            server.patch("/cards?id=gt.0").token(&ann.token).json(&json!({"title": "x"})),
            server.delete("/cards?title=eq.x").token(&ann.token),
        ] {
            let before = statements(&server.db);
            let answer = call.header("prefer", &format!("{preference}, count=exact")).send().await;
            assert_eq!(statements(&server.db) - before, cost, "{preference}");
            answer.assert_header("content-range", "*/3");
        }
    }
}

async fn immutable_fields_stay(server: Server) {
    let ticket = |number: i32| json!({"number": number, "pin": "1234"});
    let rows = json!([ticket(1), ticket(1), ticket(2)]);
    server.post("/tickets").json(&rows).send().await.assert_status(201);
    let patch = |query: &str| server.patch(&format!("/tickets?{query}")).json(&json!({"number": 1, "class": "first"}));
    patch("id=gt.0").send().await.assert_invalid(&["number"]);
    assert!(!server.get("/tickets").send().await.each("class").contains(&json!("first")), "nothing was changed");
    assert_eq!(patch("number=eq.1").send().await.rows().len(), 2);
    let alone = server.patch("/tickets?id=gt.0").json(&json!({"number": 1})).send().await;
    alone.assert_invalid(&["number"]);
    server.patch("/tickets?pin=eq.1234").json(&json!({"class": "x"})).send().await.assert_problem(400, "PGRST100");
}

async fn conflicts_are_named(server: Server) {
    let seat = |hall: &str, number: i32, code: Option<&str>| json!({"hall": hall, "number": number, "code": code});
    let rows = json!([seat("A", 1, None), seat("B", 1, None), seat("B", 2, Some("x"))]);
    server.post("/seats").json(&rows).send().await.assert_status(201);
    let patch = |query: &str, body: Value| server.patch(&format!("/seats?{query}")).json(&body);
    patch("hall=eq.B", json!({"hall": "A"})).send().await.assert_fields(409, "23505", &["hall", "number"]);
    patch("hall=eq.B", json!({"number": 7})).send().await.assert_fields(409, "23505", &["hall", "number"]);
    patch("number=eq.1", json!({"code": "y"})).send().await.assert_fields(409, "23505", &["code"]);
    patch("hall=eq.A", json!({"code": "x"})).send().await.assert_fields(409, "23505", &["code"]);
    assert_eq!(patch("hall=eq.B", json!({"hall": "C"})).send().await.rows().len(), 2);
}

async fn what_others_refer_to_stays(server: Server) {
    let artists = server.post("/artists").json(&json!([{"name": "a"}, {"name": "b"}])).send().await.ok(201);
    server.post("/contracts").json(&json!({"artist_id": artists[1]["id"]})).send().await.assert_status(201);
    server.delete("/artists?id=gt.0").send().await.assert_problem(409, "23503");
    assert_eq!(server.get("/artists").send().await.rows().len(), 2);
    assert_eq!(server.delete("/artists?name=eq.a").send().await.each("name"), ["a"]);
}

async fn too_many_is_said_before_what_refers_to_them(server: Server) {
    let artists = json!([{"name": "a"}, {"name": "b"}, {"name": "c"}]);
    server.post("/artists").json(&artists).send().await.assert_status(201);
    server.post("/contracts").json(&json!({"artist_id": 1})).send().await.assert_status(201);
    for preference in ["", "return=minimal, "] {
        let delete = async |query: &str, most: u32| {
            let call = server.delete(&format!("/artists?{query}"));
            call.header("prefer", &format!("{preference}max-affected={most}")).send().await
        };
        delete("id=gt.0", 2).await.assert_problem(400, "PGRST124");
        delete("id=gt.0", 3).await.assert_problem(409, "23503");
        delete("id=eq.1", 0).await.assert_problem(400, "PGRST124");
        delete("id=eq.1", 1).await.assert_problem(409, "23503");
    }
    assert_eq!(server.get("/artists").send().await.rows().len(), 3);
}

async fn too_many_is_said_before_what_is_taken(server: Server) {
    let seats: Vec<_> = (1..=3).map(|number| json!({"hall": "A", "number": number})).collect();
    server.post("/seats").json(&seats.into()).send().await.assert_status(201);
    let patch = async |most: u32| {
        let call = server.patch("/seats?hall=eq.A").json(&json!({"code": "x"}));
        call.header("prefer", &format!("max-affected={most}")).send().await
    };
    patch(2).await.assert_problem(400, "PGRST124");
    patch(3).await.assert_fields(409, "23505", &["code"]);
}

async fn unique_values_of_many(server: Server) {
    let (ann, bob) = (server.register("Ann").await, server.register("Bob").await);
    let rows = json!([{"slug": "a", "name": "x"}, {"slug": "b", "name": "y"}]);
    server.post("/marks").token(&ann.token).json(&rows).send().await.assert_status(201);
    server.post("/marks").token(&bob.token).json(&json!({"slug": "c", "name": "x"})).send().await.assert_status(201);
    let patch = |body: Value| server.patch("/marks?slug=in.(a,b,c)").token(&ann.token).json(&body);
    patch(json!({"name": "z"})).send().await.assert_fields(409, "23505", &["user_id", "name"]);
    patch(json!({"slug": "c"})).send().await.assert_fields(409, "23505", &["slug"]);
    assert_eq!(patch(json!({"name": null})).send().await.each("version"), [2, 2]);
}
