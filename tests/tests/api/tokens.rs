//! Tokens: what is in one, which are taken, and how they die.

use std::collections::BTreeSet;

use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use restruct_tests::{Server, both, process::SECRET, resources::kanban, server::PASSWORD};
use serde_json::{Value, json};

both!(kanban; tokens_are_standard, bad_tokens_are_refused_everywhere, forged_tokens_are_refused, no_token_is_said_first);
both!(kanban; a_demoted_admin_is_out_at_once, a_deleted_user_is_out_at_once, nothing_at_all_takes_a_dead_token);

async fn tokens_are_standard(server: Server) {
    let ann = server.register("Ann").await;
    let parts: Vec<_> = ann.token.split('.').collect();
    let [head, claims, _signature] = parts[..] else { panic!("{}", ann.token) };
    let head = unbase64(head);
    assert_eq!(head["alg"], "HS256");
    assert_eq!(head["typ"], "JWT");
    let claims = unbase64(claims);
    let members: BTreeSet<_> = claims.as_object().expect("an object").keys().map(String::as_str).collect();
    assert_eq!(members, BTreeSet::from(["sub", "iat", "nbf", "exp", "jti", "iss", "aud", "ver"]));
    let number = |name: &str| claims[name].as_i64().expect("seconds");
    assert_eq!(number("exp") - number("iat"), 900);
    assert_eq!(claims["sub"], ann.id.to_string(), "a subject is a string");
    let other: Vec<_> = server.login(&ann.email, PASSWORD).await.token.split('.').map(str::to_owned).collect();
    assert_ne!(unbase64(&other[1])["jti"], claims["jti"]);
}

/// JSON in unpadded base64 of the URL alphabet, which is what tokens are made of.
fn unbase64(text: &str) -> Value {
    const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let (mut bytes, mut bits, mut held) = (Vec::new(), 0u32, 0);
    for letter in text.bytes() {
        let digit = ALPHABET.iter().position(|l| *l == letter).expect("base64url");
        bits = (bits << 6) | u32::try_from(digit).expect("a digit");
        held += 6;
        if held >= 8 {
            held -= 8;
            bytes.push(u8::try_from((bits >> held) & 0xff).expect("a byte"));
        }
    }
    serde_json::from_slice(&bytes).expect("JSON")
}

async fn bad_tokens_are_refused_everywhere(server: Server) {
    let ann = server.register("Ann").await;
    let (signed, signature) = ann.token.rsplit_once('.').expect("three parts");
    let (_, claims) = signed.split_once('.').expect("three parts");
    let flipped: String = signature.chars().rev().collect();
    // {"alg":"none","typ":"JWT"} and {"alg":"HS512","typ":"JWT"}
    let none = "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0";
    let other = "eyJhbGciOiJIUzUxMiIsInR5cCI6IkpXVCJ9";
    let bad = [
        "x".to_owned(),
        "a.b.c".to_owned(),
        format!("{signed}.{flipped}"),
        format!("{signed}."),
        signed.to_owned(),
        format!("{none}.{claims}."),
        format!("{none}.{claims}.{signature}"),
        format!("{other}.{claims}.{signature}"),
        format!("{} {}", ann.token, ann.token),
        "x".repeat(6000),
    ];
    for token in &bad {
        for (method, path) in [("GET", "/cards"), ("GET", "/cards/1"), ("GET", "/auth/me"), ("POST", "/cards")] {
            let answer = server.call(method, path).token(token).send().await;
            answer.assert_problem(401, "PGRST301");
            let challenge = answer.header("www-authenticate").unwrap_or_default();
            assert!(challenge.starts_with("Bearer error=\""), "{answer:?}");
        }
    }
    server.get("/cards").send().await.assert_status(200);
}

async fn forged_tokens_are_refused(server: Server) {
    let (ann, bob) = (server.register("Ann").await, server.register("Bob").await);
    let genuine = unbase64(ann.token.split('.').nth(1).expect("claims"));
    let sign = |algorithm: Algorithm, secret: &str, claims: &Value| {
        let key = EncodingKey::from_secret(secret.as_bytes());
        encode(&Header::new(algorithm), claims, &key).expect("a token")
    };
    let status = async |token: &str| {
        let answer = server.get("/auth/me").token(token).send().await;
        if answer.status != 200 {
            answer.assert_problem(401, "PGRST301");
            server.get("/cards").token(token).send().await.assert_problem(401, "PGRST301");
        }
        answer.status
    };
    // What proves the rest: with every claim right, a token from elsewhere is as good as ours.
    assert_eq!(status(&sign(Algorithm::HS256, SECRET, &genuine)).await, 200);
    assert_eq!(status(&sign(Algorithm::HS256, "another secret that is long enough", &genuine)).await, 401);
    for algorithm in [Algorithm::HS384, Algorithm::HS512] {
        assert_eq!(status(&sign(algorithm, SECRET, &genuine)).await, 401, "{algorithm:?}");
    }
    let now = genuine["iat"].as_i64().expect("seconds");
    for (claim, value) in [
        ("exp", json!(now - 31)),
        ("exp", json!("never")),
        ("exp", json!(null)),
        ("nbf", json!(now + 3600)),
        ("iss", json!("else")),
        ("aud", json!("else")),
        ("sub", json!(bob.id.to_string())),
        ("sub", json!("4711")),
        ("sub", json!("x")),
        ("sub", json!("")),
        ("sub", json!("01")),
        ("ver", json!(genuine["ver"].as_i64().expect("a number") ^ 1)),
        ("ver", json!(0)),
        ("ver", json!("x")),
    ] {
        let mut claims = genuine.clone();
        claims[claim] = value.clone();
        assert_eq!(status(&sign(Algorithm::HS256, SECRET, &claims)).await, 401, "{claim} {value}");
    }
    for claim in ["exp", "sub", "ver", "iss", "aud"] {
        let mut claims = genuine.clone();
        claims.as_object_mut().expect("an object").remove(claim);
        assert_eq!(status(&sign(Algorithm::HS256, SECRET, &claims)).await, 401, "without {claim}");
    }
    // Roles are read from the row, whatever a token says.
    let mut crowned = genuine.clone();
    crowned["is_admin"] = json!(true);
    crowned["role"] = json!("admin");
    let users = server.get("/users").token(&sign(Algorithm::HS256, SECRET, &crowned)).send().await;
    assert_eq!(users.each("id"), [ann.id]);
}

async fn no_token_is_said_first(server: Server) {
    let broken = server.post("/cards").body("application/json", "{").send().await;
    broken.assert_problem(401, "PGRST302");
    let typed = server.post("/cards").body("text/plain", "x").send().await;
    typed.assert_problem(401, "PGRST302");
    for method in ["PUT", "PATCH", "DELETE"] {
        server.call(method, "/cards/4711").send().await.assert_problem(401, "PGRST302");
    }
    server.get("/users").send().await.assert_problem(401, "PGRST302");
    server.get("/users/4711").send().await.assert_problem(401, "PGRST302");
    let change = json!({"current": "x", "new": "y"});
    server.post("/auth/password").json(&change).send().await.assert_problem(401, "PGRST302");
}

async fn a_demoted_admin_is_out_at_once(server: Server) {
    let (root, chief) = (server.admin("Root").await, server.admin("Chief").await);
    server.get("/users").token(&chief.token).send().await.assert_status(200);
    let path = format!("/users/{}", chief.id);
    let demotion = json!({"is_admin": false});
    server.patch(&path).token(&root.token).json(&demotion).send().await.assert_status(200);
    for (method, path) in [("GET", "/auth/me"), ("GET", "/users"), ("GET", "/cards")] {
        server.call(method, path).token(&chief.token).send().await.assert_problem(401, "PGRST301");
    }
    let after = server.login(&chief.email, PASSWORD).await;
    assert_eq!(server.get("/users").token(&after.token).send().await.each("id"), [chief.id]);
    let promotion = json!({"is_admin": true});
    server.patch(&path).token(&after.token).json(&promotion).send().await.assert_problem(403, "42501");
    server.patch(&path).token(&root.token).json(&promotion).send().await.assert_status(200);
}

async fn a_deleted_user_is_out_at_once(server: Server) {
    let (ann, root) = (server.register("Ann").await, server.admin("Root").await);
    server.create("/cards", &ann.token, &json!({"title": "x"})).await;
    let path = format!("/users/{}", ann.id);
    server.delete(&path).token(&root.token).send().await.assert_status(200);
    for path in ["/auth/me", "/cards", "/users", path.as_str()] {
        server.get(path).token(&ann.token).send().await.assert_problem(401, "PGRST301");
    }
    let write = server.post("/cards").token(&ann.token).json(&json!({"title": "x"})).send().await;
    write.assert_problem(401, "PGRST301");
    assert!(server.get("/cards").send().await.rows().is_empty(), "cards go with their owner");
    let again = server.register("Ann").await;
    assert!(again.id > root.id, "ids are never reused");
    server.get("/auth/me").token(&ann.token).send().await.assert_problem(401, "PGRST301");
}

/// Where no row is touched and where nobody needs a token, too.
async fn nothing_at_all_takes_a_dead_token(server: Server) {
    let (ann, bob, root) = (server.register("Ann").await, server.register("Bob").await, server.admin("Root").await);
    server.delete(&format!("/users/{}", ann.id)).token(&root.token).send().await.assert_status(200);
    let login = json!({"email": "bob@example.com", "password": PASSWORD});
    let new = json!({"name": "New", "email": "new@example.com", "password": PASSWORD});
    for call in [
        server.post("/cards").json(&json!([])),
        server.post("/users").json(&json!([])),
        server.get("/cards?id=eq.4711"),
        server.get("/cards").header("prefer", "count=exact"),
        server.post("/auth/login").json(&login),
        server.post("/auth/register").json(&new),
    ] {
        let refused = call.token(&ann.token).send().await;
        refused.assert_problem(401, "PGRST301");
    }
    server.post("/users").token(&bob.token).json(&json!([])).send().await.assert_problem(403, "42501");
    server.post("/cards").token(&bob.token).json(&json!([])).send().await.assert_status(201);
}
