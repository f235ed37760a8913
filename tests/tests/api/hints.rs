//! What a refusal says to do: a way out for what other servers call otherwise, and for common slips.

use restruct_tests::{
    Server, both,
    client::encode,
    resources::{families, kanban},
};
use serde_json::json;

both!(kanban; queries_are_told_the_way_out, orders_are_told_the_way_out, bodies_are_told_the_way_out);
both!(kanban; relations_are_told_the_way_out, operators_have_their_own_manner, words_are_told_where_to_be_looked_for);
both!(kanban; related_rows_are_told_where_they_are_written, writes_are_told_what_they_take);
both!(kanban; what_takes_few_parameters_names_the_nearest);
both!(kanban; commas_are_told_what_is_missing);
both!(families; so_are_rows_that_nobody_writes);

async fn queries_are_told_the_way_out(server: Server) {
    for (name, value, hint) in [
        ("priority", "fts.a", "`title` is"),
        ("title", "cs.{a}", "the operators are eq, neq"),
        ("title", "isdistinct.a", "the operators are eq, neq"),
        ("title", "neq(any).{a,b}", "write not.in.(a,b)"),
        ("title", "like(some).{a,b}", "eq(any).{a,b}"),
        ("date_lt", "2026-01-01", "write date=lt.<value>"),
        ("page", "2", "write limit=20&offset=40"),
        ("_page", "2", "write limit=20&offset=40"),
        ("search", "x", "write q=words"),
        ("_embed", "comments", "write select=column,relation(column)"),
        ("title_in", "a", "write title=in.(<value>,..)"),
        ("title_is", "null", "write title=is.null"),
        ("xyzzy", "1", "the parameters are select, order, limit, offset"),
        ("columns", "id", "leave it out"),
        ("on_conflict", "id", "it goes with a POST"),
        ("not", "(id.eq.1)", "write not.or=(..)"),
        ("id", "1,2", "write id=in.(1,2)"),
        ("status", "Done,To Do", "write status=in.(Done,To Do)"),
        ("created_at", "gte.2026-01-01T00:00:00 01:00", "write %2B"),
        ("created_at", "2026-01-01T00:00:00 01:00", "write %2B"),
        ("or", "()", "write or=(column.operator.value"),
        ("or", "(id.eq.1,)", "write or=(column.operator.value"),
        ("or", "(comments.id.eq.1)", "comments.or=(..)"),
        ("or", "(titel.eq.a,id.eq.1)", "did you mean `title`?"),
        ("or", "(id.eq.1,adn(id.eq.1,title.eq.a))", "did you mean `and(..)`?"),
        ("and", "(not.ro(id.eq.1))", "did you mean `not.or(..)`?"),
        ("or", "(title.eqq.a)", "the operators are eq, neq"),
        ("coments.message", "eq.x", "did you mean `comments.message`?"),
        ("coment.limit", "1", "did you mean `comments.limit`?"),
        ("coments", "is.null", "did you mean `comments`?"),
        ("uesr.name", "eq.x", "did you mean `user.name`?"),
        ("comments.message", "eq.x", "add comments(*) to `select`"),
    ] {
        let refused = server.query("/cards", &[(name, value)]).send().await;
        let told = refused.assert_problem(400, "PGRST100")["hint"].clone();
        assert!(told.as_str().is_some_and(|told| told.contains(hint)), "{name}={value}: {told}\n{refused:?}");
    }
    let backwards = server.get("/cards?_start=5&_end=2").send().await.assert_problem(400, "PGRST100");
    assert_eq!(backwards["detail"], "`_end` lies before `_start`");
    // A list of texts is a text, and a name with a comma in it no list.
    assert_eq!(server.get("/cards?title=a,b").send().await.rows().len(), 0);
    let neither = server.get("/cards?id=1,x").send().await.assert_problem(400, "PGRST100");
    assert!(neither["hint"].is_null(), "{neither}");
    // In the other manners values are meant as they are.
    let meant = server.get("/cards?_start=0&id=1,2").send().await.assert_problem(400, "PGRST100");
    assert!(meant["hint"].is_null(), "{meant}");
}

async fn what_takes_few_parameters_names_the_nearest(server: Server) {
    let ann = server.register("Ann").await;
    let card = json!({"title": "a", "description": "x"});
    server.create("/cards", &ann.token, &card).await;
    for (method, path, hint) in [
        ("POST", "/cards?slect=id", "did you mean `select`?"),
        ("POST", "/cards?on_conflct=id", "did you mean `on_conflict`?"),
        ("POST", "/cards?xyzzy=1", "a POST takes select, with what it asks of relations, and on_conflict"),
        ("GET", "/cards/1?slect=id", "did you mean `select`?"),
        ("PATCH", "/cards/1?selct=id", "did you mean `select`?"),
        ("GET", "/cards/1?xyzzy=1", "only `select` does, with what it asks of relations"),
    ] {
        let refused = server.call(method, path).token(&ann.token).json(&card).send().await;
        assert_eq!(refused.assert_problem(400, "PGRST100")["hint"], hint, "{method} {path}");
    }
    for value in ["x", "-1", ""] {
        let call = server.delete("/cards?id=eq.1").token(&ann.token).header("prefer", &format!("max-affected={value}"));
        let refused = call.send().await.assert_problem(400, "PGRST122");
        assert_eq!(refused["hint"], "max-affected takes a number of rows, as in max-affected=10", "{value}");
    }
}

/// What has no meaning for a write is no way out of one, nor for related rows what has none for them.
async fn writes_are_told_what_they_take(server: Server) {
    let ann = server.register("Ann").await;
    let taken = "the parameters are select, or, and, not.or, not.and, q";
    for (parameter, hint) in [
        ("xyzzy", taken),
        ("limt", taken),
        ("_srot", taken),
        ("page", taken),
        ("orderBy", taken),
        ("filtr", "did you mean `filter`?"),
        ("search", "write q=words"),
        ("filter", "write filter={\"column\":value}, percent-encoded"),
        ("titel", "did you mean `title`?"),
        ("select=comments(id)&comments.xyzzy", "the parameters are order, limit, offset, or, and, not.or, not.and, q"),
    ] {
        for method in ["PATCH", "DELETE"] {
            let call = server.call(method, &format!("/cards?{parameter}=1")).token(&ann.token);
            let refused = call.json(&json!({"title": "x"})).send().await;
            let told = refused.assert_problem(400, "PGRST100")["hint"].clone();
            assert_eq!(told, hint, "{parameter}\n{refused:?}");
        }
    }
}

async fn commas_are_told_what_is_missing(server: Server) {
    for (query, detail) in [
        ("order=title,", "`order` has nothing after a comma"),
        ("order=title,,id", "`order` has nothing after a comma"),
        ("order=,title", "`order` has nothing before its first comma"),
        ("order=", "`order` names no column"),
        ("_sort=title,&_start=0", "`_sort` has nothing after a comma"),
        ("or=(id.eq.1,)", "`or` has nothing after a comma"),
        ("or=(id.eq.1,%20,id.eq.2)", "`or` has nothing after a comma"),
        ("and=(id.eq.1,or(id.eq.1,))", "`and` has nothing after a comma"),
        ("not.or=(,id.eq.1)", "`not.or` has nothing before its first comma"),
        ("or=(id.eq.1,", "`or` cannot be read at its end"),
        ("or=(", "`or` cannot be read at its end"),
    ] {
        let refused = server.get(&format!("/cards?{query}")).send().await;
        assert_eq!(refused.assert_problem(400, "PGRST100")["detail"], detail, "{query}");
    }
}

/// Of relations of relations as well, and by the names that they were given.
async fn relations_are_told_the_way_out(server: Server) {
    for (query, hint) in [
        ("select=id,comments(id)&coments.message=eq.x", "did you mean `comments.message`?"),
        ("select=id,said:comments(id)&siad.order=id", "did you mean `said.order`?"),
        ("select=id,comments(user(name))&comments.uesr.name=eq.x", "did you mean `comments.user.name`?"),
        ("select=id,comments(id)&comments.user.name=eq.x", "add user(*) to what `select` shows of comments"),
        ("select=id,comments(id)&comments.usr=is.null", "did you mean `comments.user`?"),
        ("select=id,comments(id)&comments.mesage=eq.x", "did you mean `message`?"),
        ("select=id,coments(id)", "did you mean `comments`?"),
    ] {
        let refused = server.get(&format!("/cards?{query}")).send().await;
        let told = refused.assert_problem(400, "PGRST100")["hint"].clone();
        assert!(told.as_str().is_some_and(|told| told.contains(hint)), "{query}: {told}\n{refused:?}");
    }
}

/// Values of the other manners are meant as they are. One that cannot be, and begins with an operator, is a mistake.
async fn operators_have_their_own_manner(server: Server) {
    let ann = server.register("Ann").await;
    server.create("/cards", &ann.token, &json!({"title": "eq.x"})).await;
    for (query, hint) in [
        ("_start=0&status=eq.Done".to_owned(), "write status=<value> for equality"),
        ("_start=0&id=gt.3".to_owned(), "or id_gte, _lte, _ne and _like"),
        ("_sort=id&date=not.is.null".to_owned(), "no operator is read in this manner"),
        (format!("filter={}", encode(r#"{"status":"eq.Done"}"#)), "write status=<value> for equality"),
        (format!("filter={}", encode(r#"{"id":["eq.1"]}"#)), "write id=<value> for equality"),
    ] {
        let refused = server.get(&format!("/cards?{query}")).send().await;
        let told = refused.assert_problem(400, "PGRST100")["hint"].clone();
        assert!(told.as_str().is_some_and(|told| told.contains(hint)), "{query}: {told}");
    }
    // A text can be like that.
    for query in ["_start=0&title=eq.x".to_owned(), format!("filter={}", encode(r#"{"title":"eq.x"}"#))] {
        assert_eq!(server.get(&format!("/cards?{query}")).send().await.rows().len(), 1, "{query}");
    }
    assert_eq!(server.get("/cards?title=eq.x").send().await.rows().len(), 0);
}

async fn words_are_told_where_to_be_looked_for(server: Server) {
    let ann = server.register("Ann").await;
    let refused = server.get("/users?q=ann").token(&ann.token).send().await.assert_problem(400, "PGRST100");
    let hint = refused["hint"].as_str().expect("a hint");
    assert!(hint.contains("#[resource(search)]") && hint.contains("like and ilike"), "{hint}");
}

async fn orders_are_told_the_way_out(server: Server) {
    for (order, hint) in [
        ("-date", "write date.desc"),
        ("title,-date", "write date.desc"),
        ("date desc", "write date.desc"),
        ("date:ASC", "write date.asc"),
        ("date.down", "write column[.asc|.desc]"),
        ("user(name)", "rows are ordered by their own columns"),
        ("user.name.desc", "rows are ordered by their own columns"),
        ("titel", "did you mean `title`?"),
    ] {
        let refused = server.get(&format!("/cards?order={}", encode(order))).send().await;
        let told = refused.assert_problem(400, "PGRST100")["hint"].clone();
        assert!(told.as_str().is_some_and(|told| told.contains(hint)), "{order}: {told}");
    }
}

async fn bodies_are_told_the_way_out(server: Server) {
    let ann = server.register("Ann").await;
    let card = server.create("/cards", &ann.token, &json!({"title": "x"})).await;
    for path in ["/cards?id=gt.0".to_owned(), format!("/cards/{}", card["id"])] {
        let refused = server.patch(&path).token(&ann.token).json(&json!([{"title": "y"}])).send().await;
        let told = refused.assert_problem(422, "23514")["hint"].clone();
        assert!(told.as_str().is_some_and(|told| told.contains("PATCH /cards without a filter")), "{refused:?}");
    }
    for body in [json!("x"), json!(5), json!(null)] {
        let refused = server.post("/cards").token(&ann.token).json(&body).send().await;
        let detail = refused.assert_problem(422, "23514")["detail"].clone();
        assert!(detail.as_str().is_some_and(|detail| detail.ends_with("or an array of them")), "{refused:?}");
    }
}

/// Rows within a row that changes: it is said where they are written, beside all else that is wrong.
async fn related_rows_are_told_where_they_are_written(server: Server) {
    let ann = server.register("Ann").await;
    let card = server.create("/cards", &ann.token, &json!({"title": "x"})).await;
    let (path, id) = (format!("/cards/{}", card["id"]), &card["id"]);
    let body = json!({"title": "", "comments": [{"message": "x"}], "user": {"name": "x"}, "coments": []});
    for call in [server.patch(&path), server.put(&path), server.patch(&format!("/cards?id=eq.{id}"))] {
        let refused = call.token(&ann.token).json(&body).send().await;
        let errors = refused.assert_invalid(&["title", "comments", "user", "coments"]);
        assert_eq!(
            errors["comments"],
            "is not changed with a row of cards; its rows are written at /comments, or come along with POST /cards"
        );
        assert_eq!(errors["user"], "is not changed with a row of cards; `user_id` says which of users it is");
        assert_eq!(errors["coments"], "is not a field of cards");
    }
    let each = server.patch("/cards").token(&ann.token).json(&json!([{"id": id, "comments": []}])).send().await;
    each.assert_invalid(&["0.comments"]);
    // What is not marked `nested` is written at its own path alone.
    let user = server.patch(&format!("/users/{}", ann.id)).token(&ann.token).json(&json!({"cards": []})).send().await;
    let errors = user.assert_invalid(&["cards"]);
    assert_eq!(errors["cards"], "is not changed with a row of users; its rows are written at /cards");
    assert_eq!(server.get(&path).send().await.ok(200), card, "nothing has changed");
}

async fn so_are_rows_that_nobody_writes(server: Server) {
    let shop = server.post("/shops").json(&json!({"name": "a"})).send().await.ok(201);
    let refused = server.patch(&format!("/shops/{}", shop["id"])).json(&json!({"awards": []})).send().await;
    let errors = refused.assert_invalid(&["awards"]);
    assert_eq!(errors["awards"], "is not changed with a row of shops, and no client writes awards");
}
