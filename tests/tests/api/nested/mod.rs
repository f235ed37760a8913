//! `POST` of a row together with rows that belong to it: all of them or none, under the rules of each.

mod relatives;

use restruct::__private::statements;
use restruct_tests::{
    Call, Server, both,
    resources::{families, kanban, offices},
    server::PASSWORD,
};
use serde_json::{Value, json};

both!(kanban; rows_come_with_their_row, each_is_stamped_as_if_alone, all_or_nothing, many_bring_many);
both!(kanban; every_mistake_has_its_place, a_thousand_are_the_most, who_may_not_makes_nothing, is_done_once);
both!(kanban; costs_a_handful_of_statements, what_is_not_marked_has_its_place, is_no_part_of_other_writes);
both!(families; some_come_and_are_not_seen, the_rule_of_each_holds, two_generations_at_most, conflicts_name_their_rows);
both!(families; keys_of_both_kinds, who_cannot_see_the_row_cannot_fill_it, upserts_bring_nothing);
both!(offices; passwords_are_hashed);

async fn count(server: &Server, path: &str) -> usize {
    server.get(&format!("{path}?limit=1000")).send().await.rows().len()
}

fn messages(count: usize) -> Value {
    (0..count).map(|n| json!({"message": format!("m{n}")})).collect()
}

async fn rows_come_with_their_row(server: Server) {
    let ann = server.register("Ann").await;
    let card = json!({"title": "x", "comments": [{"message": "a"}, {"message": "b"}]});
    let answer = server.post("/cards").token(&ann.token).json(&card).send().await;
    let made = answer.ok(201);
    answer.assert_header("location", &format!("/cards/{}", made["id"]));
    assert!(answer.header("etag").is_some());
    let comments = made["comments"].as_array().expect("an array");
    assert_eq!(comments.iter().map(|c| c["message"].clone()).collect::<Vec<_>>(), ["a", "b"]);
    for comment in comments {
        assert_eq!((&comment["card_id"], &comment["user_id"]), (&made["id"], &json!(ann.id)));
        assert_eq!(server.get(&format!("/comments/{}", comment["id"])).send().await.ok(200), *comment);
    }
    // It is what an embedding select answers.
    let read = server.get(&format!("/cards/{}?select=*,comments(*)", made["id"])).send().await.ok(200);
    assert_eq!(read, made);
    for (body, expected) in [(json!({"title": "y"}), None), (json!({"title": "y", "comments": []}), Some(json!([])))] {
        let made = server.post("/cards").token(&ann.token).json(&body).send().await.ok(201);
        assert_eq!(made.get("comments"), expected.as_ref(), "a member that is not sent is not answered");
    }
    let minimal = server.post("/cards").token(&ann.token).json(&card).header("prefer", "return=minimal").send().await;
    minimal.assert_status(201).assert_empty();
    assert!(minimal.header("location").is_some());
    assert_eq!(count(&server, "/comments").await, 4);
}

async fn each_is_stamped_as_if_alone(server: Server) {
    let (ann, bob) = (server.register("Ann").await, server.register("Bob").await);
    let other = server.create("/cards", &bob.token, &json!({"title": "other"})).await;
    // The owner, the key and the card of a comment are not the client's to say, and what is sent is not looked at.
    for card_id in [other["id"].clone(), json!("nonsense"), Value::Null] {
        let comment = json!({"message": "a", "user_id": bob.id, "id": 99, "card_id": card_id});
        let card = json!({"title": "x", "user_id": bob.id, "comments": [comment]});
        let made = server.post("/cards").token(&ann.token).json(&card).send().await.ok(201);
        let comment = &made["comments"][0];
        assert_eq!((&made["user_id"], &comment["user_id"]), (&json!(ann.id), &json!(ann.id)));
        assert_eq!(comment["card_id"], made["id"]);
        assert_ne!(comment["id"], 99);
        assert_eq!(comment["created_at"], comment["updated_at"]);
    }
    // Alone it needs its card as ever.
    server.post("/comments").token(&ann.token).json(&json!({"message": "a"})).send().await.assert_invalid(&["card_id"]);
}

async fn all_or_nothing(server: Server) {
    let ann = server.register("Ann").await;
    let good = json!({"title": "x", "comments": messages(3)});
    let mut bad = good.clone();
    bad["comments"][2] = json!({"message": ""});
    for body in [bad.clone(), json!([good, bad])] {
        server.post("/cards").token(&ann.token).json(&body).send().await.assert_status(422);
    }
    assert_eq!((count(&server, "/cards").await, count(&server, "/comments").await), (0, 0));
}

async fn many_bring_many(server: Server) {
    let ann = server.register("Ann").await;
    let card = |n: usize| {
        let mut card = json!({"title": format!("c{n}")});
        if !n.is_multiple_of(3) {
            card["comments"] = messages(n % 3);
        }
        card
    };
    let cards: Value = (0..30).map(card).collect();
    let made = server.post("/cards").token(&ann.token).json(&cards).send().await;
    assert!(made.header("location").is_none());
    for (n, card) in made.ok(201).as_array().expect("an array").iter().enumerate() {
        assert_eq!(card["title"], format!("c{n}"));
        let Some(comments) = card.get("comments") else {
            assert_eq!(n % 3, 0);
            continue;
        };
        let comments = comments.as_array().expect("an array");
        assert_eq!(comments.len(), n % 3);
        for (n, comment) in comments.iter().enumerate() {
            assert_eq!((&comment["message"], &comment["card_id"]), (&json!(format!("m{n}")), &card["id"]));
        }
    }
    assert_eq!(count(&server, "/comments").await, 30);
}

async fn every_mistake_has_its_place(server: Server) {
    let ann = server.register("Ann").await;
    let post = |body: Value| server.post("/cards").token(&ann.token).json(&body).send();
    let bad = json!({"title": "", "titel": 1, "comments": [{"message": "a"}, {"mesage": "b"}, 7, {"message": ""}]});
    let fields = ["title", "titel", "comments.1.message", "comments.1.mesage", "comments.2", "comments.3.message"];
    post(bad.clone()).await.assert_invalid(&fields);
    let numbered: Vec<_> = fields.iter().map(|field| format!("1.{field}")).collect();
    let numbered: Vec<_> = numbered.iter().map(String::as_str).collect();
    post(json!([{"title": "x", "comments": [{"message": "a"}]}, bad])).await.assert_invalid(&numbered);
    for odd in [Value::Null, json!({}), json!("x"), json!(1)] {
        post(json!({"title": "x", "comments": odd})).await.assert_invalid(&["comments"]);
    }
    let errors = post(json!({"title": "x", "coments": []})).await.assert_invalid(&["coments"]);
    assert_eq!(errors["coments"], "is not a field of cards (did you mean `comments`?)");
}

async fn a_thousand_are_the_most(server: Server) {
    let ann = server.register("Ann").await;
    let post = |body: Value| server.post("/cards").token(&ann.token).json(&body).send();
    post(json!({"title": "x", "comments": messages(1000)})).await.assert_problem(422, "23514");
    let halves = json!([{"title": "x", "comments": messages(499)}, {"title": "y", "comments": messages(500)}]);
    post(halves).await.assert_problem(422, "23514");
    assert_eq!((count(&server, "/cards").await, count(&server, "/comments").await), (0, 0));
    let made = post(json!({"title": "x", "comments": messages(999)})).await.ok(201);
    let comments = made["comments"].as_array().expect("an array");
    assert_eq!((comments.len(), &comments[998]["message"]), (999, &json!("m998")));
}

async fn who_may_not_makes_nothing(server: Server) {
    let (ann, root) = (server.register("Ann").await, server.admin("Root").await);
    let card = json!({"title": "x", "comments": messages(2)});
    server.post("/cards").json(&card).send().await.assert_problem(401, "PGRST302");
    server.post("/cards").token("x.y.z").json(&card).send().await.assert_problem(401, "PGRST301");
    server.delete(&format!("/users/{}", ann.id)).token(&root.token).send().await.assert_status(200);
    server.post("/cards").token(&ann.token).json(&card).send().await.assert_problem(401, "PGRST301");
    assert_eq!((count(&server, "/cards").await, count(&server, "/comments").await), (0, 0));
}

async fn is_done_once(server: Server) {
    let ann = server.register("Ann").await;
    let card = json!({"title": "x", "comments": messages(2)});
    let post = || -> Call { server.post("/cards").token(&ann.token).json(&card).header("idempotency-key", "once") };
    let first = post().send().await;
    assert_eq!(first.ok(201)["comments"].as_array().map(Vec::len), Some(2));
    let again = post().send().await;
    assert_eq!((again.status, &again.body), (201, &first.body));
    assert_eq!((count(&server, "/cards").await, count(&server, "/comments").await), (1, 2));
}

async fn costs_a_handful_of_statements(server: Server) {
    let ann = server.register("Ann").await;
    for (cards, comments, most) in [(1, 1, 6), (1, 60, 6), (50, 5, 8)] {
        let card = json!({"title": "x", "comments": messages(comments)});
        let body = if cards == 1 { card } else { vec![card; cards].into() };
        let before = statements(&server.db);
        server.post("/cards").token(&ann.token).json(&body).send().await.assert_status(201);
        let cost = statements(&server.db) - before;
        assert!(cost <= most, "{cards} cards of {comments} comments cost {cost} statements");
    }
}

async fn what_is_not_marked_has_its_place(server: Server) {
    let root = server.admin("Root").await;
    let user = json!({"name": "x", "email": "x@example.com", "password": PASSWORD, "cards": [{"title": "x"}]});
    let errors = server.post("/users").token(&root.token).json(&user).send().await.assert_invalid(&["cards"]);
    let text = "is not created together with users; its rows are created at POST /cards";
    assert_eq!(errors["cards"], text);
    // A way to one row is no field, as ever.
    let card = json!({"title": "x", "user": {"name": "x"}});
    server.post("/cards").token(&root.token).json(&card).send().await.assert_invalid(&["user"]);
}

async fn is_no_part_of_other_writes(server: Server) {
    let ann = server.register("Ann").await;
    let card = server.create("/cards", &ann.token, &json!({"title": "x"})).await;
    let path = format!("/cards/{}", card["id"]);
    let body = json!({"title": "y", "comments": messages(1)});
    for call in [server.patch(&path), server.put(&path)] {
        call.token(&ann.token).json(&body).send().await.assert_invalid(&["comments"]);
    }
    assert_eq!(count(&server, "/comments").await, 0);
}

async fn some_come_and_are_not_seen(server: Server) {
    let root = server.admin("Root").await;
    let shop = json!({"name": "a", "letters": [{"text": "x"}, {"text": "y"}], "offers": [{"code": "c"}]});
    let made = server.post("/shops").json(&shop).send().await.ok(201);
    assert_eq!((&made["letters"], &made["offers"][0]["count"]), (&json!([]), &json!(1)));
    let there = server.get("/complaints").token(&root.token).send().await.rows();
    assert!(there.iter().all(|letter| letter["shop_id"] == made["id"]), "{there:?}");
    assert_eq!(there.len(), 2);
    let shop = json!({"name": "b", "letters": [{"text": "x"}]});
    let made = server.post("/shops").token(&root.token).json(&shop).send().await.ok(201);
    assert_eq!(made["letters"][0]["text"], "x");
}

async fn the_rule_of_each_holds(server: Server) {
    let (ann, root) = (server.register("Ann").await, server.admin("Root").await);
    let shop = |licences: Value| json!({"name": "a", "licences": licences});
    // Who may not is told before what is wrong with the rest.
    for licences in [json!([{}]), json!([]), json!([{"unknown": 1}]), Value::Null] {
        server.post("/shops").json(&shop(licences)).send().await.assert_problem(401, "PGRST302");
    }
    for licences in [json!([{}]), json!([])] {
        let call = server.post("/shops").token(&ann.token).json(&shop(licences));
        call.send().await.assert_problem(403, "42501");
    }
    assert_eq!(count(&server, "/shops").await, 0);
    let made = server.post("/shops").token(&root.token).json(&shop(json!([{}, {}]))).send().await.ok(201);
    assert_eq!(made["licences"][1]["shop_id"], made["id"]);
    // What no client creates does not come along either.
    let awarded = json!({"name": "b", "awards": [{}]});
    let errors = server.post("/shops").token(&root.token).json(&awarded).send().await.assert_invalid(&["awards"]);
    assert_eq!(errors["awards"], "is not created together with shops, and no client creates awards");
}

async fn two_generations_at_most(server: Server) {
    let shop = json!({"name": "a", "offers": [{"code": "c"}, {"code": "d", "remarks": [{}]}]});
    let errors = server.post("/shops").json(&shop).send().await.assert_invalid(&["offers.1.remarks"]);
    let text = errors["offers.1.remarks"].as_str().expect("a text");
    assert!(text.contains("two at most") && text.contains("POST /remarks"), "{text}");
    let made = server.post("/shops").json(&json!({"name": "a"})).send().await.ok(201);
    let offer = json!({"code": "c", "shop_id": made["id"], "remarks": [{}, {}]});
    let made = server.post("/offers").json(&offer).send().await.ok(201);
    assert_eq!(made["remarks"][1]["offer_id"], made["id"]);
}

async fn conflicts_name_their_rows(server: Server) {
    let codes = |codes: &[&str]| -> Value { codes.iter().map(|code| json!({"code": code})).collect() };
    let post = |body: Value| server.post("/shops").json(&body).send();
    let answer = post(json!({"name": "a", "offers": codes(&["x", "y", "x"])})).await;
    answer.assert_fields(409, "23505", &["offers.2.shop_id", "offers.2.code"]);
    let shops = json!([{"name": "a", "offers": codes(&["x"])}, {"name": "b", "offers": codes(&["x", "x"])}]);
    post(shops).await.assert_fields(409, "23505", &["1.offers.1.shop_id", "1.offers.1.code"]);
    assert_eq!((count(&server, "/shops").await, count(&server, "/offers").await), (0, 0));
    // The same codes in two shops are no conflict, and a taken name is the shop's.
    post(json!([{"name": "a", "offers": codes(&["x"])}, {"name": "b", "offers": codes(&["x"])}])).await.ok(201);
    post(json!({"name": "a", "offers": codes(&["z"])})).await.assert_fields(409, "23505", &["name"]);
    assert_eq!(count(&server, "/offers").await, 2);
}

async fn keys_of_both_kinds(server: Server) {
    let ann = server.register("Ann").await;
    let chests: Value = (0..5).map(|n| json!({"coins": vec![json!({}); n]})).collect();
    let made = server.post("/chests").token(&ann.token).json(&chests).send().await.ok(201);
    for (n, chest) in made.as_array().expect("an array").iter().enumerate() {
        let coins = chest["coins"].as_array().expect("an array");
        assert_eq!(coins.len(), n);
        assert!(coins.iter().all(|coin| coin["chest_id"] == chest["id"]));
    }
    assert_eq!(count(&server, "/coins").await, 10);
}

async fn who_cannot_see_the_row_cannot_fill_it(server: Server) {
    let chest = json!({"coins": [{}]});
    server.post("/chests").json(&chest).send().await.assert_fields(409, "23503", &["coins.0.chest_id"]);
    let root = server.admin("Root").await;
    assert!(server.get("/chests").token(&root.token).send().await.rows().is_empty());
    server.post("/chests").json(&json!({})).send().await.assert_status(201).assert_empty();
}

async fn upserts_bring_nothing(server: Server) {
    let post = |body: Value| {
        server.post("/shops?on_conflict=name").json(&body).header("prefer", "resolution=merge-duplicates").send()
    };
    post(json!({"name": "a"})).await.ok(201);
    for (body, field) in [
        (json!({"name": "a", "offers": [{"code": "x"}]}), "offers"),
        (json!([{"name": "a", "offers": [{"code": "x"}]}]), "0.offers"),
    ] {
        let errors = post(body).await.assert_invalid(&[field]);
        assert!(errors[field].as_str().is_some_and(|text| text.contains("POST /offers")), "{errors}");
    }
    assert_eq!(count(&server, "/offers").await, 0);
}

async fn passwords_are_hashed(server: Server) {
    let worker = |n: usize| json!({"email": format!("w{n}@example.com"), "password": PASSWORD});
    for key in [None, Some("once")] {
        let first = if key.is_some() { 2 } else { 0 };
        let office = json!({"workers": [worker(first), worker(first + 1)]});
        let call = server.post("/offices").json(&office);
        let call = if let Some(key) = key { call.header("idempotency-key", key) } else { call };
        let answer = call.send().await;
        let made = answer.ok(201);
        assert!(!answer.text().contains("password"), "{}", answer.text());
        for (n, made) in made["workers"].as_array().expect("an array").iter().enumerate() {
            let session = server.login(&format!("w{}@example.com", first + n), PASSWORD).await;
            assert_eq!(made["id"], session.id);
        }
    }
    let weak = json!({"workers": [{"email": "x@example.com", "password": "short"}]});
    server.post("/offices").json(&weak).send().await.assert_invalid(&["workers.0.password"]);
    let taken = json!([{"workers": []}, {"workers": [worker(9), worker(0)]}]);
    server.post("/offices").json(&taken).send().await.assert_fields(409, "23505", &["1.workers.1.email"]);
}
