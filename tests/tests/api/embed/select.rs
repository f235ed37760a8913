//! The grammar of `select`, over columns.

use restruct_tests::{
    Server, both,
    resources::{kanban, odd},
};
use serde_json::{Value, json};

use super::{board, list};
use crate::readings::{fill, refused};

both!(kanban; shows_what_is_selected, takes_one_row_too, refuses_what_is_not_there, says_what_it_does_not_do);
both!(odd; names_can_be_quoted);

async fn shows_what_is_selected(server: Server) {
    let (token, [first, second]) = board(&server, 0).await;
    for (query, expected) in [
        ("select=id,title", json!([{"id": first, "title": "first"}, {"id": second, "title": "second"}])),
        ("select=name:title&title=eq.second", json!([{"name": "second"}])),
        ("select=a:title,b:title,title&limit=1", json!([{"a": "first", "b": "first", "title": "first"}])),
        ("select=%20id%20,%09name%20:%20title&limit=1", json!([{"id": first, "name": "first"}])),
        ("select=title&order=id.desc&limit=1", json!([{"title": "second"}])),
        ("select=title&id=eq.0", json!([])),
    ] {
        assert_eq!(list(&server, &format!("/cards?{query}"), &token).await, expected, "{query}");
    }
    let order = server.get("/cards?select=title,id&limit=1").send().await;
    assert_eq!(order.text(), format!(r#"[{{"title":"first","id":{first}}}]"#), "members stand as they were asked for");
    let all = server.get("/cards").send().await;
    for same in ["select=*", "select=", "select=%20"] {
        assert_eq!(server.get(&format!("/cards?{same}")).send().await.text(), all.text(), "{same}");
    }
    let both = list(&server, "/cards?select=*,name:title&limit=1", &token).await;
    assert!(both[0]["name"] == "first" && both[0]["title"] == "first" && both[0]["version"] == 1, "{both}");
    let head = server.call("HEAD", "/cards?select=id").send().await;
    head.assert_status(200).assert_empty().assert_header("content-range", "0-1/*");
}

async fn takes_one_row_too(server: Server) {
    let (_, [first, _]) = board(&server, 0).await;
    let get = async |query: &str| server.get(&format!("/cards/{first}?{query}")).send().await;
    assert_eq!(get("select=name:title").await.assert_status(200).text(), r#"{"name":"first"}"#);
    get("select=nothing").await.assert_problem(400, "PGRST100");
    get("select=id&title=eq.first").await.assert_problem(400, "PGRST100");
    get("limit=1").await.assert_problem(400, "PGRST100");
    server.get("/cards/4711?select=id").send().await.assert_problem(404, "PGRST116");
}

async fn refuses_what_is_not_there(server: Server) {
    let (token, _) = board(&server, 0).await;
    let problem = async |query: &str| {
        server.get(&format!("/users?{query}")).token(&token).send().await.assert_problem(400, "PGRST100")
    };
    // A password does not exist here: the same text as of a name that nobody ever had.
    let text = |problem: &Value, name: &str| problem["detail"].as_str().expect("a text").replace(name, "?");
    for query in ["select=?", "select=a:?", "select=?(id)", "select=id,?", "?=eq.x", "order=?"] {
        let hidden = problem(&query.replace('?', "password")).await;
        let unknown = problem(&query.replace('?', "colours")).await;
        assert_eq!(text(&hidden, "password"), text(&unknown, "colours"), "{query}");
        assert_eq!(hidden["hint"], unknown["hint"], "{query}");
    }
    for (query, hint) in [
        ("select=nme", "did you mean `name`?"),
        ("select=card(*)", "did you mean `cards`?"),
        ("select=cards", "`cards` is a relation: write cards(*)"),
        ("select=name(*)", "`name` is a column: write it without parentheses"),
        ("cards.title=eq.x", "add cards(*) to `select`"),
        ("select=a:cards(*)&cards.title=eq.x", "write alias in front of the dot"),
    ] {
        let problem = problem(query).await;
        assert!(problem["hint"].as_str().is_some_and(|text| text.contains(hint)), "{query}: {problem}");
    }
    for broken in [
        "select=,",
        "select=id,",
        "select=,id",
        "select=id,,name",
        "select=id)",
        "select=(id)",
        "select=cards(id",
        "select=cards(id))",
        "select=cards(id,)",
        "select=cards(*)x",
        "select=:id",
        "select=a:",
        "select=a:b:id",
        "select=*x",
        "select=%22id",
        "select=id!inner",
        "select=cards!outer(*)",
        "select=id&select=name",
        "select=id,id",
        "select=*,id",
        "select=a:id,a:name",
        "select=cards(*),cards(*)",
        "select=cards:id,cards(*)",
        "select=cards(id,id)",
        "select=or:cards(*)",
        "select=id%00",
    ] {
        problem(broken).await;
    }
}

async fn says_what_it_does_not_do(server: Server) {
    for (query, what) in [
        ("select=id::text", "casts"),
        ("select=title-%3Ea", "paths into JSON"),
        ("select=title-%3E%3Ea", "paths into JSON"),
        ("select=count()", "aggregates"),
        ("select=id.sum()", "aggregates"),
        ("select=...user(*)", "spreads"),
        ("select=user!user_id(*)", "hints"),
        ("select=user!inner!user_id(*)", "hints"),
    ] {
        let problem = server.get(&format!("/cards?{query}")).send().await.assert_problem(400, "PGRST100");
        let detail = problem["detail"].as_str().expect("a text");
        assert!(detail.contains(what) && problem["hint"].is_string(), "{query}: {problem}");
    }
}

async fn names_can_be_quoted(server: Server) {
    fill(&server).await;
    let one = async |select: &str| {
        let answer = server.query("/readings", &[("select", select), ("limit", "1")]).send().await;
        answer.assert_status(200).text().to_owned()
    };
    assert_eq!(one(r#""id","label""#).await, r#"[{"id":1,"label":"alpha"}]"#);
    assert_eq!(one(r#""a,(b)\"c\\":id"#).await, r#"[{"a,(b)\"c\\":1}]"#);
    assert_eq!(one("ключ:id,a b : label").await, r#"[{"ключ":1,"a b":"alpha"}]"#);
    refused(&server, "select=hidden").await;
    refused(&server, "select=a:hidden").await;
}
