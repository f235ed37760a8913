//! Who owns what, who makes whom, and what strangers learn.

use restruct_tests::{
    Answer, Call, Server, both,
    resources::{kanban, kept, offices, related, ruled},
    server::PASSWORD,
};
use serde_json::{Value, json};

both!(ruled; a_created_row_may_be_out_of_sight, anybody_makes_rows_of_nobody);
both!(kanban; the_owner_comes_from_the_caller, a_user_owns_itself, only_admins_make_admins, strangers_get_404);
both!(kanban; nobody_registers_as_an_administrator);
both!(related; references_point_to_what_may_be_read);
both!(kept; what_is_not_theirs_is_told_with_all_that_is_wrong, what_is_fixed_is_told_with_it_too);
both!(offices; so_is_what_comes_along, what_is_forbidden_outweighs_what_is_fixed);

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

async fn what_is_not_theirs_is_told_with_all_that_is_wrong(server: Server) {
    let (ann, root) = (server.register("Ann").await, server.admin("Root").await);
    let wrong = |is_admin: bool| json!({"email": "x", "foo": 1, "is_admin": is_admin});
    let (own, filter) = (format!("/users/{}", ann.id), format!("/users?id=eq.{}", ann.id));
    let row = |is_admin: bool| json!([{"id": ann.id, "email": "x", "foo": 1, "is_admin": is_admin}]);
    for (method, path, body, of) in [
        ("PATCH", own.as_str(), &wrong as &dyn Fn(bool) -> Value, &["email", "foo"][..]),
        ("PUT", &own, &wrong, &["email", "foo", "name"]),
        ("PATCH", &filter, &wrong, &["email", "foo"]),
        ("PATCH", "/users", &row, &["0.email", "0.foo"]),
    ] {
        let call = |token: &str, is_admin| server.call(method, path).token(token).json(&body(is_admin));
        let (refused, cost) = costs(&server, call(&ann.token, true)).await;
        let field = if path == "/users" { "0.is_admin" } else { "is_admin" };
        let errors = refused.assert_fields(403, "42501", &[of, &[field]].concat());
        assert_eq!((&errors[field], cost), (&json!("only an administrator may change it"), 1));
        // It is not theirs to change, and they do not.
        call(&ann.token, false).send().await.assert_invalid(of);
        call(&root.token, true).send().await.assert_invalid(of);
    }
    // What no administrator could set is not theirs either; and their own password stands beside it.
    for value in [json!(null), json!("yes"), json!(1)] {
        let body = json!({"is_admin": value, "password": "battery staple", "name": ""});
        for path in [own.as_str(), &filter] {
            let refused = server.patch(path).token(&ann.token).json(&body).send().await;
            let errors = refused.assert_fields(403, "42501", &["is_admin", "name", "password"]);
            assert_eq!(errors["is_admin"], "only an administrator may change it");
        }
        server
            .patch(&own)
            .token(&root.token)
            .json(&json!({"is_admin": value}))
            .send()
            .await
            .assert_invalid(&["is_admin"]);
    }
    let body = json!({"is_admin": true, "password": "battery staple"});
    for path in [own.as_str(), &filter] {
        let refused = server.patch(path).token(&ann.token).json(&body).send().await;
        let errors = refused.assert_fields(403, "42501", &["is_admin", "password"]);
        assert_eq!(errors["password"], "is changed at /auth/password", "{path}");
        let alone = server.patch(path).token(&ann.token).json(&json!({"password": "battery staple"})).send().await;
        alone.assert_invalid(&["password"]);
    }
    let none = server.patch("/users?id=eq.4711").token(&ann.token).json(&wrong(true)).send().await;
    none.assert_invalid(&["email", "foo"]);
    server
        .post("/users")
        .token(&root.token)
        .json(&wrong(true))
        .send()
        .await
        .assert_invalid(&["email", "foo", "name", "password"]);
    assert_eq!(server.get(&own).token(&ann.token).send().await.ok(200)["email"], ann.email);
}

/// Whoever asks, registering makes no administrators.
async fn nobody_registers_as_an_administrator(server: Server) {
    let root = server.admin("Root").await;
    let register = |token: Option<&str>, name: &str, is_admin: bool| {
        let body = json!({"name": name, "email": "eve@example.com", "password": PASSWORD, "is_admin": is_admin});
        server.post("/auth/register").maybe_token(token).json(&body)
    };
    for token in [None, Some(root.token.as_str())] {
        let refused = register(token, "Eve", true).send().await;
        let errors = refused.assert_fields(403, "42501", &["is_admin"]);
        assert_eq!(errors["is_admin"], "cannot be set by registering, whoever asks");
        assert_eq!(refused.json()["hint"], "leave it out");
        register(token, "", true).send().await.assert_fields(403, "42501", &["is_admin", "name"]);
        register(token, "", false).send().await.assert_invalid(&["name"]);
    }
    assert_eq!(register(None, "Eve", false).send().await.ok(201)["user"]["is_admin"], false);
}

async fn what_is_fixed_is_told_with_it_too(server: Server) {
    let ann = server.register("Ann").await;
    let book = server.create("/books", &ann.token, &json!({"title": "x", "edition": 5})).await;
    let path = format!("/books/{}", book["id"]);
    for (edition, fields) in [(6, &["title", "edition"][..]), (5, &["title"])] {
        let wrong = json!({"title": 5, "edition": edition});
        for method in ["PATCH", "PUT"] {
            let (refused, cost) = costs(&server, server.call(method, &path).token(&ann.token).json(&wrong)).await;
            refused.assert_invalid(fields);
            assert_eq!(cost, 1);
        }
        // Whether the row is there is asked for nobody in particular as well.
        let (refused, cost) = costs(&server, server.patch(&path).json(&wrong)).await;
        refused.assert_invalid(fields);
        assert_eq!(cost, 1);
    }
}

async fn so_is_what_comes_along(server: Server) {
    let worker = json!({"email": "w@example.com", "password": PASSWORD});
    let id = server.post("/workers").json(&worker).send().await.assert_status(201).id();
    let token = server.login("w@example.com", PASSWORD).await.token;
    let chief = |email: &str| json!({"email": email, "password": PASSWORD, "chief": true});
    let brought = json!({"workers": [chief("x"), chief("c@example.com")], "foo": 1});
    let within = ["workers.0.chief", "workers.0.email", "workers.1.chief"];
    let cases = [
        ("/offices", brought.clone(), vec!["foo", within[0], within[1], within[2]], vec!["foo", within[1]]),
        (
            "/offices",
            json!([{}, brought]),
            vec!["1.foo", "1.workers.0.chief", "1.workers.0.email", "1.workers.1.chief"],
            vec!["1.foo", "1.workers.0.email"],
        ),
        ("/workers", chief("x"), vec!["chief", "email"], vec!["email"]),
        (
            "/workers",
            json!([chief("x"), worker, chief("c@example.com")]),
            vec!["0.chief", "0.email", "2.chief"],
            vec!["0.email"],
        ),
    ];
    for (path, body, forbidden, _) in &cases {
        for (token, statements) in [(None, 0), (Some(token.as_str()), 1)] {
            let (refused, cost) = costs(&server, server.post(path).maybe_token(token).json(body)).await;
            refused.assert_fields(403, "42501", forbidden);
            assert_eq!(cost, statements, "{refused:?}");
        }
    }
    server.database.execute(&format!("UPDATE workers SET chief = TRUE WHERE id = {id}")).await;
    for (path, body, _, invalid) in &cases {
        server.post(path).token(&token).json(body).send().await.assert_invalid(invalid);
    }
    assert_eq!(server.database.number("SELECT count(*) FROM workers").await, 1);
}

async fn what_is_forbidden_outweighs_what_is_fixed(server: Server) {
    let worker = |email: &str| json!({"email": email, "password": PASSWORD});
    let workers = json!([worker("a@example.com"), worker("b@example.com")]);
    server.post("/workers").json(&workers).send().await.assert_status(201);
    let token = server.login("a@example.com", PASSWORD).await.token;
    let change = |rows: Value| server.patch("/workers").token(&token).json(&rows).send();
    let (fixed, crown) = (json!({"id": 1, "badge": 1}), json!({"id": 2, "chief": true}));
    for rows in [[&fixed, &crown], [&crown, &fixed]] {
        let names = rows.map(|row| if row == &crown { "chief" } else { "badge" });
        let names = [format!("0.{}", names[0]), format!("1.{}", names[1])];
        change(json!(rows)).await.assert_fields(403, "42501", &[&names[0], &names[1]]);
    }
    change(json!([fixed, {"id": 2, "chief": false}])).await.assert_invalid(&["0.badge"]);
    let wrong = json!([fixed, {"id": 2, "email": "x"}, {"email": "y"}]);
    change(wrong).await.assert_invalid(&["0.badge", "1.email", "2.email", "2.id"]);
}

/// What a request is answered, and how many statements that takes.
async fn costs(server: &Server, call: Call) -> (Answer, u64) {
    let before = restruct::__private::statements(&server.db);
    let answer = call.send().await;
    (answer, restruct::__private::statements(&server.db) - before)
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
