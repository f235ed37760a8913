//! Settings: file, variables, flags, and what is said of them.

use std::fs;

use restruct_tests::{
    Database, both_databases,
    process::{Program, SECRET},
};
use serde_json::{Value, json};

use crate::KANBAN;

both_databases!(the_file_sets_what_the_server_does, later_sources_win, mistakes_in_the_file_stop_the_start);
both_databases!(shows_settings_and_no_secret, warns_of_a_file_that_all_can_read, a_deadline_can_be_set);
both_databases!(answers_can_be_kept_smaller);

/// A program whose settings stand in a file.
fn with_file(database: &Database, toml: &str) -> Program {
    let program = Program::bare(KANBAN);
    let file = format!("[database]\nurl = \"{}\"\n{toml}", database.url);
    fs::write(program.folder().join("restruct.toml"), file).expect("the file");
    program
}

/// What `config show --json` says of a setting: its value and its source.
async fn shown(program: &Program, arguments: &[&str], key: &str) -> (Value, String) {
    let mut all = vec!["config", "show", "--json"];
    all.extend(arguments);
    let run = program.run(&all).await;
    run.assert_code(0);
    let rows: Vec<Value> = serde_json::from_str(&run.stdout).expect("a JSON list");
    let row = rows.into_iter().find(|row| row["key"] == key).unwrap_or_else(|| panic!("{key} is not in {run:?}"));
    (row["value"].clone(), row["source"].as_str().expect("a source").to_owned())
}

async fn the_file_sets_what_the_server_does(database: Database) {
    let program = with_file(&database, "[server]\nmax_body = 200\n");
    program.run(&["db", "create"]).await.assert_code(0);
    assert_eq!(database.number("SELECT count(*) FROM cards").await, 0, "the file says which database");
    let running = program.serve(&[]).await;
    let body = json!({"email": "x", "password": "y".repeat(200)});
    running.client.post("/auth/login").json(&body).send().await.assert_problem(413, "PT413");
    running.client.post("/auth/login").json(&json!({"email": "x", "password": "y"})).send().await.assert_status(401);
    running.stop().await;
    // Another file, by its name; one that is named must be there.
    fs::rename(program.folder().join("restruct.toml"), program.folder().join("other.toml")).expect("the file");
    program.run(&["--config", "other.toml", "db", "status"]).await.assert_code(0).assert_says("cards");
    program.run(&["db", "status", "--config", "none.toml"]).await.assert_code(2).assert_says("none.toml");
    let variable = program.env("RESTRUCT_CONFIG", "other.toml");
    variable.run(&["db", "status"]).await.assert_code(0).assert_says("cards");
}

async fn later_sources_win(database: Database) {
    let program = with_file(&database, "[server]\nport = 3\nhost = \"::1\"\nmax_body = 9\n").env("PORT", "4");
    fs::write(program.folder().join(".env"), "PORT=5\nMAX_BODY=10\n").expect("the file");
    assert_eq!(shown(&program, &[], "server.port").await, (json!(4), "PORT".into()), "a variable over .env");
    assert_eq!(shown(&program, &[], "server.max_body").await, (json!(10), "MAX_BODY in .env".into()));
    assert_eq!(shown(&program, &["--port", "6"], "server.port").await, (json!(6), "--port".into()));
    assert_eq!(shown(&program, &[], "server.host").await, (json!("::1"), "restruct.toml:5".into()));
    assert_eq!(shown(&program, &[], "server.max_connections").await, (json!(1024), "default".into()));
    let url = shown(&program, &["--database-url", "sqlite:x.db"], "database.url").await;
    assert_eq!(url, (json!("sqlite:x.db"), "--database-url".into()));
}

async fn mistakes_in_the_file_stop_the_start(database: Database) {
    let mistaken = with_file(&database, "[server]\nprot = 1\nmax_body = \"1 MB\"\n[auth]\njwt_secret = 12345678\n");
    for arguments in [&["serve", "--port", "0"][..], &["db", "status"], &["config", "show"]] {
        let refused = mistaken.run(arguments).await;
        refused
            .assert_code(2)
            .assert_says("restruct.toml:4: `server.prot` is not a setting; did you mean `server.port`?")
            .assert_says("restruct.toml:5: `server.max_body` must be a number from 1 to")
            .assert_says("restruct.toml:7: `auth.jwt_secret` must be a text");
        assert!(!refused.stderr.contains("12345678") && !refused.stderr.contains("1 MB"), "{refused:?}");
    }
    let broken = with_file(&database, "[auth]\njwt_secret = hunter2\n");
    let refused = broken.run(&["config", "show"]).await;
    refused.assert_code(2).assert_says("restruct.toml:4 is not TOML");
    assert!(!refused.stderr.contains("hunter2"), "{refused:?}");
    let wrong = Program::new(KANBAN, &database).env("PORT", "http");
    wrong.run(&["config", "show"]).await.assert_code(2).assert_says("PORT must be a number from 0 to 65535");
}

async fn shows_settings_and_no_secret(database: Database) {
    let file = format!("[auth]\njwt_secret = \"{SECRET}\"\n");
    let program = with_file(&database, &file);
    let text = program.run(&["config", "show"]).await;
    text.assert_code(0).assert_says("auth.jwt_secret").assert_says("***").assert_says("restruct.toml:4");
    assert_eq!(shown(&program, &[], "auth.jwt_secret").await, (json!("***"), "restruct.toml:4".into()));
    let url = "postgres://ann:hunter2@db/app?password=hunter2";
    let program = program.env("DATABASE_URL", url).env("JWT_SECRET", SECRET);
    for arguments in [&["config", "show"][..], &["config", "show", "--json"], &["--help"], &["serve", "--help"]] {
        let run = program.run(arguments).await;
        run.assert_code(0);
        assert!(!run.stdout.contains(SECRET) && !run.stdout.contains("hunter2"), "{run:?}");
    }
    program.run(&["config", "show"]).await.assert_says("postgres://ann:***@db/app");
}

async fn warns_of_a_file_that_all_can_read(database: Database) {
    use std::os::unix::fs::PermissionsExt as _;

    let program = with_file(&database, &format!("[auth]\njwt_secret = \"{SECRET}\"\n"));
    let file = program.folder().join("restruct.toml");
    for (mode, warns) in [(0o644, true), (0o600, false)] {
        fs::set_permissions(&file, fs::Permissions::from_mode(mode)).expect("it is ours");
        let output = program.serve(&[]).await.stop().await;
        assert_eq!(output.contains("chmod 600 restruct.toml"), warns, "{output}");
        assert!(!output.contains(SECRET), "{output}");
    }
}

async fn a_deadline_can_be_set(database: Database) {
    let running = Program::new(KANBAN, &database).serve(&["--request-timeout", "1"]).await;
    let started = std::time::Instant::now();
    // The rest of the body never comes.
    let mut stream = tokio::net::TcpStream::connect(&running.client.authority).await.expect("a connection");
    let head = "POST /auth/login HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 9\r\n\r\n{";
    tokio::io::AsyncWriteExt::write_all(&mut stream, head.as_bytes()).await.expect("the server reads");
    let mut answer = String::new();
    tokio::io::AsyncReadExt::read_to_string(&mut stream, &mut answer).await.expect("an answer");
    assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
    assert!(started.elapsed().as_secs() < 9, "the deadline is the one that was set");
    running.stop().await;
}

async fn answers_can_be_kept_smaller(database: Database) {
    let program = Program::new(KANBAN, &database);
    let running = program.serve(&["--max-answer", "65536"]).await;
    let client = &running.client;
    let ann = json!({"name": "Ann", "email": "ann@example.com", "password": "correct horse"});
    let session = client.post("/auth/register").json(&ann).send().await.ok(201);
    let token = session["access_token"].as_str().expect("a token");
    let card = json!({"title": "x", "description": "x".repeat(40_000)});
    for _ in 0..2 {
        client.post("/cards").token(token).json(&card).send().await.assert_status(201);
    }
    let problem = client.get("/cards?title=eq.x").send().await.assert_problem(400, "54000");
    assert_eq!(problem["detail"], "the answer would be larger than 65536 bytes");
    client.get("/cards?title=eq.x&limit=1").send().await.assert_status(200);
    running.stop().await;
    let running = program.serve(&[]).await;
    assert_eq!(running.client.get("/cards?title=eq.x").send().await.rows().len(), 2, "more, unless it is said");
    running.stop().await;
    let refused = program.run(&["serve", "--max-answer", "9"]).await;
    refused.assert_code(2).assert_says("must be a number from 65536 to");
}
