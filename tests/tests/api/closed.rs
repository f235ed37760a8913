//! Queries fail closed: what is not understood, or not to be seen, is refused with a hint.

use restruct_tests::{Server, both, client::encode, resources::odd};
use serde_json::{Value, json};

use crate::readings::{fill, ids, refused};

both!(odd; operators_are_reserved, refuses_what_it_does_not_know, hints_at_the_nearest, hidden_columns_do_not_exist);
both!(odd; limits_what_a_query_holds);

async fn operators_are_reserved(server: Server) {
    fill(&server).await;
    for later in ["match(x).x", "neq(any).{a*}", "in(all).(a)", "like(some).{a}"] {
        refused(&server, &format!("label={}", encode(later))).await;
    }
    for (near, right) in [("eqq.open", "eq."), ("ew.open", "eq."), ("lik.open", "eq."), ("EQ.open", "eq.")] {
        let problem = refused(&server, &format!("label={near}")).await;
        assert!(problem["hint"].as_str().is_some_and(|hint| hint.contains(right)), "{near}: {problem}");
    }
    refused(&server, "label=not.alpha").await;
    refused(&server, "label=not.not.eq.alpha").await;
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
        "q=alpha",
        "label=fts.x",
        "label=not.fts.x",
        "columns=id",
        "on_conflict=id",
        "or=(count.eq.1,nothing.eq.2)",
        "or=(count.eq.1,count.2)",
        "or=(count.eq.1",
        "or=()",
        "not=(count.eq.1)",
        "not.not.or=(count.eq.1)",
        "xor=(count.eq.1)",
        "range=[9]",
        "sort=[]",
        "filter=[]",
        "_start=x",
        "_sort=nothing",
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
    for form in [
        "or=(count.eq.1,?.eq.treasure)",
        "and=(%22?%22.is.null)",
        "?=like(any).%7Ba*%7D",
        "?%5B0%5D=eq.a",
        "?=eq.treasure",
        "?=is.null",
        "order=?",
        "order=id,?.desc",
        "?=not.in.(a,b)",
    ] {
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
    let any =
        |n: usize| format!("or=({})&count=gt(any).%7B{}%7D", vec!["count.gt.0"; n].join(","), vec!["0"; n].join(","));
    assert_eq!(ids(&server, &any(50)).await, [1, 2, 3, 4]);
    refused(&server, &any(51)).await;
    let nested = |n: usize| format!("or={}count.gt.0{}", "(and".repeat(n - 1) + "(", ")".repeat(n));
    assert_eq!(ids(&server, &nested(10)).await, [1, 2, 3, 4]);
    refused(&server, &nested(11)).await;
    refused(&server, &nested(1000)).await;
    let keys = "label,count,ratio,flag,day,stamp,id";
    assert_eq!(ids(&server, &format!("order={keys}")).await.len(), 7);
    refused(&server, &format!("order={keys},{keys}")).await;
    let members = |n: usize| format!("select={}", (0..n).map(|n| format!("a{n}:id")).collect::<Vec<_>>().join(","));
    server.get(&format!("/readings?{}", members(100))).send().await.assert_status(200);
    let many = refused(&server, &members(101)).await;
    assert!(many["detail"].as_str().is_some_and(|text| text.contains("more than 100 members")), "{many}");
    let long = server.query("/readings", &[("label", &format!("eq.{}", "x".repeat(8200)))]).send().await;
    assert!(matches!(long.status, 400 | 414), "{long:?}");
    let fits = server.query("/readings", &[("label", &format!("eq.{}", "x".repeat(8000)))]).send().await;
    fits.assert_status(200);
}
