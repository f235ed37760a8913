//! Regular expressions: the same answers on both databases, or a refusal.

use restruct_tests::{Server, backend, both, client::encode, resources::odd};
use serde_json::{Value, json};

both!(odd; matches_regular_expressions, refuses_what_engines_do_not_share, takes_large_patterns);
both!(odd; means_the_same_to_every_write);

/// Named by their ids, from 1.
const LABELS: [&str; 12] = [
    "alpha",
    "Beta",
    "gamma delta",
    "a\nb",
    "",
    "żółć",
    "ŻÓŁĆ",
    "2026-01-02",
    "a.b*c",
    "[x]-^y\\",
    "\t tab",
    "🦀 crab",
];

async fn fill(server: &Server) {
    let rows: Vec<_> = LABELS.iter().map(|label| json!({"label": label})).collect();
    server.post("/readings").json(&Value::Array(rows)).send().await.assert_status(201);
}

async fn found(server: &Server, asked: &str) -> Vec<Value> {
    server.query("/readings", &[("label", asked)]).send().await.each("id")
}

async fn matches_regular_expressions(server: Server) {
    fill(&server).await;
    server.post("/readings").json(&json!({})).send().await.assert_status(201);
    for (asked, ids) in [
        ("match.a", vec![1, 2, 3, 4, 9, 11, 12]),
        ("match.^a", vec![1, 4, 9]),
        ("match.a$", vec![1, 2, 3]),
        ("match.^a.b", vec![4, 9]),
        ("match.^.$", vec![]),
        ("match.^$", vec![5]),
        ("match.", vec![1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]),
        ("match.^b", vec![]),
        ("imatch.^b", vec![2]),
        ("imatch.^BET[^b]$", vec![2]),
        ("match.^[żÓ]", vec![6]),
        ("imatch.^ż", vec![6]),
        (r"match.^\d{4}-\d{2}-\d{2}$", vec![8]),
        ("match.^[[:digit:]-]+$", vec![8]),
        (r"match.a\.b\*c", vec![9]),
        (r"match.[]\[^-]", vec![8, 10]),
        (r"match.\\$", vec![10]),
        (r"match.^\s", vec![11]),
        ("match.(al|gam|cr)(ph|m)?a", vec![1, 3, 12]),
        ("match.^(a|b)?.{3}a$", vec![1, 2]),
        ("match.^. crab$", vec![12]),
        ("match(any).{^al,delta$}", vec![1, 3]),
        ("match(all).{a,e}", vec![2, 3]),
        ("not.match.a", vec![5, 6, 7, 8, 10]),
    ] {
        assert_eq!(found(&server, asked).await, ids, "{asked}");
    }
}

async fn refuses_what_engines_do_not_share(server: Server) {
    for pattern in ["(?i)a", "a*?", r"\bword\b", r"(a)\1", "[[.a.]]", "(?=a)", "^*", "(^|$|a){100}"] {
        let answer = server.query("/readings", &[("label", &format!("match.{pattern}"))]).send().await;
        answer.assert_problem(400, "PGRST127");
    }
    for pattern in ["(", "a)", "[", "a{2,1}", "a{256}", "*", "\\", "(a{99}){99}", "(a?){255}", "(a*b*){120}"] {
        let answer = server.query("/readings", &[("label", &format!("match.{pattern}"))]).send().await;
        answer.assert_problem(400, "PGRST100");
    }
}

async fn takes_large_patterns(server: Server) {
    fill(&server).await;
    server.post("/readings").json(&json!({"label": "a".repeat(250)})).send().await.assert_status(201);
    for pattern in [
        "(a{30}){30}",
        ".{255}.{255}.{255}.{200}",
        "([^a]{30}|.{2}){30}",
        "(((((a*)*)*)*)*)*b",
        "(a|aa)*b",
        "(a?){200}a{200}",
        "(.*a.{90}){9}",
        "((a|b|c|d|e){10}[^x-z]{5}){9}",
        "(([a-z]?[0-9]?)*)*é",
    ] {
        for asked in ["match", "imatch"] {
            let answer = server.query("/readings", &[("label", &format!("{asked}.{pattern}"))]).send().await;
            answer.assert_status(200);
        }
    }
}

/// Some writes run on other connections than reads do.
async fn means_the_same_to_every_write(server: Server) {
    fill(&server).await;
    let body = json!({"count": 7});
    let mut found = Vec::new();
    for most in [None, Some("max-affected=100")] {
        let path = format!("/readings?label=match.{}", encode("^(al|be).a$|\n."));
        let call = server.patch(&path).json(&body);
        let call = if let Some(most) = most { call.header("prefer", most) } else { call };
        found.push(call.send().await.assert_status(200).each("id"));
    }
    assert_eq!(found[0], found[1]);
    assert!(!found[0].is_empty());
}

#[test]
fn sqlite_over_sqlx_finds_the_same() {
    backend::serve_all(odd, async |servers| {
        for server in &servers {
            fill(server).await;
        }
        for asked in ["match.^a", "match.a.b", "imatch.^A.*A$", "not.match.[^a-c]"] {
            let path = format!("/readings?label={}", encode(asked));
            let mut found = Vec::new();
            for server in &servers {
                found.push(server.get(&path).send().await.assert_status(200).each("id"));
            }
            assert!(found.iter().all(|ids| *ids == found[0]), "{asked}: {found:?}");
        }
    });
}
