//! Lists: filters, order, pages, counts, and that what is not understood is refused.

use restruct_tests::{
    Server, both,
    client::encode,
    resources::{kanban, odd},
};
use serde_json::{Value, json};

both!(odd; compares, compares_every_type, negates, takes_lists, asks_what_is, matches_patterns, repeats_are_and);
both!(odd; a_bare_value_is_equality, operators_are_reserved, orders, orders_nulls_as_postgresql, ties_go_by_id);
both!(odd; pages, says_the_range, counts_when_asked, refuses_what_it_does_not_know, hints_at_the_nearest);
both!(odd; hidden_columns_do_not_exist, limits_what_a_query_holds, text_is_bytewise, percent_encoding_is_undone);
both!(kanban; filters_on_choices_and_times);

/// Seven readings, named by their ids in the order of this list.
async fn fill(server: &Server) {
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
async fn ids(server: &Server, query: &str) -> Vec<i64> {
    let answer = server.get(&format!("/readings?{query}")).send().await;
    answer.each("id").iter().map(|id| id.as_i64().expect("an id")).collect()
}

async fn refused(server: &Server, query: &str) -> Value {
    server.get(&format!("/readings?{query}")).send().await.assert_problem(400, "PGRST100")
}

async fn compares(server: Server) {
    fill(&server).await;
    for (query, expected) in [
        ("count=eq.2", vec![2]),
        ("count=neq.2", vec![1, 3, 4, 5, 6]),
        ("count=gt.2", vec![3, 4]),
        ("count=gte.2", vec![2, 3, 4]),
        ("count=lt.1", vec![5, 6]),
        ("count=lte.1", vec![1, 5, 6]),
        ("label=eq.alpha", vec![1]),
        ("label=eq.", vec![6]),
        ("label=gt.alpha", vec![3]),
        ("ratio=lt.0", vec![3]),
        ("ratio=eq.1.5", vec![2]),
        ("count=eq.99", vec![]),
    ] {
        assert_eq!(ids(&server, query).await, expected, "{query}");
    }
}

async fn compares_every_type(server: Server) {
    let body = json!({
        "flag": true, "small": 1, "medium": 1, "large": 1, "real": 1.5, "text": "t", "uuid": "0192f0c1-2d3e-7abc-8def-0123456789ab",
        "date": "2026-01-01", "time": "12:00:00", "moment": "2026-01-01T12:00:00", "stamp": "2026-01-01T12:00:00Z", "shade": "light", "percent": 5,
    });
    server.post("/maybe").json(&body).send().await.assert_status(201);
    server.post("/maybe").json(&json!({})).send().await.assert_status(201);
    for (field, value) in body.as_object().expect("an object") {
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        for (operator, expected) in [("eq", 1), ("gte", 1), ("lte", 1), ("neq", 0), ("gt", 0), ("lt", 0)] {
            if *field == "flag" && !operator.ends_with("eq") {
                continue;
            }
            let found = server.query("/maybe", &[(field.as_str(), &format!("{operator}.{text}"))]).send().await;
            assert_eq!(found.rows().len(), expected, "{field} {operator} {text}");
        }
        let listed = server.query("/maybe", &[(field.as_str(), &format!("in.({text})"))]).send().await;
        assert_eq!(listed.rows().len(), 1, "{field} in ({text})");
        let ordered = server.get(&format!("/maybe?order={field}")).send().await;
        assert_eq!(ordered.each("id"), [1, 2], "{field}");
    }
}

async fn negates(server: Server) {
    fill(&server).await;
    // As in SQL, what is unknown is not the opposite of anything.
    for (query, expected) in [
        ("count=not.eq.2", vec![1, 3, 4, 5, 6]),
        ("count=not.gt.2", vec![1, 2, 5, 6]),
        ("label=not.in.(alpha,Beta)", vec![3, 4, 5, 6]),
        ("count=not.is.null", vec![1, 2, 3, 4, 5, 6]),
        ("label=not.like.*a", vec![4, 5, 6]),
        ("flag=not.is.true", vec![2, 3, 5, 6, 7]),
    ] {
        assert_eq!(ids(&server, query).await, expected, "{query}");
    }
}

async fn takes_lists(server: Server) {
    fill(&server).await;
    for (list, expected) in [
        ("in.(1,3,99)", vec![]),
        ("in.(alpha)", vec![1]),
        ("in.(alpha,Beta)", vec![1, 2]),
        ("in.(\"gamma, delta\",alpha)", vec![1, 3]),
        ("in.(\"a_b\\\\c*d\")", vec![5]),
        ("in.(\"\")", vec![6]),
        ("in.(alpha,alpha)", vec![1]),
        ("in.(\"alpha\",\"100%\")", vec![1, 4]),
    ] {
        let answer = server.query("/readings", &[("label", list)]).send().await;
        assert_eq!(answer.each("id"), expected, "{list}");
    }
    assert_eq!(ids(&server, "count=in.(1,-5,10)").await, [1, 4, 5]);
    assert_eq!(ids(&server, "count=in.()").await, Vec::<i64>::new());
    let many: Vec<_> = (0..1500).map(|n| n.to_string()).collect();
    assert_eq!(ids(&server, &format!("count=in.({})", many.join(","))).await, [1, 2, 3, 4, 6]);
    for broken in ["count=in.1,2", "count=in.(1,2", "count=in.(a)", "count=in.(1,)", "count=in.(1)2"] {
        refused(&server, broken).await;
    }
}

async fn asks_what_is(server: Server) {
    fill(&server).await;
    for (query, expected) in [
        ("count=is.null", vec![7]),
        ("count=is.not_null", vec![1, 2, 3, 4, 5, 6]),
        ("flag=is.true", vec![1, 4]),
        ("flag=is.false", vec![2]),
        ("flag=is.unknown", vec![3, 5, 6, 7]),
        ("flag=is.null", vec![3, 5, 6, 7]),
        ("tree=is.null", vec![1, 2, 3, 4, 5, 6]),
        ("tree=is.not_null", vec![7]),
        ("flag=eq.true", vec![1, 4]),
        ("flag=eq.false", vec![2]),
        ("label=is.null", vec![7]),
    ] {
        assert_eq!(ids(&server, query).await, expected, "{query}");
    }
    for broken in [
        "count=is.true",
        "count=is.unknown",
        "flag=is.maybe",
        "count=is.",
        "count=is.5",
        "tree=eq.1",
        "tree=in.(1)",
        "order=tree",
        "tree=like.*",
    ] {
        refused(&server, broken).await;
    }
}

async fn matches_patterns(server: Server) {
    fill(&server).await;
    for (pattern, expected) in [
        ("like.*a", vec![1, 2, 3]),
        ("like.A*", vec![]),
        ("ilike.A*", vec![1, 5]),
        ("ilike.BETA", vec![2]),
        ("like.%lph%", vec![1]),
        ("like._lpha", vec![1]),
        ("like.alpha", vec![1]),
        ("like.alph", vec![]),
        ("like.*", vec![1, 2, 3, 4, 5, 6]),
        ("like.", vec![6]),
        ("like.100\\%", vec![4]),
        ("like.1*\\%", vec![4]),
        ("like.a\\_b*", vec![5]),
        ("like.[a]*", vec![]),
        ("like.?lpha", vec![]),
        ("ilike.*DELTA", vec![3]),
        ("like.*\\\\*", vec![5]),
    ] {
        let answer = server.query("/readings", &[("label", pattern)]).send().await;
        assert_eq!(answer.each("id"), expected, "{pattern}");
    }
    for label in ["żółć", "ŻÓŁĆ", "[x]", "a]b", "^-"] {
        server.post("/readings").json(&json!({"label": label})).send().await.assert_status(201);
        let exact = server.query("/readings", &[("label", &format!("like.{label}"))]).send().await;
        assert_eq!(exact.each("label"), [label], "case-sensitive");
        let folded = server.query("/readings", &[("label", &format!("ilike.{label}"))]).send().await;
        assert_eq!(folded.each("label"), [label], "only ASCII is folded");
    }
    for broken in ["like.a%5C", "ilike.%5C"] {
        refused(&server, &format!("label={broken}")).await;
    }
    refused(&server, "count=like.1*").await;
}

async fn repeats_are_and(server: Server) {
    fill(&server).await;
    assert_eq!(ids(&server, "count=gt.0&count=lt.3").await, [1, 2]);
    assert_eq!(ids(&server, "count=gt.0&flag=is.true&label=like.a*").await, [1]);
    assert_eq!(ids(&server, "count=eq.1&count=eq.2").await, Vec::<i64>::new());
}

async fn a_bare_value_is_equality(server: Server) {
    fill(&server).await;
    for (query, expected) in [
        ("label=alpha", vec![1]),
        ("count=2", vec![2]),
        ("count=-5", vec![5]),
        ("ratio=1.5", vec![2]),
        ("flag=true", vec![1, 4]),
        ("day=2026-01-01", vec![1]),
        ("label=", vec![6]),
        ("label=100%25", vec![4]),
        ("label=hello.world", vec![]),
    ] {
        assert_eq!(ids(&server, query).await, expected, "{query}");
    }
    let dotted = json!({"label": "hello.world"});
    server.post("/readings").json(&dotted).send().await.assert_status(201);
    assert_eq!(ids(&server, "label=hello.world").await, [8]);
    refused(&server, "count=two").await;
}

async fn operators_are_reserved(server: Server) {
    fill(&server).await;
    for later in ["match.x", "imatch.x", "fts.x", "not.fts.x", "like(any).{a*}", "like(all).{a*}", "eq(any).{1,2}"] {
        refused(&server, &format!("label={}", encode(later))).await;
    }
    for (near, right) in [("eqq.open", "eq."), ("ew.open", "eq."), ("lik.open", "eq."), ("EQ.open", "eq.")] {
        let problem = refused(&server, &format!("label={near}")).await;
        assert!(problem["hint"].as_str().is_some_and(|hint| hint.contains(right)), "{near}: {problem}");
    }
    refused(&server, "label=not.alpha").await;
    refused(&server, "label=not.not.eq.alpha").await;
}

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

async fn refuses_what_it_does_not_know(server: Server) {
    fill(&server).await;
    for query in [
        "nothing=eq.1",
        "nothing=1",
        "count=eq.x",
        "count=eq.1.5",
        "count=gt.",
        "count=eq.99999999999999999999",
        "flag=eq.yes",
        "flag=gt.x",
        "day=eq.2026-02-30",
        "day=eq.today",
        "stamp=eq.yesterday",
        "ratio=eq.x",
        "id=eq.x",
        "count=in.(1,x)",
        "=1",
        "select=id",
        "q=alpha",
        "after=x",
        "columns=id",
        "on_conflict=id",
        "or=(count.eq.1,count.eq.2)",
        "and=(count.eq.1)",
        "not=(count.eq.1)",
        "range=[0,9]",
        "sort=[]",
        "filter={}",
        "_start=0",
        "_sort=id",
        "page=2",
        "limt=5",
        "label%00=eq.1",
        "label.x=eq.1",
        "label-%3Ex=eq.1",
        "COUNT=eq.1",
        "label=%FF",
    ] {
        refused(&server, &query.replace('{', "%7B").replace('}', "%7D").replace('[', "%5B").replace(']', "%5D")).await;
    }
    // Nor are they taken where they mean nothing.
    for method in ["GET", "PATCH", "PUT", "DELETE"] {
        let call = server.call(method, "/readings/1?nothing=eq.1").json(&json!({}));
        call.send().await.assert_problem(400, "PGRST100");
    }
    server.post("/readings?nothing=1").json(&json!({})).send().await.assert_problem(400, "PGRST100");
    assert_eq!(server.get("/readings").send().await.rows().len(), 7);
}

async fn hints_at_the_nearest(server: Server) {
    for (query, nearest) in [
        ("lable=eq.x", "label"),
        ("cuont=1", "count"),
        ("order=ratioo", "ratio"),
        ("limt=5", "limit"),
        ("ofset=5", "offset"),
        ("oder=id", "order"),
    ] {
        let problem = refused(&server, query).await;
        let said = format!("{} {}", problem["hint"], problem["detail"]);
        assert!(said.contains(nearest), "{query}: {problem}");
        assert!(problem["hint"].is_string(), "{query}: {problem}");
    }
}

async fn hidden_columns_do_not_exist(server: Server) {
    fill(&server).await;
    for form in ["?=eq.treasure", "?=is.null", "order=?", "order=id,?.desc", "?=not.in.(a,b)"] {
        let mut texts = Vec::new();
        for name in ["hidden", "qqqqqq"] {
            let mut problem = refused(&server, &form.replace('?', name)).await;
            problem["instance"] = Value::Null;
            texts.push(problem.to_string().replace(name, "?"));
        }
        assert_eq!(texts[0], texts[1], "{form}");
    }
    let near = refused(&server, "hiden=eq.x").await;
    assert!(!near.to_string().contains("hidden"), "{near}");
}

async fn limits_what_a_query_holds(server: Server) {
    fill(&server).await;
    let filters = |n: usize| vec!["count=gt.0"; n].join("&");
    assert_eq!(ids(&server, &filters(100)).await, [1, 2, 3, 4]);
    refused(&server, &filters(101)).await;
    let keys = "label,count,ratio,flag,day,stamp,id";
    assert_eq!(ids(&server, &format!("order={keys}")).await.len(), 7);
    refused(&server, &format!("order={keys},{keys}")).await;
    let long = server.query("/readings", &[("label", &format!("eq.{}", "x".repeat(8200)))]).send().await;
    assert!(matches!(long.status, 400 | 414), "{long:?}");
    let fits = server.query("/readings", &[("label", &format!("eq.{}", "x".repeat(8000)))]).send().await;
    fits.assert_status(200);
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

async fn percent_encoding_is_undone(server: Server) {
    server.post("/readings").json(&json!({"label": "a b+c&d=e#f"})).send().await.assert_status(201);
    assert_eq!(ids(&server, "label=eq.a%20b%2Bc%26d%3De%23f").await, [1]);
    assert_eq!(ids(&server, "label=eq.a+b%2Bc%26d%3De%23f").await, [1], "a plus is a blank");
    assert_eq!(ids(&server, "l%61bel=%65q.a%20b%2Bc%26d%3De%23f").await, [1]);
    assert_eq!(ids(&server, "").await, [1]);
    assert_eq!(ids(&server, "&&").await, [1]);
}

async fn filters_on_choices_and_times(server: Server) {
    let ann = server.register("Ann").await;
    let cards = json!([{"title": "a", "status": "Done"}, {"title": "b"}, {"title": "c", "status": "Testing", "date": "2026-03-01"}]);
    let cards = server.post("/cards").token(&ann.token).json(&cards).send().await.ok(201);
    let titles = async |query: &[(&str, &str)]| server.query("/cards", query).send().await.each("title");
    assert_eq!(titles(&[("status", "eq.To Do")]).await, ["b"]);
    assert_eq!(titles(&[("status", "To Do")]).await, ["b"]);
    assert_eq!(titles(&[("status", "in.(Done,\"To Do\")")]).await, ["a", "b"]);
    assert_eq!(titles(&[("order", "status")]).await, ["a", "c", "b"], "choices are ordered as text");
    assert_eq!(titles(&[("date", "gte.2026-01-01")]).await, ["c"]);
    let made = cards[0]["created_at"].as_str().expect("a time");
    assert_eq!(titles(&[("created_at", &format!("lte.{made}")), ("title", "a")]).await, ["a"]);
    assert_eq!(titles(&[("user_id", &format!("eq.{}", ann.id))]).await, ["a", "b", "c"]);
    let unknown = server.query("/cards", &[("status", "eq.Never")]).send().await;
    unknown.assert_problem(400, "PGRST100");
}
