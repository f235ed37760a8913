//! The manners of json-server and of simple-rest on the same lists.

use restruct_tests::{Answer, Server, both, resources::odd};

use crate::readings::fill;

both!(odd; speaks_json_server, speaks_simple_rest, counts_without_being_asked, keeps_manners_apart);

async fn list(server: &Server, parameters: &[(&str, &str)]) -> Answer {
    server.query("/readings", parameters).header("range", "readings=0-1").send().await
}

async fn speaks_json_server(server: Server) {
    fill(&server).await;
    for (parameters, ids) in [
        (&[("_start", "0"), ("_end", "3"), ("_sort", "count"), ("_order", "DESC")][..], vec![7, 4, 3]),
        (&[("_start", "2"), ("_end", "4")], vec![3, 4]),
        (&[("_sort", "flag,count"), ("_order", "asc,desc"), ("_start", "0"), ("_end", "4")], vec![2, 4, 1, 7]),
        (&[("count_gte", "2"), ("count_lte", "9")], vec![2, 3]),
        (&[("count_ne", "1")], vec![2, 3, 4, 5, 6]),
        (&[("label_like", "A")], vec![1, 2, 3, 5]),
        (&[("label_like", "%")], vec![4]),
        (&[("label_like", "_b\\c*")], vec![5]),
        (&[("label_like", ", ")], vec![3]),
        (&[("id", "1"), ("id", "3")], vec![1, 3]),
        (&[("label", "alpha"), ("label", "Beta"), ("_start", "0")], vec![1, 2]),
        (&[("label", "eq.alpha"), ("_start", "0")], vec![]),
        (&[("day_lte", "2026-01-01")], vec![1]),
    ] {
        assert_eq!(list(&server, parameters).await.each("id"), ids, "{parameters:?}");
    }
}

async fn speaks_simple_rest(server: Server) {
    fill(&server).await;
    for (parameters, ids) in [
        (&[("filter", "{}"), ("range", "[0,2]"), ("sort", "[\"count\",\"DESC\"]")][..], vec![7, 4, 3]),
        (&[("range", "[2,3]")], vec![3, 4]),
        (&[("filter", r#"{"id":[1,"2",99]}"#)], vec![1, 2]),
        (&[("filter", r#"{"id":[]}"#)], vec![]),
        (&[("filter", r#"{"count":"2"}"#)], vec![2]),
        (&[("filter", r#"{"flag":true,"count_gte":5}"#)], vec![4]),
        (&[("filter", r#"{"label":null}"#)], vec![7]),
        (&[("filter", r#"{"label":"gamma, delta"}"#)], vec![3]),
        (&[("filter", r#"{"label_like":"ET"}"#)], vec![2]),
    ] {
        assert_eq!(list(&server, parameters).await.each("id"), ids, "{parameters:?}");
    }
}

async fn counts_without_being_asked(server: Server) {
    fill(&server).await;
    for (parameters, range) in [
        (&[("_start", "0"), ("_end", "3")][..], "0-2/7"),
        (&[("_start", "6"), ("_end", "9")], "6-6/7"),
        (&[("_start", "7"), ("_end", "9")], "*/7"),
        (&[("range", "[2,3]"), ("filter", "{}")], "2-3/7"),
        (&[("range", "[70,73]")], "*/7"),
        (&[("count_gte", "99")], "*/0"),
    ] {
        let answer = list(&server, parameters).await;
        answer.assert_status(200).assert_header("content-range", range);
        let total = range.split('/').next_back().expect("a total");
        answer.assert_header("x-total-count", total);
    }
    let plain = list(&server, &[("count", "1")]).await;
    assert_eq!(plain.header("x-total-count"), None, "{plain:?}");
}

async fn keeps_manners_apart(server: Server) {
    for parameters in [
        &[("_start", "0"), ("order", "id")][..],
        &[("filter", "{}"), ("limit", "5")],
        &[("count_gte", "1"), ("or", "(count.eq.1)")],
        &[("filter", "{}"), ("label", "x")],
        &[("filter", "{\"hidden\":1}")],
        &[("_start", "0"), ("_end", "1001")],
    ] {
        list(&server, parameters).await.assert_problem(400, "PGRST100");
    }
}
