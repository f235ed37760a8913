//! Lists: order, pages, ranges and counts.

use restruct_tests::{Server, both, resources::odd};
use serde_json::{Value, json};

use crate::readings::{fill, ids};

both!(odd; orders, orders_nulls_as_postgresql, ties_go_by_id, text_is_bytewise, pages, says_the_range);
both!(odd; counts_when_asked);

async fn orders(server: Server) {
    fill(&server).await;
    for (query, expected) in [
        ("order=count", vec![5, 6, 1, 2, 3, 4, 7]),
        ("order=count.asc", vec![5, 6, 1, 2, 3, 4, 7]),
        ("order=id.desc", vec![7, 6, 5, 4, 3, 2, 1]),
        ("order=flag.asc,count.desc", vec![2, 4, 1, 7, 3, 6, 5]),
        ("order=day,id.desc", vec![1, 2, 3, 7, 6, 5, 4]),
        ("order=flag.desc.nullslast,ratio", vec![1, 4, 2, 3, 5, 6, 7]),
    ] {
        assert_eq!(ids(&server, query).await, expected, "{query}");
    }
    for broken in [
        "order=",
        "order=count.up",
        "order=count.asc.desc",
        "order=nothing",
        "order=count,,id",
        "order=count.nullslast.asc",
        "order=count,count",
        "order=count&order=id",
    ] {
        let answer = server.get(&format!("/readings?{broken}")).send().await;
        if !matches!(broken, "order=count,count" | "order=") {
            answer.assert_problem(400, "PGRST100");
        }
        assert!(matches!(answer.status, 200 | 400), "{answer:?}");
    }
}

async fn orders_nulls_as_postgresql(server: Server) {
    fill(&server).await;
    for (query, expected) in [
        ("order=ratio", vec![3, 1, 2, 4, 5, 6, 7]),
        ("order=ratio.desc", vec![4, 5, 6, 7, 2, 1, 3]),
        ("order=ratio.nullsfirst", vec![4, 5, 6, 7, 3, 1, 2]),
        ("order=ratio.desc.nullslast", vec![2, 1, 3, 4, 5, 6, 7]),
        ("order=ratio.asc.nullsfirst", vec![4, 5, 6, 7, 3, 1, 2]),
    ] {
        assert_eq!(ids(&server, query).await, expected, "{query}");
    }
}

async fn ties_go_by_id(server: Server) {
    let rows: Vec<_> = (0..40).map(|i| json!({"label": "same", "count": i % 2})).collect();
    server.post("/readings").json(&Value::Array(rows)).send().await.assert_status(201);
    for order in ["label", "label.desc", "ratio.desc", "count"] {
        let all = ids(&server, &format!("order={order}")).await;
        let mut paged = Vec::new();
        for page in 0..8 {
            paged.extend(ids(&server, &format!("order={order}&limit=5&offset={}", page * 5)).await);
        }
        assert_eq!(paged, all, "pages overlap when ordered by {order}");
        if order != "count" {
            assert!(all.is_sorted(), "{all:?}");
        }
    }
}

async fn text_is_bytewise(server: Server) {
    let labels = ["b", "B", "a", "A", "ä", "Z", "z", "_", "1", "10", "2", "é", "e\u{301}", "日", "🦀", "ﬀ", " a", "-a"];
    let rows: Vec<_> = labels.iter().map(|label| json!({"label": label})).collect();
    server.post("/readings").json(&Value::Array(rows)).send().await.assert_status(201);
    let mut expected = labels.to_vec();
    expected.sort_unstable();
    assert_eq!(server.get("/readings?order=label").send().await.each("label"), expected);
    expected.reverse();
    assert_eq!(server.get("/readings?order=label.desc").send().await.each("label"), expected);
    let after = server.query("/readings", &[("label", "gt.Z"), ("order", "label")]).send().await.each("label");
    expected.reverse();
    expected.retain(|label| *label > "Z");
    assert_eq!(after, expected);
}

async fn pages(server: Server) {
    let rows: Vec<_> = (1..=7).map(|i| json!({"label": format!("g{i}")})).collect();
    for rows in rows.chunks(5) {
        server.post("/gadgets").json(&Value::Array(rows.to_vec())).send().await.assert_status(201);
    }
    let list = async |query: &str| server.get(&format!("/gadgets{query}")).send().await;
    assert_eq!(list("").await.each("id"), [1, 2, 3], "the default of the resource");
    assert_eq!(list("?limit=5").await.each("id"), [1, 2, 3, 4, 5]);
    assert_eq!(list("?limit=2&offset=5").await.each("id"), [6, 7]);
    assert_eq!(list("?offset=6").await.each("id"), [7]);
    assert_eq!(list("?limit=5&offset=100").await.rows().len(), 0);
    assert_eq!(list(&format!("?offset={}", i64::MAX)).await.rows().len(), 0);
    assert!(matches!(list(&format!("?offset={}", u64::MAX)).await.status, 200 | 400));
    assert!(matches!(list("?limit=0").await.status, 200 | 400));
    for broken in [
        "limit=6",
        "limit=-1",
        "limit=x",
        "limit=1.5",
        "limit=",
        "offset=-1",
        "offset=x",
        "limit=99999999999999999999",
        "offset=99999999999999999999",
        "limit=1&limit=2",
        "limit=eq.2",
    ] {
        list(&format!("?{broken}")).await.assert_problem(400, "PGRST100");
    }
    server.get("/readings?limit=1000").send().await.assert_status(200);
    server.get("/readings?limit=1001").send().await.assert_problem(400, "PGRST100");
    let many: Vec<_> = (0..150).map(|i| json!({"count": i})).collect();
    server.post("/readings").json(&Value::Array(many)).send().await.assert_status(201);
    assert_eq!(server.get("/readings").send().await.rows().len(), 100, "the default of all");
    // A one-row read takes no list parameters.
    server.get("/gadgets/1?limit=1").send().await.assert_problem(400, "PGRST100");
}

async fn says_the_range(server: Server) {
    let range = async |query: &str| {
        let answer = server.get(&format!("/gadgets{query}")).send().await;
        answer.assert_status(200).header("content-range").map(str::to_owned)
    };
    assert_eq!(range("").await.as_deref(), Some("*/*"));
    let rows: Vec<_> = (1..=5).map(|i| json!({"label": format!("g{i}")})).collect();
    server.post("/gadgets").json(&Value::Array(rows)).send().await.assert_status(201);
    assert_eq!(range("").await.as_deref(), Some("0-2/*"));
    assert_eq!(range("?offset=3").await.as_deref(), Some("3-4/*"));
    assert_eq!(range("?limit=1&offset=1").await.as_deref(), Some("1-1/*"));
    assert_eq!(range("?offset=50").await.as_deref(), Some("*/*"));
    assert_eq!(range("?label=eq.nothing").await.as_deref(), Some("*/*"));
}

async fn counts_when_asked(server: Server) {
    let list =
        async |query: &str, prefer: &str| server.get(&format!("/gadgets{query}")).header("prefer", prefer).send().await;
    let empty = list("", "count=exact").await;
    empty.assert_status(200).assert_header("content-range", "*/0").assert_header("x-total-count", "0");
    let rows: Vec<_> = (1..=5).map(|i| json!({"label": format!("g{i}")})).collect();
    server.post("/gadgets").json(&Value::Array(rows)).send().await.assert_status(201);
    let first = list("", "count=exact").await;
    first.assert_status(200).assert_header("content-range", "0-2/5").assert_header("x-total-count", "5");
    let rest = list("?offset=3&limit=2", "return=minimal, count=exact").await;
    rest.assert_header("content-range", "3-4/5").assert_header("x-total-count", "5");
    let some = list("?label=in.(g1,g4,g9)", "count=exact").await;
    some.assert_header("content-range", "0-1/2").assert_header("x-total-count", "2");
    list("?offset=50", "count=exact").await.assert_problem(416, "PGRST103");
    let head = server.call("HEAD", "/gadgets").header("prefer", "count=exact").send().await;
    head.assert_status(200).assert_empty().assert_header("content-range", "0-2/5");
    let uncounted = list("", "handling=lenient").await;
    assert_eq!(uncounted.header("x-total-count"), None, "{uncounted:?}");
    uncounted.assert_header("content-range", "0-2/*");
}
