//! Registration, login, tokens, and how they die.

use std::collections::BTreeSet;

use restruct_tests::{
    Answer, Server, both,
    client::encode,
    process::SECRET,
    resources::{closed, kanban},
    server::{PASSWORD, session},
};
use serde_json::{Value, json};

both!(kanban; registers, registers_with_what_was_asked, refuses_passwords, takes_long_passwords_whole);
both!(kanban; signs_in, signs_in_with_a_form, wrong_logins_are_all_alike, logins_ignore_case, says_who_i_am);
both!(kanban; tokens_are_standard, bad_tokens_are_refused_everywhere, no_token_is_said_first);
both!(kanban; changes_a_password, refuses_a_wrong_change, an_admin_sets_a_password, the_own_password_has_its_place);
both!(kanban; a_demoted_admin_is_out_at_once, a_deleted_user_is_out_at_once, auth_answers_are_not_stored);
both!(kanban; auth_bodies_are_checked, forged_tokens_are_refused, hashes_again_when_the_cost_rises);
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

async fn change(server: &Server, token: &str, current: &str, new: &str) -> Answer {
    server.post("/auth/password").token(token).json(&json!({"current": current, "new": new})).send().await
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

async fn registration_may_be_closed(server: Server) {
    let body = json!({"handle": "ann", "secret": PASSWORD});
    server.post("/auth/register").json(&body).send().await.assert_problem(404, "PGRST125");
    server.post("/members").json(&body).send().await.assert_problem(401, "PGRST302");
}

async fn a_login_may_be_any_text(server: Server) {
    use restruct::{Password, Store as _};
    use restruct_tests::resources::Member;
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

async fn forged_tokens_are_refused(server: Server) {
    use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
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
