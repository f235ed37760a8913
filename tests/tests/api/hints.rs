//! What a refusal says to do: a way out for what other servers call otherwise, and for common slips.

use restruct_tests::{Server, both, client::encode, resources::kanban};
use serde_json::json;

both!(kanban; queries_are_told_the_way_out, orders_are_told_the_way_out, bodies_are_told_the_way_out);

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
        ("xyzzy", "1", "the parameters are select, order, limit, offset"),
        ("columns", "id", "leave it out"),
        ("on_conflict", "id", "it goes with a POST"),
        ("not", "(id.eq.1)", "write not.or=(..)"),
        ("id", "1,2", "write id=in.(1,2)"),
        ("status", "Done,To Do", "write status=in.(Done,To Do)"),
        ("created_at", "gte.2026-01-01T00:00:00 01:00", "write %2B"),
        ("created_at", "2026-01-01T00:00:00 01:00", "write %2B"),
        ("or", "()", "write or=(column.operator.value"),
        ("or", "(comments.id.eq.1)", "comments.or=(..)"),
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
