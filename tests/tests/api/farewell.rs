//! Writes that end the token of whoever makes them: they are done as a whole, and answered as to somebody who may still
//! read what they could read before.

use restruct_tests::{
    Call, Server, Session, both,
    resources::{guests, kanban},
    server::PASSWORD,
};
use serde_json::{Value, json};

both!(kanban; related_rows_are_those_of_before, whoever_goes_on_sees_what_they_may);
both!(kanban; rows_of_an_array_come_in_any_order, what_is_refused_is_told_in_any_order, a_long_array_is_done_whole);
both!(kanban; a_filter_means_whoever_asks_as_well);
both!(guests; who_leaves_sees_what_they_leave);

const SELECT: &str = "select=name,cards(title,comments(message,user(name)))";

/// An administrator with a card of theirs, about which Ann has said something.
async fn chief(server: &Server, ann: &Session, name: &str) -> Session {
    let chief = server.admin(name).await;
    let card = server.create("/cards", &chief.token, &json!({"title": "x"})).await;
    server.create("/comments", &ann.token, &json!({"message": "m", "card_id": card["id"]})).await;
    chief
}

fn shown(name: &str, user: &Value) -> Value {
    json!({"name": name, "cards": [{"title": "x", "comments": [{"message": "m", "user": user}]}]})
}

/// Every way to demote oneself.
fn demotions(server: &Server, who: &Session, name: &str) -> Vec<(Call, bool)> {
    let whole = json!({"name": name, "email": who.email, "is_admin": false});
    let one = format!("/users/{}?{SELECT}", who.id);
    vec![
        (server.patch(&one).json(&json!({"is_admin": false})), false),
        (server.put(&one).json(&whole), false),
        (server.patch(&format!("/users?{SELECT}")).json(&json!([{"id": who.id, "is_admin": false}])), true),
        (server.patch(&format!("/users?id=eq.{}&{SELECT}", who.id)).json(&json!({"is_admin": false})), true),
    ]
}

async fn related_rows_are_those_of_before(server: Server) {
    let ann = server.register("Ann").await;
    for way in 0..4 {
        let name = format!("Chief{way}");
        let chief = chief(&server, &ann, &name).await;
        let (call, many) = demotions(&server, &chief, &name).swap_remove(way);
        let answer = call.token(&chief.token).send().await.ok(200);
        let row = shown(&name, &json!({"name": "Ann"}));
        assert_eq!(answer, if many { json!([row]) } else { row });
        server.get("/auth/me").token(&chief.token).send().await.assert_problem(401, "PGRST301");
        // It was the last that they saw of Ann.
        let chief = server.login(&chief.email, PASSWORD).await;
        let now = server.get(&format!("/users/{}?{SELECT}", chief.id)).token(&chief.token).send().await;
        assert_eq!(now.ok(200), shown(&name, &Value::Null));
    }
}

async fn whoever_goes_on_sees_what_they_may(server: Server) {
    let ann = server.register("Ann").await;
    let bob = server.register("Bob").await;
    let card = server.create("/cards", &bob.token, &json!({"title": "x"})).await;
    server.create("/comments", &ann.token, &json!({"message": "m", "card_id": card["id"]})).await;
    // Bob says what is so already, by every way.
    for (call, many) in demotions(&server, &bob, "Bob") {
        let answer = call.token(&bob.token).send().await.ok(200);
        let row = shown("Bob", &Value::Null);
        assert_eq!(answer, if many { json!([row]) } else { row });
    }
    server.get("/auth/me").token(&bob.token).send().await.assert_status(200);
    // A dead token writes nothing and sees nothing, and neither does it when it is its own row.
    let body = json!({"current": PASSWORD, "new": "another passphrase"});
    server.post("/auth/password").token(&bob.token).json(&body).send().await.assert_status(200);
    for (call, _) in demotions(&server, &bob, "Bob") {
        call.token(&bob.token).send().await.assert_problem(401, "PGRST301");
    }
}

/// Every order of so many.
fn orders(many: usize) -> Vec<Vec<usize>> {
    let Some(last) = many.checked_sub(1) else { return vec![Vec::new()] };
    let fewer = orders(last).into_iter();
    fewer
        .flat_map(|order| {
            (0..many).map(move |at| {
                let mut order = order.clone();
                order.insert(at, last);
                order
            })
        })
        .collect()
}

async fn rows_of_an_array_come_in_any_order(server: Server) {
    let (ann, bob, eve) = (server.register("Ann").await, server.register("Bob").await, server.register("Eve").await);
    for (round, order) in orders(4).into_iter().enumerate() {
        let chief = server.admin(&format!("Chief{round}")).await;
        let name = format!("Ann{round}");
        // Each is a statement of its own kind.
        let sent = [
            json!({"id": chief.id, "is_admin": false}),
            json!({"id": ann.id, "name": name}),
            json!({"id": bob.id, "is_admin": true}),
            json!({"id": eve.id}),
        ];
        let body: Value = order.iter().map(|at| sent[*at].clone()).collect();
        let rows = server.patch("/users").token(&chief.token).json(&body).send().await.rows();
        let seen: Vec<_> = rows.iter().map(|row| (row["id"].clone(), row["is_admin"].clone())).collect();
        let expected = order.iter().map(|at| (sent[*at]["id"].clone(), json!(*at == 2)));
        assert_eq!(seen, expected.collect::<Vec<_>>(), "{body}");
        assert_eq!(rows.iter().filter(|row| row["name"] == *name).count(), 1, "{body}");
        server.get("/auth/me").token(&chief.token).send().await.assert_problem(401, "PGRST301");
    }
}

async fn what_is_refused_is_told_in_any_order(server: Server) {
    let (ann, bob, chief) = (server.register("Ann").await, server.register("Bob").await, server.admin("Chief").await);
    let own = json!({"id": chief.id, "is_admin": false});
    for (other, status, code, field) in [
        (json!({"id": 4711, "is_admin": false}), 404, "PGRST116", "id"),
        (json!({"id": 4711, "name": "x"}), 404, "PGRST116", "id"),
        (json!({"id": 4711}), 404, "PGRST116", "id"),
        (json!({"id": ann.id, "email": bob.email}), 409, "23505", "email"),
    ] {
        for (body, at) in [(json!([own, other]), 1), (json!([other, own]), 0)] {
            let answer = server.patch("/users").token(&chief.token).json(&body).send().await;
            answer.assert_fields(status, code, &[&format!("{at}.{field}")]);
        }
    }
    // What is theirs alone is refused as ever.
    let taken = json!([{"id": chief.id, "is_admin": false, "email": ann.email}, {"id": bob.id, "name": "x"}]);
    let answer = server.patch("/users").token(&chief.token).json(&taken).send().await;
    answer.assert_fields(409, "23505", &["0.email"]);
    let users = server.get("/users").token(&chief.token).send().await;
    assert_eq!(users.each("is_admin"), [false, false, true], "nothing was changed, and the token is alive");
    assert_eq!(users.each("name"), ["Ann", "Bob", "Chief"]);
}

/// SQLite does it in chunks.
async fn a_long_array_is_done_whole(server: Server) {
    let chief = server.admin("Chief").await;
    let user = |n: usize| json!({"name": "x", "email": format!("u{n}@example.com"), "password": PASSWORD});
    let made = server.post("/users").token(&chief.token).json(&(0..300).map(user).collect()).send().await.ok(201);
    let others = made.as_array().expect("an array").iter().map(|user| user["id"].clone());
    let rows: Value =
        std::iter::once(json!(chief.id)).chain(others).map(|id| json!({"id": id, "is_admin": false})).collect();
    let done = server.patch("/users").token(&chief.token).json(&rows).send().await.rows();
    assert_eq!((done.len(), &done[0]["id"]), (301, &json!(chief.id)));
    server.get("/auth/me").token(&chief.token).send().await.assert_problem(401, "PGRST301");
}

async fn a_filter_means_whoever_asks_as_well(server: Server) {
    // Some stand before the caller's row and some behind it.
    let (ann, chief) = (server.register("Ann").await, server.admin("Chief").await);
    let (bob, other) = (server.register("Bob").await, server.admin("Other").await);
    let four = [ann.id, chief.id, bob.id, other.id];
    let demotion = server.patch("/users?id=gt.0&select=id,cards(id)").json(&json!({"is_admin": false}));
    assert_eq!(demotion.token(&chief.token).send().await.each("id"), four);
    server.get("/users").token(&chief.token).send().await.assert_problem(401, "PGRST301");
    server.get("/users").token(&other.token).send().await.assert_problem(401, "PGRST301");
    let last = server.admin("Last").await;
    let gone = server.delete("/users?id=gt.0&select=id,cards(id)").token(&last.token).send().await;
    assert_eq!(gone.each("id"), [ann.id, chief.id, bob.id, other.id, last.id]);
    assert_eq!(server.database.number("SELECT count(*) FROM users").await, 0);
}

async fn who_leaves_sees_what_they_leave(server: Server) {
    for (name, path) in [("Ann", "/guests/{id}?"), ("Bob", "/guests?id=eq.{id}&")] {
        let guest = server.register(name).await;
        let token = server.create("/tokens", &guest.token, &json!({})).await;
        let path = format!("{}select=name,tokens(id)", path.replace("{id}", &guest.id.to_string()));
        let left = server.delete(&path).token(&guest.token).send().await.ok(200);
        let row = json!({"name": name, "tokens": [{"id": token["id"]}]});
        assert_eq!(left, if left.is_array() { json!([row]) } else { row });
        server.get("/auth/me").token(&guest.token).send().await.assert_problem(401, "PGRST301");
    }
}
