//! The manners of front ends: the parameters of ra-data-simple-rest and of json-server.

use restruct_tests::{Answer, Server, both, resources::odd};
use serde_json::{Value, json};

use crate::readings::{fill, refused};

both!(odd; finds_by_json, finds_by_suffixes, sorts_and_pages, says_the_total, past_the_end_is_an_empty_page);
both!(odd; names_rows_by_ids, units_of_others_are_passed_over, hidden_columns_do_not_exist_in_any_manner);

async fn ask(server: &Server, parameters: &[(&str, &str)]) -> Answer {
    server.query("/readings", parameters).send().await
}

async fn finds_by_json(server: Server) {
    fill(&server).await;
    for (filter, expected) in [
        ("{}", vec![1, 2, 3, 4, 5, 6, 7]),
        (r#"{"label":"alpha"}"#, vec![1]),
        (r#"{"label":"like.a*"}"#, vec![]),
        (r#"{"count":"2"}"#, vec![2]),
        (r#"{"flag":true,"count":10}"#, vec![4]),
        (r#"{"label":null}"#, vec![7]),
        (r#"{"ratio":[0.5,-2,null]}"#, vec![1, 3, 4, 5, 6, 7]),
        (r#"{"id":[7,"2",99]}"#, vec![2, 7]),
        (r#"{"id":[]}"#, vec![]),
        (r#"{"count_gte":2,"count_lte":9}"#, vec![2, 3]),
        (r#"{"label_like":"LPH"}"#, vec![1]),
        (r#"{"count_ne":1}"#, vec![2, 3, 4, 5, 6]),
    ] {
        assert_eq!(ask(&server, &[("filter", filter)]).await.each("id"), expected, "{filter}");
    }
    for filter in [r#"{"nothing":1}"#, r#"{"tree":1}"#, r#"{"count":"x"}"#, r#"{"count":{}}"#, "[]", "{", ""] {
        ask(&server, &[("filter", filter)]).await.assert_problem(400, "PGRST100");
    }
}

async fn finds_by_suffixes(server: Server) {
    fill(&server).await;
    for (parameter, value, expected) in [
        ("count_gte", "2", vec![2, 3, 4]),
        ("count_lte", "0", vec![5, 6]),
        ("count_ne", "1", vec![2, 3, 4, 5, 6]),
        ("label_like", "ETA", vec![2]),
        ("label_like", "0%", vec![4]),
        ("label_like", "B\\C*", vec![5]),
        ("label_like", "a_b", vec![5]),
        ("label_like", "%", vec![4]),
        ("label_like", "", vec![1, 2, 3, 4, 5, 6]),
        ("day_gte", "2026-01-02", vec![2, 3]),
    ] {
        let found = ask(&server, &[(parameter, value), ("_start", "0"), ("_end", "10")]).await;
        assert_eq!(found.each("id"), expected, "{parameter}={value}");
        assert_eq!(ask(&server, &[(parameter, value)]).await.each("id"), expected, "alone: {parameter}={value}");
    }
    let any = ask(&server, &[("label", "alpha"), ("label", "Beta"), ("_sort", "id"), ("_order", "DESC")]).await;
    assert_eq!(any.each("id"), [2, 1]);
    for broken in ["lable_like=x", "label_gt=x", "count_like=1", "_start=0&limit=5", "_start=0&sort=[]"] {
        refused(&server, &broken.replace('[', "%5B").replace(']', "%5D")).await;
    }
}

async fn sorts_and_pages(server: Server) {
    fill(&server).await;
    let page = ask(&server, &[("range", "[1,3]"), ("sort", r#"["count","DESC"]"#)]).await;
    assert_eq!(page.each("id"), [4, 3, 2]);
    page.assert_header("content-range", "1-3/7");
    let page = ask(&server, &[("_start", "1"), ("_end", "4"), ("_sort", "flag,count"), ("_order", "asc,desc")]).await;
    assert_eq!(page.each("id"), [4, 1, 7]);
    page.assert_header("content-range", "1-3/7");
    let native = server.get("/readings?order=flag,count.desc&limit=3&offset=1").send().await;
    assert_eq!(native.rows(), page.rows(), "the same rows in the same order as in the native manner");
}

async fn says_the_total(server: Server) {
    for parameters in [&[("range", "[0,4]")][..], &[("_start", "0"), ("_end", "5")]] {
        let empty = ask(&server, parameters).await;
        empty.assert_status(200).assert_header("content-range", "*/0").assert_header("x-total-count", "0");
    }
    fill(&server).await;
    let some = ask(&server, &[("filter", r#"{"count_gte":0}"#), ("range", "[0,1]")]).await;
    some.assert_header("content-range", "0-1/5").assert_header("x-total-count", "5");
    let some = ask(&server, &[("count_gte", "0"), ("_start", "2"), ("_end", "4")]).await;
    some.assert_header("content-range", "2-3/5").assert_header("x-total-count", "5");
    // Nobody pays for a total that nobody reads.
    let uncounted = ask(&server, &[("filter", "{}")]).await;
    uncounted.assert_header("content-range", "0-6/*");
    assert_eq!(uncounted.header("x-total-count"), None, "{uncounted:?}");
}

/// Where the last row of the last page has been deleted, a front end asks for that page again.
async fn past_the_end_is_an_empty_page(server: Server) {
    fill(&server).await;
    for parameters in [&[("range", "[10,19]")][..], &[("_start", "10"), ("_end", "20")]] {
        let past = ask(&server, parameters).await;
        assert_eq!(past.rows(), Vec::<Value>::new());
        past.assert_header("content-range", "*/7").assert_header("x-total-count", "7");
    }
    let native = server.get("/readings?offset=10").header("prefer", "count=exact").send().await;
    native.assert_problem(416, "PGRST103");
}

async fn names_rows_by_ids(server: Server) {
    let labels: Vec<_> = (1..=5).map(|n| json!({"label": format!("g{n}")})).collect();
    server.post("/gadgets").json(&Value::Array(labels)).send().await.assert_status(201);
    server.post("/gadgets").json(&json!({"label": "g6"})).send().await.assert_status(201);
    let many = server.get("/gadgets?id=5&id=1&id=3&id=2").send().await;
    assert_eq!(many.each("id"), [1, 2, 3, 5], "more than the page of 3 that is the default");
    let many = server.query("/gadgets", &[("filter", r#"{"id":[5,1,3,2,99]}"#)]).send().await;
    assert_eq!(many.each("id"), [1, 2, 3, 5]);
    for over in ["id=1&id=2&id=3&id=4&id=5&id=6", "filter=%7B%22id%22%3A%5B1%2C2%2C3%2C4%2C5%2C6%5D%7D"] {
        let answer = server.get(&format!("/gadgets?{over}")).send().await;
        answer.assert_problem(400, "PGRST100");
    }
}

/// ra-data-simple-rest sends `Range: cards=0-9` beside its parameter, for the sake of a browser.
async fn units_of_others_are_passed_over(server: Server) {
    fill(&server).await;
    let page = server.query("/readings", &[("range", "[2,3]"), ("sort", r#"["id","ASC"]"#)]);
    let page = page.header("range", "readings=2-3").send().await;
    assert_eq!(page.assert_status(200).each("id"), [3, 4]);
    page.assert_header("content-range", "2-3/7");
}

async fn hidden_columns_do_not_exist_in_any_manner(server: Server) {
    fill(&server).await;
    for form in [
        "?_gte=a",
        "_start=0&?=a",
        "_start=0&?_like=a",
        "_sort=?",
        "filter=%7B%22?%22%3A%22a%22%7D",
        "filter=%7B%22?_ne%22%3A%22a%22%7D",
        "sort=%5B%22?%22%2C%22ASC%22%5D",
    ] {
        let mut texts = Vec::new();
        for name in ["hidden", "qqqqqq"] {
            let mut problem = refused(&server, &form.replace('?', name)).await;
            problem["instance"] = Value::Null;
            texts.push(problem.to_string().replace(name, "?"));
        }
        assert_eq!(texts[0], texts[1], "{form}");
    }
}
