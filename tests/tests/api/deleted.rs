//! `deleted_at`: rows that stay in the table and are gone for everybody but the program itself.

use restruct::{Code, Password, Store as _};
use restruct_tests::{
    Server, Session, both,
    resources::{Guest, Plaque, Relic, guests, kept},
    server::{PASSWORD, session},
};
use serde_json::{Value, json};
use tokio::task::JoinSet;

both!(kept; what_is_deleted_is_gone, deletion_is_no_field, strangers_delete_nothing, values_are_free_again);
both!(kept; nothing_points_to_what_is_gone, the_program_sees_all, what_comes_back_is_another_state);
both!(kept; one_of_sixteen_deletes, one_statement_deletes);
both!(guests; who_left_is_nobody, who_comes_back_signs_in_anew, a_deletion_by_hand_counts, who_left_makes_room);

/// A relic of Ann's.
async fn relic(server: &Server, ann: &Session, name: &str) -> (String, Value) {
    let row = server.create("/relics", &ann.token, &json!({"name": name})).await;
    (format!("/relics/{}", row["id"]), row)
}

async fn what_is_deleted_is_gone(server: Server) {
    let (ann, root) = (server.register("Ann").await, server.admin("Root").await);
    let (path, row) = relic(&server, &ann, "skull").await;
    let (other, _) = relic(&server, &ann, "bone").await;
    let gone = server.delete(&path).token(&ann.token).send().await.ok(200);
    assert_eq!((&gone["id"], &gone["name"]), (&row["id"], &row["name"]));
    assert_eq!(gone.as_object().map(|row| row.contains_key("gone")), Some(false));
    for token in [None, Some(&ann.token), Some(&root.token)] {
        let call = |method: &str| server.call(method, &path).maybe_token(token.map(String::as_str));
        call("GET").send().await.assert_problem(404, "PGRST116");
        let list = server.get("/relics").maybe_token(token.map(String::as_str)).header("prefer", "count=exact");
        let list = list.send().await;
        assert_eq!(list.each("name"), ["bone"]);
        list.assert_header("x-total-count", "1");
        assert!(server.get(&format!("/relics?id={}", row["id"])).send().await.rows().is_empty());
        if token.is_some() {
            let body = json!({"name": "x"});
            call("PATCH").json(&body).send().await.assert_problem(404, "PGRST116");
            call("PATCH").json(&json!({})).send().await.assert_problem(404, "PGRST116");
            call("PUT").json(&body).send().await.assert_problem(404, "PGRST116");
            call("DELETE").send().await.assert_problem(404, "PGRST116");
            call("DELETE").header("if-match", "*").send().await.assert_problem(404, "PGRST116");
        }
    }
    server.get(&other).send().await.assert_status(200);
    let stored = "SELECT count(*) FROM relics WHERE name = 'skull' AND gone_at IS NOT NULL AND touched >= gone_at";
    assert_eq!(server.database.number(stored).await, 1);
}

async fn deletion_is_no_field(server: Server) {
    let ann = server.register("Ann").await;
    let (path, row) = relic(&server, &ann, "skull").await;
    let (gone, _) = relic(&server, &ann, "bone").await;
    server.delete(&gone).token(&ann.token).send().await.assert_status(200);
    for name in ["gone", "gone_at", "deleted_at"] {
        let body = json!({"name": "x", name: "2026-01-01T00:00:00Z"});
        for method in ["PATCH", "PUT"] {
            server.call(method, &path).token(&ann.token).json(&body).send().await.assert_invalid(&[name]);
        }
        let post = server.post("/relics").token(&ann.token);
        post.clone().json(&body).send().await.assert_invalid(&[name]);
        post.json(&json!([{"name": "y"}, body])).send().await.assert_invalid(&[&format!("1.{name}")]);
        for query in [format!("{name}=not.is.null"), format!("order={name}"), format!("{name}=gt.2026-01-01T00:00:00Z")]
        {
            let answer = server.get(&format!("/relics?{query}")).send().await;
            let problem = answer.assert_problem(400, "PGRST100");
            assert_ne!(problem["hint"], "did you mean `gone`?", "{answer:?}");
        }
    }
    assert_eq!(server.get(&path).send().await.ok(200), row);
    let named = server.post("/relics").token(&ann.token).json(&json!({"name": "y", "gon": 1})).send().await;
    assert_eq!(named.assert_invalid(&["gon"])["gon"], "is not a field of relics");
}

async fn strangers_delete_nothing(server: Server) {
    let (ann, bob) = (server.register("Ann").await, server.register("Bob").await);
    let (path, row) = relic(&server, &ann, "skull").await;
    server.delete(&path).token(&bob.token).send().await.assert_problem(404, "PGRST116");
    server.delete(&path).send().await.assert_problem(401, "PGRST302");
    server.delete(&path).token(&ann.token).header("if-match", "\"x\"").send().await.assert_problem(412, "PT412");
    assert_eq!(server.get(&path).send().await.ok(200), row);
}

async fn values_are_free_again(server: Server) {
    let ann = server.register("Ann").await;
    let post = |body: Value| server.post("/relics").token(&ann.token).json(&body).send();
    let first = post(json!({"name": "skull", "hall": 1, "place": 1})).await.ok(201);
    for round in 0..3 {
        post(json!({"name": "skull"})).await.assert_fields(409, "23505", &["name"]);
        post(json!([{"name": "a"}, {"name": "skull"}])).await.assert_fields(409, "23505", &["1.name"]);
        post(json!({"name": "x", "hall": 1, "place": 1})).await.assert_fields(409, "23505", &["hall", "place"]);
        let other = post(json!({"name": "other"})).await.ok(201);
        let other = format!("/relics/{}", other["id"]);
        let patch = |body: Value| server.patch(&other).token(&ann.token).json(&body).send();
        patch(json!({"name": "skull"})).await.assert_fields(409, "23505", &["name"]);
        patch(json!({"hall": 1, "place": 1})).await.assert_fields(409, "23505", &["hall", "place"]);
        let id = server.get("/relics?name=skull").send().await.each("id")[0].clone();
        server.delete(&format!("/relics/{id}")).token(&ann.token).send().await.assert_status(200);
        if round == 1 {
            patch(json!({"name": "skull", "hall": 1, "place": 1})).await.assert_status(200);
        } else {
            let again = post(json!({"name": "skull", "hall": 1, "place": 1})).await.ok(201);
            assert_ne!(again["id"], first["id"]);
            server.delete(&other).token(&ann.token).send().await.assert_status(200);
        }
    }
    assert_eq!(server.database.number("SELECT count(*) FROM relics WHERE name = 'skull'").await, 4);
}

async fn nothing_points_to_what_is_gone(server: Server) {
    let ann = server.register("Ann").await;
    let (path, row) = relic(&server, &ann, "skull").await;
    let body = json!({"text": "old", "relic_id": row["id"]});
    let plaque = server.post("/plaques").json(&body).send().await.ok(201);
    server.delete(&path).token(&ann.token).send().await.assert_status(200);
    // What pointed to it stays, and what did not may not.
    let of = format!("/plaques/{}", plaque["id"]);
    assert_eq!(server.get(&of).send().await.ok(200), plaque);
    let missing = server.post("/plaques").json(&json!({"text": "x", "relic_id": 4711})).send().await;
    let gone = server.post("/plaques").json(&body).send().await;
    assert_eq!(gone.assert_fields(409, "23503", &["relic_id"]), missing.assert_fields(409, "23503", &["relic_id"]));
    server.post("/plaques").json(&json!([body])).send().await.assert_fields(409, "23503", &["0.relic_id"]);
    server.put(&of).json(&body).send().await.assert_fields(409, "23503", &["relic_id"]);
    server.patch(&of).json(&json!({"text": "new"})).send().await.assert_status(200);
}

async fn the_program_sees_all(server: Server) {
    let (ann, db) = (server.register("Ann").await, &server.db);
    let (path, row) = relic(&server, &ann, "skull").await;
    let id = row["id"].as_i64().expect("a number");
    server.post("/plaques").json(&json!({"text": "old", "relic_id": id})).send().await.ok(201);
    let relic = Relic::find(db, id).await.expect("it runs").expect("the row");
    assert_eq!(relic.gone, None);
    relic.delete(db).await.expect("it goes");
    assert!(Relic::find(db, id).await.expect("it runs").is_none());
    assert_eq!(Relic::query().count(db).await.expect("it runs"), 0);
    let gone = || Relic::query().with_deleted().filter(Relic::GONE.is_not_null());
    let mut found = gone().first(db).await.expect("it runs").expect("the row");
    assert!(found.gone.is_some() && found.version == 2);
    assert!(!serde_json::to_string(&found).expect("JSON").contains("gone"));
    assert_eq!(found.update(db).await.expect_err("it is not there").code(), Code::NotFound);
    let caller = restruct::Caller::ANONYMOUS;
    assert_eq!(gone().visible_to(&caller).count(db).await.expect("it runs"), 0);

    let taken = server.create("/relics", &ann.token, &json!({"name": "skull"})).await;
    let error = Relic::restore(db, id).await.expect_err("its name is taken");
    assert_eq!((error.code(), error.errors().keys().map(String::as_str).collect()), (Code::Unique, vec!["name"]));
    let rival = Relic::find(db, taken["id"].as_i64().expect("a number")).await.expect("it runs").expect("the row");
    rival.erase(db).await.expect("it goes for good");
    let back = Relic::restore(db, id).await.expect("it comes back");
    assert_eq!((back.gone, back.version), (None, 3));
    assert_eq!(server.get(&path).send().await.ok(200)["version"], 3);
    assert_eq!(Relic::restore(db, 4711).await.expect_err("there is none").code(), Code::NotFound);
    assert_eq!(back.erase(db).await.expect_err("a plaque tells of it").code(), Code::ForeignKey);
    for plaque in Plaque::query().all(db).await.expect("it runs") {
        plaque.delete(db).await.expect("it goes");
    }
    let back = Relic::find(db, id).await.expect("it runs").expect("the row");
    back.erase(db).await.expect("it goes for good");
    assert_eq!(server.database.number("SELECT count(*) FROM relics").await, 0);
    let error = Plaque::restore(db, 1).await.expect_err("nothing is kept of them");
    assert!(error.to_string().contains("deleted_at"), "{error}");
}

async fn what_comes_back_is_another_state(server: Server) {
    let ann = server.register("Ann").await;
    let made = server.post("/relics").token(&ann.token).json(&json!({"name": "skull"})).send().await;
    let path = format!("/relics/{}", made.id());
    let tag = made.header("etag").expect("a tag").to_owned();
    server.delete(&path).token(&ann.token).header("if-match", &tag).send().await.assert_status(200);
    Relic::restore(&server.db, made.id()).await.expect("it comes back");
    let stale = server.patch(&path).token(&ann.token).header("if-match", &tag).json(&json!({"name": "x"}));
    stale.send().await.assert_problem(412, "PT412");
}

async fn one_of_sixteen_deletes(server: Server) {
    let ann = server.register("Ann").await;
    for round in 0..5 {
        let (path, _) = relic(&server, &ann, &format!("{round}")).await;
        let mut set = JoinSet::new();
        for at in 0..16 {
            let call = if at < 8 { server.delete(&path) } else { server.patch(&path).json(&json!({"hall": at})) };
            set.spawn(call.token(&ann.token).send());
        }
        let answers = set.join_all().await;
        let deleted = |answer: &&restruct_tests::Answer| answer.request.starts_with("DELETE");
        assert_eq!(answers.iter().filter(deleted).filter(|answer| answer.status == 200).count(), 1);
        assert_eq!(answers.iter().filter(deleted).filter(|answer| answer.status == 404).count(), 7);
        assert!(answers.iter().all(|answer| matches!(answer.status, 200 | 404)), "{answers:?}");
        server.get(&path).send().await.assert_problem(404, "PGRST116");
    }
}

async fn one_statement_deletes(server: Server) {
    let ann = server.register("Ann").await;
    let (path, _) = relic(&server, &ann, "skull").await;
    let before = restruct::__private::statements(&server.db);
    server.delete(&path).token(&ann.token).send().await.assert_status(200);
    assert_eq!(restruct::__private::statements(&server.db) - before, 1);
}

async fn who_left_is_nobody(server: Server) {
    let (ann, bob) = (server.register("Ann").await, server.register("Bob").await);
    let token = server.create("/tokens", &ann.token, &json!({})).await;
    let me = format!("/guests/{}", ann.id);
    server.delete(&me).token(&bob.token).send().await.assert_problem(404, "PGRST116");
    let left = server.delete(&me).token(&ann.token).send().await.ok(200);
    assert_eq!(left, json!({"id": ann.id, "name": "Ann", "email": ann.email, "is_admin": false}));
    // At once, on every route and in every way.
    let mut set = JoinSet::new();
    for _ in 0..8 {
        set.spawn(server.get("/auth/me").token(&ann.token).send());
        set.spawn(server.get("/guests").token(&ann.token).send());
        set.spawn(server.post("/tokens").token(&ann.token).json(&json!({})).send());
        set.spawn(server.delete(&format!("/tokens/{}", token["id"])).token(&ann.token).send());
        set.spawn(server.patch(&me).token(&ann.token).json(&json!({"name": "x"})).send());
    }
    for answer in set.join_all().await {
        answer.assert_problem(401, "PGRST301");
    }
    let passwords = json!({"current": PASSWORD, "new": "another passphrase"});
    server.post("/auth/password").token(&ann.token).json(&passwords).send().await.assert_problem(401, "PGRST301");
    let login = json!({"email": ann.email, "password": PASSWORD});
    let gone = server.post("/auth/login").json(&login).send().await.assert_problem(401, "PT401");
    let unknown = json!({"email": "nobody@example.com", "password": PASSWORD});
    let unknown = server.post("/auth/login").json(&unknown).send().await.assert_problem(401, "PT401");
    assert_eq!(gone["detail"], unknown["detail"]);
    // To others she is not there, and what she left is.
    server.get(&me).token(&bob.token).send().await.assert_problem(404, "PGRST116");
    assert_eq!(server.get("/guests").token(&bob.token).send().await.each("id"), [bob.id]);
    assert_eq!(server.get("/tokens").token(&bob.token).send().await.each("guest_id"), [ann.id]);
}

async fn who_comes_back_signs_in_anew(server: Server) {
    let ann = server.register("Ann").await;
    server.delete(&format!("/guests/{}", ann.id)).token(&ann.token).send().await.assert_status(200);
    Guest::restore(&server.db, ann.id).await.expect("she comes back");
    server.get("/auth/me").token(&ann.token).send().await.assert_problem(401, "PGRST301");
    let login = json!({"email": ann.email.to_uppercase(), "password": PASSWORD});
    let again = session(&server.post("/auth/login").json(&login).send().await, 200, PASSWORD);
    assert_eq!(again.id, ann.id);
    server.get("/auth/me").token(&again.token).send().await.assert_status(200);
}

async fn a_deletion_by_hand_counts(server: Server) {
    let draft = Guest::draft().set(Guest::NAME, "Root").set(Guest::EMAIL, "root@example.com");
    let draft = draft.set(Guest::PASSWORD, Password::new(PASSWORD)).set(Guest::IS_ADMIN, true);
    let root = draft.insert(&server.db).await.expect("an administrator");
    let login = json!({"email": "root@example.com", "password": PASSWORD});
    let root_session = session(&server.post("/auth/login").json(&login).send().await, 200, PASSWORD);
    let ann = server.register("Ann").await;
    let name = |name: &str| json!({"name": name});
    let patch = server.patch(&format!("/guests/{}", ann.id)).token(&root_session.token);
    patch.clone().json(&name("Anna")).send().await.assert_status(200);
    let at = "'2026-01-01T00:00:00.000000Z'";
    server.database.execute(&format!("UPDATE guests SET left_at = {at} WHERE id = {}", root.id)).await;
    patch.json(&name("Anne")).send().await.assert_problem(401, "PGRST301");
    server.get("/guests").token(&root_session.token).send().await.assert_problem(401, "PGRST301");
    server.get("/auth/me").token(&root_session.token).send().await.assert_problem(401, "PGRST301");
    server.post("/auth/login").json(&login).send().await.assert_problem(401, "PT401");
}

async fn who_left_makes_room(server: Server) {
    let ann = server.register("Ann").await;
    let body = json!({"name": "Ann", "email": "ANN@example.com", "password": PASSWORD});
    let again = || server.post("/auth/register").json(&body).send();
    again().await.assert_fields(409, "23505", &["email"]);
    server.delete(&format!("/guests/{}", ann.id)).token(&ann.token).send().await.assert_status(200);
    let new = session(&again().await, 201, PASSWORD);
    assert_ne!(new.id, ann.id);
    again().await.assert_fields(409, "23505", &["email"]);
    let error = Guest::restore(&server.db, ann.id).await.expect_err("her address is taken");
    assert_eq!(error.code(), Code::Unique);
    assert_eq!(server.get("/guests").token(&new.token).send().await.each("id"), [new.id]);
}
