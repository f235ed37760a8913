//! Conditional requests: `ETag`, `If-Match`, `If-None-Match`, and what a resource that demands them answers.

use restruct::Store as _;
use restruct_tests::{
    Answer, Call, Server, both,
    resources::{Book, kept},
};
use serde_json::{Value, json};
use tokio::task::JoinSet;

both!(kept; every_write_answers_the_tag, stale_changes_are_refused, lists_and_wildcards, malformed_lists);
both!(kept; no_change_is_a_question_too, who_may_not_ask_learns_nothing, what_has_no_version_has_no_tag);
both!(kept; some_want_to_be_asked, other_conditions_of_writes, one_of_sixteen_wins, some_of_many_win);
both!(kept; a_deletion_elsewhere_is_another_state, a_read_answers_the_tag, who_has_it_is_sent_nothing);
both!(kept; reads_can_demand_a_state, a_read_costs_one_statement, lists_have_no_state);

#[track_caller]
fn tag(answer: &Answer) -> String {
    let tag = answer.header("etag").unwrap_or_else(|| panic!("no ETag\n{answer:?}"));
    assert!(tag.starts_with('"') && tag.ends_with('"') && tag.len() > 3, "{tag}");
    tag.to_owned()
}

/// A new book, and its tag.
async fn book(server: &Server) -> (String, String) {
    let answer = server.post("/books").json(&json!({"title": "x"})).send().await;
    answer.assert_status(201);
    (format!("/books/{}", answer.id()), tag(&answer))
}

#[track_caller]
fn assert_stale(answer: &Answer) {
    let problem = answer.assert_problem(412, "PT412");
    assert!(problem["hint"].is_string(), "{answer:?}");
}

async fn every_write_answers_the_tag(server: Server) {
    let (path, first) = book(&server).await;
    let patched = server.patch(&path).json(&json!({"title": "y"})).send().await;
    let second = tag(&patched);
    let put = server.put(&path).json(&json!({"title": "y"})).send().await;
    let third = tag(&put);
    assert!(first != second && second != third && first != third, "{first} {second} {third}");
    assert_eq!(tag(&server.patch(&path).json(&json!({})).send().await), third, "nothing has changed");
    let minimal = server.patch(&path).header("prefer", "return=minimal").json(&json!({"title": "z"})).send().await;
    assert_ne!(tag(minimal.assert_status(204).assert_empty()), third);
    let minimal = server.post("/books").header("prefer", "return=minimal").json(&json!({"title": "z"})).send().await;
    assert_eq!(tag(minimal.assert_status(201).assert_empty()), first);
    let (other, same) = book(&server).await;
    assert_ne!(other, path);
    assert_eq!(same, first, "a tag is of one path");
    for answer in [
        server.get("/books").send().await,
        server.post("/books").json(&json!([{"title": "x"}])).send().await,
        server.delete(&path).send().await,
        server.get(&path).send().await,
        server.get(&path).header("if-none-match", &third).send().await,
    ] {
        assert_eq!(answer.header("etag"), None, "{answer:?}");
    }
}

async fn stale_changes_are_refused(server: Server) {
    let (path, first) = book(&server).await;
    let body = json!({"title": "y"});
    let second = tag(&server.patch(&path).header("if-match", &first).json(&body).send().await);
    let before = server.get(&path).send().await.ok(200);
    for method in ["PATCH", "PUT", "DELETE"] {
        for stale in
            [first.as_str(), &format!("W/{second}"), "\"2\"", "\"\"", "\"2-00000000\"", &second.replace('-', "--")]
        {
            let call = server.call(method, &path).header("if-match", stale).json(&json!({"title": "z"}));
            assert_stale(&call.send().await);
        }
    }
    assert_eq!(server.get(&path).send().await.ok(200), before);
    let third = tag(&server.put(&path).header("if-match", &second).json(&body).send().await);
    server.delete(&path).header("if-match", &third).send().await.assert_status(200);
    server.delete(&path).header("if-match", &third).send().await.assert_problem(404, "PGRST116");
}

async fn lists_and_wildcards(server: Server) {
    let (path, mut now) = book(&server).await;
    let one = |value: String| {
        let call = server.patch(&path).header("if-match", &value).json(&json!({"title": value}));
        async move { tag(call.send().await.assert_status(200)) }
    };
    now = one(format!("\"other\", {now}")).await;
    now = one(format!(" ,{now} , \"x,y\",")).await;
    one(format!("{now}, {now}, \"1\", \"2\", W/\"3\"")).await;
    now = one("*".to_owned()).await;
    // Several lines are one list.
    let call = server.patch(&path).header("if-match", "\"a\"").header("if-match", &now).json(&json!({"title": "y"}));
    now = tag(call.send().await.assert_status(200));
    let states: Vec<_> = (1..=60).map(|n| now.replace("\"6-", &format!("\"{n}-"))).collect();
    assert!(states.contains(&now), "{now}");
    now = one(states.join(", ")).await;
    let states = &states[..6];
    assert_stale(&server.patch(&path).header("if-match", &states.join(",")).json(&json!({})).send().await);
    let long: Vec<_> = (1..=65).map(|n| now.replace("\"7-", &format!("\"{n}-"))).collect();
    let answer = server.patch(&path).header("if-match", &long.join(", ")).json(&json!({"title": "z"})).send().await;
    answer.assert_problem(400, "PT400");
    server.patch("/books/4711").header("if-match", "*").json(&json!({})).send().await.assert_problem(404, "PGRST116");
}

async fn malformed_lists(server: Server) {
    let (path, _) = book(&server).await;
    for name in ["if-match", "if-none-match"] {
        for value in ["1", "", "\"", "\"a", "a\"", "*, \"a\"", "w/\"a\"", "\"a\" \"b\"", "\"a b\"", "**"] {
            for method in ["PATCH", "PUT", "DELETE"] {
                let call = server.call(method, &path).header(name, value).json(&json!({"title": "y"}));
                call.send().await.assert_problem(400, "PT400");
            }
        }
    }
    assert_eq!(server.get(&path).send().await.ok(200)["title"], "x");
}

async fn no_change_is_a_question_too(server: Server) {
    let (path, first) = book(&server).await;
    let nothing = |tag: &str| server.patch(&path).header("if-match", tag).json(&json!({}));
    assert_eq!(tag(nothing(&first).send().await.assert_status(200)), first);
    let second = tag(&server.patch(&path).json(&json!({"title": "y"})).send().await);
    assert_stale(&nothing(&first).send().await);
    assert_eq!(tag(nothing(&second).send().await.assert_status(200)), second);
}

async fn who_may_not_ask_learns_nothing(server: Server) {
    let (ann, bob, root) = (server.register("Ann").await, server.register("Bob").await, server.admin("Root").await);
    let made = server.post("/accounts").token(&ann.token).json(&json!({})).send().await;
    let (path, now) = (format!("/accounts/{}", made.id()), tag(&made));
    let stale = now.replace("\"1-", "\"2-");
    for method in ["PATCH", "PUT", "DELETE"] {
        for tag in [now.as_str(), &stale, "*", "\"x\""] {
            let call = |path: &str| server.call(method, path).header("if-match", tag).json(&json!({"balance": 1}));
            // What is hers is not there for him, in whatever state it is.
            call(&path).token(&bob.token).send().await.assert_problem(404, "PGRST116");
            call("/accounts/4711").token(&bob.token).send().await.assert_problem(404, "PGRST116");
            call(&path).send().await.assert_problem(401, "PGRST302");
            call(&path).token("x.y.z").send().await.assert_problem(401, "PGRST301");
        }
    }
    // A field that is not hers to set comes before the state that it is in.
    let user = format!("/users/{}", ann.id);
    let admin = server.patch(&user).token(&ann.token).header("if-match", "\"x\"").json(&json!({"is_admin": true}));
    admin.send().await.assert_fields(403, "42501", &["is_admin"]);
    let wrong = server.patch(&path).token(&ann.token).header("if-match", &stale).json(&json!({"balance": "x"}));
    wrong.send().await.assert_invalid(&["balance"]);
    assert_stale(&server.delete(&path).token(&root.token).header("if-match", &stale).send().await);
    server.delete(&path).token(&root.token).header("if-match", &now).send().await.assert_status(200);
}

async fn what_has_no_version_has_no_tag(server: Server) {
    let made = server.post("/shelves").json(&json!({"label": "x"})).send().await;
    assert_eq!(made.assert_status(201).header("etag"), None);
    let path = format!("/shelves/{}", made.id());
    for method in ["PATCH", "PUT", "DELETE"] {
        let call = server.call(method, &path).header("if-match", "\"1\"").json(&json!({"label": "y"}));
        assert_stale(&call.send().await);
    }
    let call = server.patch("/shelves/4711").header("if-match", "\"1\"").json(&json!({"label": "y"}));
    call.send().await.assert_problem(404, "PGRST116");
    // There is a row, and that is all that this asks.
    let call = server.patch(&path).header("if-match", "*").json(&json!({"label": "y"}));
    assert_eq!(call.send().await.ok(200)["label"], "y");
}

async fn some_want_to_be_asked(server: Server) {
    let ann = server.register("Ann").await;
    let made = server.post("/accounts").token(&ann.token).json(&json!({})).send().await;
    let (path, now) = (format!("/accounts/{}", made.id()), tag(&made));
    for method in ["PATCH", "PUT", "DELETE"] {
        let call = || server.call(method, &path).json(&json!({"balance": 1}));
        assert!(call().token(&ann.token).send().await.assert_problem(428, "PT428")["hint"].is_string());
        call().token(&ann.token).header("if-none-match", "\"x\"").send().await.assert_problem(428, "PT428");
        call().send().await.assert_problem(401, "PGRST302");
    }
    let changed = server.patch(&path).token(&ann.token).header("if-match", &now).json(&json!({"balance": 1}));
    let now = tag(changed.send().await.assert_status(200));
    server.delete(&path).token(&ann.token).header("if-match", &now).send().await.assert_status(200);
}

async fn other_conditions_of_writes(server: Server) {
    let (path, now) = book(&server).await;
    let change = |tag: &str| server.patch(&path).header("if-none-match", tag).json(&json!({"title": "y"}));
    assert_stale(&change("*").send().await);
    assert_stale(&change(&now).send().await);
    assert_stale(&change(&format!("\"x\", W/{now}")).send().await);
    assert_stale(&change("\"x\"").header("if-match", "\"x\"").send().await);
    server.put("/books/4711").header("if-none-match", "*").json(&json!({"title": "y"})).send().await.assert_status(404);
    let posts = server.database.number("SELECT count(*) FROM books").await;
    for body in [json!({"title": "y"}), json!([{"title": "y"}])] {
        let post = |name: &str, value: &str| server.post("/books").header(name, value).json(&body).send();
        assert_stale(&post("if-none-match", "*").await);
        assert_stale(&post("if-match", &now).await);
        post("if-match", "1").await.assert_problem(400, "PT400");
        post("if-match", "*").await.assert_status(201);
        post("if-none-match", &now).await.assert_status(201);
    }
    assert_eq!(server.database.number("SELECT count(*) FROM books").await, posts + 4);
    let next = tag(change("\"x\"").send().await.assert_status(200));
    tag(change(&now).header("if-match", &next).send().await.assert_status(200));
}

/// What all of them were answered.
async fn all(calls: impl IntoIterator<Item = Call>) -> Vec<Answer> {
    let mut set = JoinSet::new();
    for call in calls {
        set.spawn(call.send());
    }
    set.join_all().await
}

async fn one_of_sixteen_wins(server: Server) {
    let (path, mut now) = book(&server).await;
    for round in 0..20 {
        let call = |at: usize| {
            let method = if at.is_multiple_of(2) { "PATCH" } else { "PUT" };
            server.call(method, &path).header("if-match", &now).json(&json!({"title": format!("{round} {at}")}))
        };
        let answers = all((0..16).map(call)).await;
        let (won, lost): (Vec<_>, Vec<_>) = answers.iter().partition(|answer| answer.status == 200);
        assert_eq!((won.len(), lost.len()), (1, 15));
        lost.into_iter().for_each(assert_stale);
        let read = server.get(&path).send().await.ok(200);
        assert_eq!((&read, &read["version"]), (&won[0].ok(200), &json!(round + 2)));
        now = tag(won[0]);
    }
    let removals = all((0..16).map(|_| server.delete(&path).header("if-match", &now))).await;
    assert_eq!(removals.iter().filter(|answer| answer.status == 200).count(), 1);
    assert_eq!(removals.iter().filter(|answer| answer.status == 404).count(), 15);
}

/// Where a database makes the changes of many rows together, each is held against its own row.
async fn some_of_many_win(server: Server) {
    let mut books = Vec::new();
    for _ in 0..16 {
        books.push(book(&server).await);
    }
    for round in 0..20 {
        let call = |at: usize| {
            let (path, now) = &books[at % 16];
            let now = if at % 16 < 4 { now.replace("\"1-", "\"0-") } else { now.clone() };
            server.patch(path).header("if-match", &now).json(&json!({"title": format!("{round} {at}")}))
        };
        let answers = all((0..64).map(call)).await;
        let won: Vec<_> = answers.iter().filter(|answer| answer.status == 200).collect();
        assert_eq!(won.len(), 12, "one for each row but the first four");
        answers.iter().filter(|answer| answer.status != 200).for_each(assert_stale);
        for answer in won {
            let at = usize::try_from(answer.id() - 1).expect("an id");
            books[at].1 = tag(answer);
            assert_eq!(answer.json()["version"], json!(round + 2));
        }
    }
}

async fn a_deletion_elsewhere_is_another_state(server: Server) {
    let shelf = server.post("/shelves").json(&json!({"label": "x"})).send().await.ok(201);
    let made = server.post("/books").json(&json!({"title": "x", "shelf_id": shelf["id"]})).send().await;
    let (path, stood) = (format!("/books/{}", made.id()), tag(&made));
    server.delete(&format!("/shelves/{}", shelf["id"])).send().await.assert_status(200);
    let read = server.get(&path).send().await.ok(200);
    assert_eq!((&read["shelf_id"], &read["version"]), (&Value::Null, &json!(1)), "nobody counts that");
    assert_stale(&server.patch(&path).header("if-match", &stood).json(&json!({"title": "y"})).send().await);
    let lies = tag(&server.patch(&path).json(&json!({})).send().await);
    assert_ne!(lies, stood);
    server.patch(&path).header("if-match", &lies).json(&json!({"title": "y"})).send().await.assert_status(200);
    let book = Book::find(&server.db, made.id()).await.expect("the query runs").expect("the row");
    assert_eq!((book.title.as_str(), book.version), ("y", 2));
}

async fn a_read_answers_the_tag(server: Server) {
    let (path, first) = book(&server).await;
    let get = server.get(&path).send().await;
    assert_eq!(tag(get.assert_status(200)), first);
    assert_eq!(tag(server.call("HEAD", &path).send().await.assert_status(200)), first);
    let second = tag(&server.patch(&path).json(&json!({"title": "y"})).send().await);
    assert_eq!(tag(&server.get(&path).send().await), second);
    let shelf = server.post("/shelves").json(&json!({"label": "x"})).send().await.ok(201);
    let standing = server.patch(&path).json(&json!({"shelf_id": shelf["id"]})).send().await;
    assert_eq!(tag(&server.get(&path).send().await), tag(&standing));
    let shelf = format!("/shelves/{}", shelf["id"]);
    assert_eq!(server.get(&shelf).send().await.assert_status(200).header("etag"), None);
    server.delete(&shelf).send().await.assert_status(200);
    let fallen = tag(&server.get(&path).send().await);
    assert!(fallen != tag(&standing) && fallen != second, "{fallen}");
    assert_eq!(server.get(&path).send().await.text(), server.call("PATCH", &path).json(&json!({})).send().await.text());
}

async fn who_has_it_is_sent_nothing(server: Server) {
    let (path, first) = book(&server).await;
    let whole = server.get(&path).send().await;
    for method in ["GET", "HEAD"] {
        for has in
            [first.as_str(), "*", &format!("W/{first}"), &format!("\"x\", {first}"), &format!("W/\"x,\",{first}")]
        {
            let answer = server.call(method, &path).header("if-none-match", has).send().await;
            assert_eq!(tag(answer.assert_status(304).assert_empty()), first);
            for name in ["vary", "cache-control"] {
                assert_eq!(answer.header(name), whole.header(name), "{name}\n{answer:?}");
            }
            for name in ["content-type", "content-length", "last-modified"] {
                assert_eq!(answer.header(name), None, "{name}\n{answer:?}");
            }
        }
        for has in ["\"x\"", "\"1\"", &first.replace("\"1-", "\"2-")] {
            let answer = server.call(method, &path).header("if-none-match", has).send().await;
            assert_eq!(tag(answer.assert_status(200)), first);
        }
        let bad = server.call(method, &path).header("if-none-match", "1").send().await;
        bad.assert_status(400);
    }
    server.patch(&path).json(&json!({"title": "y"})).send().await.assert_status(200);
    assert_eq!(server.get(&path).header("if-none-match", &first).send().await.ok(200)["title"], "y");
    server.get("/books/4711").header("if-none-match", "*").send().await.assert_problem(404, "PGRST116");
    // It is no way to ask about what one may not read.
    let (ann, bob) = (server.register("Ann").await, server.register("Bob").await);
    let made = server.post("/accounts").token(&ann.token).json(&json!({})).send().await;
    let (path, now) = (format!("/accounts/{}", made.id()), tag(&made));
    for has in [now.as_str(), "*"] {
        let get = || server.get(&path).header("if-none-match", has);
        get().token(&ann.token).send().await.assert_status(304);
        get().token(&bob.token).send().await.assert_problem(404, "PGRST116");
        get().send().await.assert_problem(401, "PGRST302");
    }
    let passwords = json!({"current": restruct_tests::server::PASSWORD, "new": "another passphrase"});
    server.post("/auth/password").token(&ann.token).json(&passwords).send().await.assert_status(200);
    let dead = server.get(&path).header("if-none-match", &now).token(&ann.token).send().await;
    dead.assert_problem(401, "PGRST301");
}

async fn reads_can_demand_a_state(server: Server) {
    let (path, first) = book(&server).await;
    let get = |tag: &str| server.get(&path).header("if-match", tag).send();
    assert_eq!(tag(get(&first).await.assert_status(200)), first);
    assert_eq!(tag(get("*").await.assert_status(200)), first);
    assert_stale(&get(&format!("W/{first}")).await);
    assert_stale(&get("\"x\"").await);
    // One of them holds and the other does not: nothing has to be sent.
    let both = server.get(&path).header("if-match", &first).header("if-none-match", &first);
    both.send().await.assert_status(304);
    let neither = server.get(&path).header("if-match", "\"x\"").header("if-none-match", &first);
    assert_stale(&neither.send().await);
    server.get("/books/4711").header("if-match", &first).send().await.assert_problem(404, "PGRST116");
}

/// A list has no tag and is always there, for whoever may ask for one.
async fn lists_have_no_state(server: Server) {
    let ann = server.register("Ann").await;
    let (_, now) = book(&server).await;
    for method in ["GET", "HEAD"] {
        let get = |name: &str, value: &str| server.call(method, "/books?limit=1").header(name, value);
        for (name, value, status) in [
            ("if-none-match", "*", 304),
            ("if-none-match", &now, 200),
            ("if-none-match", "x", 400),
            ("if-match", "*", 200),
            ("if-match", &now, 412),
            ("if-match", "x", 400),
        ] {
            get(name, value).send().await.assert_status(status);
        }
        let none = get("if-none-match", "*").send().await;
        none.assert_empty().assert_header("vary", "Authorization, Prefer, Accept-Encoding");
        for name in ["content-type", "content-length", "content-range", "etag"] {
            assert_eq!(none.header(name), None, "{name}\n{none:?}");
        }
        get("if-none-match", "*").header("if-match", &now).send().await.assert_status(412);
    }
    let accounts = || server.get("/accounts").header("if-none-match", "*");
    accounts().token(&ann.token).send().await.assert_status(304);
    accounts().send().await.assert_problem(401, "PGRST302");
    let passwords = json!({"current": restruct_tests::server::PASSWORD, "new": "another passphrase"});
    server.post("/auth/password").token(&ann.token).json(&passwords).send().await.assert_status(200);
    accounts().token(&ann.token).send().await.assert_problem(401, "PGRST301");
}

async fn a_read_costs_one_statement(server: Server) {
    let (path, first) = book(&server).await;
    let before = restruct::__private::statements(&server.db);
    server.get(&path).send().await.assert_status(200);
    server.get(&path).header("if-none-match", &first).send().await.assert_status(304);
    server.patch(&path).header("if-match", &first).json(&json!({"title": "y"})).send().await.assert_status(200);
    assert_eq!(restruct::__private::statements(&server.db) - before, 3);
}
