//! Writes that PostgreSQL ends since they and somebody else wait for each other. Nothing of them is left, so they are
//! done once more, and nobody is told.

use restruct_tests::{Answer, Backend, Call, Server, backend, resources::kanban};
use serde_json::json;

use crate::batches::until_waiting;

/// Connections to come look soon whether they wait in a circle. It is the one that finds it that is ended.
const SOON: &str =
    "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET deadlock_timeout = ''20ms''', current_database()); END $$";

/// Every write of cards passes three places, one after the other.
const PLACES: &str = "
    CREATE FUNCTION pass() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        PERFORM pg_advisory_xact_lock(1);
        PERFORM pg_advisory_xact_lock(2);
        PERFORM pg_advisory_xact_lock(3);
        RETURN NULL;
    END $$;
    CREATE TRIGGER pass BEFORE INSERT OR UPDATE OR DELETE ON cards FOR EACH STATEMENT EXECUTE FUNCTION pass()";

/// Somebody who passes the last place first, and never looks whether that makes a circle.
const OTHER: &str = "
    BEGIN;
    SET LOCAL deadlock_timeout = '1h';
    SELECT 'passed' FROM pg_advisory_xact_lock(3);
    SELECT 'passed' FROM pg_advisory_xact_lock(1);
    ROLLBACK";

/// Sends a write and stops it between the first place and the second, until the other one has the third and waits for
/// the first. Since the write needs the third to come to its end, the other one can go on only when it was ended.
async fn gives_way(server: &Server, call: Call) -> Answer {
    let (mut write, mut other) = (None, None);
    let stopped = async {
        write = Some(tokio::spawn(call.send()));
        until_waiting(server, 1).await;
        let database = server.database.clone();
        other = Some(tokio::spawn(async move { database.execute(OTHER).await }));
        until_waiting(server, 2).await;
    };
    server.database.while_held("SELECT pg_advisory_xact_lock(2)", stopped).await;
    other.expect("it began").await.expect("the other one is not the one that is ended");
    write.expect("it began").await.expect("an answer")
}

#[test]
fn who_had_to_give_way_is_done_once_more() {
    backend::run(Backend::Postgres, async |database| {
        database.execute(SOON).await;
        let server = Server::start(kanban(), database).await;
        let ann = server.register("Ann").await;
        let cards = (1..=9).map(|n| json!({"title": format!("card {n}")})).collect();
        server.post("/cards").token(&ann.token).json(&cards).send().await.assert_status(201);
        server.database.execute(PLACES).await;

        let (title, again) = (json!({"title": "new"}), json!([{"id": 3, "title": "new"}, {"id": 4, "status": "Done"}]));
        let many = json!([{"title": "new"}, {"title": "new"}]);
        for (call, status) in [
            (server.patch("/cards/1").json(&title), 200),
            (server.patch("/cards/2?select=id,user(id)").json(&title), 200),
            (server.patch("/cards").json(&again), 200),
            (server.patch("/cards?id=in.(5,6)").json(&title), 200),
            (server.delete("/cards/7"), 200),
            (server.delete("/cards/8?select=id,comments(id)"), 200),
            (server.delete("/cards?id=eq.9"), 200),
            (server.post("/cards").json(&title), 201),
            (server.post("/cards").json(&title).header("idempotency-key", "one"), 201),
            (server.post("/cards").json(&many), 201),
            (server.post("/cards").json(&many).header("idempotency-key", "many"), 201),
        ] {
            gives_way(&server, call.token(&ann.token)).await.assert_status(status);
        }
        // Once, and no more than once.
        for (what, expected) in [
            ("SELECT count(*) FROM cards WHERE id <= 6 AND version = 2", 6),
            ("SELECT count(*) FROM cards WHERE id BETWEEN 7 AND 9", 0),
            ("SELECT count(*) FROM cards WHERE id > 9", 6),
        ] {
            assert_eq!(server.database.number(what).await, expected, "{what}");
        }
        server.get("/readyz").send().await.assert_status(200);
    });
}
