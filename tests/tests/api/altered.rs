//! Tables that somebody changes while the server runs: what was prepared for them as they were is prepared anew.

use restruct::Db;
use restruct_tests::{
    Backend, Call, Server, both,
    process::SECRET,
    resources::{kanban, library},
};
use serde_json::json;
use tokio::task::JoinSet;

both!(library; triggers_find_their_tables);
both!(kanban; a_column_may_change_its_type, it_may_while_many_read);

/// SQLite learns of a change of the schema while it prepares a statement, and for once finds none of its tables. It takes
/// two changes: behind the first it reads the schema anew, and not the tables of words that this statement alone needs.
async fn triggers_find_their_tables(server: Server) {
    // What parameters say is for sqlx to read, so that is what reads and writes.
    let over_sqlx = match server.backend() {
        Backend::Sqlite => {
            let db = Db::connect(&format!("{}&cache=private", server.database.url)).await.expect("a connection");
            Some(Server::resume(library().jwt_secret(SECRET), db, server.database.clone()).await)
        }
        Backend::Postgres => None,
    };
    for server in std::iter::once(&server).chain(&over_sqlx) {
        let books: Vec<_> = ["red", "green", "blue"].map(|title| json!({"title": title})).into();
        let books = server.post("/books").json(&books.into()).send().await.ok(201);
        let book = |at: usize| format!("/books/{}", books[at]["id"]);
        for gone in [
            server.delete(&book(0)),
            // These are gone in a transaction.
            server.delete(&format!("{}?select=id,shelf(id)", book(1))),
            server.delete(&format!("/books?id=eq.{}", books[2]["id"])).header("prefer", "max-affected=1"),
        ] {
            server.database.execute("VACUUM").await;
            server.post("/shelves").json(&json!({})).send().await.assert_status(201);
            server.database.execute("VACUUM").await;
            gone.send().await.assert_status(200);
        }
        assert!(server.get("/books").send().await.rows().is_empty());
    }
}

/// Gives a column another type that holds the same; and back.
async fn alter(server: &Server, round: usize) {
    let statement = match server.backend() {
        // There it keeps its type for good, and the table has another column.
        Backend::Sqlite => ["ALTER TABLE cards ADD COLUMN remark TEXT", "ALTER TABLE cards DROP COLUMN remark"],
        Backend::Postgres => [
            "ALTER TABLE cards ALTER COLUMN description TYPE VARCHAR(500) COLLATE \"C\"",
            "ALTER TABLE cards ALTER COLUMN description TYPE TEXT COLLATE \"C\"",
        ],
    };
    server.database.execute(statement[round % 2]).await;
}

async fn a_column_may_change_its_type(server: Server) {
    let ann = server.register("Ann").await;
    let card = json!({"title": "x", "description": "y"});
    server.post("/cards").token(&ann.token).json(&card).send().await.assert_status(201);
    let calls: [fn(&Server) -> Call; 10] = [
        |server| server.get("/cards"),
        |server| server.get("/cards/1"),
        |server| server.get("/users?select=id,cards(*)"),
        |server| server.post("/cards").json(&json!({"title": "x"})),
        |server| server.put("/cards/1").json(&json!({"title": "x"})),
        |server| server.patch("/cards/1").json(&json!({"description": "z"})),
        |server| server.delete("/cards?title=eq.nobody's"),
        // These are answered in a transaction.
        |server| server.post("/cards").json(&json!([{"title": "x"}, {"title": "x"}])),
        |server| server.patch("/cards/1?select=description,user(id)").json(&json!({"title": "x"})),
        |server| server.patch("/cards?id=eq.1").json(&json!({"title": "x"})).header("prefer", "max-affected=1"),
    ];
    for (round, call) in calls.into_iter().enumerate() {
        let send = async || {
            let answer = call(&server).token(&ann.token).send().await;
            assert!(answer.status < 300, "{answer:?}");
        };
        send().await;
        alter(&server, round).await;
        send().await;
    }
    let posted = server.database.number("SELECT count(*) FROM cards").await;
    assert_eq!(posted, 1 + 2 + 4, "what is done once more is done once");
}

/// All connections hold the statement.
async fn it_may_while_many_read(server: Server) {
    let ann = server.register("Ann").await;
    server.post("/cards").token(&ann.token).json(&json!({"title": "x"})).send().await.assert_status(201);
    for round in 0..4 {
        let mut all = JoinSet::new();
        for _ in 0..32 {
            all.spawn(server.get("/cards?title=eq.x").send());
            all.spawn(server.patch("/cards/1").token(&ann.token).json(&json!({"description": "y"})).send());
        }
        for answer in all.join_all().await {
            answer.assert_status(200);
        }
        alter(&server, round).await;
    }
}
