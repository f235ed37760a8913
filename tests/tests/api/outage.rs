//! The database goes away or is held by somebody else, and comes back.

use std::time::Duration;

use restruct_tests::{Backend, Database, Server, backend, both, postgres::Cluster, resources::kanban};
use serde_json::json;

both!(kanban; a_held_row_is_not_waited_for_for_ever);

async fn a_held_row_is_not_waited_for_for_ever(server: Server) {
    let ann = server.register("Ann").await;
    let card = server.create("/cards", &ann.token, &json!({"title": "x"})).await;
    let patch = || server.patch("/cards/1").token(&ann.token).json(&json!({"title": "y"}));
    let held = async {
        // Whoever only reads does not notice.
        let (write, read) = tokio::join!(patch().send(), server.get("/cards/1").send());
        write.assert_problem(503, "PT503");
        assert!(write.header("retry-after").is_some(), "{write:?}");
        assert_eq!(read.ok(200), card);
    };
    server.database.while_held("UPDATE cards SET title = 'held'", held).await;
    // One that was given up and still waits in the database would go first.
    let after = patch().send().await.ok(200);
    let once = card["version"].as_i64().map(|version| version + 1);
    assert_eq!(after["version"].as_i64(), once, "what was answered with 503 has not happened: {after}");
}

/// The shared cluster tells whether there can be one; this test then needs one that it may stop.
#[test]
fn survives_a_restart_of_postgresql() {
    backend::run(Backend::Postgres, async |_| {
        let cluster = Cluster::start().expect("a second cluster");
        let server = Server::start(kanban(), Database::at(Backend::Postgres, cluster.url("postgres"))).await;
        let ann = server.register("Ann").await;
        let card = server.create("/cards", &ann.token, &json!({"title": "x"})).await;
        server.get("/readyz").send().await.assert_status(200);
        cluster.down().expect("it stops");
        let title = json!({"title": "y"});
        for call in [
            server.get("/cards"),
            server.get("/cards/1"),
            server.get("/auth/me").token(&ann.token),
            server.post("/cards").token(&ann.token).json(&title),
            server.patch("/cards/1").token(&ann.token).json(&title),
            server.get("/readyz"),
        ] {
            let answer = tokio::time::timeout(Duration::from_secs(5), call.send()).await.expect("an answer in time");
            answer.assert_problem(503, "PT503");
            assert!(answer.header("retry-after").is_some(), "{answer:?}");
        }
        server.get("/healthz").send().await.assert_status(200);
        server.get("/cards?nothing=1").send().await.assert_problem(400, "PGRST100");
        cluster.up().expect("it starts");
        // No restart of ours: the pool finds its way back.
        let back = async {
            while server.get("/cards").send().await.status != 200 {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(Duration::from_secs(30), back).await.expect("the pool reconnects");
        assert_eq!(server.get("/cards").send().await.rows(), [card]);
        server.create("/cards", &ann.token, &title).await;
        server.get("/readyz").send().await.assert_status(200);
    });
}
