//! Relations: one row or many, in every shape that references make.

use restruct::__private::statements;
use restruct_tests::{
    Backend, Server, both,
    resources::{kanban, odd, related},
};
use serde_json::{Value, json};

use super::{board, list};

both!(kanban; embeds_one_and_many, costs_a_statement_for_each_relation, asks_of_relations, reaches_further_in);
both!(kanban; inner_leaves_rows_out, rows_that_have_none);
both!(related; follows_itself_and_cycles, follows_nothing_from_null, follows_the_names_that_were_given);
both!(odd; follows_uuids);

async fn embeds_one_and_many(server: Server) {
    let (token, [first, second]) = board(&server, 3).await;
    let select = "select=id,user(name),comments(message)&order=id";
    let expected = json!([
        {"id": first, "user": {"name": "Ann"}, "comments": [{"message": "m1"}, {"message": "m2"}, {"message": "m3"}]},
        {"id": second, "user": {"name": "Ann"}, "comments": []},
    ]);
    assert_eq!(list(&server, &format!("/cards?{select}"), &token).await, expected, "two cards share a user");
    let one = list(&server, &format!("/cards/{first}?select=id,user(name),comments(message)"), &token).await;
    assert_eq!(one, expected[0]);
    let text =
        server.get("/cards?select=comments(id),id,author:user(id)&limit=1&order=id.desc").token(&token).send().await;
    let user = list(&server, "/auth/me", &token).await["id"].clone();
    assert_eq!(text.text(), format!(r#"[{{"comments":[],"id":{second},"author":{{"id":{user}}}}}]"#));
    assert_eq!(list(&server, "/cards?select=user(name)&id=eq.0", &token).await, json!([]));
    let head = server.call("HEAD", &format!("/cards?{select}")).token(&token).send().await;
    head.assert_status(200).assert_empty();
    let all = list(&server, "/cards?select=*,comments(*)&limit=1", &token).await;
    assert_eq!(all[0]["comments"][0]["card_id"], first);
    let only = list(&server, "/cards?select=comments(id:message)&limit=1", &token).await;
    assert_eq!(only[0], json!({"comments": [{"id": "m1"}, {"id": "m2"}, {"id": "m3"}]}));
}

async fn costs_a_statement_for_each_relation(server: Server) {
    let (token, _) = board(&server, 5).await;
    // PostgreSQL reads what is one row together with the page, but where that has an offset.
    for (query, joined, apart) in [
        ("select=id", 1, 1),
        ("select=id,user(*)", 1, 2),
        ("select=id,user(*),comments(*)", 2, 3),
        ("select=id,user(*),comments(*,user(*),card(*))", 4, 5),
        ("select=id,user(*),author:user(id,comments(*))", 3, 4),
        ("select=id,comments!inner()", 1, 1),
        ("select=id,user(*)&limit=0", 2, 2),
        ("select=id,user(*)&id=eq.0", 2, 2),
        ("select=id,user(*)&order=title&limit=1", 1, 2),
        ("select=id,user(*)&offset=1", 2, 2),
    ] {
        let expected = if server.backend() == Backend::Postgres { joined } else { apart };
        let before = statements(&server.db);
        server.get(&format!("/cards?{query}")).token(&token).send().await.assert_status(200);
        assert_eq!(statements(&server.db) - before, expected, "{query}");
    }
}

async fn asks_of_relations(server: Server) {
    let (token, [first, _]) = board(&server, 5).await;
    let messages = async |query: &str| {
        let body = list(&server, &format!("/cards?select=comments(message)&id=eq.{first}&{query}"), &token).await;
        let comments = body[0]["comments"].as_array().expect("an array").clone();
        comments.iter().map(|comment| comment["message"].as_str().expect("a text").to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(messages("comments.order=id.desc&comments.limit=2").await, ["m5", "m4"]);
    assert_eq!(messages("comments.order=message.desc&comments.limit=2&comments.offset=1").await, ["m4", "m3"]);
    assert_eq!(messages("comments.message=in.(m1,m4)").await, ["m1", "m4"]);
    assert_eq!(messages("comments.message=m2").await, ["m2"]);
    assert_eq!(messages("comments.or=(message.eq.m1,message.eq.m5)").await, ["m1", "m5"]);
    assert_eq!(messages("comments.message=gt.m1&comments.message=not.eq.m3").await, ["m2", "m4", "m5"]);
    assert_eq!(messages("comments.limit=0").await, Vec::<String>::new());
    let aliased = format!(
        "/cards?select=last:comments(message),some:comments(message)&id=eq.{first}&last.order=id.desc&last.limit=1&some.message=eq.m2"
    );
    assert_eq!(
        list(&server, &aliased, &token).await,
        json!([{"last": [{"message": "m5"}], "some": [{"message": "m2"}]}])
    );
    for broken in [
        "comments.nothing=eq.1",
        "comments.message=eqq.1",
        "comments.order=nothing",
        "comments.limit=1001",
        "comments.limit=x",
        "comments.limit=1&comments.limit=1",
        "comments.order=id&comments.order=id",
        "comments.select=id",
        "comments.=1",
        "comments.user.name=eq.Ann",
        "user.name=eq.Ann",
        "comments.order.id=asc",
    ] {
        let path = format!("/cards?select=comments(message)&{broken}");
        server.get(&path).token(&token).send().await.assert_problem(400, "PGRST100");
    }
    for broken in ["user.order=id", "user.limit=1", "user.offset=1"] {
        let path = format!("/cards?select=user(id)&{broken}");
        server.get(&path).token(&token).send().await.assert_problem(400, "PGRST100");
    }
    let none = list(&server, &format!("/cards?select=user(id)&id=eq.{first}&user.name=eq.Bob"), &token).await;
    assert_eq!(none, json!([{"user": null}]), "a filter of one row leaves null");
}

async fn reaches_further_in(server: Server) {
    let (token, [first, second]) = board(&server, 3).await;
    let path = "/users?select=name,cards(title,comments(message,user(name)))\
                &cards.order=id.desc&cards.comments.order=id.desc&cards.comments.limit=2";
    let comment = |n: &str| json!({"message": n, "user": {"name": "Ann"}});
    let expected = json!([{"name": "Ann", "cards": [
        {"title": "second", "comments": []},
        {"title": "first", "comments": [comment("m3"), comment("m2")]},
    ]}]);
    assert_eq!(list(&server, path, &token).await, expected);
    let back = format!("/cards?select=id,comments(card(id,comments(id)))&comments.limit=1&id=in.({first},{second})");
    let body = list(&server, &back, &token).await;
    assert_eq!(body[0]["comments"][0]["card"]["comments"].as_array().map(Vec::len), Some(3));
    assert_eq!(body[1]["comments"], json!([]));
}

async fn rows_that_have_none(server: Server) {
    let (token, [first, second]) = board(&server, 3).await;
    let ids = async |query: &str| {
        let answer = server.get(&format!("/cards?{query}")).token(&token).header("prefer", "count=exact").send().await;
        let ids: Vec<_> = answer.rows().iter().map(|row| row["id"].as_i64().expect("an id")).collect();
        answer.assert_header("x-total-count", &ids.len().to_string());
        ids
    };
    for (query, expected) in [
        ("select=id,comments()&comments=is.null", vec![second]),
        ("select=id,comments()&comments=not.is.null", vec![first]),
        ("select=id,comments()&comments=is.not_null", vec![first]),
        ("select=id,comments!inner()&comments=not.is.null", vec![first]),
        ("select=id,comments(id)&comments=is.NULL", vec![second]),
        ("select=id,said:comments()&said=is.null", vec![second]),
        ("select=id,comments()&comments=is.null&comments.message=eq.m9", vec![first, second]),
        ("select=id,comments()&comments=is.null&comments.message=eq.m2", vec![second]),
        ("select=id,user()&user=is.null", vec![]),
        ("select=id,user()&user=is.null&user.name=eq.Bob", vec![first, second]),
        ("select=id,comments!inner(user())&comments.user=is.null", vec![]),
        ("select=id,title:comments(id)&title=eq.second", vec![second]),
    ] {
        assert_eq!(ids(query).await, expected, "{query}");
    }
    // Whom the caller may not see is not there.
    let nobody = server.get("/cards?select=id,user()&user=is.null").send().await.each("id");
    assert_eq!(nobody, [first, second]);
    let one = server.get(&format!("/cards/{first}?select=id,comments()&comments=is.null")).send().await;
    one.assert_problem(404, "PGRST116");
    for (broken, hint) in [
        ("comments=is.null", "add comments(*)"),
        ("select=id,comments(id)&comments=eq.1", "write comments.column=eq.<value>"),
        ("select=id,comments!inner(id)&comments=is.null", ""),
        ("select=id,comments(id)&comments=is.null&comments=not.is.null", ""),
        ("select=id,comments()&or=(comments.is.null,id.eq.1)", ""),
    ] {
        let problem = server.get(&format!("/cards?{broken}")).send().await.assert_problem(400, "PGRST100");
        assert!(problem["hint"].as_str().unwrap_or_default().contains(hint), "{broken}: {problem}");
    }
    server.delete("/cards?select=id,comments()&comments=is.null&id=gt.0").token(&token).send().await.assert_status(400);
}

async fn inner_leaves_rows_out(server: Server) {
    let (token, [first, second]) = board(&server, 3).await;
    let ids = |body: &Value| body.as_array().expect("rows").iter().map(|row| row["id"].as_i64()).collect::<Vec<_>>();
    for (query, expected) in [
        ("select=id,comments!inner(id)", vec![Some(first)]),
        ("select=id,comments!left(id)", vec![Some(first), Some(second)]),
        ("select=id,comments!inner()", vec![Some(first)]),
        ("select=id,comments!inner(id)&comments.message=eq.m9", vec![]),
        ("select=id,comments!inner(id)&comments.message=eq.m2", vec![Some(first)]),
        ("select=id,user!inner(id)&user.name=eq.Ann&title=eq.second", vec![Some(second)]),
        ("select=id,user!inner(id)&user.name=eq.Bob", vec![]),
        ("select=id,comments!inner(user!inner(id))&comments.user.name=eq.Ann", vec![Some(first)]),
        ("select=id,comments!inner(user!inner(id))&comments.user.name=eq.Bob", vec![]),
        ("select=id,comments(user!inner(id))&comments.user.name=eq.Bob", vec![Some(first), Some(second)]),
    ] {
        let answer = server.get(&format!("/cards?{query}")).token(&token).header("prefer", "count=exact").send().await;
        answer.assert_status(200);
        assert_eq!(ids(&answer.json()), expected, "{query}");
        answer.assert_header("x-total-count", &expected.len().to_string());
    }
    // However many comments the one card has, it is one row.
    let behind = list(&server, "/cards?select=id,comments!inner()&offset=1", &token).await;
    assert_eq!(behind, json!([]));
    let empty = list(&server, "/cards?select=id,comments!inner()&limit=1", &token).await;
    assert_eq!(empty, json!([{"id": first}]), "what shows nothing is not shown");
    let filtered = list(&server, "/cards?select=comments!inner(message)&comments.message=eq.m2", &token).await;
    assert_eq!(filtered, json!([{"comments": [{"message": "m2"}]}]));
    let get = async |id: i64| server.get(&format!("/cards/{id}?select=id,comments!inner(id)")).send().await;
    get(first).await.assert_status(200);
    get(second).await.assert_problem(404, "PGRST116");
}

async fn follows_itself_and_cycles(server: Server) {
    let make = async |path: &str, body: Value| {
        let answer = server.post(path).json(&body).send().await;
        answer.assert_status(201).json()["id"].as_i64().expect("an id")
    };
    let root = make("/folders", json!({"name": "root"})).await;
    for name in ["a", "b"] {
        let id = make("/folders", json!({"name": name, "parent_id": root})).await;
        make("/folders", json!({"name": format!("{name}1"), "parent_id": id})).await;
    }
    let tree =
        list(&server, "/folders?select=name,folders(name,folders(name,parent(name)))&parent_id=is.null", "").await;
    let leaf = |name: &str, parent: &str| json!({"name": name, "parent": {"name": parent}});
    let expected = json!([{"name": "root", "folders": [
        {"name": "a", "folders": [leaf("a1", "a")]},
        {"name": "b", "folders": [leaf("b1", "b")]},
    ]}]);
    assert_eq!(tree, expected);
    let inner = list(&server, "/folders?select=name,parent!inner(parent!inner())&parent.parent.name=eq.root", "").await;
    assert_eq!(inner, json!([{"name": "a1"}, {"name": "b1"}]), "each level means its own row");
    let once = list(&server, "/folders?select=name,folders!inner(folders!inner())", "").await;
    assert_eq!(once, json!([{"name": "root"}]), "two ways to lead on make one row");
    let team = make("/teams", json!({"name": "reds"})).await;
    let player = make("/players", json!({"name": "Eve", "team_id": team})).await;
    server.patch(&format!("/teams/{team}")).json(&json!({"captain_id": player})).send().await.assert_status(200);
    let around = list(&server, "/teams?select=name,captain(name,team(name)),players(name,teams(name))", "").await;
    let expected = json!([{
        "name": "reds",
        "captain": {"name": "Eve", "team": {"name": "reds"}},
        "players": [{"name": "Eve", "teams": [{"name": "reds"}]}],
    }]);
    assert_eq!(around, expected);
}

async fn follows_nothing_from_null(server: Server) {
    for name in ["a", "b"] {
        server.post("/folders").json(&json!({"name": name})).send().await.assert_status(201);
    }
    let body = list(&server, "/folders?select=name,parent(name,folders(name)),folders(name)", "").await;
    let alone = |name: &str| json!({"name": name, "parent": null, "folders": []});
    assert_eq!(body, json!([alone("a"), alone("b")]));
}

async fn follows_the_names_that_were_given(server: Server) {
    let ann = server.register("Ann").await;
    server.create("/messages", &ann.token, &json!({"text": "hi", "receiver": ann.id})).await;
    server.create("/messages", &ann.token, &json!({"text": "to nobody"})).await;
    let path = "/messages?select=text,sender,from(name),to(name)";
    let message = |text: &str, to: Value| json!({"text": text, "sender": ann.id, "from": {"name": "Ann"}, "to": to});
    let expected = json!([message("hi", json!({"name": "Ann"})), message("to nobody", Value::Null)]);
    assert_eq!(list(&server, path, &ann.token).await, expected);
    let own = list(&server, "/users?select=name,sent(text),received(text)", &ann.token).await;
    assert_eq!(
        own,
        json!([{"name": "Ann", "sent": [{"text": "hi"}, {"text": "to nobody"}], "received": [{"text": "hi"}]}])
    );
    for gone in ["messages(*)", "folder(*)", "sent(folder(*))", "sent(folder_id)"] {
        let path = format!("/users?select={gone}");
        server.get(&path).token(&ann.token).send().await.assert_problem(400, "PGRST100");
    }
    server.get("/folders?select=messages(*)").send().await.assert_problem(400, "PGRST100");
}

async fn follows_uuids(server: Server) {
    let mut ids = Vec::new();
    for content in ["a", "b"] {
        let parcel = server.post("/parcels").json(&json!({"content": content})).send().await.assert_status(201).json();
        let id = parcel["id"].as_str().expect("a UUID").to_owned();
        for _ in 0..2 {
            server.post("/legs").json(&json!({"parcel_id": id})).send().await.assert_status(201);
        }
        ids.push(id);
    }
    let parcels = list(&server, "/parcels?select=content,legs(id)&order=content&legs.order=id.desc", "").await;
    assert_eq!(
        parcels,
        json!([
            {"content": "a", "legs": [{"id": 2}, {"id": 1}]},
            {"content": "b", "legs": [{"id": 4}, {"id": 3}]},
        ])
    );
    let legs = list(&server, "/legs?select=id,parcel(id,content)&order=id", "").await;
    let leg =
        |id: i64, parcel: usize, content: &str| json!({"id": id, "parcel": {"id": ids[parcel], "content": content}});
    assert_eq!(legs, json!([leg(1, 0, "a"), leg(2, 0, "a"), leg(3, 1, "b"), leg(4, 1, "b")]));
    let inner = list(&server, "/legs?select=id,parcel!inner()&parcel.content=eq.b", "").await;
    assert_eq!(inner, json!([{"id": 3}, {"id": 4}]));
}
