//! Passwords: which are taken, who changes them and where, and how they are kept.

use restruct_tests::{
    Answer, Server, both,
    process::SECRET,
    resources::kanban,
    server::{PASSWORD, session},
};
use serde_json::json;

both!(kanban; refuses_passwords, takes_long_passwords_whole, changes_a_password, refuses_a_wrong_change);
both!(kanban; an_admin_sets_a_password, the_own_password_has_its_place, hashes_again_when_the_cost_rises);

async fn refuses_passwords(server: Server) {
    let too_long = "x".repeat(73);
    let too_wide = "€".repeat(25);
    let mut refused = vec![json!("seven77"), json!(""), json!(too_long), json!(too_wide), json!("nul\u{0}nul nul")];
    refused.extend([json!(null), json!(12_345_678), json!(["password"]), json!(true)]);
    for password in refused {
        let body = json!({"name": "Ann", "email": "ann@example.com", "password": password});
        let answer = server.post("/auth/register").json(&body).send().await;
        let errors = answer.assert_invalid(&["password"]);
        if let Some(text) = password.as_str().filter(|t| t.len() > 3) {
            assert!(!answer.text().contains(text), "the password shows\n{answer:?}\n{errors}");
        }
    }
    assert_eq!(server.database.number("SELECT count(*) FROM users").await, 0);
}

async fn takes_long_passwords_whole(server: Server) {
    let passwords =
        ["x".repeat(72), "€".repeat(24), "eight888".to_owned(), " blanks ".to_owned(), "żółćżółć".to_owned()];
    for (i, password) in passwords.iter().enumerate() {
        let email = format!("user{i}@example.com");
        let body = json!({"name": "x", "email": email, "password": password});
        server.post("/auth/register").json(&body).send().await.assert_status(201);
        server.login(&email, password).await;
        let mut shorter = password.clone();
        shorter.pop();
        let wrong = json!({"email": email, "password": shorter});
        server.post("/auth/login").json(&wrong).send().await.assert_status(401);
    }
    // Nor does a longer one pass by what it begins with.
    let longer = json!({"email": "user0@example.com", "password": "x".repeat(73)});
    let answer = server.post("/auth/login").json(&longer).send().await;
    assert!(matches!(answer.status, 401 | 422), "{answer:?}");
}

async fn changes_a_password(server: Server) {
    let ann = server.register("Ann").await;
    let elsewhere = server.login(&ann.email, PASSWORD).await;
    let answer = change(&server, &ann.token, PASSWORD, "another passphrase").await;
    let fresh = session(&answer, 200, "another passphrase");
    assert_eq!(fresh.id, ann.id);
    for dead in [&ann.token, &elsewhere.token] {
        for path in ["/auth/me", "/cards", "/users"] {
            let answer = server.get(path).token(dead).send().await;
            answer.assert_problem(401, "PGRST301");
        }
        let write = server.post("/cards").token(dead).json(&json!({"title": "x"})).send().await;
        write.assert_problem(401, "PGRST301");
    }
    server.create("/cards", &fresh.token, &json!({"title": "x"})).await;
    server.login(&ann.email, "another passphrase").await;
    let old = json!({"email": ann.email, "password": PASSWORD});
    server.post("/auth/login").json(&old).send().await.assert_problem(401, "PT401");
}

async fn refuses_a_wrong_change(server: Server) {
    let ann = server.register("Ann").await;
    change(&server, &ann.token, "not it at all", "another passphrase").await.assert_invalid(&["current"]);
    change(&server, &ann.token, PASSWORD, "short").await.assert_invalid(&["new"]);
    change(&server, &ann.token, PASSWORD, &"x".repeat(73)).await.assert_invalid(&["new"]);
    let empty = server.post("/auth/password").token(&ann.token).json(&json!({})).send().await;
    empty.assert_invalid(&["current", "new"]);
    server.get("/auth/me").token(&ann.token).send().await.assert_status(200);
    server.login(&ann.email, PASSWORD).await;
}

async fn an_admin_sets_a_password(server: Server) {
    let (ann, root) = (server.register("Ann").await, server.admin("Root").await);
    let path = format!("/users/{}", ann.id);
    let set = json!({"password": "given by the admin"});
    let answer = server.patch(&path).token(&root.token).json(&set).send().await;
    assert_eq!(answer.ok(200)["id"], ann.id);
    server.get("/auth/me").token(&ann.token).send().await.assert_problem(401, "PGRST301");
    server.login(&ann.email, "given by the admin").await;
    let weak = server.patch(&path).token(&root.token).json(&json!({"password": "x"})).send().await;
    weak.assert_invalid(&["password"]);
    let made = json!({"name": "Bob", "email": "bob@example.com", "password": PASSWORD, "is_admin": true});
    let bob = server.create("/users", &root.token, &made).await;
    assert_eq!(bob["is_admin"], true);
    server.login("bob@example.com", PASSWORD).await;
    // What is replaced without a password keeps it.
    let put = json!({"name": "Bobby", "email": "bob@example.com"});
    let path = format!("/users/{}", bob["id"]);
    let after = server.put(&path).token(&root.token).json(&put).send().await.ok(200);
    assert_eq!(after["is_admin"], true, "a replacement leaves role fields alone");
    server.login("bob@example.com", PASSWORD).await;
}

async fn the_own_password_has_its_place(server: Server) {
    let (ann, root) = (server.register("Ann").await, server.admin("Root").await);
    for me in [&ann, &root] {
        let path = format!("/users/{}", me.id);
        let set = json!({"password": "another passphrase"});
        let answer = server.patch(&path).token(&me.token).json(&set).send().await;
        let errors = answer.assert_invalid(&["password"]);
        assert!(errors["password"].as_str().is_some_and(|e| e.contains("/auth/password")), "{answer:?}");
        server.login(&me.email, PASSWORD).await;
    }
    // Of others not even that is said.
    let path = format!("/users/{}", root.id);
    let other = server.patch(&path).token(&ann.token).json(&json!({"password": "another passphrase"})).send().await;
    other.assert_problem(404, "PGRST116");
}

async fn hashes_again_when_the_cost_rises(server: Server) {
    let ann = server.register("Ann").await;
    let hash = async || server.database.texts("SELECT password FROM users").await.remove(0).expect("a hash");
    assert!(hash().await.starts_with("$2b$04$"));
    let dearer = server.db.clone().with_bcrypt_cost(5);
    let dearer = Server::resume(kanban().jwt_secret(SECRET), dearer, server.database.clone()).await;
    let wrong = json!({"email": ann.email, "password": "wrong password"});
    dearer.post("/auth/login").json(&wrong).send().await.assert_status(401);
    assert!(hash().await.starts_with("$2b$04$"), "only who knows it can have it hashed again");
    dearer.login(&ann.email, PASSWORD).await;
    assert!(hash().await.starts_with("$2b$05$"));
    server.login(&ann.email, PASSWORD).await;
    assert!(hash().await.starts_with("$2b$05$"), "never down again");
    server.get("/auth/me").token(&ann.token).send().await.assert_status(200);
}

async fn change(server: &Server, token: &str, current: &str, new: &str) -> Answer {
    server.post("/auth/password").token(token).json(&json!({"current": current, "new": new})).send().await
}
