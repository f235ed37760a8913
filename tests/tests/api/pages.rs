//! Pages: ranges, cursors, and links from one page to the next.

use restruct_tests::{Answer, Server, both, client::encode, resources::odd};
use serde_json::{Value, json};

use crate::readings::fill;

both!(odd; takes_ranges, refuses_ranges, links_to_the_next_page, goes_on_in_every_order, refuses_other_cursors);
both!(odd; falls_back_to_offsets, places_stay_within_the_total);

async fn ranged(server: &Server, query: &str, range: &str) -> Answer {
    server.get(&format!("/readings{query}")).header("range", range).send().await
}

async fn takes_ranges(server: Server) {
    fill(&server).await;
    for (query, range, ids, told) in [
        ("", "items=0-1", vec![1, 2], "0-1/*"),
        ("", "0-1", vec![1, 2], "0-1/*"),
        ("", "items=2-4", vec![3, 4, 5], "2-4/*"),
        ("", "Items=5-", vec![6, 7], "5-6/*"),
        ("", "items=5-5000000000000", vec![6, 7], "5-6/*"),
        ("", "items=70-80", vec![], "*/*"),
        ("", "items=1000-1019", vec![], "*/*"),
        ("?offset=3", "items=1000-", vec![], "*/*"),
        ("?limit=2", "items=1-5", vec![2], "1-1/*"),
        ("?limit=3&offset=2", "items=3-9", vec![4, 5], "3-4/*"),
        ("?offset=2", "items=0-3", vec![3, 4], "2-3/*"),
        ("", "readings=0-1", vec![1, 2, 3, 4, 5, 6, 7], "0-6/*"),
        ("", "bytes=0-1", vec![1, 2, 3, 4, 5, 6, 7], "0-6/*"),
        ("?count=gt.0", "items=1-2", vec![2, 3], "1-2/*"),
    ] {
        let answer = ranged(&server, query, range).await;
        assert_eq!(answer.each("id"), ids, "{query} {range}");
        answer.assert_header("content-range", told);
    }
    let other = server.get("/readings").header("range", "0-1").header("range-unit", "bytes").send().await;
    other.assert_header("content-range", "0-6/*");
    let counted = server.get("/readings").header("range", "items=0-1").header("prefer", "count=exact").send().await;
    counted.assert_header("content-range", "0-1/7").assert_header("x-total-count", "7");
    let past = server.get("/readings").header("range", "items=7-9").header("prefer", "count=exact").send().await;
    past.assert_problem(416, "PGRST103");
    past.assert_header("content-range", "*/7");
    // Behind the longest page as well, which has 1,000 rows.
    let more: Vec<_> = (8..=1010).map(|n| json!({"count": n})).collect();
    for rows in more.chunks(600) {
        server.post("/readings").json(&json!(rows)).send().await.assert_status(201);
    }
    for (range, ids, told) in [
        ("items=1000-1004", 1001..=1005, "1000-1004/*"),
        ("items=1008-", 1009..=1010, "1008-1009/*"),
        ("items=5-1009", 6..=1005, "5-1004/*"),
    ] {
        let answer = ranged(&server, "", range).await;
        assert_eq!(answer.each("id"), ids.collect::<Vec<_>>(), "{range}");
        answer.assert_header("content-range", told);
    }
}

async fn refuses_ranges(server: Server) {
    fill(&server).await;
    for range in ["items=", "items=-5", "items=a-b", "items=0-1,3-4", "items=1", "items=0-+1", "0--1", "x"] {
        ranged(&server, "", range).await.assert_problem(400, "PGRST100");
    }
    ranged(&server, "", "items=5-2").await.assert_problem(416, "PGRST103");
    ranged(&server, "?limit=2", "items=2-3").await.assert_problem(416, "PGRST103");
}

/// The path that `Link` leads to.
fn next(answer: &Answer) -> Option<String> {
    let link = answer.header("link")?;
    let path = link.strip_prefix('<').and_then(|link| link.strip_suffix(">; rel=\"next\""));
    Some(path.unwrap_or_else(|| panic!("{link}")).to_owned())
}

/// The ids of a list, page by page.
async fn walk(server: &Server, first: String) -> Vec<Value> {
    let (mut ids, mut path) = (Vec::new(), Some(first));
    while let Some(page) = path {
        let answer = server.get(&page).send().await;
        let range = answer.assert_status(200).header("content-range").expect("a range").to_owned();
        let found = answer.each("id");
        if !found.is_empty() {
            assert_eq!(range, format!("{}-{}/*", ids.len(), ids.len() + found.len() - 1), "{page}");
        }
        ids.extend(found);
        path = next(&answer);
        assert!(ids.len() < 1000, "it goes on and on");
    }
    ids
}

async fn links_to_the_next_page(server: Server) {
    fill(&server).await;
    let first = server.get("/readings?count=not.is.null&limit=4&order=count.desc").send().await;
    let path = next(&first).expect("a next page");
    assert!(path.starts_with("/readings?count=not.is.null&limit=4&order=count.desc&after="), "{path}");
    let second = server.get(&path).send().await;
    assert_eq!(second.each("id"), [6, 5]);
    second.assert_header("content-range", "4-5/*");
    assert_eq!(next(&second), None, "a page that is not full is the last");
    assert_eq!(next(&server.get("/readings").send().await), None);
    assert_eq!(next(&server.get("/readings?limit=0").send().await), None);
    assert_eq!(next(&server.get("/readings?_start=0&_end=2").send().await), None, "another manner has its own way");
    let counted = server.get("/readings?limit=7").header("prefer", "count=exact").send().await;
    assert_eq!(next(&counted), None, "the total says that it is the last");
    let ranged = ranged(&server, "?offset=0", "items=0-2").await;
    let path = next(&ranged).expect("a next page");
    assert!(path.starts_with("/readings?limit=3&after="), "{path}");
    assert_eq!(server.get(&path).send().await.each("id"), [4, 5, 6]);
    assert_eq!(walk(&server, "/readings?select=id&order=label&limit=2".into()).await, [6, 4, 2, 5, 1, 3, 7]);
    let head = server.call("HEAD", "/readings?limit=2").send().await;
    assert!(next(&head).is_some());
}

const LABELS: [&str; 4] = ["a", "Ä", "a\"b,c", "%&+="];
const RATIOS: [Option<f64>; 3] = [Some(0.1), Some(-1e21), None];

async fn goes_on_in_every_order(server: Server) {
    fill(&server).await;
    fill(&server).await;
    let rows: Vec<_> =
        (0..20).map(|i| json!({"label": (LABELS[i % 4]), "ratio": (RATIOS[i % 3]), "count": (i % 5)})).collect();
    server.post("/readings").json(&Value::Array(rows)).send().await.assert_status(201);
    for order in [
        "id",
        "id.desc",
        "id.desc,label",
        "count",
        "count.desc",
        "ratio",
        "ratio.desc",
        "ratio.nullsfirst",
        "ratio.desc.nullslast",
        "label",
        "label.desc,ratio",
        "ratio,label.desc",
        "flag,count.desc,day.nullsfirst",
        "stamp.desc",
        "day,id.desc",
        "count,ratio.desc.nullslast,label,id.desc",
    ] {
        let all = server.get(&format!("/readings?order={order}")).send().await.each("id");
        for limit in [1, 4, 34] {
            assert_eq!(
                walk(&server, format!("/readings?order={order}&limit={limit}")).await,
                all,
                "{order} by {limit}"
            );
        }
    }
}

async fn refuses_other_cursors(server: Server) {
    fill(&server).await;
    let first = server.get("/readings?order=count&limit=2").send().await;
    let path = next(&first).expect("a next page");
    let (_, cursor) = path.split_once("after=").expect("a cursor");
    for query in [
        format!("after={cursor}"),
        format!("after={cursor}&order=count.desc"),
        format!("after={cursor}&order=count.nullsfirst"),
        format!("after={cursor}&order=ratio"),
        format!("after={cursor}&order=count,ratio"),
        format!("after={cursor}A&order=count"),
        format!("after=A{cursor}&order=count"),
        format!("after={}&order=count", &cursor[..cursor.len() - 4]),
        "after=&order=count".to_owned(),
        format!("after={}&order=count", encode("é!")),
        format!("after={cursor}&order=count&offset=2"),
        format!("after={cursor}&order=count&after={cursor}"),
        format!("after={cursor}&_sort=count"),
    ] {
        server.get(&format!("/readings?{query}")).send().await.assert_problem(400, "PGRST100");
    }
    ranged(&server, &format!("?after={cursor}&order=count"), "items=0-1").await.assert_problem(400, "PGRST100");
    server.get(&format!("/gadgets?after={cursor}")).send().await.assert_problem(400, "PGRST100");
    // Another filter is another list in the same order.
    server.get(&format!("/readings?after={cursor}&order=count&label=like.*a*")).send().await.assert_status(200);
}

async fn falls_back_to_offsets(server: Server) {
    let rows: Vec<_> = (0..5).map(|i| json!({"label": "x".repeat(1200) + &i.to_string()})).collect();
    server.post("/readings").json(&Value::Array(rows)).send().await.assert_status(201);
    let first = server.get("/readings?order=label&limit=2").send().await;
    assert_eq!(next(&first).as_deref(), Some("/readings?order=label&limit=2&offset=2"));
    assert_eq!(walk(&server, "/readings?order=label&limit=2".into()).await, [1, 2, 3, 4, 5]);
}

async fn places_stay_within_the_total(server: Server) {
    let rows: Vec<_> = (0..6).map(|i| json!({"count": i})).collect();
    server.post("/readings").json(&Value::Array(rows)).send().await.assert_status(201);
    let path = next(&server.get("/readings?limit=3").send().await).expect("a next page");
    for id in 1..=3 {
        server.call("DELETE", &format!("/readings/{id}")).send().await.assert_status(200);
    }
    let rest = server.get(&path).header("prefer", "count=exact").send().await;
    assert_eq!(rest.each("id"), [4, 5, 6]);
    rest.assert_header("content-range", "0-2/3");
}
