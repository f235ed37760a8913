//! From page to page by `Link`: every row once, in the order of the whole list.

use std::collections::BTreeSet;

use restruct_tests::{Client, Server, both, process::SECRET, resources::travels};
use serde_json::{Value, json};

use super::next;

both!(travels; follows_the_whole_list, rows_come_and_go_between_pages, sort_columns_need_not_be_shown);
both!(travels; related_rows_come_along, totals_stay_the_same, goes_on_below_a_prefix);

const ORDERS: [&str; 12] = [
    "id",
    "id.desc",
    "start.desc",
    "stage",
    "stage.desc",
    "score",
    "score.desc",
    "score.nullsfirst",
    "score.desc.nullslast",
    "stage,score.desc,note.nullsfirst",
    "score,note.desc,stage,start.desc",
    "note,score.nullsfirst,stage.desc,start,id.desc",
];

fn trip(i: usize) -> Value {
    let score = (!i.is_multiple_of(3)).then_some(i % 4);
    let note = (i % 5 > 1).then(|| ["a", "ä", "B"][i % 3]);
    json!({"start": i * 7 % 11, "stage": i % 3, "score": score, "note": note})
}

async fn fill(server: &Server, trips: usize) {
    let trips: Vec<_> = (0..trips).map(trip).collect();
    server.post("/trips").json(&Value::Array(trips)).send().await.assert_status(201);
}

/// The rows of a list, page by page, with what happens between two of them.
async fn walk(server: &Server, first: String, mut between: impl AsyncFnMut(&[Value])) -> Vec<Value> {
    let (mut rows, mut path) = (Vec::new(), Some(first));
    while let Some(page) = path {
        let answer = server.get(&page).send().await;
        let found = answer.rows();
        path = next(&answer);
        between(&found).await;
        rows.extend(found);
        assert!(rows.len() < 1000, "it goes on and on: {page}");
    }
    rows
}

async fn follows_the_whole_list(server: Server) {
    fill(&server, 60).await;
    for order in ORDERS {
        for filter in ["", "&stage=neq.1", "&or=(score.is.null,note.eq.a)"] {
            let all = server.get(&format!("/trips?order={order}{filter}")).send().await.rows();
            for limit in [1, 7, 30] {
                let found = walk(&server, format!("/trips?order={order}{filter}&limit={limit}"), async |_| {}).await;
                assert_eq!(found, all, "{order}{filter} by {limit}");
            }
        }
    }
}

async fn rows_come_and_go_between_pages(server: Server) {
    for order in ORDERS {
        fill(&server, 40).await;
        let all = server.get(&format!("/trips?order={order}")).send().await.each("id");
        let (mut gone, mut more) = (BTreeSet::new(), 0);
        let seen = walk(&server, format!("/trips?order={order}&limit=4"), async |page: &[Value]| {
            // The last one that was seen goes, and one that was not; some come, wherever that is in the list.
            let place = all.iter().position(|id| page.last().is_some_and(|last| last["id"] == *id));
            let Some(place) = place else { return };
            for id in [Some(&all[place]), all.get(place + 2)].into_iter().flatten() {
                if gone.insert(id.as_i64().expect("an id")) {
                    server.delete(&format!("/trips/{id}")).send().await.assert_status(200);
                }
            }
            more += 1;
            server.post("/trips").json(&json!([trip(more), trip(more + 20)])).send().await.assert_status(201);
        })
        .await;
        let seen: Vec<_> = seen.iter().map(|row| row["id"].clone()).collect();
        let once: BTreeSet<_> = seen.iter().map(Value::as_i64).collect();
        assert_eq!(once.len(), seen.len(), "{order}: none is seen twice");
        let stayed = |id: &&Value| all.contains(id) && !gone.contains(&id.as_i64().expect("an id"));
        let of_all: Vec<_> = all.iter().filter(stayed).collect();
        assert_eq!(seen.iter().filter(stayed).collect::<Vec<_>>(), of_all, "{order}: those that stay are all seen");
        assert!(gone.len() > 8, "{order}: some went");
        server.delete("/trips?id=gt.0").send().await.assert_status(200);
    }
}

async fn sort_columns_need_not_be_shown(server: Server) {
    fill(&server, 25).await;
    for select in ["start", "note,again:note", "id", "stage"] {
        for order in ORDERS {
            let path = format!("/trips?select={select}&order={order}");
            let all = server.get(&path).send().await.rows();
            assert_eq!(walk(&server, format!("{path}&limit=4"), async |_| {}).await, all, "{path}");
        }
    }
}

async fn related_rows_come_along(server: Server) {
    fill(&server, 20).await;
    let stops: Vec<_> = (0..40).map(|i| json!({"place": format!("p{i}"), "trip_id": i * i % 17 + 1})).collect();
    server.post("/stops").json(&Value::Array(stops)).send().await.assert_status(201);
    for query in [
        "select=start,stops(place)&stops.order=place.desc&stops.limit=2&order=score",
        "select=id,stops!inner(id,trip(stage))&stops.place=like.p*3&order=stage.desc,score",
        "select=*,stops!inner()&order=note.desc",
    ] {
        let all = server.get(&format!("/trips?{query}")).send().await.rows();
        assert!(all.len() > 3, "{query} finds {all:?}");
        assert_eq!(walk(&server, format!("/trips?{query}&limit=2"), async |_| {}).await, all, "{query}");
    }
}

async fn totals_stay_the_same(server: Server) {
    fill(&server, 10).await;
    let mut path = Some("/trips?order=score&limit=4&stage=neq.1".to_owned());
    let mut told = Vec::new();
    while let Some(page) = path {
        let answer = server.get(&page).header("prefer", "count=exact").send().await;
        answer.assert_status(200).assert_header("x-total-count", "7");
        told.push(answer.header("content-range").expect("a range").to_owned());
        path = next(&answer);
    }
    assert_eq!(told, ["0-3/7", "4-6/7"]);
}

async fn goes_on_below_a_prefix(server: Server) {
    fill(&server, 5).await;
    let router = travels().jwt_secret(SECRET).router(server.db.clone()).expect("a router");
    let nested = axum::Router::new().nest("/api/v1", axum::Router::new().nest("/deep", router));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let client = Client::new(listener.local_addr().expect("an address").to_string());
    let task = tokio::spawn(async move { axum::serve(listener, nested).await });
    let first = client.get("/api/v1/deep/trips?limit=2&order=start").send().await;
    let path = next(&first).expect("a next page");
    assert!(path.starts_with("/api/v1/deep/trips?limit=2&order=start&after="), "{path}");
    let all = server.get("/trips?order=start").send().await.each("id");
    assert_eq!(client.get(&path).send().await.each("id"), all[2..4]);
    task.abort();
}
