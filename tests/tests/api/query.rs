//! Filters: which rows a list holds.

use restruct_tests::{
    Server, both,
    client::encode,
    resources::{kanban, odd},
};
use serde_json::json;

use crate::readings::{fill, ids, refused};

both!(odd; compares, compares_every_type, negates, takes_lists, asks_what_is, matches_patterns, repeats_are_and);
both!(odd; a_bare_value_is_equality, percent_encoding_is_undone, takes_trees, takes_any_and_all);
both!(kanban; filters_on_choices_and_times);

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

async fn takes_trees(server: Server) {
    fill(&server).await;
    for (query, expected) in [
        ("or=(count.eq.1,count.eq.2)", vec![1, 2]),
        ("or=(count.eq.1,label.is.null)", vec![1, 7]),
        ("and=(count.gte.1,count.lt.3)", vec![1, 2]),
        ("not.or=(count.eq.1,count.eq.2)", vec![3, 4, 5, 6]),
        ("not.and=(count.gt.0,flag.is.true)", vec![2, 3, 5, 6, 7]),
        ("or=(count.eq.3,and(count.gt.0,flag.is.true))", vec![1, 3, 4]),
        ("or=(count.eq.3,not.and(count.not.is.null,label.not.eq.alpha))", vec![1, 3, 7]),
        ("or=(label.eq.\"gamma, delta\",label.in.(\"100%\",x))", vec![3, 4]),
        ("or=(label.eq.\"a_b\\\\c*d\",label.eq.)", vec![5, 6]),
        ("or=(count.eq.1,count.eq.2)&or=(flag.is.true,count.eq.10)", vec![1]),
        ("and=(or(count.eq.1,count.eq.2),or(flag.is.true,count.eq.10))", vec![1]),
        ("or=( count.in.(1,2) , not.or ( count.not.is.null,label.is.not_null ) )", vec![1, 2, 7]),
        ("or=(label.eq(any).{alpha,\"gamma, delta\"},count.gt(all).{3,5})", vec![1, 3, 4]),
        ("count=1&count=2&count=99", vec![1, 2]),
        ("label[0]=like.*a*&label[1]=like.*l*", vec![1, 3]),
    ] {
        assert_eq!(asked(&server, query).await, expected, "{query}");
    }
}

async fn takes_any_and_all(server: Server) {
    fill(&server).await;
    for (query, expected) in [
        ("count=eq(any).{1,2,99}", vec![1, 2]),
        ("count=eq(all).{1,1}", vec![1]),
        ("count=eq(all).{1,2}", vec![]),
        ("count=not.eq(any).{1,2}", vec![3, 4, 5, 6]),
        ("count=gt(any).{3,1}", vec![2, 3, 4]),
        ("count=gte(all).{3,1}", vec![3, 4]),
        ("count=lt(any).{1,2}", vec![1, 5, 6]),
        ("count=lte(all).{1,2}", vec![1, 5, 6]),
        ("label=like(any).{al*,*ta}", vec![1, 2, 3]),
        ("label=like(all).{*a*,*l*}", vec![1, 3]),
        ("label=ilike(any).{AL*,\"GAMMA,*\"}", vec![1, 3]),
        ("label=not.like(all).{*a*,*l*}", vec![2, 4, 5, 6]),
        ("count=eq(any).{}", vec![]),
        ("count=eq(all).{}", vec![1, 2, 3, 4, 5, 6, 7]),
    ] {
        assert_eq!(asked(&server, query).await, expected, "{query}");
    }
    for broken in ["eq(any).1", "eq(any).(1,2)", "eq(any).{1,null}", "eq(any).{1", "neq(any).{1}", "eq(none).{1}"] {
        refused(&server, &format!("count={}", encode(broken))).await;
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

/// The ids that a query finds whose values are yet to be encoded.
async fn asked(server: &Server, query: &str) -> Vec<i64> {
    let pairs: Vec<_> = query.split('&').map(|pair| pair.split_once('=').expect("a value")).collect();
    let encoded: Vec<_> = pairs.iter().map(|(name, value)| format!("{}={}", encode(name), encode(value))).collect();
    ids(server, &encoded.join("&")).await
}
