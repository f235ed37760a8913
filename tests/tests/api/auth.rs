//! Registration and login.

use std::collections::BTreeSet;

use restruct::{Password, Store as _};
use restruct_tests::{
    Server, both,
    client::encode,
    resources::{Member, closed, kanban},
    server::{PASSWORD, session},
};
use serde_json::{Value, json};

both!(kanban; registers, registers_with_what_was_asked, signs_in, signs_in_with_a_form, wrong_logins_are_all_alike);
both!(kanban; logins_ignore_case, says_who_i_am, auth_answers_are_not_stored, auth_bodies_are_checked);
both!(kanban; unknown_members_are_named, forms_hold_what_clients_send);
both!(closed; registration_may_be_closed, a_login_may_be_any_text);

async fn registers(server: Server) {
    let body = json!({"name": "Ann", "email": "ann@example.com", "password": PASSWORD});
    let answer = server.post("/auth/register").json(&body).send().await;
    let made = answer.ok(201);
    let members: BTreeSet<_> = made.as_object().expect("an object").keys().map(String::as_str).collect();
    assert_eq!(members, BTreeSet::from(["access_token", "token_type", "expires_in", "expires_at", "user"]));
    assert_eq!(made["token_type"], "bearer");
    assert_eq!(made["expires_in"], 900);
    assert!(!made["expires_at"].is_null());
    let user = json!({"id": made["user"]["id"], "name": "Ann", "email": "ann@example.com", "is_admin": false});
    assert_eq!(made["user"], user);
    let ann = session(&answer, 201, PASSWORD);
    assert_eq!(server.get("/auth/me").token(&ann.token).send().await.ok(200), user);
}

async fn registers_with_what_was_asked(server: Server) {
    let register = async |body: Value| server.post("/auth/register").json(&body).send().await;
    register(json!({})).await.assert_invalid(&["name", "email", "password"]);
    let wrong = json!({"name": "", "email": "nobody", "password": "short", "nmae": 1});
    register(wrong).await.assert_invalid(&["name", "email", "password", "nmae"]);
    let crown = json!({"name": "Ann", "email": "ann@example.com", "password": PASSWORD, "is_admin": true});
    register(crown).await.assert_problem(403, "42501");
    let humble = json!({"name": "Ann", "email": "ann@example.com", "password": PASSWORD, "is_admin": false, "id": 99});
    let made = register(humble).await.ok(201);
    assert_eq!(made["user"]["is_admin"], false);
    assert_ne!(made["user"]["id"], 99, "an id in a body is ignored");
    let again = json!({"name": "Ann", "email": "ANN@Example.COM", "password": PASSWORD});
    register(again).await.assert_fields(409, "23505", &["email"]);
    register(json!([{"name": "Ann"}])).await.assert_status(422);
}

async fn signs_in(server: Server) {
    let ann = server.register("Ann").await;
    let again = server.login(&ann.email, PASSWORD).await;
    assert_eq!(again.id, ann.id);
    assert_ne!(again.token, ann.token);
    for token in [&ann.token, &again.token] {
        server.get("/auth/me").token(token).send().await.assert_status(200);
    }
}

async fn signs_in_with_a_form(server: Server) {
    let ann = server.register("Ann").await;
    let form = format!("grant_type=password&username={}&password={}", encode(&ann.email), PASSWORD.replace(' ', "+"));
    let kind = "application/x-www-form-urlencoded";
    let answer = server.post("/auth/login").body(kind, form).send().await;
    assert_eq!(session(&answer, 200, PASSWORD).id, ann.id);
    let wrong = format!("grant_type=password&username={}&password=wrong-password", encode(&ann.email));
    server.post("/auth/login").body(kind, wrong).send().await.assert_problem(401, "PT401");
    let exact = format!("grant_type=password&username={}&password={}", encode(&ann.email), encode(PASSWORD));
    let exact = server.post("/auth/login").body("application/x-www-form-urlencoded; charset=UTF-8", exact).send().await;
    assert_eq!(session(&exact, 200, PASSWORD).id, ann.id);
    let half = server.post("/auth/login").body(kind, "grant_type=password&username=x").send().await;
    assert!(matches!(half.status, 400 | 422), "{half:?}");
}

async fn wrong_logins_are_all_alike(server: Server) {
    let ann = server.register("Ann").await;
    let mut texts = BTreeSet::new();
    for (email, password) in
        [(ann.email.as_str(), "wrong password"), ("nobody@example.com", PASSWORD), ("%", "________")]
    {
        let body = json!({"email": email, "password": password});
        let answer = server.post("/auth/login").json(&body).send().await;
        let mut problem = answer.assert_problem(401, "PT401");
        assert!(answer.header("www-authenticate").is_some_and(|h| h.starts_with("Bearer")), "{answer:?}");
        problem["instance"] = Value::Null;
        texts.insert(problem.to_string());
    }
    assert_eq!(texts.len(), 1, "{texts:?}");
}

async fn logins_ignore_case(server: Server) {
    let body = json!({"name": "Ann", "email": "Ann@Example.com", "password": PASSWORD});
    let made = server.post("/auth/register").json(&body).send().await;
    let ann = session(&made, 201, PASSWORD);
    assert_eq!(ann.email, "Ann@Example.com", "kept as it was given");
    for email in ["Ann@Example.com", "ann@example.com", "ANN@EXAMPLE.COM"] {
        assert_eq!(server.login(email, PASSWORD).await.id, ann.id);
    }
}

async fn says_who_i_am(server: Server) {
    let ann = server.register("Ann").await;
    let me = server.get("/auth/me").token(&ann.token).send().await.ok(200);
    let expected = json!({"id": ann.id, "name": "Ann", "email": ann.email, "is_admin": false});
    assert_eq!(me, expected);
    let answer = server.get("/auth/me").send().await;
    answer.assert_problem(401, "PGRST302");
    assert!(answer.header("www-authenticate").is_some_and(|h| h.starts_with("Bearer")), "{answer:?}");
    // The scheme's name has no case.
    let lower = server.get("/auth/me").header("authorization", &format!("bearer {}", ann.token)).send().await;
    assert_eq!(lower.ok(200), expected);
}

async fn auth_answers_are_not_stored(server: Server) {
    let ann = server.register("Ann").await;
    let body = json!({"email": ann.email, "password": PASSWORD});
    let login = server.post("/auth/login").json(&body).send().await;
    login.assert_status(200).assert_header("cache-control", "no-store");
    let me = server.get("/auth/me").token(&ann.token).send().await;
    me.assert_status(200).assert_header("cache-control", "no-store");
}

async fn auth_bodies_are_checked(server: Server) {
    for path in ["/auth/login", "/auth/register"] {
        server.post(path).body("application/json", "{\"email\":").send().await.assert_problem(400, "PGRST102");
        server.post(path).body("text/plain", "x").send().await.assert_problem(415, "PGRST107");
        let get = server.get(path).send().await;
        get.assert_problem(405, "PGRST117");
        get.assert_allow(&["POST", "OPTIONS"]);
    }
    server.post("/auth/login").json(&json!({})).send().await.assert_invalid(&["email", "password"]);
    let wrong = json!({"email": 1, "password": ["x"]});
    server.post("/auth/login").json(&wrong).send().await.assert_invalid(&["email", "password"]);
    server.get("/auth/nothing").send().await.assert_problem(404, "PGRST125");
}

async fn unknown_members_are_named(server: Server) {
    let ann = server.register("Ann").await;
    let login = async |body: Value| server.post("/auth/login").json(&body).send().await;
    let errors = login(json!({"emial": ann.email, "password": PASSWORD})).await.assert_invalid(&["email", "emial"]);
    assert!(errors["emial"].as_str().is_some_and(|text| text.contains("did you mean `email`?")), "{errors}");
    login(json!({"email": ann.email, "password": PASSWORD, "x": 1})).await.assert_invalid(&["x"]);
    login(json!({"username": ann.email, "password": PASSWORD})).await.assert_invalid(&["email", "username"]);
    let change = async |body: Value| server.post("/auth/password").token(&ann.token).json(&body).send().await;
    let errors = change(json!({"curent": PASSWORD, "new": "another passphrase"})).await;
    let errors = errors.assert_invalid(&["current", "curent"]);
    assert!(errors["curent"].as_str().is_some_and(|text| text.contains("did you mean `current`?")), "{errors}");
    change(json!({"current": PASSWORD, "new": "another passphrase", "x": 1})).await.assert_invalid(&["x"]);
    server.get("/auth/me").token(&ann.token).send().await.assert_status(200);
    for (path, body) in [
        ("/auth/login", r#"{"email": "a", "email": "b", "password": "c"}"#),
        ("/auth/password", r#"{"current": "a", "new": "b", "new": "c"}"#),
    ] {
        let call = server.post(path).token(&ann.token).body("application/json", body);
        call.send().await.assert_problem(400, "PGRST102");
    }
}

async fn forms_hold_what_clients_send(server: Server) {
    let ann = server.register("Ann").await;
    let form = format!("username={}&password={}", encode(&ann.email), encode(PASSWORD));
    let send = async |more: &str| {
        server.post("/auth/login").body("application/x-www-form-urlencoded", format!("{form}{more}")).send().await
    };
    // As OpenAPI's tools do.
    send("&grant_type=password&scope=&client_id=&client_secret=").await.assert_status(200);
    send("&grant_type=refresh_token").await.assert_invalid(&["grant_type"]);
    send("&usrname=x").await.assert_invalid(&["usrname"]);
    for twice in ["&username=x", "&password=x", "&scope=a&scope=b"] {
        send(twice).await.assert_problem(400, "PT400");
    }
}

async fn registration_may_be_closed(server: Server) {
    let body = json!({"handle": "ann", "secret": PASSWORD});
    server.post("/auth/register").json(&body).send().await.assert_problem(404, "PGRST125");
    server.post("/members").json(&body).send().await.assert_problem(401, "PGRST302");
}

async fn a_login_may_be_any_text(server: Server) {
    for (handle, chief) in [("ann", true), ("Ann", false)] {
        let draft = Member::draft().set(Member::HANDLE, handle).set(Member::SECRET, Password::new(PASSWORD));
        draft.set(Member::CHIEF, chief).insert(&server.db).await.expect("a member");
    }
    let login = async |handle: &str| {
        let body = json!({"handle": handle, "secret": PASSWORD});
        server.post("/auth/login").json(&body).send().await
    };
    let chief = login("ann").await.ok(200);
    assert_eq!(chief["user"]["handle"], "ann");
    assert_eq!(chief["user"]["chief"], true);
    assert_eq!(login("Ann").await.ok(200)["user"]["chief"], false, "only addresses ignore case");
    login("ANN").await.assert_problem(401, "PT401");
    let token = chief["access_token"].as_str().expect("a token");
    assert_eq!(server.get("/members").token(token).send().await.rows().len(), 2);
    let change = json!({"current": PASSWORD, "new": "another passphrase"});
    server.post("/auth/password").token(token).json(&change).send().await.assert_status(200);
    server.get("/auth/me").token(token).send().await.assert_problem(401, "PGRST301");
}
