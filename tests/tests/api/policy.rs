//! Who may do what: every action, by every kind of caller, under every set of rules.

use restruct_tests::{
    Answer, Server, Session, both,
    resources::{RULED, Ruled, kanban, related, ruled},
    server::PASSWORD,
};
use serde_json::{Value, json};

both!(ruled; every_action_by_everyone, what_is_not_mounted_is_not_there, a_created_row_may_be_out_of_sight);
both!(ruled; lists_hold_what_may_be_read, anybody_makes_rows_of_nobody);
both!(kanban; the_owner_comes_from_the_caller, a_user_owns_itself, only_admins_make_admins, strangers_get_404);
both!(related; references_point_to_what_may_be_read);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Actor {
    Anybody,
    Owner,
    Other,
    Admin,
}

const ACTORS: [Actor; 4] = [Actor::Anybody, Actor::Owner, Actor::Other, Actor::Admin];

/// A rule's words, and what they mean for a caller and a row of [`Actor::Owner`]'s.
#[derive(Clone, Copy)]
struct Words(&'static str);

impl Words {
    fn has(self, word: &str) -> bool {
        self.0.split('|').any(|w| w.trim() == word)
    }

    fn mounted(self) -> bool {
        !self.has("none")
    }

    /// Whether a token is needed before anything else.
    fn wants_token(self, actor: Actor) -> bool {
        actor == Actor::Anybody && !self.has("public")
    }

    /// Whether the caller could pass for some row, if not for this one.
    fn could(self, actor: Actor) -> bool {
        let signed_in = actor != Actor::Anybody;
        self.has("public")
            || (signed_in && (self.has("authenticated") || self.has("owner")))
            || (actor == Actor::Admin && self.has("admin"))
    }

    fn passes(self, actor: Actor) -> bool {
        let signed_in = actor != Actor::Anybody;
        self.has("public")
            || (signed_in && self.has("authenticated"))
            || (actor == Actor::Owner && self.has("owner"))
            || (actor == Actor::Admin && self.has("admin"))
    }
}

/// The status and code of a change to a row.
fn write_outcome(read: Words, write: Words, actor: Actor) -> (u16, &'static str) {
    if write.wants_token(actor) {
        return (401, "PGRST302");
    }
    match (read.passes(actor), write.passes(actor), write.could(actor)) {
        (true, true, _) => (200, ""),
        (true, false, false) => (403, "42501"),
        _ => (404, "PGRST116"),
    }
}

fn list_outcome(read: Words, actor: Actor) -> (u16, &'static str) {
    match (read.wants_token(actor), read.could(actor)) {
        (true, _) => (401, "PGRST302"),
        (false, true) => (200, ""),
        (false, false) => (403, "42501"),
    }
}

fn create_outcome(create: Words, actor: Actor) -> (u16, &'static str) {
    match (create.wants_token(actor), create.could(actor)) {
        (true, _) => (401, "PGRST302"),
        (false, true) => (201, ""),
        (false, false) => (403, "42501"),
    }
}

struct People {
    owner: Session,
    other: Session,
    admin: Session,
}

impl People {
    async fn new(server: &Server) -> Self {
        let (owner, other) = (server.register("Owner").await, server.register("Other").await);
        Self { owner, other, admin: server.admin("Admin").await }
    }

    fn token(&self, actor: Actor) -> Option<&str> {
        match actor {
            Actor::Anybody => None,
            Actor::Owner => Some(&self.owner.token),
            Actor::Other => Some(&self.other.token),
            Actor::Admin => Some(&self.admin.token),
        }
    }
}

/// A row of the owner's, put there behind the server's back.
async fn plant(server: &Server, rules: &Ruled, owner: i64) -> i64 {
    let table = rules.path.trim_start_matches('/');
    let insert = format!("INSERT INTO {table} (label, user_id) VALUES ('planted', {owner})");
    server.database.execute(&insert).await;
    server.database.number(&format!("SELECT max(id) FROM {table}")).await
}

#[track_caller]
fn check(answer: &Answer, expected: (u16, &str), what: &str) {
    let (status, code) = expected;
    assert_eq!(answer.status, status, "{what}: expected {status} {code}\n{answer:?}");
    if status >= 400 {
        answer.assert_problem(status, code);
    }
}

async fn every_action_by_everyone(server: Server) {
    let people = People::new(&server).await;
    for rules in RULED {
        for actor in ACTORS {
            try_everything(&server, &people, rules, actor).await;
        }
    }
}

async fn try_everything(server: &Server, people: &People, rules: &Ruled, actor: Actor) {
    let token = people.token(actor);
    let (read, create) = (Words(rules.read), Words(rules.create));
    let (update, delete) = (Words(rules.update), Words(rules.delete));
    let what = |action: &str| format!("{action} by {actor:?} under {rules:?}");
    if read.mounted() {
        let list = server.get(rules.path).maybe_token(token).send().await;
        check(&list, list_outcome(read, actor), &what("list"));
        let planted = plant(server, rules, people.owner.id).await;
        let one = server.get(&format!("{}/{planted}", rules.path)).maybe_token(token).send().await;
        let none = server.get(&format!("{}/4711", rules.path)).maybe_token(token).send().await;
        if read.passes(actor) {
            check(&one, (200, ""), &what("read"));
        } else {
            let hidden = if read.wants_token(actor) { 401 } else { one.status };
            // Either says that it is not for them, if it says the same of a row that is not there.
            assert!(matches!(hidden, 401 | 403 | 404), "{}\n{one:?}", what("read"));
            assert_eq!((one.status, none.status), (hidden, hidden), "{}\n{one:?}", what("read"));
        }
    }
    if create.mounted() {
        let body = json!({"label": "made"});
        let made = server.post(rules.path).maybe_token(token).json(&body).send().await;
        check(&made, create_outcome(create, actor), &what("create"));
        let many = server.post(rules.path).maybe_token(token).json(&json!([body, body])).send().await;
        check(&many, create_outcome(create, actor), &what("create many"));
    }
    if update.mounted() {
        for method in ["PATCH", "PUT"] {
            let path = format!("{}/{}", rules.path, plant(server, rules, people.owner.id).await);
            let body = json!({"label": "changed"});
            let answer = server.call(method, &path).maybe_token(token).json(&body).send().await;
            check(&answer, write_outcome(read, update, actor), &what(method));
            let table = rules.path.trim_start_matches('/');
            let label = format!("SELECT label FROM {table} ORDER BY id DESC LIMIT 1");
            let stored = server.database.texts(&label).await;
            let expected = if answer.status == 200 { "changed" } else { "planted" };
            assert_eq!(stored, [Some(expected.to_owned())], "{}", what(method));
        }
    }
    if delete.mounted() {
        let id = plant(server, rules, people.owner.id).await;
        let answer = server.delete(&format!("{}/{id}", rules.path)).maybe_token(token).send().await;
        check(&answer, write_outcome(read, delete, actor), &what("delete"));
        let table = rules.path.trim_start_matches('/');
        let left = server.database.number(&format!("SELECT count(*) FROM {table} WHERE id = {id}")).await;
        assert_eq!(left, i64::from(answer.status != 200), "{}", what("delete"));
    }
}

async fn what_is_not_mounted_is_not_there(server: Server) {
    let admin = server.admin("Root").await;
    for rules in RULED {
        let (read, create) = (Words(rules.read).mounted(), Words(rules.create).mounted());
        let (update, delete) = (Words(rules.update).mounted(), Words(rules.delete).mounted());
        let lists = [("GET", read), ("HEAD", read), ("POST", create)];
        let rows = [("GET", read), ("HEAD", read), ("PUT", update), ("PATCH", update), ("DELETE", delete)];
        for (path, methods) in [(rules.path.to_owned(), &lists[..]), (format!("{}/1", rules.path), &rows[..])] {
            let mut allowed: Vec<_> =
                methods.iter().filter(|(_, mounted)| *mounted).map(|(method, _)| *method).collect();
            let any = !allowed.is_empty();
            allowed.push("OPTIONS");
            let options = server.call("OPTIONS", &path).send().await;
            if any {
                options.assert_status(204).assert_allow(&allowed);
            } else {
                options.assert_problem(404, "PGRST125");
            }
            for (method, _) in methods.iter().filter(|(_, mounted)| !mounted) {
                let answer = server.call(method, &path).token(&admin.token).json(&json!({"label": "x"})).send().await;
                let status = if any { 405 } else { 404 };
                answer.assert_status(status);
                if any {
                    answer.assert_allow(&allowed);
                }
                if *method != "HEAD" {
                    answer.assert_problem(status, if any { "PGRST117" } else { "PGRST125" });
                }
            }
        }
    }
}

async fn a_created_row_may_be_out_of_sight(server: Server) {
    let ann = server.register("Ann").await;
    let cases = [("/tips", None), ("/tips", Some(&ann.token)), ("/traces", Some(&ann.token))];
    for (path, token) in cases {
        for body in [json!({"label": "x"}), json!([{"label": "x"}])] {
            let call = server.post(path).maybe_token(token.map(String::as_str));
            let answer = call.json(&body).send().await;
            answer.assert_status(201).assert_empty();
            assert_eq!(answer.header("location"), None, "{answer:?}");
        }
    }
    assert_eq!(server.database.number("SELECT count(*) FROM tips").await, 4);
    assert_eq!(server.database.number("SELECT count(*) FROM traces").await, 2);
    let root = server.admin("Root").await;
    let seen = server.post("/tips").token(&root.token).json(&json!({"label": "x"})).send().await;
    assert_eq!(seen.ok(201)["user_id"], root.id);
}

async fn lists_hold_what_may_be_read(server: Server) {
    let people = People::new(&server).await;
    for rules in RULED.iter().filter(|rules| Words(rules.read).mounted()) {
        let read = Words(rules.read);
        let table = rules.path.trim_start_matches('/');
        let (owner, other) = (people.owner.id, people.other.id);
        let rows = format!("('a', {owner}), ('b', {other}), ('c', NULL)");
        server.database.execute(&format!("INSERT INTO {table} (label, user_id) VALUES {rows}")).await;
        for actor in ACTORS.into_iter().filter(|actor| read.could(*actor)) {
            let all = read.has("public")
                || (actor != Actor::Anybody && read.has("authenticated"))
                || (actor == Actor::Admin && read.has("admin"));
            let expected: &[&str] = match (all, actor) {
                (true, _) => &["a", "b", "c"],
                (false, Actor::Owner) => &["a"],
                (false, Actor::Other) => &["b"],
                (false, _) => &[],
            };
            let list =
                server.get(rules.path).maybe_token(people.token(actor)).header("prefer", "count=exact").send().await;
            assert_eq!(list.each("label"), expected, "{actor:?} {rules:?}");
            // The count is of what may be read, too.
            list.assert_header("x-total-count", &expected.len().to_string());
            // No filter opens what the rule closes.
            for filter in ["label=in.(a,b,c)", "label=not.eq.z", "user_id=is.null"] {
                let path = format!("{}?{filter}", rules.path);
                let found = server.get(&path).maybe_token(people.token(actor)).send().await.each("label");
                assert!(found.iter().all(|label| expected.iter().any(|e| label == e)), "{filter} {actor:?} {rules:?}");
            }
        }
    }
}

async fn anybody_makes_rows_of_nobody(server: Server) {
    let ann = server.register("Ann").await;
    let body = json!({"label": "x", "user_id": ann.id});
    let nobody = server.post("/pamphlets").json(&body).send().await.ok(201);
    assert_eq!(nobody["user_id"], Value::Null, "the owner is never taken from the body");
    let hers = server.create("/pamphlets", &ann.token, &json!({"label": "x"})).await;
    assert_eq!(hers["user_id"], ann.id);
}

async fn the_owner_comes_from_the_caller(server: Server) {
    let (ann, bob, root) = (server.register("Ann").await, server.register("Bob").await, server.admin("Root").await);
    let body = json!({"title": "x", "user_id": bob.id});
    let card = server.create("/cards", &ann.token, &body).await;
    assert_eq!(card["user_id"], ann.id);
    let path = format!("/cards/{}", card["id"]);
    for who in [&ann, &root] {
        for method in ["PATCH", "PUT"] {
            let answer = server.call(method, &path).token(&who.token).json(&body).send().await;
            assert_eq!(answer.ok(200)["user_id"], ann.id, "an owner is never given away");
        }
    }
    let many = server.post("/cards").token(&root.token).json(&json!([body, body])).send().await.ok(201);
    assert_eq!(many[1]["user_id"], root.id);
}

async fn a_user_owns_itself(server: Server) {
    let (ann, bob, root) = (server.register("Ann").await, server.register("Bob").await, server.admin("Root").await);
    assert_eq!(server.get("/users").token(&ann.token).send().await.each("id"), [ann.id]);
    assert_eq!(server.get("/users").token(&root.token).send().await.each("id"), [ann.id, bob.id, root.id]);
    let (hers, his) = (format!("/users/{}", ann.id), format!("/users/{}", bob.id));
    server.get(&hers).token(&ann.token).send().await.assert_status(200);
    server.get(&his).token(&ann.token).send().await.assert_problem(404, "PGRST116");
    let name = json!({"name": "Anna"});
    let renamed = server.patch(&hers).token(&ann.token).json(&name).send().await;
    assert_eq!(renamed.ok(200)["name"], "Anna");
    server.patch(&his).token(&ann.token).json(&name).send().await.assert_problem(404, "PGRST116");
    for crown in [json!({"is_admin": true}), json!({"is_admin": false}), json!({"password": "another passphrase"})] {
        server.patch(&his).token(&ann.token).json(&crown).send().await.assert_problem(404, "PGRST116");
    }
    // Deleting is for administrators: of what they see they are told, of the rest they are not.
    server.delete(&hers).token(&ann.token).send().await.assert_problem(403, "42501");
    server.delete(&his).token(&ann.token).send().await.assert_problem(404, "PGRST116");
    let new = json!({"name": "Eve", "email": "eve@example.com", "password": PASSWORD});
    server.post("/users").token(&ann.token).json(&new).send().await.assert_problem(403, "42501");
    server.delete(&his).token(&root.token).send().await.assert_status(200);
}

async fn only_admins_make_admins(server: Server) {
    let (ann, root) = (server.register("Ann").await, server.admin("Root").await);
    let path = format!("/users/{}", ann.id);
    for method in ["PATCH", "PUT"] {
        let call = async |token: &str, is_admin: Value| {
            let body = json!({"name": "Ann", "email": ann.email, "is_admin": is_admin});
            server.call(method, &path).token(token).json(&body).send().await
        };
        call(&ann.token, json!(true)).await.assert_problem(403, "42501");
        assert_eq!(call(&ann.token, json!(false)).await.ok(200)["is_admin"], false, "what is equal may come along");
        let nonsense = call(&ann.token, json!("yes")).await;
        assert!(matches!(nonsense.status, 403 | 422), "{nonsense:?}");
    }
    let stored = server.get(&path).token(&root.token).send().await.ok(200);
    assert_eq!(stored["is_admin"], false);
    let promoted = server.patch(&path).token(&root.token).json(&json!({"is_admin": true})).send().await;
    assert_eq!(promoted.ok(200)["is_admin"], true);
    let again = server.login(&ann.email, PASSWORD).await;
    assert_eq!(server.get("/users").token(&again.token).send().await.rows().len(), 2);
}

async fn strangers_get_404(server: Server) {
    let (ann, bob) = (server.register("Ann").await, server.register("Bob").await);
    let card = server.create("/cards", &ann.token, &json!({"title": "x"})).await;
    let path = format!("/cards/{}", card["id"]);
    for (method, body) in [("PATCH", json!({"title": "y"})), ("PUT", json!({"title": "y"})), ("DELETE", json!({}))] {
        let answer = server.call(method, &path).token(&bob.token).json(&body).send().await;
        let mut theirs = answer.assert_problem(404, "PGRST116");
        let answer = server.call(method, "/cards/4711").token(&bob.token).json(&body).send().await;
        let mut nobodys = answer.assert_problem(404, "PGRST116");
        (theirs["instance"], nobodys["instance"]) = (Value::Null, Value::Null);
        let same = |problem: &Value| problem.to_string().replace("4711", &card["id"].to_string());
        assert_eq!(same(&theirs), same(&nobodys), "the answer tells the two apart");
    }
    assert_eq!(server.get(&path).send().await.ok(200), card);
}

async fn references_point_to_what_may_be_read(server: Server) {
    let (ann, bob) = (server.register("Ann").await, server.register("Bob").await);
    let diary = server.create("/diaries", &ann.token, &json!({"title": "mine"})).await;
    let entry = |diary: &Value| json!({"text": "x", "diary_id": diary});
    let hers = server.create("/entries", &ann.token, &entry(&diary["id"])).await;
    assert_eq!(hers["diary_id"], diary["id"]);
    let mut answers = Vec::new();
    for target in [diary["id"].clone(), json!(4711)] {
        let one = server.post("/entries").token(&bob.token).json(&entry(&target)).send().await;
        let many = server.post("/entries").token(&bob.token).json(&json!([entry(&target)])).send().await;
        many.assert_fields(409, "23503", &["0.diary_id"]);
        one.assert_fields(409, "23503", &["diary_id"]);
        let mut problem = one.json();
        problem["instance"] = Value::Null;
        answers.push(problem.to_string().replace("4711", &diary["id"].to_string()));
    }
    assert_eq!(answers[0], answers[1], "a hidden row is as good as none");
    let mine = server.create("/entries", &bob.token, &json!({"text": "x"})).await;
    let path = format!("/entries/{}", mine["id"]);
    for method in ["PATCH", "PUT"] {
        let answer = server.call(method, &path).token(&bob.token).json(&entry(&diary["id"])).send().await;
        answer.assert_fields(409, "23503", &["diary_id"]);
    }
    let none = server.patch(&path).token(&bob.token).json(&json!({"diary_id": null})).send().await;
    assert_eq!(none.ok(200)["diary_id"], Value::Null);
}
