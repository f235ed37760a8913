//! That a page deep in a list costs what a page costs: by the plans of the statements, not by the clock.

use restruct::{__bench as steps, Action, Caller, Dialect, Resource as _};
use restruct_tests::{
    Backend, Server, both,
    plan::Plan,
    resources::{Stop, Trip, travels},
};

use super::next;

both!(travels; deep_pages_are_read_by_an_index, filtered_pages_are_read_by_an_index, what_has_no_index_is_read_whole);
both!(travels; what_is_joined_is_looked_up_by_its_key, texts_that_begin_alike_are_read_by_an_index);

const TRIPS: u64 = 20_000;

/// A third is not scored, the others share their scores, and each stage is that of a quarter.
async fn fill(server: &Server) {
    let all = format!(
        "WITH RECURSIVE n (i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < {TRIPS}) \
         INSERT INTO trips (start, stage, score, note) \
         SELECT i * 7919 % 20011, i % 4, CASE WHEN i % 3 > 0 THEN i * 31 % 500 END, CAST(i * 17 % 1000 AS TEXT) FROM n"
    );
    server.database.execute(&all).await;
    if server.backend() == Backend::Postgres {
        // As it does by itself after a while; nothing makes SQLite do it.
        server.database.execute("ANALYZE trips").await;
    }
}

/// The plan of the page that follows on a place in a list.
async fn behind(server: &Server, query: &str, place: u64) -> Plan {
    let first = server.get(&format!("/trips?{query}&limit=10&offset={place}")).send().await;
    let path = next(&first).unwrap_or_else(|| panic!("{query} has no page behind {place}"));
    let (_, raw) = path.split_once('?').expect("a query string");
    assert!(raw.contains("after="), "{raw}");
    let asked = steps::query(Trip::TABLE, raw).expect("what the server has written can be read");
    let scope = steps::authorize(Trip::TABLE, Action::Read, &Caller::ANONYMOUS).expect("anybody may read");
    let dialect = if server.backend() == Backend::Sqlite { Dialect::Sqlite } else { Dialect::Postgres };
    let statement = scope.select(dialect, &asked).expect("a statement");
    server.database.plan(statement.text(), &statement.binds()).await
}

/// Whether a table is read from one end to the other, or sorted as a whole.
fn reads_all(server: &Server, plan: &Plan) -> bool {
    if server.backend() == Backend::Postgres {
        // Of a page of ten: all that stands level with it in an index, and what is put in order.
        return plan.has("Seq Scan") || plan.rows() > TRIPS / 10;
    }
    let depth = |step: &str| step.len() - step.trim_start().len();
    let mut at = None;
    plan.0.iter().any(|step| {
        // What is sorted beside a page is the page itself, when it has been read.
        let sorted = at == Some(depth(step)) && step.contains("B-TREE FOR ORDER BY");
        if step.contains(" trips") || depth(step) < at.unwrap_or_default() {
            at = step.contains(" trips").then(|| depth(step));
        }
        sorted || step.contains("SCAN trips USING") || step.ends_with("SCAN trips")
    })
}

async fn deep_pages_are_read_by_an_index(server: Server) {
    fill(&server).await;
    for order in [
        "id",
        "id.desc",
        "start",
        "start.desc",
        "stage",
        "stage.desc",
        "score",
        "score.desc",
        "score.nullsfirst",
        "score.desc.nullslast",
        "stage,score",
        "stage,score.nullsfirst",
        "stage.desc,score.desc",
        "stage,score,id.desc",
    ] {
        for place in [0, 3_000, 13_000, 19_000] {
            let plan = behind(&server, &format!("order={order}"), place).await;
            assert!(!reads_all(&server, &plan), "{order} behind {place}: {plan:#?}");
        }
    }
}

async fn filtered_pages_are_read_by_an_index(server: Server) {
    fill(&server).await;
    for (query, place) in [
        ("note=neq.7&order=score", 12_000),
        ("stage=eq.2&order=score.desc", 3_000),
        ("note=like.*1*&order=start", 2_000),
    ] {
        let plan = behind(&server, query, place).await;
        assert!(!reads_all(&server, &plan), "{query} behind {place}: {plan:#?}");
    }
}

/// What the others assert is not true of everything.
async fn what_has_no_index_is_read_whole(server: Server) {
    fill(&server).await;
    let plan = behind(&server, "order=note", 3_000).await;
    assert!(reads_all(&server, &plan), "{plan:#?}");
}

/// As many rows are read as the page has, and the key decides about each. SQLite joins nothing.
async fn what_is_joined_is_looked_up_by_its_key(server: Server) {
    if server.backend() == Backend::Sqlite {
        return;
    }
    // So few that PostgreSQL by itself would rather read them all.
    let trips = "INSERT INTO trips (start, stage) SELECT i, 1 FROM n";
    let stops = "INSERT INTO stops (place, trip_id) SELECT CAST(i * 31 % 1000 AS TEXT), i * 7919 % 500 + 1 FROM n";
    for (insert, count) in [(trips, 500), (stops, 20_000)] {
        let numbers = format!("WITH RECURSIVE n (i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < {count})");
        server.database.execute(&format!("{numbers} {insert}")).await;
    }
    server.database.execute("ANALYZE").await;
    let tables = steps::Tables::new(&[Trip::TABLE, Stop::TABLE]).expect("the tables fit together");
    for query in ["limit=10", "limit=10&order=trip_id.desc", "limit=10&trip_id=gt.300", "limit=10&trip.stage=eq.1"] {
        let first = format!("select=place,trip(start)&{query}");
        let page = server.get(&format!("/stops?{first}")).send().await;
        let second = next(&page).expect("a second page");
        for raw in [first.as_str(), second.trim_start_matches("/stops?")] {
            let asked = tables.list(Stop::TABLE, raw).expect("a list");
            let statements = asked.statements(Dialect::Postgres, Stop::TABLE, &Caller::ANONYMOUS).expect("statements");
            let [statement] = &statements[..] else { panic!("{raw}: {statements:?}") };
            let plan = server.database.plan(statement.text(), &statement.binds()).await;
            assert!(!plan.has("Seq Scan") && plan.rows() < 300, "{raw}: {plan:#?}");
        }
    }
}

async fn texts_that_begin_alike_are_read_by_an_index(server: Server) {
    for sql in [
        "INSERT INTO trips (start, stage) VALUES (1, 1)",
        "WITH RECURSIVE n (i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 5000) \
         INSERT INTO stops (place, trip_id) SELECT CAST(i * 31 % 1000 AS TEXT), 1 FROM n",
        "CREATE INDEX by_place ON stops (place)",
        "ANALYZE",
    ] {
        server.database.execute(sql).await;
    }
    let dialect = if server.backend() == Backend::Sqlite { Dialect::Sqlite } else { Dialect::Postgres };
    for (query, found) in [("place=like.12*", true), ("place=like(any).{12*,7_1}", true), ("place=like.*12", false)] {
        let asked = steps::query(Stop::TABLE, query).expect("a query");
        let scope = steps::authorize(Stop::TABLE, Action::Read, &Caller::ANONYMOUS).expect("anybody may read");
        let statement = scope.select(dialect, &asked).expect("a statement");
        let plan = server.database.plan(statement.text(), &statement.binds()).await;
        let index = plan.has("by_place") && !plan.has("SCAN stops");
        assert_eq!(index, found, "{query}: {plan:#?}");
    }
}
