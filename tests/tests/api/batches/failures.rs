//! Batches that have to wait, are lost, or cannot be.

use restruct::{App, Db};
use restruct_tests::{
    Answer, Backend, Server, backend, both,
    resources::{kanban, odd},
};
use serde_json::json;
use tokio::task::JoinHandle;

use super::{MANY, all, in_company, until_waiting};

both!(odd; who_waits_holds_up_nobody);

/// A value that somebody is about to take: whoever wants it as well waits, and nobody else does.
async fn who_waits_holds_up_nobody(server: Server) {
    if server.backend() == Backend::Sqlite {
        // One writer: everybody waits for everybody.
        return;
    }
    let group = |table: String| {
        let group = json!({"type": "x", "table": table, "position": 1});
        server.post("/groups").json(&group)
    };
    let mut waiting: Vec<JoinHandle<Answer>> = Vec::new();
    let held = async {
        for round in 0..5 {
            // It comes with the others, and first or last of them.
            let others: Vec<_> = (0..MANY).map(|at| group(format!("{round} {at}"))).collect();
            let (before, after) = others.split_at(MANY * round / 4);
            let before = tokio::spawn(all(before.to_vec()));
            waiting.push(tokio::spawn(group("held".into()).send()));
            let after = all(after.to_vec()).await;
            for answer in before.await.expect("answers").iter().chain(&after) {
                answer.assert_status(201);
            }
            until_waiting(&server, waiting.len()).await;
        }
    };
    let taken = r#"INSERT INTO "group" ("type", "table", "order", "select") VALUES ('x', 'held', 1, 'x')"#;
    server.database.while_held(taken, held).await;
    let mut statuses = Vec::new();
    for call in waiting {
        statuses.push(call.await.expect("an answer").status);
    }
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 409, 409, 409, 409], "what was to be taken was not");
}

/// Statements that insert cards do not end before `gate` is empty.
const GATE: &str = "
    CREATE TABLE gate (closed int);
    INSERT INTO gate VALUES (1);
    CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        WHILE EXISTS (SELECT FROM gate) LOOP PERFORM pg_sleep(0.01); END LOOP;
        RETURN NULL;
    END $$;
    CREATE TRIGGER wait AFTER INSERT ON cards FOR EACH STATEMENT EXECUTE FUNCTION wait()";

#[test]
fn what_may_have_happened_is_not_done_again() {
    backend::serve(Backend::Postgres, kanban, async |server: Server| {
        let ann = server.register("Ann").await;
        server.database.execute(GATE).await;
        let post = |at: usize| server.post("/cards").token(&ann.token).json(&json!({"title": format!("{at}")}));
        let calls: Vec<_> = (0..MANY).map(|at| tokio::spawn(post(at).send())).collect();
        let batches = "FROM pg_stat_activity WHERE state = 'active' AND query LIKE 'WITH \"_restruct_in\"%' \
                       AND datname = current_database()";
        while server.database.number(&format!("SELECT count(*) {batches}")).await == 0 {
            tokio::task::yield_now().await;
        }
        server.database.execute(&format!("SELECT pg_terminate_backend(pid)::text {batches}")).await;
        server.database.execute("DELETE FROM gate").await;
        let mut answers = Vec::new();
        for call in calls {
            answers.push(call.await.expect("an answer"));
        }
        let (lost, made): (Vec<_>, Vec<_>) = answers.iter().partition(|answer| answer.status == 503);
        assert!(lost.len() > 1, "a batch was lost");
        for answer in lost {
            answer.assert_problem(503, "PT503");
            assert!(answer.header("retry-after").is_some(), "{answer:?}");
        }
        for answer in &made {
            answer.ok(201);
        }
        let stored = server.database.number("SELECT count(*) FROM cards").await;
        assert_eq!(stored, i64::try_from(made.len()).expect("few"), "nothing was done twice or behind an answer");
    });
}

/// A batch draws ids itself, which takes a right on the sequence that a single insert does not need.
#[test]
fn a_batch_is_a_matter_of_cost_alone() {
    backend::serve(Backend::Postgres, kanban, async |owner: Server| {
        let ann = owner.register("Ann").await;
        let name = format!("clerk_{}", std::process::id());
        owner.database.execute(&format!(
            "CREATE ROLE {name} LOGIN; GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {name}"
        )).await;
        let url = owner.database.url.replace("postgres://postgres@", &format!("postgres://{name}@"));
        let db = Db::connect(&url).await.expect("a connection");
        let server = Server::resume(secret(kanban()), db, owner.database.clone()).await;
        for round in 0..3 {
            let post =
                |at: usize| server.post("/cards").token(&ann.token).json(&json!({"title": format!("{round} {at}")}));
            for (at, answer) in all((0..MANY).map(post)).await.iter().enumerate() {
                assert_eq!(answer.ok(201)["title"], json!(format!("{round} {at}")));
            }
        }
        assert_eq!(in_company(&owner, "cards").await, 0);
        server.db.close().await;
        owner.database.execute(&format!("DROP OWNED BY {name}; DROP ROLE {name}")).await;
    });
}

fn secret(app: App) -> App {
    app.jwt_secret(restruct_tests::process::SECRET)
}
