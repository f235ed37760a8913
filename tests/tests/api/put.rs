//! `put = merge`: PUT as clients use it that send a part of a row.

use restruct_tests::{Server, both, resources::kept};
use serde_json::{Value, json};

both!(kept; leaves_alone_what_it_does_not_name, is_as_strict_as_ever);

async fn leaves_alone_what_it_does_not_name(server: Server) {
    let whole = json!({"name": "Ann", "about": "long", "theme": "dark"});
    let before = server.post("/profiles").json(&whole).send().await.ok(201);
    let path = format!("/profiles/{}", before["id"]);
    let after = server.put(&path).json(&json!({"name": "Anna"})).send().await.ok(200);
    assert_eq!((&after["name"], &after["about"], &after["theme"]), (&json!("Anna"), &json!("long"), &json!("dark")));
    let after = server.put(&path).json(&json!({"about": null})).send().await.ok(200);
    assert_eq!((&after["name"], &after["about"]), (&json!("Anna"), &Value::Null));
    assert_eq!(server.put(&path).json(&json!({})).send().await.ok(200), after);
    // Elsewhere what is left out goes back to its default.
    let shelf = server.post("/books").json(&json!({"title": "x", "edition": 1})).send().await.ok(201);
    server.put(&format!("/books/{}", shelf["id"])).json(&json!({})).send().await.assert_invalid(&["title"]);
}

async fn is_as_strict_as_ever(server: Server) {
    let row = server.post("/profiles").json(&json!({"name": "Ann"})).send().await.ok(201);
    let path = format!("/profiles/{}", row["id"]);
    let merge = "application/merge-patch+json";
    server.put(&path).body(merge, "{}").send().await.assert_problem(415, "PGRST107");
    let wrong = json!({"name": null, "theme": 1, "them": "x"});
    server.put(&path).json(&wrong).send().await.assert_invalid(&["name", "theme", "them"]);
    server.put("/profiles/4711").json(&json!({})).send().await.assert_problem(404, "PGRST116");
    assert_eq!(server.get(&path).send().await.ok(200), row);
}
