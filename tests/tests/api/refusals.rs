//! In which order a request is refused: the token, the row, the rule, and then what was sent.

use restruct_tests::{
    Call, Server, both,
    resources::kept,
    server::{PASSWORD, Session},
};
use serde_json::{Value, json};

both!(kept; a_dead_token_is_told_of_first, a_row_that_cannot_be_read_comes_before_what_was_sent);
both!(kept; so_does_a_rule_that_shuts_the_caller_out, what_was_sent_is_refused_as_ever);
both!(kept; order_costs_a_statement_and_of_nobody_one_row_alone, rows_of_an_array_are_there_before_they_are_wrong);
both!(kept; whoever_asks_what_there_is_needs_no_token, what_is_the_same_for_everybody_looks_at_no_token);

/// Requests that are wrong in one way each, about rows that anybody may read, and how they are refused.
fn of_rows(server: &Server, path: &str) -> Vec<(Call, u16)> {
    let untitled = json!({"title": ""});
    let mut calls = vec![
        (server.get("/cards?nothing=1"), 400),
        (server.get("/cards?title=match.%28%3F%3Da%29"), 400),
        (server.get("/cards").header("range", "items=9-1"), 416),
        (server.get("/cards").header("prefer", "handling=strict, nothing"), 400),
        (server.get(&format!("{path}?select=nothing")), 400),
        (server.call("HEAD", &format!("{path}?select=nothing")), 400),
        (server.get(path).header("if-none-match", "x"), 400),
        (server.get("/cards/007"), 404),
        (server.post("/cards").body("application/json", "{"), 400),
        (server.post("/cards").body("text/plain", "x"), 415),
        (server.post("/cards").json(&untitled), 422),
        (server.post("/cards").json(&json!([untitled])), 422),
        (server.post("/cards").json(&json!({"title": "x", "colour": 1})), 422),
        (server.post("/cards").json(&json!({"title": "x", "comments": [{}]})), 422),
        (server.post("/cards?nothing=1").json(&json!({"title": "x"})), 400),
        (server.post("/cards").header("idempotency-key", "a b").json(&json!({"title": "x"})), 400),
        (server.post("/cards").header("if-none-match", "*").json(&json!({"title": "x"})), 412),
        (server.patch("/cards").json(&json!({"title": "x"})), 400),
        (server.patch("/cards").json(&json!([{"title": "x"}])), 422),
        (server.patch("/cards?id=gt.0").json(&untitled), 422),
        (server.patch("/cards?nothing=1").json(&json!({"title": "x"})), 400),
        (server.delete("/cards"), 400),
        (server.delete("/cards?nothing=1"), 400),
        (server.delete("/cards?id=gt.0").header("prefer", "max-affected=x"), 400),
        (server.delete(&format!("{path}?nothing=1")), 400),
        (server.delete(&format!("{path}?select=nothing")), 400),
        (server.patch("/cards?id=gt.0&select=nothing").json(&json!({"title": "x"})), 400),
        (server.delete(path).header("if-match", "x"), 400),
    ];
    for method in ["PUT", "PATCH"] {
        calls.push((server.call(method, path).json(&untitled), 422));
        calls.push((server.call(method, path).body("application/json", "{"), 400));
        calls.push((server.call(method, path).body("text/plain", "x"), 415));
        for query in ["nothing=1", "select=nothing"] {
            calls.push((server.call(method, &format!("{path}?{query}")).json(&json!({"title": "x"})), 400));
        }
    }
    calls
}

/// The same of the caller's own row.
fn of_oneself(server: &Server) -> Vec<(Call, u16)> {
    vec![
        (server.get("/auth/me?nothing=1"), 400),
        (server.post("/auth/password").json(&json!({})), 422),
        (server.post("/auth/password").json(&json!({"current": PASSWORD, "new": "short"})), 422),
        (server.post("/auth/password").body("application/json", "{"), 400),
        (server.post("/auth/password").body("text/plain", "x"), 415),
        (server.post("/auth/password?nothing=1").json(&json!({})), 400),
    ]
}

/// Requests for what is not there at all.
fn of_nothing(server: &Server) -> Vec<(Call, u16)> {
    vec![
        (server.get("/nothing"), 404),
        (server.get("/cards/"), 404),
        (server.put("/cards"), 405),
        (server.post("/cards/1"), 405),
        (server.get("/auth/login"), 405),
        (server.post("/auth/me"), 405),
    ]
}

/// Ann, who has a card.
async fn ann_with_a_card(server: &Server) -> (Session, String) {
    let ann = server.register("Ann").await;
    let card = server.create("/cards", &ann.token, &json!({"title": "x"})).await;
    (ann, format!("/cards/{}", card["id"]))
}

async fn a_dead_token_is_told_of_first(server: Server) {
    let (ann, path) = ann_with_a_card(&server).await;
    let (gone, root) = (server.register("Gone").await, server.admin("Root").await);
    server.delete(&format!("/users/{}", gone.id)).token(&root.token).send().await.assert_status(200);
    let change = json!({"current": PASSWORD, "new": "another passphrase"});
    server.post("/auth/password").token(&ann.token).json(&change).send().await.assert_status(200);
    let open = ["/auth/login", "/auth/register"].into_iter().flat_map(|path| {
        [server.post(path).json(&json!({})), server.post(&format!("{path}?nothing=1")).body("text/plain", "x")]
    });
    let calls = of_rows(&server, &path).into_iter().chain(of_oneself(&server)).chain(of_nothing(&server));
    for call in calls.map(|(call, _)| call).chain(open) {
        for dead in [&gone.token, &ann.token] {
            let refused = call.clone().token(dead).send().await;
            assert_eq!(refused.status, 401, "{refused:?}");
            if !refused.request.starts_with("HEAD") {
                refused.assert_problem(401, "PGRST301");
            }
            refused.assert_header("www-authenticate", "Bearer error=\"invalid_token\"");
        }
    }
    server.get(&path).send().await.assert_status(200);
}

async fn a_row_that_cannot_be_read_comes_before_what_was_sent(server: Server) {
    let (ann, bob) = (server.register("Ann").await, server.register("Bob").await);
    let account = server.create("/accounts", &ann.token, &json!({})).await;
    let none = server.get("/users/4711").token(&bob.token).send().await;
    let text = |problem: Value| json!([problem["detail"], problem["details"], problem["hint"], problem["errors"]]);
    let none = text(none.assert_problem(404, "PGRST116"));
    for path in [format!("/users/{}", ann.id), format!("/accounts/{}", account["id"]), "/users/4711".to_owned()] {
        let mut calls = vec![
            server.get(&format!("{path}?select=nothing")),
            server.get(&path).header("prefer", "handling=strict, nothing"),
            server.delete(&format!("{path}?nothing=1")),
            server.delete(&path).header("if-match", "x"),
        ];
        for method in ["PUT", "PATCH"] {
            // For accounts, without the tag that they ask for.
            calls.push(server.call(method, &path).json(&json!({"foo": 1})));
            let known = || server.call(method, &path).header("if-match", "*");
            calls.extend([
                known().json(&json!({"foo": 1})),
                known().json(&json!({"email": "x", "balance": "x"})),
                known().json(&json!({"password": "x"})),
                known().json(&json!([])),
                known().body("application/json", "{"),
                known().body("text/plain", "x"),
            ]);
        }
        for call in calls {
            let refused = call.token(&bob.token).send().await;
            assert_eq!(text(refused.assert_problem(404, "PGRST116")), none, "{refused:?}");
        }
    }
    // So it is to nobody in particular.
    for call in [
        server.get("/cards/4711?select=nothing"),
        server.get("/cards/4711?nothing=1"),
        server.get("/cards/4711").header("prefer", "handling=strict, nothing"),
        server.get("/cards/4711").header("if-none-match", "x"),
    ] {
        let refused = call.send().await;
        assert_eq!(text(refused.assert_problem(404, "PGRST116")), none, "{refused:?}");
    }
}

async fn so_does_a_rule_that_shuts_the_caller_out(server: Server) {
    let bob = server.register("Bob").await;
    let own = format!("/users/{}", bob.id);
    for call in [
        server.post("/users").json(&json!({})),
        server.post("/users").body("application/json", "{"),
        server.delete("/users"),
        server.delete(&format!("{own}?nothing=1")),
    ] {
        call.token(&bob.token).send().await.assert_problem(403, "42501");
    }
}

async fn what_was_sent_is_refused_as_ever(server: Server) {
    let (ann, path) = ann_with_a_card(&server).await;
    let calls = of_rows(&server, &path).into_iter().chain(of_oneself(&server)).chain(of_nothing(&server));
    for (call, status) in calls {
        call.token(&ann.token).send().await.assert_status(status);
    }
    let own = format!("/users/{}", ann.id);
    for (body, field) in [(json!({"foo": 1}), "foo"), (json!({"email": "x"}), "email")] {
        server.patch(&own).token(&ann.token).json(&body).send().await.assert_invalid(&[field]);
    }
    // Whose row it is not may read it, and is told that it is not there to be changed.
    let bob = server.register("Bob").await;
    for body in [json!({"title": ""}), json!({"title": "y"})] {
        server.patch(&path).token(&bob.token).json(&body).send().await.assert_problem(404, "PGRST116");
    }
}

async fn order_costs_a_statement_and_of_nobody_one_row_alone(server: Server) {
    let (ann, path) = ann_with_a_card(&server).await;
    let cost = async |call: Call| {
        let before = restruct::__private::statements(&server.db);
        let status = call.send().await.status;
        assert!((400..500).contains(&status), "{status}");
        restruct::__private::statements(&server.db) - before
    };
    for (call, _) in of_rows(&server, &path).into_iter().chain(of_oneself(&server)).chain(of_nothing(&server)) {
        let shown = format!("{call:?}");
        let reads = shown.contains("method: GET") || shown.contains("method: HEAD");
        assert_eq!(cost(call.clone()).await, u64::from(reads && shown.contains(&path)), "{shown}");
        assert_eq!(cost(call.token(&ann.token)).await, 1, "{shown}");
    }
}

async fn rows_of_an_array_are_there_before_they_are_wrong(server: Server) {
    let (ann, bob) = (server.register("Ann").await, server.register("Bob").await);
    let card = server.create("/cards", &ann.token, &json!({"title": "x"})).await;
    let hers = server.create("/accounts", &ann.token, &json!({})).await;
    let his = server.create("/accounts", &bob.token, &json!({})).await;
    let patch = |path: &str, rows: &Value| server.patch(path).header("if-match", "*").json(rows);
    let none = patch("/users", &json!([{"id": 4711}])).token(&bob.token).send().await;
    let text = |problem: &Value| json!([problem["detail"], problem["details"], problem["hint"], problem["errors"]]);
    let none = text(&none.assert_problem(404, "PGRST116"));
    for wrong in [json!({"foo": 1}), json!({"email": "x"}), json!({"name": null}), json!({"password": "x"})] {
        for id in [ann.id, 4711] {
            let mut row = wrong.clone();
            row["id"] = json!(id);
            let refused = patch("/users", &json!([row])).token(&bob.token).send().await;
            assert_eq!(text(&refused.assert_problem(404, "PGRST116")), none, "{refused:?}");
        }
    }
    // Rows that are there are told of when all of them are, and so is what is no row's.
    let rows =
        |id: &Value| json!([{"id": his["id"], "balance": "x"}, {"foo": 1}, {"id": "x"}, {"id": id, "balance": "x"}]);
    for (id, status) in [(&hers["id"], 404), (&json!(4711), 404), (&json!(null), 422)] {
        let refused = patch("/accounts", &rows(id)).token(&bob.token).send().await;
        if status == 404 {
            refused.assert_fields(404, "PGRST116", &["3.id"]);
        } else {
            refused.assert_invalid(&["0.balance", "1.foo", "1.id", "2.id", "3.balance", "3.id"]);
        }
    }
    let many = json!([{"id": his["id"]}, {"id": hers["id"]}]);
    let many = patch("/accounts", &many).header("prefer", "max-affected=1").token(&bob.token).send().await;
    many.assert_fields(404, "PGRST116", &["1.id"]);
    // Whose card it is not may read it, and is told that it is not there to be changed.
    let title = json!([{"id": card["id"], "title": ""}]);
    patch("/cards", &title).token(&bob.token).send().await.assert_fields(404, "PGRST116", &["0.id"]);
    patch("/cards", &title).token(&ann.token).send().await.assert_invalid(&["0.title"]);
    // It costs a statement, and whoever is nobody is told at once what is wrong.
    let cost = async |call: Call| {
        let before = restruct::__private::statements(&server.db);
        call.send().await.assert_status(422);
        restruct::__private::statements(&server.db) - before
    };
    assert_eq!(cost(patch("/cards", &title).token(&ann.token)).await, 1);
    assert_eq!(cost(patch("/books", &json!([{"id": 4711, "title": 1}]))).await, 0);
}

async fn whoever_asks_what_there_is_needs_no_token(server: Server) {
    let (ann, gone, root) = (server.register("Ann").await, server.register("Gone").await, server.admin("Root").await);
    server.delete(&format!("/users/{}", gone.id)).token(&root.token).send().await.assert_status(200);
    for path in ["/cards", "/cards/1", "/users", "/auth/login", "/auth/me"] {
        let options = || server.call("OPTIONS", path);
        let before = restruct::__private::statements(&server.db);
        // A browser's preflight is one of these, and carries none.
        let allow = options().send().await;
        assert_eq!(restruct::__private::statements(&server.db) - before, 0);
        let known = options().token(&ann.token).send().await;
        assert_eq!((known.status, known.header("allow")), (204, allow.assert_status(204).header("allow")));
        for bad in [gone.token.as_str(), "x.y.z"] {
            options().token(bad).send().await.assert_problem(401, "PGRST301");
        }
    }
}

async fn what_is_the_same_for_everybody_looks_at_no_token(server: Server) {
    let (gone, root) = (server.register("Gone").await, server.admin("Root").await);
    server.delete(&format!("/users/{}", gone.id)).token(&root.token).send().await.assert_status(200);
    for path in ["/healthz", "/readyz", "/openapi.json", "/docs"] {
        let anybody = server.get(path).send().await;
        for bad in [gone.token.as_str(), "x.y.z"] {
            let answer = server.get(path).token(bad).send().await;
            assert_eq!((answer.status, &answer.body), (200, &anybody.body), "{answer:?}");
            assert!(!answer.header("vary").unwrap_or_default().contains("Authorization"), "{answer:?}");
        }
    }
}
