//! Who owns what, who makes whom, and what strangers learn.

use restruct_tests::{
    Server, both,
    resources::{kanban, related, ruled},
    server::PASSWORD,
};
use serde_json::{Value, json};

both!(ruled; a_created_row_may_be_out_of_sight, anybody_makes_rows_of_nobody);
both!(kanban; the_owner_comes_from_the_caller, a_user_owns_itself, only_admins_make_admins, strangers_get_404);
both!(related; references_point_to_what_may_be_read);

async fn a_created_row_may_be_out_of_sight(server: Server) {
    let ann = server.register("Ann").await;
    let cases = [("/tips", None), ("/tips", Some(&ann.token)), ("/traces", Some(&ann.token))];
    for (path, token) in cases {
        for body in [json!({"label": "x"}), json!([{"label": "x"}])] {
            let call = server.post(path).maybe_token(token.map(String::as_str));
            let answer = call.json(&body).send().await;
            answer.assert_status(201).assert_empty();
            assert_eq!(answer.header("location"), None, "{answer:?}");
        }
    }
    assert_eq!(server.database.number("SELECT count(*) FROM tips").await, 4);
    assert_eq!(server.database.number("SELECT count(*) FROM traces").await, 2);
    let root = server.admin("Root").await;
    let seen = server.post("/tips").token(&root.token).json(&json!({"label": "x"})).send().await;
    assert_eq!(seen.ok(201)["user_id"], root.id);
}

async fn anybody_makes_rows_of_nobody(server: Server) {
    let ann = server.register("Ann").await;
    let body = json!({"label": "x", "user_id": ann.id});
    let nobody = server.post("/pamphlets").json(&body).send().await.ok(201);
    assert_eq!(nobody["user_id"], Value::Null, "the owner is never taken from the body");
    let hers = server.create("/pamphlets", &ann.token, &json!({"label": "x"})).await;
    assert_eq!(hers["user_id"], ann.id);
}

async fn the_owner_comes_from_the_caller(server: Server) {
    let (ann, bob, root) = (server.register("Ann").await, server.register("Bob").await, server.admin("Root").await);
    let body = json!({"title": "x", "user_id": bob.id});
    let card = server.create("/cards", &ann.token, &body).await;
    assert_eq!(card["user_id"], ann.id);
    let path = format!("/cards/{}", card["id"]);
    for who in [&ann, &root] {
        for method in ["PATCH", "PUT"] {
            let answer = server.call(method, &path).token(&who.token).json(&body).send().await;
            assert_eq!(answer.ok(200)["user_id"], ann.id, "an owner is never given away");
        }
    }
    let many = server.post("/cards").token(&root.token).json(&json!([body, body])).send().await.ok(201);
    assert_eq!(many[1]["user_id"], root.id);
}

async fn a_user_owns_itself(server: Server) {
    let (ann, bob, root) = (server.register("Ann").await, server.register("Bob").await, server.admin("Root").await);
    assert_eq!(server.get("/users").token(&ann.token).send().await.each("id"), [ann.id]);
    assert_eq!(server.get("/users").token(&root.token).send().await.each("id"), [ann.id, bob.id, root.id]);
    let (hers, his) = (format!("/users/{}", ann.id), format!("/users/{}", bob.id));
    server.get(&hers).token(&ann.token).send().await.assert_status(200);
    server.get(&his).token(&ann.token).send().await.assert_problem(404, "PGRST116");
    let name = json!({"name": "Anna"});
    let renamed = server.patch(&hers).token(&ann.token).json(&name).send().await;
    assert_eq!(renamed.ok(200)["name"], "Anna");
    server.patch(&his).token(&ann.token).json(&name).send().await.assert_problem(404, "PGRST116");
    for crown in [json!({"is_admin": true}), json!({"is_admin": false}), json!({"password": "another passphrase"})] {
        server.patch(&his).token(&ann.token).json(&crown).send().await.assert_problem(404, "PGRST116");
    }
    // Deleting is for administrators: of what they see they are told, of the rest they are not.
    server.delete(&hers).token(&ann.token).send().await.assert_problem(403, "42501");
    server.delete(&his).token(&ann.token).send().await.assert_problem(404, "PGRST116");
    let new = json!({"name": "Eve", "email": "eve@example.com", "password": PASSWORD});
    server.post("/users").token(&ann.token).json(&new).send().await.assert_problem(403, "42501");
    server.delete(&his).token(&root.token).send().await.assert_status(200);
}

async fn only_admins_make_admins(server: Server) {
    let (ann, root) = (server.register("Ann").await, server.admin("Root").await);
    let path = format!("/users/{}", ann.id);
    for method in ["PATCH", "PUT"] {
        let call = async |token: &str, is_admin: Value| {
            let body = json!({"name": "Ann", "email": ann.email, "is_admin": is_admin});
            server.call(method, &path).token(token).json(&body).send().await
        };
        call(&ann.token, json!(true)).await.assert_problem(403, "42501");
        assert_eq!(call(&ann.token, json!(false)).await.ok(200)["is_admin"], false, "what is equal may come along");
        let nonsense = call(&ann.token, json!("yes")).await;
        assert!(matches!(nonsense.status, 403 | 422), "{nonsense:?}");
    }
    let stored = server.get(&path).token(&root.token).send().await.ok(200);
    assert_eq!(stored["is_admin"], false);
    let promoted = server.patch(&path).token(&root.token).json(&json!({"is_admin": true})).send().await;
    assert_eq!(promoted.ok(200)["is_admin"], true);
    let again = server.login(&ann.email, PASSWORD).await;
    assert_eq!(server.get("/users").token(&again.token).send().await.rows().len(), 2);
}

async fn strangers_get_404(server: Server) {
    let (ann, bob) = (server.register("Ann").await, server.register("Bob").await);
    let card = server.create("/cards", &ann.token, &json!({"title": "x"})).await;
    let path = format!("/cards/{}", card["id"]);
    for (method, body) in [("PATCH", json!({"title": "y"})), ("PUT", json!({"title": "y"})), ("DELETE", json!({}))] {
        let answer = server.call(method, &path).token(&bob.token).json(&body).send().await;
        let mut theirs = answer.assert_problem(404, "PGRST116");
        let answer = server.call(method, "/cards/4711").token(&bob.token).json(&body).send().await;
        let mut nobodys = answer.assert_problem(404, "PGRST116");
        (theirs["instance"], nobodys["instance"]) = (Value::Null, Value::Null);
        let same = |problem: &Value| problem.to_string().replace("4711", &card["id"].to_string());
        assert_eq!(same(&theirs), same(&nobodys), "the answer tells the two apart");
    }
    assert_eq!(server.get(&path).send().await.ok(200), card);
}

async fn references_point_to_what_may_be_read(server: Server) {
    let (ann, bob) = (server.register("Ann").await, server.register("Bob").await);
    let diary = server.create("/diaries", &ann.token, &json!({"title": "mine"})).await;
    let entry = |diary: &Value| json!({"text": "x", "diary_id": diary});
    let hers = server.create("/entries", &ann.token, &entry(&diary["id"])).await;
    assert_eq!(hers["diary_id"], diary["id"]);
    let mut answers = Vec::new();
    for target in [diary["id"].clone(), json!(4711)] {
        let one = server.post("/entries").token(&bob.token).json(&entry(&target)).send().await;
        let many = server.post("/entries").token(&bob.token).json(&json!([entry(&target)])).send().await;
        many.assert_fields(409, "23503", &["0.diary_id"]);
        one.assert_fields(409, "23503", &["diary_id"]);
        let mut problem = one.json();
        problem["instance"] = Value::Null;
        answers.push(problem.to_string().replace("4711", &diary["id"].to_string()));
    }
    assert_eq!(answers[0], answers[1], "a hidden row is as good as none");
    let mine = server.create("/entries", &bob.token, &json!({"text": "x"})).await;
    let path = format!("/entries/{}", mine["id"]);
    for method in ["PATCH", "PUT"] {
        let answer = server.call(method, &path).token(&bob.token).json(&entry(&diary["id"])).send().await;
        answer.assert_fields(409, "23503", &["diary_id"]);
    }
    let none = server.patch(&path).token(&bob.token).json(&json!({"diary_id": null})).send().await;
    assert_eq!(none.ok(200)["diary_id"], Value::Null);
}
