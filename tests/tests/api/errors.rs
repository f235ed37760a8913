//! Failures: one shape, the right code, every field named, nothing internal.

use restruct::Db;
use restruct_tests::{
    Backend, Server, both,
    process::SECRET,
    resources::{kanban, odd, related},
};
use serde_json::{Value, json};

both!(odd; names_what_is_taken, names_every_taken_field, updates_conflict_too);
both!(kanban; names_a_missing_reference, unknown_paths_are_404, keys_are_canonical, wrong_methods_are_405);
both!(kanban; ids_follow_the_request, rejects_what_is_no_http, a_column_that_is_gone_is_no_text);
both!(related; deletes_cascade_or_not, rows_may_point_to_their_own_kind, tables_may_form_a_cycle);
both!(related; what_is_referred_to_stays);

async fn names_what_is_taken(server: Server) {
    let seat = json!({"hall": "A", "number": 1, "code": "x"});
    server.post("/seats").json(&seat).send().await.assert_status(201);
    let pair = json!({"hall": "A", "number": 1});
    server.post("/seats").json(&pair).send().await.assert_fields(409, "23505", &["hall", "number"]);
    let code = json!({"hall": "A", "number": 2, "code": "x"});
    server.post("/seats").json(&code).send().await.assert_fields(409, "23505", &["code"]);
    let many = json!([{"hall": "B", "number": 1}, {"hall": "B", "number": 2, "code": "x"}]);
    server.post("/seats").json(&many).send().await.assert_fields(409, "23505", &["1.code"]);
    let twice = json!([{"hall": "B", "number": 1}, {"hall": "B", "number": 1}]);
    let answer = server.post("/seats").json(&twice).send().await;
    answer.assert_fields(409, "23505", &["1.hall", "1.number"]);
    assert_eq!(server.get("/seats").send().await.rows().len(), 1);
    for _ in 0..2 {
        let free = json!({"hall": "C", "number": server.get("/seats").send().await.rows().len(), "code": null});
        server.post("/seats").json(&free).send().await.assert_status(201);
    }
    let key = json!({"type": "a", "table": "b", "position": 1});
    server.post("/groups").json(&key).send().await.assert_status(201);
    server.post("/groups").json(&key).send().await.assert_fields(409, "23505", &["table"]);
}

async fn names_every_taken_field(server: Server) {
    let seat = json!({"hall": "A", "number": 1, "code": "x"});
    server.post("/seats").json(&seat).send().await.assert_status(201);
    let answer = server.post("/seats").json(&seat).send().await;
    answer.assert_fields(409, "23505", &["hall", "number", "code"]);
    assert!(!answer.text().contains("seats"), "no table is named\n{answer:?}");
}

async fn updates_conflict_too(server: Server) {
    for number in 1..=2 {
        let seat = json!({"hall": "A", "number": number, "code": number.to_string()});
        server.post("/seats").json(&seat).send().await.assert_status(201);
    }
    for method in ["PATCH", "PUT"] {
        let call = async |body: Value| server.call(method, "/seats/2").json(&body).send().await;
        call(json!({"hall": "A", "number": 1})).await.assert_fields(409, "23505", &["hall", "number"]);
        call(json!({"hall": "A", "number": 2, "code": "1"})).await.assert_fields(409, "23505", &["code"]);
        call(json!({"hall": "A", "number": 2, "code": "2"})).await.assert_status(200);
    }
    server.patch("/seats/2").json(&json!({"number": 1})).send().await.assert_fields(409, "23505", &["hall", "number"]);
}

async fn names_a_missing_reference(server: Server) {
    let ann = server.register("Ann").await;
    let body = json!({"message": "x", "card_id": 4711});
    let answer = server.post("/comments").token(&ann.token).json(&body).send().await;
    answer.assert_fields(409, "23503", &["card_id"]);
    let card = server.create("/cards", &ann.token, &json!({"title": "x"})).await;
    let comment = server.create("/comments", &ann.token, &json!({"message": "x", "card_id": card["id"]})).await;
    let path = format!("/comments/{}", comment["id"]);
    for method in ["PATCH", "PUT"] {
        let answer = server.call(method, &path).token(&ann.token).json(&body).send().await;
        answer.assert_fields(409, "23503", &["card_id"]);
    }
    let huge = json!({"message": "x", "card_id": 9_223_372_036_854_775_808_u64});
    server.post("/comments").token(&ann.token).json(&huge).send().await.assert_invalid(&["card_id"]);
    assert_eq!(server.get(&path).send().await.ok(200), comment);
    server.delete(&format!("/cards/{}", card["id"])).token(&ann.token).send().await.assert_status(200);
    server.get(&path).send().await.assert_problem(404, "PGRST116");
}

async fn unknown_paths_are_404(server: Server) {
    let ann = server.register("Ann").await;
    let card = server.create("/cards", &ann.token, &json!({"title": "x"})).await;
    let one = format!("/cards/{}", card["id"]);
    for path in [
        "/",
        "/card",
        "/Cards",
        "/nothing",
        "/cards/",
        &format!("{one}/"),
        &format!("{one}/comments"),
        "//cards",
        "/auth",
        "/auth/",
        "/_restruct_meta",
        "/cards/../users",
        "/cards%2F1",
        "/api/cards",
    ] {
        for method in ["GET", "POST", "DELETE", "OPTIONS"] {
            let answer = server.call(method, path).token(&ann.token).json(&json!({})).send().await;
            answer.assert_problem(404, "PGRST125");
        }
    }
}

async fn keys_are_canonical(server: Server) {
    let ann = server.register("Ann").await;
    let card = server.create("/cards", &ann.token, &json!({"title": "x"})).await;
    assert_eq!(card["id"], 1);
    let odd = [
        "01",
        "001",
        "+1",
        "%201",
        "1%20",
        "1.0",
        "1e0",
        "0x1",
        "-1",
        "-0",
        "0",
        "abc",
        "%D9%A1",
        "1,2",
        "9223372036854775807",
        "9223372036854775808",
        "99999999999999999999999999999",
        "1%00",
        "%FF",
        "null",
        "1;DROP%20TABLE%20cards",
        "%27",
    ];
    for key in odd {
        for method in ["GET", "PUT", "PATCH", "DELETE"] {
            let call = server.call(method, &format!("/cards/{key}")).token(&ann.token);
            call.json(&json!({"title": "y"})).send().await.assert_problem(404, "PGRST116");
        }
    }
    assert_eq!(server.get("/cards/1").send().await.ok(200), card);
    assert_eq!(server.get("/cards/%31").send().await.ok(200), card);
}

async fn wrong_methods_are_405(server: Server) {
    let ann = server.register("Ann").await;
    let lists = ["GET", "HEAD", "POST", "PATCH", "DELETE", "OPTIONS"];
    let rows = ["GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS"];
    for (path, methods, wrong) in [
        ("/cards", &lists[..], ["PUT", "LINK", "COPY", "TRACE", "BREW"]),
        ("/cards/1", &rows[..], ["POST", "TRACE", "LINK", "COPY", "BREW"]),
    ] {
        for method in wrong {
            let answer = server.call(method, path).token(&ann.token).json(&json!({})).send().await;
            answer.assert_problem(405, "PGRST117");
            answer.assert_allow(methods);
        }
    }
    server.get("/auth/password").token(&ann.token).send().await.assert_problem(405, "PGRST117");
    server.post("/auth/me").token(&ann.token).send().await.assert_problem(405, "PGRST117");
}

async fn ids_follow_the_request(server: Server) {
    let id = "0192f0c1-2d3e-7abc-8def-0123456789ab";
    let mine = server.get("/nothing").header("x-request-id", id).send().await;
    mine.assert_header("x-request-id", id);
    assert_eq!(mine.assert_problem(404, "PGRST125")["instance"], format!("urn:uuid:{id}"));
    let (first, second) = (server.get("/nothing").send().await, server.get("/nothing").send().await);
    assert_ne!(first.header("x-request-id"), second.header("x-request-id"));
    for insane in ["x".repeat(1000), "a b\"c<script>".to_owned(), String::new()] {
        let answer = server.get("/nothing").header("x-request-id", &insane).send().await;
        assert_ne!(answer.header("x-request-id"), Some(insane.as_str()), "{answer:?}");
        answer.assert_problem(404, "PGRST125");
    }
}

async fn rejects_what_is_no_http(server: Server) {
    for nonsense in [
        "nonsense\r\n\r\n",
        "GET / HTTP/9.9\r\n\r\n",
        "\u{0}\u{1}\u{2}\r\n\r\n",
        "GET /cards HTTP/1.1\r\nbad header\r\n\r\n",
    ] {
        let answer = server.raw(nonsense.as_bytes()).await;
        assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 400"), "{nonsense:?}: {answer}");
    }
    server.get("/cards").send().await.assert_status(200);
}

async fn deletes_cascade_or_not(server: Server) {
    let artist = server.post("/artists").json(&json!({"name": "x"})).send().await.ok(201);
    let path = format!("/artists/{}", artist["id"]);
    let points = json!({"artist_id": artist["id"]});
    let album = server.post("/albums").json(&points).send().await.ok(201);
    let poster = server.post("/posters").json(&points).send().await.ok(201);
    let contract = server.post("/contracts").json(&points).send().await.ok(201);
    let held = server.delete(&path).send().await;
    held.assert_problem(409, "23503");
    server.get(&path).send().await.assert_status(200);
    server.delete(&format!("/contracts/{}", contract["id"])).send().await.assert_status(200);
    assert_eq!(server.delete(&path).send().await.ok(200), artist);
    server.get(&format!("/albums/{}", album["id"])).send().await.assert_problem(404, "PGRST116");
    let left = server.get(&format!("/posters/{}", poster["id"])).send().await.ok(200);
    assert_eq!(left["artist_id"], Value::Null);
}

async fn what_is_referred_to_stays(server: Server) {
    let names = json!([{"name": "a"}, {"name": "b"}]);
    server.post("/artists").json(&names).send().await.assert_status(201);
    server.post("/contracts").json(&json!({"artist_id": 1})).send().await.assert_status(201);
    for call in [
        server.delete("/artists/1"),
        server.delete("/artists?id=gt.0"),
        server.delete("/artists?name=eq.a").header("prefer", "return=minimal"),
        // These are undone.
        server.delete("/artists/1?select=id,contracts(id)"),
        server.delete("/artists?id=gt.0").header("prefer", "max-affected=2"),
    ] {
        let answer = call.send().await;
        let problem = answer.assert_problem(409, "23503");
        assert_eq!(problem["detail"], "other rows refer to what would be deleted");
        assert_eq!(problem["hint"], "delete those first, or have them refer to others");
        let text = answer.text();
        assert!(
            !text.contains("constraint") && !text.contains("contract"),
            "nothing of the database's is told\n{text}"
        );
    }
    server.delete("/artists/2").send().await.assert_status(200);
    assert_eq!(server.get("/artists").send().await.rows().len(), 1);
}

async fn rows_may_point_to_their_own_kind(server: Server) {
    let make = async |name: &str, parent: Value| {
        server.post("/folders").json(&json!({"name": name, "parent_id": parent})).send().await
    };
    let root = make("root", Value::Null).await.ok(201);
    let child = make("child", root["id"].clone()).await.ok(201);
    make("lost", json!(4711)).await.assert_fields(409, "23503", &["parent_id"]);
    let path = format!("/folders/{}", root["id"]);
    let own = server.patch(&path).json(&json!({"parent_id": root["id"]})).send().await;
    assert_eq!(own.ok(200)["parent_id"], root["id"], "a row may point to itself");
    server.delete(&path).send().await.assert_status(200);
    let orphan = server.get(&format!("/folders/{}", child["id"])).send().await.ok(200);
    assert_eq!(orphan["parent_id"], Value::Null);
}

async fn tables_may_form_a_cycle(server: Server) {
    let team = server.post("/teams").json(&json!({"name": "x"})).send().await.ok(201);
    let player = json!({"name": "y", "team_id": team["id"]});
    let player = server.post("/players").json(&player).send().await.ok(201);
    let path = format!("/teams/{}", team["id"]);
    let captain = json!({"captain_id": player["id"]});
    assert_eq!(server.patch(&path).json(&captain).send().await.ok(200)["captain_id"], player["id"]);
    server.delete(&path).send().await.assert_status(200);
    assert!(server.get("/players").send().await.rows().is_empty());
}

/// SQLite reads a name in double quotes that is no column as a text, unless it is told not to, or the quotes are others.
async fn a_column_that_is_gone_is_no_text(server: Server) {
    let ann = server.register("Ann").await;
    server.post("/cards").token(&ann.token).json(&json!({"title": "a"})).send().await.assert_status(201);
    server.database.execute("ALTER TABLE cards DROP COLUMN description").await;
    // What parameters say is for sqlx to read, so that is what reads and writes.
    let over_sqlx = match server.backend() {
        Backend::Sqlite => {
            let db = Db::connect(&format!("{}&cache=private", server.database.url)).await.expect("a connection");
            Some(Server::resume(kanban().jwt_secret(SECRET), db, server.database.clone()).await)
        }
        Backend::Postgres => None,
    };
    for server in std::iter::once(&server).chain(&over_sqlx) {
        let card = json!({"title": "b"});
        for call in [
            server.get("/cards"),
            server.get("/cards?select=description"),
            server.get("/cards?select=id&order=description"),
            server.get("/cards/1"),
            server.post("/cards").token(&ann.token).json(&card),
            // These are written in a transaction.
            server.post("/cards").token(&ann.token).json(&card).header("idempotency-key", "a"),
            server.patch("/cards/1?select=description,user(id)").token(&ann.token).json(&card),
        ] {
            let answer = call.send().await;
            answer.assert_problem(500, "XX000");
            assert!(!answer.text().contains("description"), "nothing internal is told\n{answer:?}");
        }
    }
    assert_eq!(server.database.number("SELECT count(*) FROM cards WHERE title = 'a'").await, 1);
    assert_eq!(server.database.number("SELECT count(*) FROM cards").await, 1, "what was not answered is not kept");
}
