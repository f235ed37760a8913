//! What somebody has made in the database that no struct knows of. It may refuse rows; nobody is told to try again for ever.

use restruct_tests::{
    Answer, Backend, Server, both,
    resources::{families, kanban, marked},
    server::Session,
};
use serde_json::{Value, json};

both!(kanban; a_unique_index_is_a_conflict, a_trigger_that_refuses_is_a_failure, so_is_one_that_passes_rows_over);
both!(kanban; a_refused_deletion_leaves_nothing_open, so_is_an_exclusion);
both!(marked; upserts_know_no_more);
both!(families; nor_do_rows_that_come_along);

/// A conflict with an index that is nobody's: no field is named, and none of the database's own names.
#[track_caller]
fn assert_taken(answer: &Answer) {
    let problem = answer.assert_problem(409, "23505");
    assert_eq!(problem["errors"], Value::Null, "{answer:?}");
    assert!(
        problem["details"].as_str().is_some_and(|details| details.contains("unique index of its own")),
        "{answer:?}"
    );
    assert!(!answer.text().contains("by_hand"), "{answer:?}");
}

async fn a_unique_index_is_a_conflict(server: Server) {
    let ann = server.register("Ann").await;
    let card = |title: &str| json!({"title": title, "description": "x"});
    let post = async |body: &Value| server.post("/cards").token(&ann.token).json(body).send().await;
    post(&json!([card("a"), card("b")])).await.assert_status(201);
    server.database.execute("CREATE UNIQUE INDEX cards_by_hand ON cards (title)").await;
    server.get("/readyz").send().await.assert_status(200);
    for _ in 0..2 {
        assert_taken(&post(&card("a")).await);
        assert_taken(&post(&json!([card("c"), card("a")])).await);
        assert_taken(&post(&json!([card("c"), card("c")])).await);
        let keyed = server.post("/cards").token(&ann.token).json(&card("a")).header("idempotency-key", "one");
        assert_taken(&keyed.send().await);
        assert_taken(&server.post("/cards?select=id,user(id)").token(&ann.token).json(&card("a")).send().await);
        for call in [server.patch("/cards/2"), server.put("/cards/2"), server.patch("/cards?id=eq.2")] {
            assert_taken(&call.token(&ann.token).json(&card("a")).send().await);
        }
        let each = json!([{"id": 2, "title": "a"}]);
        let each = server.patch("/cards").token(&ann.token).json(&each).send().await;
        each.assert_problem(409, "23505");
    }
    assert_eq!(server.get("/cards").send().await.each("title"), ["a", "b"]);
    post(&card("c")).await.assert_status(201);
    // What the structs know is told as ever.
    server.database.execute("CREATE UNIQUE INDEX users_by_hand ON users (name)").await;
    let person = |email: &str| json!({"name": "Ann", "email": email, "password": "correct horse battery"});
    let register = async |email: &str| server.post("/auth/register").json(&person(email)).send().await;
    register("ann@example.com").await.assert_fields(409, "23505", &["email"]);
    assert_taken(&register("other@example.com").await);
}

async fn so_is_an_exclusion(server: Server) {
    if server.backend() == Backend::Sqlite {
        // It has none.
        return;
    }
    let ann = server.register("Ann").await;
    let post = async |title: &str| {
        let card = json!({"title": title, "description": "x"});
        server.post("/cards").token(&ann.token).json(&card).send().await
    };
    post("a").await.assert_status(201);
    server.database.execute("ALTER TABLE cards ADD CONSTRAINT by_hand EXCLUDE USING btree (title WITH =)").await;
    assert_taken(&post("a").await);
    post("b").await.assert_status(201);
    assert_taken(&server.patch("/cards/1").token(&ann.token).json(&json!({"title": "b"})).send().await);
}

async fn upserts_know_no_more(server: Server) {
    let ann = server.register("Ann").await;
    let mark = |slug: &str, note: &str| json!({"slug": slug, "note": note});
    server.post("/marks").token(&ann.token).json(&mark("a", "x")).send().await.assert_status(201);
    server.database.execute("CREATE UNIQUE INDEX marks_by_hand ON marks (note)").await;
    for resolution in ["merge", "ignore"] {
        let upsert = async |body: Value| {
            let call = server.post("/marks?on_conflict=slug").token(&ann.token).json(&body);
            call.header("prefer", &format!("resolution={resolution}-duplicates")).send().await
        };
        assert_taken(&upsert(mark("b", "x")).await);
        assert_taken(&upsert(json!([mark("a", "x"), mark("b", "x")])).await);
        assert!(upsert(json!([mark("a", "x")])).await.status < 300);
    }
    assert_eq!(server.get("/marks").token(&ann.token).send().await.each("slug"), ["a"]);
}

async fn nor_do_rows_that_come_along(server: Server) {
    server.database.execute("CREATE UNIQUE INDEX regions_by_hand ON regions (substr(name, 1, 1))").await;
    let region = json!({"name": "a", "regions": [{"name": "b1"}, {"name": "b2"}]});
    assert_taken(&server.post("/regions").json(&region).send().await);
    assert!(server.get("/regions").send().await.rows().is_empty());
}

/// Has a trigger do something with the cards of one title, before they are made, changed or deleted.
async fn trigger(server: &Server, title: &str, sqlite: &str, postgres: &str) {
    let statements = match server.backend() {
        Backend::Sqlite => ["INSERT", "UPDATE", "DELETE"].map(|event| {
            let row = if event == "DELETE" { "old" } else { "new" };
            format!(
                "CREATE TRIGGER by_hand_{event} BEFORE {event} ON cards WHEN {row}.title = '{title}' \
                 BEGIN SELECT {sqlite}; END;"
            )
        }),
        Backend::Postgres => [
            "CREATE FUNCTION by_hand() RETURNS trigger LANGUAGE plpgsql AS $$ DECLARE row cards; BEGIN \
             row := CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;"
                .to_owned(),
            format!("IF row.title = '{title}' THEN {postgres}; END IF; RETURN row; END $$;"),
            "CREATE TRIGGER by_hand BEFORE INSERT OR UPDATE OR DELETE ON cards FOR EACH ROW EXECUTE FUNCTION by_hand();"
                .to_owned(),
        ],
    };
    server.database.execute(&statements.concat()).await;
    server.get("/readyz").send().await.assert_status(200);
}

/// Everything that meets the trigger fails for good, and nothing else does.
async fn assert_fails(server: &Server, ann: &Session, title: &str) {
    let post = async |body: Value| server.post("/cards").token(&ann.token).json(&body).send().await;
    let (met, spared) = (json!({"title": title}), json!({"title": "spared"}));
    let id = post(spared.clone()).await.ok(201)["id"].clone();
    let one = format!("/cards/{id}");
    let each = json!([{"id": id, "title": title}]);
    for call in [
        server.post("/cards").json(&met),
        server.post("/cards").json(&json!([spared, met])),
        server.post("/cards").json(&met).header("idempotency-key", "one"),
        server.patch(&one).json(&met),
        server.put(&one).json(&met),
        server.patch("/cards").json(&each),
        server.delete("/cards/1"),
    ] {
        let answer = call.token(&ann.token).send().await;
        answer.assert_problem(500, "XX000");
        assert!(!answer.text().contains("by hand"), "{answer:?}");
    }
    assert_eq!(server.get("/cards").send().await.each("title"), [title, "spared"]);
    let changed = server.patch(&one).token(&ann.token).json(&json!({"title": "another"})).send().await;
    changed.assert_status(200);
    server.delete(&one).token(&ann.token).send().await.assert_status(200);
}

/// A card that is there before there is a trigger.
async fn first(server: &Server, title: &str) -> Session {
    let ann = server.register("Ann").await;
    let card = json!({"title": title});
    server.post("/cards").token(&ann.token).json(&card).send().await.assert_status(201);
    ann
}

async fn a_trigger_that_refuses_is_a_failure(server: Server) {
    let ann = first(&server, "refused").await;
    trigger(&server, "refused", "RAISE(ABORT, 'refused by hand')", "RAISE EXCEPTION 'refused by hand'").await;
    assert_fails(&server, &ann, "refused").await;
}

async fn so_is_one_that_passes_rows_over(server: Server) {
    let ann = first(&server, "passed over").await;
    trigger(&server, "passed over", "RAISE(IGNORE)", "RETURN NULL").await;
    assert_fails(&server, &ann, "passed over").await;
}

/// Words of a card have gone from their table when the reference stops its deletion, and SQLite goes on reading there.
async fn a_refused_deletion_leaves_nothing_open(server: Server) {
    let ann = server.register("Ann").await;
    let card = |title: &str| json!({"title": title, "description": "x"});
    let post = async |body: Value| server.post("/cards").token(&ann.token).json(&body).send().await;
    post(json!([card("a"), card("b")])).await.assert_status(201);
    for sql in [
        "CREATE TABLE pins (id INTEGER PRIMARY KEY, card_id BIGINT NOT NULL REFERENCES cards (id))",
        "INSERT INTO pins (id, card_id) VALUES (1, 1)",
    ] {
        server.database.execute(sql).await;
    }
    for path in ["/cards/1", "/cards?id=eq.1"] {
        server.delete(path).token(&ann.token).send().await.assert_problem(409, "23503");
        // One is written on a connection, and the next on another.
        post(json!([card("c")])).await.assert_status(201);
        server.patch("/cards/2").token(&ann.token).json(&json!({"title": "d"})).send().await.assert_status(200);
    }
}
