//! The permission matrix: every action, by every kind of caller, under every set of rules.

use restruct_tests::{
    Answer, Server, Session, both,
    resources::{RULED, Ruled, ruled},
};
use serde_json::json;

both!(ruled; every_action_by_everyone, what_is_not_mounted_is_not_there, lists_hold_what_may_be_read);

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
        let lists = [("GET", read), ("HEAD", read), ("POST", create), ("PATCH", update), ("DELETE", delete)];
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
