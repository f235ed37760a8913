//! How deep, how many, and what is said of what was cut.

use restruct_tests::{Server, both, resources::related};
use serde_json::{Value, json};

use super::list;

both!(related; says_what_it_cut, writes_no_more_than_it_may, nests_only_so_deep);

/// A folder with so many in it.
async fn folders(server: &Server, count: usize) -> Value {
    let root = server.post("/folders").json(&json!({"name": "root"})).send().await.assert_status(201).json();
    let rows: Vec<_> = (0..count).map(|n| json!({"name": format!("f{n}"), "parent_id": root["id"]})).collect();
    for rows in rows.chunks(500) {
        server.post("/folders").json(&Value::Array(rows.to_vec())).send().await.assert_status(201);
    }
    root["id"].clone()
}

async fn says_what_it_cut(server: Server) {
    let root = folders(&server, 1001).await;
    let get = async |query: &str| {
        let answer = server.get(&format!("/folders?id=eq.{root}&{query}")).send().await;
        let shown = answer.assert_status(200).json()[0].as_object().and_then(|row| row.values().next_back().cloned());
        let count = shown.and_then(|rows| rows.as_array().map(Vec::len));
        (count, answer.header("x-embed-truncated").map(str::to_owned))
    };
    assert_eq!(get("select=folders(id)").await, (Some(1000), Some("folders".to_owned())));
    assert_eq!(get("select=id,x:folders(id)").await, (Some(1000), Some("x".to_owned())));
    assert_eq!(get("select=%22a%2Cb%20%C3%A9%22:folders(id)").await, (Some(1000), Some("a%2Cb%20%C3%A9".to_owned())));
    assert_eq!(get("select=folders(id)&folders.limit=1000").await, (Some(1000), None), "that was asked for");
    assert_eq!(get("select=folders(id)&folders.limit=7&folders.offset=3").await, (Some(7), None));
    assert_eq!(get("select=folders(id)&folders.offset=1").await, (Some(1000), None), "the rest");
    assert_eq!(get("select=folders(id)&folders.name=neq.f7").await, (Some(1000), None), "no more pass");
    let one = server.get(&format!("/folders/{root}?select=folders(id)")).send().await;
    one.assert_status(200).assert_header("x-embed-truncated", "folders");
    let within = server.get("/folders?select=parent(folders(id))&name=eq.f7").send().await;
    within.assert_status(200).assert_header("x-embed-truncated", "parent.folders");
    let last =
        list(&server, &format!("/folders?id=eq.{root}&select=folders(name)&folders.order=id.desc&folders.limit=1"), "")
            .await;
    assert_eq!(last, json!([{"folders": [{"name": "f1000"}]}]));
}

async fn writes_no_more_than_it_may(server: Server) {
    folders(&server, 240).await;
    // Few rows are read, and each would be written into every one of the others.
    let path = "/folders?select=id,parent(folders(id))&limit=1000";
    let problem = server.get(path).send().await.assert_problem(400, "54000");
    assert!(problem["detail"].as_str().is_some_and(|text| text.contains("50000 rows")), "{problem}");
    server.get("/folders?select=id,parent(folders(id))&limit=100").send().await.assert_status(200);
}

async fn nests_only_so_deep(server: Server) {
    folders(&server, 1).await;
    let nested = |depth: usize| format!("/folders?select=id,{}id{}", "parent(".repeat(depth), ")".repeat(depth));
    server.get(&nested(3)).send().await.assert_status(200);
    server.get(&nested(4)).send().await.assert_problem(400, "PGRST100");
    server.get(&nested(1000)).send().await.assert_problem(400, "PGRST100");
    let many = |count: usize| {
        let all: Vec<_> = (0..count).map(|n| format!("a{n}:parent(id)")).collect();
        format!("/folders?select={}", all.join(","))
    };
    server.get(&many(10)).send().await.assert_status(200);
    server.get(&many(11)).send().await.assert_problem(400, "PGRST100");
    let filters = |count: usize| format!("/folders?select=parent(id){}&name=neq.x", "&parent.name=neq.x".repeat(count));
    server.get(&filters(99)).send().await.assert_status(200);
    server.get(&filters(100)).send().await.assert_problem(400, "PGRST100");
}
