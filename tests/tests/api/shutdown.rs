//! How a server ends: in peace on a signal, and with nothing lost that it had answered for.

use restruct_tests::{
    Client, Database, both_databases,
    process::{Program, SECRET},
    server::{PASSWORD, session},
};
use serde_json::json;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

use crate::KANBAN;

both_databases!(finishes_what_is_in_flight, idle_connections_do_not_hold_it, an_answered_write_survives_a_kill);

async fn register(client: &Client, name: &str) -> String {
    let body = json!({"name": name, "email": format!("{name}@example.com"), "password": PASSWORD});
    session(&client.post("/auth/register").json(&body).send().await, 201, PASSWORD).token
}

async fn finishes_what_is_in_flight(database: Database) {
    let program = Program::new(KANBAN, &database);
    for signal in ["TERM", "INT"] {
        let running = program.serve(&[]).await;
        let name = signal.to_lowercase();
        let body = json!({"name": name, "email": format!("{name}@example.com"), "password": PASSWORD}).to_string();
        let (first, rest) = body.split_at(10);
        let mut stream = TcpStream::connect(&running.client.authority).await.expect("a connection");
        let head = format!(
            "POST /auth/register HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\
             expect: 100-continue\r\n\r\n",
            body.len()
        );
        stream.write_all(head.as_bytes()).await.expect("the server reads");
        // That it asks for the body says that the request has begun.
        let mut asked = [0; 25];
        stream.read_exact(&mut asked).await.expect("an interim answer");
        assert_eq!(&asked, b"HTTP/1.1 100 Continue\r\n\r\n");
        stream.write_all(first.as_bytes()).await.expect("the server reads");
        running.signal(signal);
        while TcpStream::connect(&running.client.authority).await.is_ok() {
            tokio::task::yield_now().await;
        }
        stream.write_all(rest.as_bytes()).await.expect("the server still reads");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.expect("an answer");
        assert!(answer.starts_with("HTTP/1.1 201 "), "{answer}");
        assert!(answer.contains("access_token"), "{answer}");
        let (status, output) = running.end().await;
        assert_eq!(status.code(), Some(0), "{signal}:\n{output}");
        let there = format!("SELECT count(*) FROM users WHERE email = '{name}@example.com'");
        assert_eq!(database.number(&there).await, 1);
    }
}

async fn idle_connections_do_not_hold_it(database: Database) {
    let running = Program::new(KANBAN, &database).serve(&[]).await;
    // The pool of the client keeps this one open; the other has never said a word.
    running.client.get("/cards").send().await.assert_status(200);
    let silent = TcpStream::connect(&running.client.authority).await.expect("a connection");
    running.signal("TERM");
    let (status, output) = running.end().await;
    assert_eq!(status.code(), Some(0), "{output}");
    drop(silent);
}

async fn an_answered_write_survives_a_kill(database: Database) {
    let program = Program::new(KANBAN, &database).env("JWT_SECRET", SECRET);
    let running = program.serve(&[]).await;
    let token = register(&running.client, "ann").await;
    let writers: Vec<_> = (0..8)
        .map(|writer| {
            let (client, token) = (running.client.clone(), token.clone());
            tokio::spawn(async move {
                let mut answered = Vec::new();
                for i in 0.. {
                    let title = format!("kept {writer} {i}");
                    let call = client.post("/cards").token(&token).json(&json!({"title": title}));
                    match call.try_send().await {
                        Ok(answer) if answer.status == 201 => answered.push(title),
                        _ => break,
                    }
                }
                answered
            })
        })
        .collect();
    // Enough has been written once the list says so.
    loop {
        let listed = running.client.get("/cards?title=like.kept*&limit=1000").send().await;
        if listed.rows().len() >= 100 {
            break;
        }
    }
    running.signal("KILL");
    running.end().await;
    let mut answered = Vec::new();
    for writer in writers {
        answered.extend(writer.await.expect("a writer"));
    }
    assert!(answered.len() >= 90, "{}", answered.len());
    let again = program.serve(&[]).await;
    let stored = database.texts("SELECT title FROM cards").await;
    for title in answered {
        assert!(stored.contains(&Some(title.clone())), "{title} was answered with 201 and is gone");
    }
    again.client.get("/auth/me").token(&token).send().await.assert_status(200);
    again.stop().await;
}
