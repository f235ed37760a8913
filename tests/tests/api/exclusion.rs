//! A password is nowhere: not in answers, filters, order, errors, JSON of Rust values, or logs.

use restruct::Store as _;
use restruct_tests::{
    Answer, Database, Server, Session, both, both_databases,
    process::{Program, SECRET},
    resources::{Card, User, kanban, odd},
};
use serde_json::json;

use crate::KANBAN;

both!(kanban; no_answer_shows_it, no_query_reaches_it, rust_values_do_not_show_it, the_hash_is_a_hash);
both!(odd; write_only_is_never_read);
both_databases!(no_log_shows_it);

/// A password that nothing else looks like.
const PLANTED: &str = "Zwölf-Boxkämpfer-jagen";

#[track_caller]
fn assert_clean(answer: &Answer, secrets: &[String]) {
    let whole = format!("{answer:?}");
    for secret in secrets {
        assert!(!whole.contains(secret.as_str()), "{secret} shows\n{answer:?}");
    }
}

/// Somebody with the planted password, and what must not show: it, and its hash whole or in part.
async fn plant(server: &Server) -> (Session, Vec<String>) {
    let body = json!({"name": "Ann", "email": "ann@example.com", "password": PLANTED});
    let answer = server.post("/auth/register").json(&body).send().await;
    let ann = restruct_tests::server::session(&answer, 201, PLANTED);
    let hash = server.database.texts("SELECT password FROM users").await.remove(0).expect("a hash");
    assert!(hash.starts_with("$2b$04$"), "{hash}");
    let secrets = vec![PLANTED.to_owned(), hash[7..29].to_owned(), hash[29..].to_owned(), hash];
    assert_clean(&answer, &secrets);
    (ann, secrets)
}

async fn no_answer_shows_it(server: Server) {
    let (ann, secrets) = plant(&server).await;
    let root = server.admin("Root").await;
    let me = format!("/users/{}", ann.id);
    for token in [None, Some(&ann.token), Some(&root.token)] {
        let token = token.map(String::as_str);
        for (method, path) in [
            ("GET", "/users"),
            ("HEAD", "/users"),
            ("GET", me.as_str()),
            ("GET", "/auth/me"),
            ("GET", "/users/4711"),
            ("OPTIONS", "/users"),
            ("GET", "/cards"),
            ("DELETE", "/users"),
            ("GET", "/nothing"),
        ] {
            assert_clean(&server.call(method, path).maybe_token(token).send().await, &secrets);
        }
        for body in [
            json!({"name": "Anna"}),
            json!({}),
            json!({"password": PLANTED}),
            json!({"password": PLANTED.repeat(4)}),
            json!({"password": [PLANTED]}),
            json!({"password": {"x": PLANTED}}),
            json!({"passwort": PLANTED, "email": 1}),
            json!({"email": "root@example.com", "password": PLANTED}),
            json!({"is_admin": PLANTED, "password": PLANTED}),
        ] {
            for (method, path) in [("PATCH", me.as_str()), ("PUT", &me), ("POST", "/users"), ("POST", "/auth/register")]
            {
                let answer = server.call(method, path).maybe_token(token).json(&body).send().await;
                assert!(answer.status < 500, "{answer:?}");
                assert_clean(&answer, &secrets);
            }
        }
    }
    for body in
        [json!({"email": "ann@example.com", "password": PLANTED}), json!({"email": PLANTED, "password": PLANTED})]
    {
        assert_clean(&server.post("/auth/login").json(&body).send().await, &secrets);
    }
    let broken = format!("{{\"password\": \"{PLANTED}\", ");
    assert_clean(&server.post("/auth/login").body("application/json", broken).send().await, &secrets);
    let ann = server.login("ann@example.com", PLANTED).await;
    let change = json!({"current": PLANTED, "new": "a new one with length"});
    let changed = server.post("/auth/password").token(&ann.token).json(&change).send().await;
    assert_clean(&changed, &secrets);
    changed.assert_status(200);
    assert_clean(&server.delete(&me).token(&root.token).send().await, &secrets);
}

async fn no_query_reaches_it(server: Server) {
    let (_, secrets) = plant(&server).await;
    let root = server.admin("Root").await;
    let forms = [
        "{}=eq.x",
        "{}=x",
        "{}=not.is.null",
        "{}=like.*",
        "{}=fts.x",
        "{}=in.(a,b)",
        "order={}",
        "order={}.desc",
        "order=id,{}.asc.nullslast",
        "select={}",
        "select=id,{}",
        "or=({}.eq.x)",
        "{}[0]=eq.x",
        "{}_like=x",
        "_sort={}",
        "q={}",
        "columns={}",
        "{}->x=eq.1",
    ];
    for form in forms {
        let mut texts = Vec::new();
        // Names as long as the real ones, and like nothing else.
        for name in ["password", "qqqqqqqq", "_ver", "qqqq"] {
            let path = format!("/users?{}", form.replace("{}", name)).replace('>', "%3E");
            let answer = server.get(&path).token(&root.token).send().await;
            assert_clean(&answer, &secrets);
            assert_eq!(answer.status, 400, "{answer:?}");
            let mut problem = answer.json();
            problem["instance"] = json!(null);
            texts.push(problem.to_string().replace(name, "?"));
        }
        assert_eq!(texts[0], texts[1], "a password column is not like an unknown one in {form}");
        assert_eq!(texts[2], texts[3], "the hidden column is not like an unknown one in {form}");
    }
    // It is nobody's nearest name either.
    for near in ["passwor", "passwords", "pasword"] {
        let answer = server.get(&format!("/users?{near}=eq.x")).token(&root.token).send().await;
        let problem = answer.assert_problem(400, "PGRST100").to_string().replace(near, "");
        assert!(!problem.contains("password"), "{answer:?}");
    }
}

async fn rust_values_do_not_show_it(server: Server) {
    let (ann, secrets) = plant(&server).await;
    let user = User::find(&server.db, ann.id).await.expect("the query runs").expect("the row");
    let shown = format!("{} {user:?} {:?}", serde_json::to_string(&user).expect("JSON"), user.password);
    for secret in &secrets {
        assert!(!shown.contains(secret.as_str()), "{shown}");
    }
    let expected = json!({"id": ann.id, "name": "Ann", "email": "ann@example.com", "is_admin": false});
    assert_eq!(serde_json::to_value(&user).expect("JSON"), expected);
    let filtered = User::query().filter(User::PASSWORD.eq(restruct::Password::new(PLANTED))).all(&server.db).await;
    let error = filtered.expect_err("a password cannot be asked for");
    assert!(!format!("{error} {error:?}").contains(PLANTED));
    let sorted = User::query().order(User::PASSWORD.asc()).all(&server.db).await;
    assert!(sorted.is_err(), "nor sorted by");
    assert!(Card::query().all(&server.db).await.expect("the query runs").is_empty());
}

async fn the_hash_is_a_hash(server: Server) {
    plant(&server).await;
    let bob = json!({"name": "Bob", "email": "bob@example.com", "password": PLANTED});
    server.post("/auth/register").json(&bob).send().await.assert_status(201);
    let root = server.admin("Root").await;
    let carl = json!([{"name": "Carl", "email": "carl@example.com", "password": PLANTED}]);
    server.post("/users").token(&root.token).json(&carl).send().await.assert_status(201);
    let stored = server.database.texts("SELECT password FROM users ORDER BY id").await;
    let stored: Vec<_> = stored.into_iter().map(|hash| hash.expect("a hash")).collect();
    assert_eq!(stored.len(), 4);
    assert!(stored.iter().all(|hash| hash.starts_with("$2b$") && hash.len() == 60), "{stored:?}");
    assert_ne!(stored[0], stored[1], "the same password hashes differently");
}

async fn write_only_is_never_read(server: Server) {
    let body = json!({"number": 1, "pin": "4-8-15-16", "batch": 23});
    let made = server.post("/tickets").json(&body).send().await;
    let id = made.ok(201)["id"].clone();
    let path = format!("/tickets/{id}");
    for answer in [
        made,
        server.get(&path).send().await,
        server.get("/tickets").send().await,
        server.patch(&path).json(&json!({"class": "x"})).send().await,
        server.put(&path).json(&json!({"number": 1})).send().await,
        server.delete(&path).send().await,
    ] {
        assert!(answer.status < 300, "{answer:?}");
        let text = answer.text();
        assert!(!text.contains("pin") && !text.contains("batch") && !text.contains("4-8-15"), "{answer:?}");
    }
    for query in ["pin=eq.4-8-15-16", "order=pin", "batch=gt.1", "order=batch.desc"] {
        server.get(&format!("/tickets?{query}")).send().await.assert_problem(400, "PGRST100");
    }
}

async fn no_log_shows_it(database: Database) {
    let program = Program::new(KANBAN, &database).env("RUST_LOG", "trace").env("JWT_SECRET", SECRET);
    let running = program.serve(&["--dev"]).await;
    let client = &running.client;
    let body = json!({"name": "Ann", "email": "ann@example.com", "password": PLANTED});
    let made = client.post("/auth/register").json(&body).send().await.ok(201);
    let token = made["access_token"].as_str().expect("a token").to_owned();
    let login = json!({"email": "ann@example.com", "password": PLANTED});
    client.post("/auth/login").json(&login).send().await.assert_status(200);
    let wrong = json!({"email": "ann@example.com", "password": format!("{PLANTED}!")});
    client.post("/auth/login").json(&wrong).send().await.assert_status(401);
    client.post("/auth/register").json(&body).send().await.assert_status(409);
    client.get("/auth/me").token(&token).send().await.assert_status(200);
    client.get(&format!("/cards?titel={}", restruct_tests::client::encode("x"))).send().await.assert_status(400);
    let change = json!({"current": PLANTED, "new": format!("{PLANTED}?")});
    client.post("/auth/password").token(&token).json(&change).send().await.assert_status(200);
    let hash = database.texts("SELECT password FROM users WHERE email = 'ann@example.com'").await.remove(0);
    let hash = hash.expect("a hash");
    let log = running.stop().await;
    assert!(log.len() > 1000, "a trace says something:\n{log}");
    for secret in [PLANTED, &hash, &hash[7..29], "$2b$", &token, SECRET] {
        assert!(!log.contains(secret), "{secret} is in the log:\n{log}");
    }
}
