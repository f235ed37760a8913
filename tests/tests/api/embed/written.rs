//! `select` on writes: the answer shows what the same `select` shows on GET.

use restruct::__private::statements;
use restruct_tests::{
    Call, Server, both,
    resources::{families, kanban, kept, marked},
};
use serde_json::{Value, json};

use super::{board, list};

both!(kanban; every_write_shows_what_is_selected, headers_are_of_the_whole_row, related_rows_come_along);
both!(kanban; what_went_with_a_row_is_gone, refuses_what_a_read_refuses, nobody_is_answered_for_nothing);
both!(kanban; what_cannot_be_answered_is_not_done, costs_a_statement_for_each_relation, a_replay_shows_the_same);
both!(marked; upserts_show_it_too);
both!(families; rows_that_came_along_are_selected_too);
both!(kept; rows_that_stay_keep_what_refers_to_them);

/// A card of a new caller, for each write that there is.
async fn writes(server: &Server, token: &str, query: &str) -> Vec<(Call, u16)> {
    let made = server.post("/cards").token(token).json(&cards(&["a", "b", "c", "d", "e", "f"])).send().await.ok(201);
    let id = |n: usize| made[n]["id"].clone();
    let path = |n: usize| format!("/cards/{}?{query}", id(n));
    let x = json!({"title": "x"});
    vec![
        (server.post(&format!("/cards?{query}")).token(token).json(&x), 201),
        (server.post(&format!("/cards?{query}")).token(token).json(&json!([x])), 201),
        (server.put(&path(0)).token(token).json(&x), 200),
        (server.patch(&path(1)).token(token).json(&x), 200),
        (server.patch(&path(1)).token(token).json(&json!({})), 200),
        (server.patch(&format!("/cards?{query}")).token(token).json(&json!([{"id": id(2), "title": "x"}])), 200),
        (server.patch(&format!("/cards?id=eq.{}&{query}", id(3))).token(token).json(&x), 200),
        (server.delete(&path(1)).token(token), 200),
        (server.delete(&format!("/cards?{query}&id=eq.{}", id(3))).token(token), 200),
    ]
}

fn cards(titles: &[&str]) -> Value {
    titles.iter().map(|title| json!({"title": title})).collect()
}

async fn every_write_shows_what_is_selected(server: Server) {
    let ann = server.register("Ann").await;
    for (call, status) in writes(&server, &ann.token, "select=name:title,status,a:title").await {
        let answer = call.send().await;
        let row = r#"{"name":"x","status":"To Do","a":"x"}"#;
        let expected = [row.to_owned(), format!("[{row}]")];
        assert!(expected.contains(&answer.assert_status(status).text().to_owned()), "{answer:?}");
    }
    for same in ["select=", "select=*"] {
        for (call, status) in writes(&server, &ann.token, same).await {
            let body = call.send().await.ok(status);
            let row = if body.is_array() { &body[0] } else { &body };
            assert!(row["id"].is_i64() && row["version"].is_i64() && row.get("user_id").is_some(), "{row}");
        }
    }
    // Several of them, in their order.
    let rows = server.post("/cards?select=title").token(&ann.token).json(&cards(&["q", "p"])).send().await.ok(201);
    assert_eq!(rows, json!([{"title": "q"}, {"title": "p"}]));
    let changed = server.patch("/cards?title=in.(p,q)&select=title,status").token(&ann.token);
    let changed = changed.json(&json!({"status": "Done"})).send().await.rows();
    assert_eq!(changed, [json!({"title": "q", "status": "Done"}), json!({"title": "p", "status": "Done"})]);
    assert!(server.delete("/cards?id=eq.0&select=id").token(&ann.token).send().await.rows().is_empty());
}

async fn headers_are_of_the_whole_row(server: Server) {
    let ann = server.register("Ann").await;
    let made = server.post("/cards?select=title").token(&ann.token).json(&json!({"title": "x"})).send().await;
    assert_eq!(made.ok(201), json!({"title": "x"}));
    let path = made.header("location").expect("a location").to_owned();
    let read = server.get(&path).send().await;
    assert_eq!(made.header("etag"), read.header("etag"), "that of the row");
    let tag = read.header("etag").expect("a tag").to_owned();
    let change = server.patch(&format!("{path}?select=id,user(name)")).token(&ann.token).json(&json!({"title": "y"}));
    let changed = change.clone().header("if-match", &tag).send().await;
    let read = server.get(&path).send().await;
    assert_eq!(changed.assert_status(200).header("etag"), read.header("etag"));
    change.header("if-match", &tag).send().await.assert_problem(412, "PT412");
    let rows = server.post("/cards?select=title").token(&ann.token).json(&cards(&["a", "b"]));
    let counted = rows.header("prefer", "return=representation, count=exact").send().await;
    counted.assert_status(201).assert_header("content-range", "*/2");
    counted.assert_header("preference-applied", "return=representation, count=exact");
}

async fn related_rows_come_along(server: Server) {
    let (token, [first, second]) = board(&server, 3).await;
    let select = "select=id,user(name),comments(message)&comments.order=id.desc&comments.limit=2";
    let path = format!("/cards/{first}?{select}");
    let changed = server.patch(&path).token(&token).json(&json!({"title": "x"})).send().await.ok(200);
    assert_eq!(
        changed,
        json!({"id": first, "user": {"name": "Ann"}, "comments": [{"message": "m3"}, {"message": "m2"}]})
    );
    assert_eq!(list(&server, &path, &token).await, changed, "as GET shows it");
    let rows = json!([{"id": second, "title": "y"}, {"id": first, "title": "z"}]);
    let each = server.patch(&format!("/cards?{select}")).token(&token).json(&rows).send().await.rows();
    assert_eq!(each, [json!({"id": second, "user": {"name": "Ann"}, "comments": []}), changed.clone()]);
    let all = server.patch(&format!("/cards?id=gt.0&{select}")).token(&token).json(&json!({"status": "Done"}));
    assert_eq!(all.send().await.rows(), [changed, each[0].clone()]);
    let comment = json!({"message": "new", "card_id": first});
    let deep = "/comments?select=message,card(title,comments(message))&card.comments.message=neq.m1";
    let made = server.post(deep).token(&token).json(&comment).send().await.ok(201);
    let comments = json!([{"message": "m2"}, {"message": "m3"}, {"message": "new"}]);
    assert_eq!(made, json!({"message": "new", "card": {"title": "z", "comments": comments}}), "what was made is there");
    // Of each row what the caller may read of it.
    let bob = server.register("Bob").await;
    let seen = server.post("/comments?select=message,card(title,user(name)),user(name)").token(&bob.token);
    let seen = seen.json(&comment).send().await.ok(201);
    assert_eq!(seen, json!({"message": "new", "card": {"title": "z", "user": null}, "user": {"name": "Bob"}}));
}

async fn what_went_with_a_row_is_gone(server: Server) {
    let (token, [first, second]) = board(&server, 2).await;
    let select = "select=title,user(name),comments(message)";
    let gone = server.delete(&format!("/cards/{first}?{select}")).token(&token).send().await.ok(200);
    assert_eq!(gone, json!({"title": "first", "user": {"name": "Ann"}, "comments": []}));
    let gone = server.delete(&format!("/cards?id=eq.{second}&{select}")).token(&token).send().await.rows();
    assert_eq!(gone, [json!({"title": "second", "user": {"name": "Ann"}, "comments": []})]);
    assert!(server.get("/comments").send().await.rows().is_empty());
}

async fn refuses_what_a_read_refuses(server: Server) {
    let ann = server.register("Ann").await;
    for query in
        ["select=nothing", "select=id,id", "select=user(password)", "select=comments(nothing)", "select=id&x=y"]
    {
        for (call, _) in writes(&server, &ann.token, query).await {
            call.clone().send().await.assert_problem(400, "PGRST100");
            call.header("prefer", "return=minimal").send().await.assert_problem(400, "PGRST100");
        }
    }
    let problem = server.patch("/users/1?select=password").token(&ann.token).json(&json!({"name": "x"})).send().await;
    let read = server.get("/users/1?select=password").token(&ann.token).send().await;
    let said = |answer: &restruct_tests::Answer| answer.assert_problem(400, "PGRST100")["detail"].clone();
    assert_eq!(said(&problem), said(&read));
    // It would leave out rows that were written.
    for (call, _) in writes(&server, &ann.token, "select=id,comments!inner(id)").await {
        let problem = call.send().await.assert_problem(400, "PGRST100");
        assert!(problem["hint"].as_str().is_some_and(|hint| hint.contains("!inner")), "{problem}");
    }
    let titles = server.get("/cards?limit=1000").send().await.each("title");
    assert!(!titles.contains(&json!("x")), "nothing was written");
    assert_eq!(titles.len(), 6 * 6, "nothing is gone");
    server.post("/cards?columns=title").token(&ann.token).json(&json!({})).send().await.assert_problem(400, "PGRST100");
}

async fn nobody_is_answered_for_nothing(server: Server) {
    let ann = server.register("Ann").await;
    for (call, status) in writes(&server, &ann.token, "select=title,user(name)").await {
        let before = statements(&server.db);
        let answer = call.header("prefer", "return=minimal").send().await;
        answer.assert_status(if status == 201 { 201 } else { 204 }).assert_empty();
        assert!(statements(&server.db) - before <= 3, "nothing is read for it: {answer:?}");
    }
}

/// Whoever is refused must not find out that it was done all the same.
async fn what_cannot_be_answered_is_not_done(server: Server) {
    let ann = server.register("Ann").await;
    let rows: Value = (0..300).map(|n| json!({"title": n.to_string()})).collect();
    let made = server.post("/cards").token(&ann.token).json(&rows).send().await.ok(201);
    let each: Value = (0..300).map(|n| json!({"id": made[n]["id"], "title": "x"})).collect();
    // Each has the user with all cards: 300 times 301 rows.
    let select = "select=id,user(cards(id))";
    for call in [
        server.patch(&format!("/cards?id=gt.0&{select}")).json(&json!({"title": "x"})),
        server.patch(&format!("/cards?{select}")).json(&each),
        server.delete(&format!("/cards?id=gt.0&{select}")),
        server.post(&format!("/cards?{select}")).json(&rows),
        server.post(&format!("/cards?{select}")).json(&rows).header("idempotency-key", "k"),
    ] {
        let answer = call.token(&ann.token).send().await;
        if answer.request.starts_with("DELETE") {
            assert_eq!(answer.rows()[0]["user"]["cards"], json!([]), "their cards are gone");
            server.post("/cards").token(&ann.token).json(&rows).send().await.assert_status(201);
        } else {
            let problem = answer.assert_problem(400, "54000");
            assert_eq!(problem["details"], "nothing was changed", "{problem}");
        }
        let cards = server.get("/cards?select=title&limit=1000").send().await.rows();
        assert!(cards.len() == 300 && !cards.contains(&json!({"title": "x"})), "{}", answer.request);
    }
}

async fn costs_a_statement_for_each_relation(server: Server) {
    let ann = server.register("Ann").await;
    for (query, more) in [("select=id", 0), ("select=id,user(name)", 2), ("select=user(id),comments(id)", 3)] {
        for ((plain, status), (selected, _)) in
            std::iter::zip(writes(&server, &ann.token, "select=*").await, writes(&server, &ann.token, query).await)
        {
            let cost = async |call: Call| {
                let before = statements(&server.db);
                call.send().await.assert_status(status);
                statements(&server.db) - before
            };
            let (plain, text) = (cost(plain).await, format!("{selected:?}"));
            assert!(cost(selected).await <= plain + more, "{text}");
        }
    }
}

async fn a_replay_shows_the_same(server: Server) {
    let (token, [first, _]) = board(&server, 1).await;
    let send = async |query: &str| {
        let call = server.post(&format!("/comments?{query}")).token(&token).header("idempotency-key", "once");
        call.json(&json!({"message": "new", "card_id": first})).send().await
    };
    let select = "select=message,card(title,comments(message))";
    let made = send(select).await;
    let comments = json!([{"message": "m1"}, {"message": "new"}]);
    assert_eq!(made.ok(201), json!({"message": "new", "card": {"title": "first", "comments": comments}}));
    server.create("/comments", &token, &json!({"message": "later", "card_id": first})).await;
    let again = send(select).await;
    assert_eq!((again.status, again.text()), (201, made.text()));
    assert_eq!(again.header("location"), made.header("location"));
    send("select=message").await.assert_problem(422, "PT422");
    assert_eq!(server.get("/comments?message=eq.new").send().await.rows().len(), 1);
}

async fn upserts_show_it_too(server: Server) {
    let ann = server.register("Ann").await;
    let upsert = |body: &Value, how: &str| {
        let call = server.post("/marks?on_conflict=slug&select=slug,note,user(name)").token(&ann.token).json(body);
        call.header("prefer", &format!("resolution={how}-duplicates"))
    };
    let mark = |slug: &str, note: &str| json!({"slug": slug, "note": note});
    let shown = |slug: &str, note: &str| json!({"slug": slug, "note": note, "user": {"name": "Ann"}});
    let one = upsert(&mark("a", "1"), "merge").send().await;
    assert_eq!(one.ok(201), shown("a", "1"));
    assert!(one.header("location").is_some());
    assert_eq!(upsert(&mark("a", "2"), "merge").send().await.ok(200), shown("a", "2"));
    assert_eq!(upsert(&mark("a", "3"), "ignore").send().await.ok(200), Value::Null);
    let both = json!([mark("b", "1"), mark("a", "4")]);
    assert_eq!(upsert(&both, "merge").send().await.ok(201), json!([shown("b", "1"), shown("a", "4")]));
    // What a constraint refuses is told as without related rows.
    let marks = server.get("/marks?order=slug").token(&ann.token).send().await.rows();
    let path = format!("/marks/{}?select=user(name)", marks[0]["id"].as_str().expect("a key"));
    let taken = server.patch(&path).token(&ann.token).json(&json!({"slug": "b"})).send().await;
    taken.assert_fields(409, "23505", &["slug"]);
    let all = server.patch("/marks?slug=in.(a,b)&select=user(name)").token(&ann.token).json(&json!({"slug": "c"}));
    all.send().await.assert_fields(409, "23505", &["slug"]);
    let each = json!([{"id": marks[0]["id"], "slug": "b"}]);
    let each = server.patch("/marks?select=user(name)").token(&ann.token).json(&each).send().await;
    each.assert_fields(409, "23505", &["0.slug"]);
    assert_eq!(server.get("/marks?order=slug").token(&ann.token).send().await.rows(), marks);
}

async fn rows_that_came_along_are_selected_too(server: Server) {
    let shop = |name: &str| json!({"name": name, "offers": [{"code": "b"}, {"code": "a"}]});
    let post = |query: &str, body: &Value| server.post(&format!("/shops?{query}")).json(body);
    let made = post("select=name,offers(code)&offers.order=code", &shop("s")).send().await.ok(201);
    assert_eq!(made, json!({"name": "s", "offers": [{"code": "a"}, {"code": "b"}]}));
    assert_eq!(post("select=name", &shop("t")).send().await.ok(201), json!({"name": "t"}));
    let two = json!([shop("u"), {"name": "v"}]);
    let made = post("select=offers(code)&offers.limit=1", &two).send().await.ok(201);
    assert_eq!(made, json!([{"offers": [{"code": "b"}]}, {"offers": []}]));
    post("select=name,offers(code)", &shop("s")).send().await.assert_fields(409, "23505", &["name"]);
}

async fn rows_that_stay_keep_what_refers_to_them(server: Server) {
    let ann = server.register("Ann").await;
    let relic = server.create("/relics", &ann.token, &json!({"name": "a", "place": 1})).await;
    let plaque = json!({"text": "x", "relic_id": relic["id"]});
    server.post("/plaques").json(&plaque).send().await.assert_status(201);
    let path = format!("/relics/{}?select=name,plaques(text)", relic["id"]);
    let gone = server.delete(&path).token(&ann.token).send().await.ok(200);
    assert_eq!(gone, json!({"name": "a", "plaques": [{"text": "x"}]}));
}
