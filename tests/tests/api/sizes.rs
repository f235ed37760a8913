//! Answers end somewhere: what would be larger is refused while it is put together, and a write then changes nothing.

use restruct::{
    App, Db, DbOptions, Result, Store as _,
    axum::{Json, Router, routing::get},
};
use restruct_tests::{
    Answer, Backend, Call, Server, both,
    process::SECRET,
    resources::{self, Folder},
};
use serde_json::{Value, json};

both!(related; a_list_ends_to_the_byte, what_is_escaped_counts_as_it_is_sent, one_row_is_always_answered);
both!(related; a_column_under_many_names, related_rows_count_as_often_as_they_stand);
both!(related; writes_that_cannot_be_answered_change_nothing, nothing_is_kept_under_a_key);
both!(marked; upserts_change_nothing);
both!(families; what_comes_along_counts);
both!(by_hand; routes_by_hand_read_what_they_like);
both!(related; nobody_reads_what_is_refused);

/// Bytes of an answer, at most.
const MOST: usize = 65_536;

fn related() -> App {
    resources::related().max_answer(MOST)
}

fn marked() -> App {
    resources::marked().max_answer(MOST)
}

fn families() -> App {
    resources::families().max_answer(MOST)
}

fn by_hand() -> App {
    related().routes(Router::new().route("/all", get(all)))
}

async fn all(db: Db) -> Result<Json<[Vec<Folder>; 2]>> {
    let tx = db.begin().await?;
    Ok(Json([Folder::query().all(&db).await?, Folder::query().all(&tx).await?]))
}

/// Asserts the refusal of an answer, and gives its body.
#[track_caller]
fn assert_refused(answer: &Answer) -> Value {
    let problem = answer.assert_problem(400, "54000");
    let says = |member: &str, text: &str| problem[member].as_str().is_some_and(|said| said.contains(text));
    assert!(says("detail", "65536 bytes"), "{problem}");
    let writes = !answer.request.starts_with("GET");
    assert_eq!(writes, says("details", "nothing was changed"), "{problem}");
    assert!(says("hint", if writes { "Prefer: return=minimal" } else { "`limit`" }), "{problem}");
    problem
}

/// Makes folders whose names have so many bytes, in an empty table, within the first; their keys are 1 and so on.
async fn folders(server: &Server, count: usize, bytes: usize) {
    let row = json!({"name": "x".repeat(bytes), "parent_id": 1});
    let rows: Vec<_> = (0..count).map(|_| row.clone()).collect();
    server.post("/folders").json(&json!({"name": "x".repeat(bytes)})).send().await.assert_status(201);
    server
        .post("/folders")
        .json(&Value::Array(rows))
        .header("prefer", "return=minimal")
        .send()
        .await
        .assert_status(201);
}

async fn a_list_ends_to_the_byte(server: Server) {
    let empty = r#"[{"name":""},{"name":""}]"#.len();
    folders(&server, 1, (MOST - empty) / 2).await;
    let list = "/folders?select=name";
    let rest = (MOST - empty) % 2;
    let name = |bytes: usize| json!({"name": "x".repeat(bytes)});
    server.patch("/folders/1").json(&name((MOST - empty) / 2 + rest)).send().await.assert_status(200);
    assert_eq!(server.get(list).send().await.assert_status(200).body.len(), MOST);
    server.patch("/folders/1").json(&name((MOST - empty) / 2 + rest + 1)).send().await.assert_status(200);
    assert_refused(&server.get(list).send().await);
    server.call("HEAD", list).send().await.assert_status(400).assert_empty();
    for narrower in ["select=id", "limit=1", "offset=1", "id=eq.1", "select=id,parent(id)", "name=eq.x"] {
        server.get(&format!("/folders?{narrower}")).send().await.assert_status(200);
    }
}

async fn what_is_escaped_counts_as_it_is_sent(server: Server) {
    folders(&server, 1, 1).await;
    let quotes = json!({"name": "\"".repeat(20_000)});
    assert_refused(&server.patch("/folders?id=gt.0").json(&quotes).send().await);
    assert_refused(&server.patch("/folders").json(&json!([with_id(&quotes, 1), with_id(&quotes, 2)])).send().await);
    assert_refused(&server.post("/folders").json(&json!([quotes, quotes])).send().await);
    assert_eq!(there(&server, "/folders", "name").await, (2, "x".into()), "nothing was changed, nothing was made");
    let changed = server.patch("/folders?id=gt.0").json(&json!({"name": "'".repeat(20_000)})).send().await;
    assert_eq!(changed.rows().len(), 2, "the same, of which nothing is escaped");
    server.patch("/folders?id=gt.0").json(&quotes).header("prefer", "return=minimal").send().await.assert_status(204);
    assert_refused(&server.get("/folders").send().await);
}

fn with_id(row: &Value, id: i64) -> Value {
    json!({"id": id, "name": row["name"]})
}

/// Whatever could be stored can be read, if one row at a time.
async fn one_row_is_always_answered(server: Server) {
    let row = json!({"name": "x".repeat(100_000)});
    let whole = |answer: &Answer, status: u16| {
        assert!(answer.assert_status(status).body.len() > 100_000, "{}", answer.request);
    };
    whole(&server.post("/folders").json(&row).send().await, 201);
    whole(&server.post("/folders").json(&json!([row])).send().await, 201);
    for path in ["/folders/1", "/folders?limit=1", "/folders?id=eq.2&select=id,name", "/folders/1?select=name"] {
        whole(&server.get(path).send().await, 200);
    }
    for call in [server.put("/folders/1"), server.patch("/folders/1?select=name"), server.patch("/folders?id=eq.1")] {
        whole(&call.json(&row).send().await, 200);
    }
    for select in ["select=a:name,b:name", "select=name,parent(id)", "select=name,folders(id)"] {
        assert_refused(&server.get(&format!("/folders/1?{select}")).send().await);
        assert_refused(&server.get(&format!("/folders?limit=1&{select}")).send().await);
        let other = json!({"name": "y".repeat(100_000)});
        assert_refused(&server.post(&format!("/folders?{select}")).json(&other).send().await);
        assert_refused(&server.patch(&format!("/folders/1?{select}")).json(&other).send().await);
        assert_refused(&server.put(&format!("/folders/1?{select}")).json(&other).send().await);
        assert_refused(&server.delete(&format!("/folders/1?{select}")).send().await);
    }
    assert_eq!(server.get("/folders/1").send().await.json()["name"], row["name"], "nothing was changed");
    assert_eq!(server.get("/folders?select=id").send().await.rows().len(), 2, "nothing was made, nothing is gone");
    whole(&server.delete("/folders/1").send().await, 200);
    whole(&server.delete("/folders?id=eq.2").send().await, 200);
}

async fn a_column_under_many_names(server: Server) {
    folders(&server, 1, 1_000).await;
    let names = |count: usize| (0..count).map(|n| format!("a{n}:name")).collect::<Vec<_>>().join(",");
    let names = |count: usize| format!("select={}", names(count));
    for path in ["/folders/1", "/folders"] {
        server.get(&format!("{path}?{}", names(30))).send().await.assert_status(200);
        assert_refused(&server.get(&format!("{path}?{}", names(70))).send().await);
    }
    let within = |relation: &str, count: usize| names(count).replacen('=', &format!("=id,{relation}("), 1) + ")";
    for relation in ["parent", "folders"] {
        server.get(&format!("/folders?{}", within(relation, 30))).send().await.assert_status(200);
        assert_refused(&server.get(&format!("/folders?{}", within(relation, 70))).send().await);
    }
    // Each of them is there, and in its place.
    server.patch("/folders?id=eq.1").json(&json!({"name": "root"})).send().await.assert_status(200);
    server.patch("/folders?id=eq.2").json(&json!({"name": "leaf"})).send().await.assert_status(200);
    let select = "select=a:name,id,b:name,parent(x:id,y:name,id,z:name),c:id,folders(name,p:name,id)";
    let root = r#"{"a":"root","id":1,"b":"root","parent":null,"c":1,"folders":[{"name":"leaf","p":"leaf","id":2}]}"#;
    let parent = r#"{"x":1,"y":"root","id":1,"z":"root"}"#;
    let leaf = format!(r#"{{"a":"leaf","id":2,"b":"leaf","parent":{parent},"c":2,"folders":[]}}"#);
    let lists = [format!("/folders?{select}"), format!("/folders?{select}&offset=0&order=id&limit=2")];
    for path in lists {
        assert_eq!(server.get(&path).send().await.text(), format!("[{root},{leaf}]"));
    }
    assert_eq!(server.get(&format!("/folders/2?{select}")).send().await.text(), leaf);
    assert_eq!(server.patch(&format!("/folders/2?{select}")).json(&json!({})).send().await.text(), leaf);
}

async fn related_rows_count_as_often_as_they_stand(server: Server) {
    folders(&server, 100, 1_000).await;
    for (query, fewer) in [
        ("select=id,parent(name)", "limit=50"),
        ("select=id,parent(name)&offset=1", "limit=50"),
        ("select=id,parent(name)&order=name.desc", "limit=50"),
        ("select=folders(name)", "folders.limit=50"),
        ("select=folders(name)&id=eq.1", "folders.limit=50"),
        ("select=parent(folders(id))", "limit=20"),
        ("select=a:parent(id),b:parent(parent(id),folders(id))", "limit=20"),
        ("select=id,a:folders(name),b:folders(name)&id=eq.1&a.limit=40&b.limit=40", "select=id"),
    ] {
        assert_refused(&server.get(&format!("/folders?{query}")).send().await);
        let query = if fewer.starts_with("select") { fewer.to_owned() } else { format!("{query}&{fewer}") };
        server.get(&format!("/folders?{query}")).send().await.assert_status(200);
    }
    assert_refused(&server.get("/folders/1?select=folders(name)").send().await);
    server.get("/folders/1?select=folders(name)&folders.limit=50").send().await.assert_status(200);
}

/// What is there: how many rows, and the first letters of their names.
async fn there(server: &Server, path: &str, member: &str) -> (usize, String) {
    let (mut letters, mut count) = (String::new(), 0);
    // A page that is small enough to be answered.
    for offset in (0..).step_by(40) {
        let rows = server.get(&format!("{path}?select={member}&limit=40&offset={offset}")).send().await.each(member);
        count += rows.len();
        letters.extend(rows.iter().filter_map(Value::as_str).filter_map(|text| text.chars().next()));
        if rows.len() < 40 {
            break;
        }
    }
    let mut letters: Vec<_> = letters.chars().collect();
    letters.dedup();
    (count, letters.into_iter().collect())
}

async fn writes_that_cannot_be_answered_change_nothing(server: Server) {
    folders(&server, 99, 1_000).await;
    let name = json!({"name": "y".repeat(1_000)});
    let rows: Value = (0..100).map(|_| name.clone()).collect();
    let each: Value = (1..=100).map(|id| json!({"id": id, "name": name["name"]})).collect();
    let few = json!({"name": "y"});
    let writes: Vec<(Call, u16)> = vec![
        (server.patch("/folders?id=gt.0").json(&json!({})), 204),
        (server.patch("/folders?id=gt.0").json(&json!({})).header("prefer", "max-affected=100"), 204),
        (server.patch("/folders?id=gt.0").json(&name), 204),
        (server.patch("/folders?id=gt.0").json(&name).header("prefer", "max-affected=100"), 204),
        (server.patch("/folders").json(&each), 204),
        (server.post("/folders").json(&rows), 201),
        (server.patch("/folders?id=eq.2&select=a:id,parent(folders(name))").json(&few), 204),
        (server.patch("/folders/2?select=a:id,parent(folders(name))").json(&few), 204),
        (server.delete("/folders?id=gt.1"), 204),
    ];
    let before = there(&server, "/folders", "name").await;
    assert_eq!(before, (100, "x".into()));
    for (call, _) in &writes {
        assert_refused(&call.clone().send().await);
        assert_eq!(there(&server, "/folders", "name").await, before, "{call:?}");
    }
    for (call, status) in writes {
        call.header("prefer", "return=minimal").send().await.assert_status(status).assert_empty();
    }
    assert_eq!(there(&server, "/folders", "name").await, (1, "y".into()), "all of it was done");
}

async fn nothing_is_kept_under_a_key(server: Server) {
    let rows: Value = (0..100).map(|_| json!({"name": "y".repeat(1_000)})).collect();
    let post = |query: &str| server.post(&format!("/folders{query}")).json(&rows).header("idempotency-key", "k");
    assert_refused(&post("").send().await);
    let kept = "SELECT count(*) FROM \"_restruct_idempotency\"";
    assert_eq!((there(&server, "/folders", "name").await.0, server.database.number(kept).await), (0, 0));
    // So the key is still free, for a request that can be answered.
    let made = post("?select=id").send().await;
    assert_eq!(made.ok(201).as_array().map(Vec::len), Some(100));
    assert_eq!(post("?select=id").send().await.body, made.body);
    assert_eq!(there(&server, "/folders", "name").await.0, 100);
}

async fn upserts_change_nothing(server: Server) {
    let ann = server.register("Ann").await;
    let marks = |note: &str| -> Value {
        (0..100).map(|n| json!({"slug": format!("s{n}"), "note": note.repeat(1_000)})).collect()
    };
    let upsert = |note: &str, how: &str| {
        let call = server.post("/marks?on_conflict=slug").token(&ann.token).json(&marks(note));
        call.header("prefer", how)
    };
    let (merge, ignore) = ("resolution=merge-duplicates", "resolution=ignore-duplicates");
    let count = async |note: &str| {
        let kept = format!("SELECT count(*) FROM marks WHERE note LIKE '{note}%'");
        server.database.number(&kept).await
    };
    assert_refused(&upsert("x", merge).send().await);
    assert_refused(&upsert("x", ignore).send().await);
    assert_eq!(count("x").await, 0);
    upsert("x", &format!("{merge}, return=minimal")).send().await.assert_status(201);
    assert_refused(&upsert("y", merge).send().await);
    assert_eq!((count("x").await, count("y").await), (100, 0));
    assert_eq!(upsert("y", ignore).send().await.ok(200), json!([]), "there is nothing to answer");
    upsert("y", &format!("{merge}, return=minimal")).send().await.assert_status(200);
    assert_eq!((count("x").await, count("y").await), (0, 100));
}

async fn what_comes_along_counts(server: Server) {
    let offers: Vec<_> = (0..400).map(|n| json!({"code": format!("{n:0200}")})).collect();
    let shop = json!({"name": "a", "offers": offers});
    let half = |name: &str| json!({"name": name, "offers": offers[..200]});
    for (query, body) in [("", &shop), ("", &json!([half("b"), half("c")])), ("?select=id,offers(code)", &shop)] {
        assert_refused(&server.post(&format!("/shops{query}")).json(body).send().await);
        assert_eq!(there(&server, "/shops", "id").await.0 + there(&server, "/offers", "id").await.0, 0);
    }
    server.post("/shops").json(&half("b")).send().await.assert_status(201);
    server.post("/shops").json(&shop).header("prefer", "return=minimal").send().await.assert_status(201);
    assert_eq!(there(&server, "/offers", "id").await.0, 600);
}

async fn routes_by_hand_read_what_they_like(server: Server) {
    folders(&server, 99, 1_000).await;
    assert_refused(&server.get("/folders").send().await);
    let all = server.get("/all").send().await.rows();
    assert!(all.iter().all(|rows| rows.as_array().is_some_and(|rows| rows.len() == 100)), "alone and in a transaction");
}

/// The connection is closed in the middle of the answer, whereby the database stops, and there is another one for the next.
async fn nobody_reads_what_is_refused(server: Server) {
    folders(&server, 100, 1000).await;
    let parameter = match server.backend() {
        // What parameters say is for sqlx to read.
        Backend::Sqlite => "cache=private",
        Backend::Postgres => "application_name=one",
    };
    let options = DbOptions { max_connections: 1, ..DbOptions::default() };
    let db = Db::connect_with(&format!("{}&{parameter}", server.database.url), options).await.expect("a connection");
    let one = Server::resume(related().jwt_secret(SECRET), db, server.database.clone()).await;
    let connection = async || match server.backend() {
        Backend::Sqlite => None,
        Backend::Postgres => {
            let newest = "SELECT pid FROM pg_stat_activity WHERE application_name = 'one' AND datname = \
                          current_database() ORDER BY backend_start DESC LIMIT 1";
            Some(server.database.number(newest).await)
        }
    };
    one.get("/folders?limit=1").send().await.assert_status(200);
    for query in ["", "?select=name,parent(name)"] {
        let before = connection().await;
        assert_refused(&one.get(&format!("/folders{query}")).send().await);
        one.get("/folders?limit=1").send().await.assert_status(200);
        assert!(before.is_none() || connection().await != before, "it was read to its end");
    }
    let change = one.patch("/folders?id=gt.0").json(&json!({"name": "y".repeat(1000)})).send().await;
    assert_refused(&change);
    assert_eq!(there(&one, "/folders", "name").await, (101, "x".into()), "a write is undone");
}
