//! The rows that are asked about, the same ones in every server.

use restruct_tests::Server;
use serde_json::{Map, Value, json};

use super::{
    random::Random,
    tables::{Field, Holds, TEXTS, table},
};

/// The same rows in every server, and a caller whose rows some of them are.
pub(super) async fn fill(servers: &[Server; 3], random: &mut Random) -> [String; 3] {
    let mut tokens = [const { String::new() }; 3];
    for (server, token) in servers.iter().zip(&mut tokens) {
        server.register("Bob").await;
        *token = server.register("Ann").await.token;
    }
    let parents = [("shelves", 4), ("artists", 6), ("folders", 4), ("cards", 30)];
    let children = [("folders", 12), ("books", 40), ("albums", 15), ("posters", 15), ("comments", 60)];
    for (path, rows) in parents.into_iter().chain(children).chain([("maybe", 60), ("groups", 12)]) {
        let parents = path != "folders" || rows > 4;
        let rows: Vec<_> = (0..rows).map(|at| row(path, at, parents, random)).collect();
        let rows = Value::Array(rows);
        for (server, token) in servers.iter().zip(&tokens) {
            server.post(&format!("/{path}")).token(token).json(&rows).send().await.assert_status(201);
        }
    }
    tokens
}

fn row(path: &str, at: usize, parents: bool, random: &mut Random) -> Value {
    const REQUIRED: [&str; 13] = [
        "title",
        "message",
        "status",
        "priority",
        "name",
        "type",
        "position",
        "chosenOne",
        "card_id",
        "artist_id",
        "is_admin",
        "version",
        "user_id",
    ];
    let mut row = Map::new();
    for field in table(path).fields {
        // What the server sets, and references before there is anything to refer to.
        let kept = matches!(field.name, "id" | "version" | "user_id") || (!parents && field.name == "parent_id");
        if kept || (!REQUIRED.contains(&field.name) && random.percent(25)) {
            continue;
        }
        row.insert(field.name.to_owned(), sent(path, field, random.pick(field.values)));
    }
    if path == "groups" {
        row.insert("table".to_owned(), json!(TEXTS[at * 3]));
    }
    Value::Object(row)
}

/// A value as a body has it.
fn sent(path: &str, field: &Field, text: &str) -> Value {
    let texts = matches!(field.holds, Holds::Text | Holds::Words | Holds::Choice);
    let quoted = ["bytes", "uuid", "date", "time", "moment", "stamp"].contains(&field.name);
    if texts || quoted {
        return json!(text);
    }
    serde_json::from_str(text).unwrap_or_else(|e| panic!("{path}.{} = {text}: {e}", field.name))
}
