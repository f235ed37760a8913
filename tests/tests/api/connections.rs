//! Connections to the database: however they are left, the next request has one, and there are never too many.

use std::{future::Future, pin::pin, task::Poll};

use restruct::{Code, Db, DbOptions, Draft, Store as _};
use restruct_tests::{
    Backend, Database, Server, backend, both,
    postgres::Cluster,
    proxy::Proxy,
    resources::{Card, Seat, kanban, odd},
};
use tokio::task::JoinSet;

both!(kanban; transactions_left_half_way_are_undone, statements_left_half_way_cost_nothing_else);
both!(kanban; closing_waits_for_what_runs);
both!(odd; a_failed_statement_ends_its_transaction);

/// Few enough to run out.
const CONNECTIONS: u32 = 3;

/// The server's database through a few connections of the test's own.
async fn few(server: &Server) -> Db {
    let url = match server.backend() {
        Backend::Sqlite => server.database.url.clone(),
        Backend::Postgres => format!("{}&application_name=few", server.database.url),
    };
    connect(&url).await
}

async fn connect(url: &str) -> Db {
    let options = DbOptions { max_connections: CONNECTIONS, ..DbOptions::default() };
    Db::connect_with(url, options).await.expect("a connection")
}

/// How many of them PostgreSQL has, and how many of those wait for a lock.
async fn backends(server: &Server) -> (i64, i64) {
    let of = "FROM pg_stat_activity WHERE application_name = 'few' AND datname = current_database()";
    let all = server.database.number(&format!("SELECT count(*) {of}")).await;
    (all, server.database.number(&format!("SELECT count(*) {of} AND wait_event_type = 'Lock'")).await)
}

fn card(title: &str, owner: i64) -> Draft<Card> {
    Card::draft().set(Card::TITLE, title).set(Card::USER_ID, owner)
}

/// What typed code does that fails between two statements.
async fn leave(db: Db, owner: i64) -> restruct::Result<()> {
    let tx = db.begin().await?;
    card("undone", owner).insert(&tx).await?;
    card("", owner).insert(&tx).await?;
    tx.commit().await
}

async fn transactions_left_half_way_are_undone(server: Server) {
    let (db, ann) = (few(&server).await, server.register("Ann").await.id);
    for round in 1..=20 {
        let mut all = JoinSet::new();
        for _ in 0..3 * CONNECTIONS {
            all.spawn(leave(db.clone(), ann));
        }
        for left in all.join_all().await {
            assert_eq!(left.expect_err("a title is required").code(), Code::Invalid);
        }
        card("kept", ann).insert(&db).await.expect("a connection at once");
        assert_eq!(Card::query().count(&db).await.expect("the query runs"), round);
    }
    if server.backend() == Backend::Postgres {
        assert!(backends(&server).await.0 <= CONNECTIONS.into());
    }
}

async fn statements_left_half_way_cost_nothing_else(server: Server) {
    let (db, ann) = (few(&server).await, server.register("Ann").await.id);
    let id = card("x", ann).insert(&db).await.expect("a card").id;
    for _ in 0..3 {
        let held = async {
            for _ in 0..5 {
                let mut all = JoinSet::new();
                for _ in 0..3 * CONNECTIONS {
                    let db = db.clone();
                    all.spawn(async move { card("y", ann).update(&db, id).await.map(|_| ()) });
                }
                if server.backend() == Backend::Postgres {
                    while backends(&server).await.1 < CONNECTIONS.into() {
                        tokio::task::yield_now().await;
                    }
                }
                all.shutdown().await;
            }
            if server.backend() == Backend::Postgres {
                assert!(backends(&server).await.0 <= CONNECTIONS.into(), "those who left made room for more");
            }
        };
        server.database.while_held("UPDATE cards SET title = 'held'", held).await;
        let draft = card("z", ann);
        assert_eq!(draft.update(&db, id).await.expect("a connection").title, "z");
    }
    let mut all = JoinSet::new();
    for _ in 0..CONNECTIONS {
        let db = db.clone();
        all.spawn(async move { Card::query().count(&db).await });
    }
    for counted in all.join_all().await {
        assert_eq!(counted.expect("a connection"), 1);
    }
}

async fn a_failed_statement_ends_its_transaction(server: Server) {
    let db = few(&server).await;
    let seat = |number, code: &str| {
        Seat::draft().set(Seat::HALL, "A").set(Seat::NUMBER, number).set(Seat::CODE, code.to_owned())
    };
    let first = seat(1, "one").insert(&db).await.expect("a seat");
    for _ in 0..2 * CONNECTIONS {
        let tx = db.begin().await.expect("a transaction");
        seat(2, "two").insert(&tx).await.expect("a seat");
        let taken = Seat::draft().set(Seat::CODE, "two".to_owned()).update(&tx, first.id).await;
        assert_eq!(taken.expect_err("it is taken").code(), Code::Unique);
        tx.commit().await.expect_err("there is nothing to keep");
        assert_eq!(Seat::query().count(&db).await.expect("the query runs"), 1);
    }
    // A refused insert is no failed statement.
    let tx = db.begin().await.expect("a transaction");
    seat(2, "two").insert(&tx).await.expect("a seat");
    assert_eq!(seat(3, "two").insert(&tx).await.expect_err("it is taken").code(), Code::Unique);
    tx.commit().await.expect("the first is kept");
    assert_eq!(Seat::query().count(&db).await.expect("the query runs"), 2);
}

async fn closing_waits_for_what_runs(server: Server) {
    let (db, ann) = (few(&server).await, server.register("Ann").await.id);
    let tx = db.begin().await.expect("a transaction");
    card("kept", ann).insert(&tx).await.expect("a card");
    let mut closing = pin!(db.close());
    let waits = std::future::poll_fn(|cx| Poll::Ready(closing.as_mut().poll(cx).is_pending())).await;
    assert!(waits, "a transaction is open");
    tx.commit().await.expect("it ends well");
    closing.await;
    assert_eq!(Card::query().count(&server.db).await.expect("the query runs"), 1);
    assert_eq!(Card::query().count(&db).await.expect_err("it is closed").code(), Code::Unavailable);
    assert_eq!(card("late", ann).insert(&db).await.expect_err("it is closed").code(), Code::Unavailable);
    db.begin().await.expect_err("it is closed");
    db.close().await;
    if server.backend() == Backend::Postgres {
        while backends(&server).await.0 > 0 {
            tokio::task::yield_now().await;
        }
    }
}

/// All of the connections are there and idle.
async fn warm(db: &Db) {
    let mut all = Vec::new();
    for _ in 0..CONNECTIONS {
        all.push(db.begin().await.expect("a transaction"));
    }
    for tx in all {
        tx.rollback().await.expect("it ends");
    }
}

/// The shared cluster tells whether there can be one; these tests need one that they may stop.
fn with_cluster(body: impl AsyncFnOnce(Server, Cluster)) {
    backend::run(Backend::Postgres, async |_| {
        let cluster = Cluster::start().expect("a second cluster");
        let server = Server::start(kanban(), Database::at(Backend::Postgres, cluster.url("postgres"))).await;
        body(server, cluster).await;
    });
}

#[test]
fn idle_connections_are_replaced_after_a_restart() {
    with_cluster(async |server, cluster| {
        let db = few(&server).await;
        for _ in 0..2 {
            warm(&db).await;
            cluster.down().expect("it stops");
            cluster.up().expect("it starts");
            let mut failed = 0;
            for _ in 0..4 * CONNECTIONS {
                failed += u32::from(Card::query().count(&db).await.is_err());
            }
            assert!(failed <= 1, "the first to fail makes the others suspect: {failed} failed");
            assert!(backends(&server).await.0 <= CONNECTIONS.into());
        }
    });
}

#[test]
fn connections_gone_silent_are_replaced() {
    with_cluster(async |server, cluster| {
        let proxy = Proxy::start(cluster.socket()).await;
        let db = connect(&format!("postgres://postgres@127.0.0.1:{}/postgres?application_name=few", proxy.port)).await;
        warm(&db).await;
        let one = "SELECT pid FROM pg_stat_activity WHERE application_name = 'few' ORDER BY state_change DESC LIMIT 1";
        server.database.number(&format!("SELECT count(pg_terminate_backend(pid)) FROM ({one}) AS one")).await;
        // The one used last says that it has ended; nobody answers on the others.
        while Card::query().count(&db).await.is_ok() {}
        proxy.go_dead();
        for _ in 0..4 * CONNECTIONS {
            Card::query().count(&db).await.expect("another connection");
        }
    });
}
