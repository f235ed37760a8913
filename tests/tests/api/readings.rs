//! The rows that queries are asked about, and the asking.

use restruct_tests::Server;
use serde_json::{Value, json};

/// Seven readings, named by their ids in the order of this list.
pub(crate) async fn fill(server: &Server) {
    let rows = json!([
        {"label": "alpha", "count": 1, "ratio": 0.5, "flag": true, "day": "2026-01-01", "stamp": "2026-01-01T00:00:00Z"},
        {"label": "Beta", "count": 2, "ratio": 1.5, "flag": false, "day": "2026-01-02", "stamp": "2026-01-01T00:00:01Z"},
        {"label": "gamma, delta", "count": 3, "ratio": -2.0, "day": "2026-02-01"},
        {"label": "100%", "count": 10, "flag": true},
        {"label": "a_b\\c*d", "count": -5},
        {"label": "", "count": 0, "hidden": "treasure"},
        {"tree": {"a": 1}},
    ]);
    server.post("/readings").json(&rows).send().await.assert_status(201);
}

/// The ids that a query finds, in order.
pub(crate) async fn ids(server: &Server, query: &str) -> Vec<i64> {
    let answer = server.get(&format!("/readings?{query}")).send().await;
    answer.each("id").iter().map(|id| id.as_i64().expect("an id")).collect()
}

/// That a query is refused as one that cannot be read; gives the problem.
pub(crate) async fn refused(server: &Server, query: &str) -> Value {
    server.get(&format!("/readings?{query}")).send().await.assert_problem(400, "PGRST100")
}
