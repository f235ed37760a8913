//! Relations of one row that are read together with the page: whatever the page, they show what statements of their own
//! would, as the pages with an offset have them.

use restruct_tests::{
    Server, both,
    resources::{guests, kept, related},
};
use serde_json::{Value, json};

use super::list;
use crate::cursors::next;

both!(related; pages_show_what_statements_of_their_own_do, what_is_not_theirs_is_null);
both!(kept; who_is_gone_is_null);
both!(guests; who_left_is_null);

/// Ann and Bob with what is theirs, and an administrator: their tokens.
async fn fill(server: &Server) -> [String; 3] {
    let (ann, bob, root) = (server.register("Ann").await, server.register("Bob").await, server.admin("Root").await);
    for (from, to) in [(&ann, &ann), (&bob, &bob), (&root, &ann), (&root, &bob)] {
        let diary = server.create("/diaries", &from.token, &json!({"title": format!("of {}", from.id)})).await;
        for (text, diary) in [("first", &diary["id"]), ("second", &diary["id"]), ("loose", &Value::Null)] {
            server.create("/entries", &from.token, &json!({"text": text, "diary_id": diary})).await;
        }
        server.create("/messages", &from.token, &json!({"text": "hi", "receiver": to.id})).await;
        server.create("/messages", &from.token, &json!({"text": "to nobody"})).await;
    }
    // Somebody wrote to whom they could see then.
    let unseen = format!("UPDATE messages SET receiver = {} WHERE sender = {} AND text = 'hi'", ann.id, bob.id);
    server.database.execute(&unseen).await;
    let mut folders = Vec::new();
    for (name, parent) in [("root", None), ("a", Some(0)), ("b", Some(0)), ("aa", Some(1)), ("b", Some(2)), ("z", None)]
    {
        let body = json!({"name": name, "parent_id": parent.map(|at: usize| &folders[at])});
        folders.push(server.post("/folders").json(&body).send().await.ok(201)["id"].clone());
    }
    [ann.token, bob.token, root.token]
}

async fn pages_show_what_statements_of_their_own_do(server: Server) {
    let tokens = fill(&server).await;
    for query in [
        "/entries?select=text,diary(title)&order=diary_id.desc",
        "/entries?select=diary(title),again:diary(id,id2:id,title),text&again.title=like.*1&order=text",
        "/entries?select=*,diary(*)&diary.or=(title.eq.x,title.like.of*)&order=diary_id.nullsfirst,text.desc",
        "/messages?select=text,from(name),to(name)",
        "/messages?select=to(id,name),from(name,sent(text)),text,sender&to.name=not.like.A*&order=receiver.desc",
        "/messages?select=from(is_admin)&from.name=eq.Bob&order=text.desc",
        "/folders?select=parent(name),folders(name)&order=parent_id.desc",
        "/folders?select=id,parent(parent_id,name),up:parent(name,parent(name)),folders(id)&folders.limit=1&order=name.desc",
        "/folders?select=id,parent(x:name,y:name)&parent.name=like.*a*&order=parent_id.nullsfirst,name",
        "/folders?select=id,parent!inner(id)&parent.name=neq.root&order=name",
        "/folders?select=name,parent(id)&parent=is.null",
        "/folders?select=id,parent(name,folders!inner())&parent.folders.name=eq.aa&order=name,parent_id.desc",
    ] {
        for token in tokens.iter().map(Some).chain([None]) {
            let get = |path: &str| server.get(path).maybe_token(token.map(String::as_str));
            let whole = get(query).header("prefer", "count=exact").send().await;
            if token.is_none() && whole.status == 401 {
                continue;
            }
            let all = whole.rows();
            whole.assert_header("x-total-count", &all.len().to_string());
            let rest = get(&format!("{query}&offset=1")).send().await.rows();
            assert_eq!(all.get(1..).unwrap_or_default(), rest, "{query}");
            let head = server.call("HEAD", query).maybe_token(token.map(String::as_str)).send().await;
            assert_eq!(head.assert_status(200).assert_empty().header("link"), None);
            let (mut walked, mut path) = (Vec::new(), Some(format!("{query}&limit=2")));
            while let Some(page) = path {
                let answer = get(&page).send().await;
                walked.extend(answer.rows());
                path = next(&answer);
            }
            assert_eq!(walked, all, "{query}");
        }
    }
    let none = list(&server, "/folders?select=parent(name)&limit=0", "").await;
    assert_eq!(none, json!([]));
    let ranged = server.get("/folders?select=name,parent(name)").header("range", "0-1").send().await;
    assert_eq!(
        ranged.rows(),
        [json!({"name": "root", "parent": null}), json!({"name": "a", "parent": {"name": "root"}})]
    );
}

async fn what_is_not_theirs_is_null(server: Server) {
    let [ann, bob, root] = fill(&server).await;
    for (token, own) in [(ann, "of 1"), (bob, "of 2"), (root, "of 3"), (String::new(), "")] {
        let entries = list(&server, "/entries?select=user_id,diary(title)&text=eq.first", &token).await;
        for entry in entries.as_array().expect("rows") {
            let title = format!("of {}", entry["user_id"]);
            let shown = if title == own { json!({"title": title}) } else { Value::Null };
            assert_eq!(entry["diary"], shown, "{own:?} sees {entry}");
        }
        // Whether what is hidden has some value cannot be told either.
        for filter in ["title=eq.of 2", "title=neq.of 2", "id=gt.0", "or=(title.like.*1,title.not.like.*1)"] {
            let path = format!("/entries?select=diary(title)&diary.{}", filter.replace(' ', "%20"));
            let text = list(&server, &path, &token).await.to_string();
            assert!(!text.replace(&format!("{{\"title\":\"{own}\"}}"), "").contains("title"), "{own:?} sees {text}");
        }
    }
    let one = server.get("/entries/1?select=diary(title)").send().await;
    assert_eq!(one.ok(200), json!({"diary": null}));
}

async fn who_is_gone_is_null(server: Server) {
    let ann = server.register("Ann").await;
    let mut relics = Vec::new();
    for name in ["skull", "bone"] {
        let relic = server.create("/relics", &ann.token, &json!({"name": name})).await;
        server.post("/plaques").json(&json!({"text": name, "relic_id": relic["id"]})).send().await.assert_status(201);
        relics.push(format!("/relics/{}", relic["id"]));
    }
    server.delete(&relics[0]).token(&ann.token).send().await.assert_status(200);
    let bone = json!({"name": "bone"});
    for (query, expected) in [
        ("", [Value::Null, bone.clone()]),
        ("&relic.name=eq.skull", [Value::Null, Value::Null]),
        ("&relic.or=(name.eq.skull,name.eq.bone)", [Value::Null, bone]),
    ] {
        for token in ["", &ann.token] {
            let plaques = list(&server, &format!("/plaques?select=relic(name){query}"), token).await;
            let shown: Vec<_> = expected.iter().map(|relic| json!({"relic": relic})).collect();
            assert_eq!(plaques, Value::Array(shown), "{query}");
        }
    }
}

async fn who_left_is_null(server: Server) {
    let (ann, bob) = (server.register("Ann").await, server.register("Bob").await);
    for guest in [&ann, &bob] {
        server.create("/tokens", &guest.token, &json!({})).await;
    }
    let names = async || list(&server, "/tokens?select=guest(name)&order=id", &bob.token).await;
    let guest = |name: &str| json!({"guest": {"name": name}});
    assert_eq!(names().await, json!([guest("Ann"), guest("Bob")]));
    server.delete(&format!("/guests/{}", ann.id)).token(&ann.token).send().await.assert_status(200);
    assert_eq!(names().await, json!([{"guest": null}, guest("Bob")]));
    server.get("/tokens?select=guest(name)").token(&ann.token).send().await.assert_problem(401, "PGRST301");
}
