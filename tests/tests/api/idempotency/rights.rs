//! Who may see again what was answered once.

use restruct_tests::{
    Call, Server, both,
    resources::{kanban, ruled},
    server::PASSWORD,
};
use serde_json::{Value, json};

use super::KEY;

both!(ruled; what_an_administrator_was_answered_is_for_one, others_lose_nothing);
both!(kanban; related_rows_of_then_are_no_way_around);

fn post(server: &Server, path: &str, token: &str, body: &Value) -> Call {
    server.post(path).token(token).json(body).header("idempotency-key", KEY)
}

async fn what_an_administrator_was_answered_is_for_one(server: Server) {
    let (root, chief) = (server.admin("Root").await, server.admin("Chief").await);
    let user = format!("/users/{}", root.id);
    let crown = async |is_admin: bool| {
        let body = json!({"is_admin": is_admin});
        server.patch(&user).token(&chief.token).json(&body).send().await.assert_status(200);
    };
    // Anybody may leave a tip, and only administrators see it.
    let tip = json!({"label": "x"});
    let first = post(&server, "/tips", &root.token, &tip).send().await;
    assert_eq!(first.ok(201)["label"], "x");
    assert_eq!(post(&server, "/tips", &root.token, &tip).send().await.body, first.body);
    crown(false).await;
    post(&server, "/tips", &root.token, &tip).send().await.assert_problem(401, "PGRST301");
    let demoted = server.login(&root.email, PASSWORD).await;
    let refused = post(&server, "/tips", &demoted.token, &tip).send().await;
    assert!(!refused.assert_problem(403, "42501").to_string().contains("label"), "{refused:?}");
    post(&server, "/tips", &demoted.token, &json!({"label": "y"})).send().await.assert_problem(422, "PT422");
    assert_eq!(server.database.number("SELECT count(*) FROM tips").await, 1, "nothing is done again");
    crown(true).await;
    let again = post(&server, "/tips", &demoted.token, &tip).send().await;
    assert_eq!((again.status, &again.body), (201, &first.body));
}

async fn others_lose_nothing(server: Server) {
    let (ann, chief) = (server.register("Ann").await, server.admin("Chief").await);
    let tip = json!({"label": "x"});
    let first = post(&server, "/tips", &ann.token, &tip).send().await;
    first.assert_status(201).assert_empty();
    let letter = server.post("/letters").token(&ann.token).json(&tip).header("idempotency-key", "other");
    let hers = letter.clone().send().await;
    hers.assert_status(201);
    // Neither more nor less than what they were sent, whoever they have become.
    for is_admin in [true, false] {
        let body = json!({"is_admin": is_admin});
        server.patch(&format!("/users/{}", ann.id)).token(&chief.token).json(&body).send().await.assert_status(200);
        let ann = server.login(&ann.email, PASSWORD).await;
        post(&server, "/tips", &ann.token, &tip).send().await.assert_status(201).assert_empty();
        let again = letter.clone().without("authorization").token(&ann.token).send().await;
        assert_eq!((again.status, &again.body), (201, &hers.body));
    }
}

async fn related_rows_of_then_are_no_way_around(server: Server) {
    let (ann, root, chief) = (server.register("Ann").await, server.admin("Root").await, server.admin("Chief").await);
    let card = server.create("/cards", &ann.token, &json!({"title": "x"})).await;
    let comment = json!({"message": "m", "card_id": card["id"]});
    let path = "/comments?select=message,card(user(email))";
    let first = post(&server, path, &root.token, &comment).send().await;
    assert_eq!(first.ok(201), json!({"message": "m", "card": {"user": {"email": ann.email}}}));
    let demotion = json!({"is_admin": false});
    server.patch(&format!("/users/{}", root.id)).token(&chief.token).json(&demotion).send().await.assert_status(200);
    let demoted = server.login(&root.email, PASSWORD).await;
    let refused = post(&server, path, &demoted.token, &comment).send().await;
    assert!(!refused.assert_problem(403, "42501").to_string().contains(&ann.email), "{refused:?}");
    assert_eq!(server.get("/comments").send().await.each("message"), ["m"]);
}
