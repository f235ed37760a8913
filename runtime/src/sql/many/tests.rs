use super::*;
use crate::{
    filter::{Identity, Node},
    fixture::{THINGS, USERS, lines, named},
    input::{Changes, Guard, Reason},
    policy::{self, Caller, Scope},
    sql::{find, insert, lock, probe, update},
    table::Action,
};

const DIALECTS: [(Dialect, &str); 2] = [(Dialect::Sqlite, "sqlite"), (Dialect::Postgres, "postgres")];

fn scope(action: Action) -> Scope {
    let ann = Caller::known(Identity { table: &USERS, key: Value::Int(7), version: 1 });
    policy::authorize(&THINGS, action, &ann).expect("whoever is known may ask")
}

fn changes(name: &'static str, value: Value) -> Changes {
    let guard = Guard { column: named(&THINGS, "stamp"), reason: Reason::Forbidden, value: Value::Int(1) };
    Changes { set: vec![(named(&THINGS, name), value)], guards: vec![guard] }
}

/// Updates of one column of rows with these keys.
fn updates(dialect: Dialect, name: &'static str, keys: impl Iterator<Item = i64>) -> Vec<Statement> {
    let update = |key| {
        let output = vec![THINGS.id(), named(&THINGS, "title")];
        update(dialect, &scope(Action::Update), &Value::Int(key), &changes(name, Value::Int(key)), output)
    };
    keys.map(|key| update(key).expect("a statement")).collect()
}

fn only(mut all: Vec<Many>) -> String {
    assert_eq!(all.len(), 1);
    lines(&all.remove(0).statement.text)
}

#[test]
fn one_becomes_many() {
    for (dialect, name) in DIALECTS {
        let text = only(many(dialect, &updates(dialect, "count", 1..4)).expect("statements"));
        insta::assert_snapshot!(format!("update-{name}"), text);
        let row = |key: i64| {
            let mut changes = changes("title", Value::Text("x".into()));
            changes.set.push((THINGS.id(), Value::Int(key)));
            insert(dialect, &scope(Action::Create), &changes, vec![THINGS.id()]).expect("a statement")
        };
        let text = only(many(dialect, &[row(1), row(2)]).expect("statements"));
        insta::assert_snapshot!(format!("insert-{name}"), text);
        let row = |key: i64| {
            let nothing = Changes::default();
            find(dialect, &scope(Action::Update), &Value::Int(key), &nothing, &Node::TRUE, vec![THINGS.id()])
        };
        let rows = [row(1).expect("a statement"), row(2).expect("a statement")];
        insta::assert_snapshot!(format!("find-{name}"), only(many(dialect, &rows).expect("statements")));
        let ask = |key: i64| {
            let changes = changes("code", Value::Text("x".into()));
            probe(dialect, &scope(Action::Update), Some(&Value::Int(key)), &changes).expect("a statement").1
        };
        insta::assert_snapshot!(format!("ask-{name}"), only(numbered(dialect, &[ask(1), ask(2)]).expect("statements")));
        insta::assert_snapshot!(format!("draw-{name}"), lines(&draw(dialect, &THINGS, 3).expect("a statement").text));
    }
}

#[test]
fn texts_of_sqlite_are_few() {
    let of = |rows: i64| many(Dialect::Sqlite, &updates(Dialect::Sqlite, "count", 0..rows)).expect("statements");
    let sizes = |all: &[Many]| all.iter().map(|many| many.places.len()).collect::<Vec<_>>();
    let (few, more, most) = (of(17), of(64), of(300));
    assert_eq!((sizes(&few), sizes(&more), sizes(&most)), (vec![17], vec![64], vec![256, 44]));
    assert_eq!(few[0].statement.text, more[0].statement.text, "what is missing is padded");
    assert_eq!(few[0].statement.text, most[1].statement.text);
    assert_eq!(most[1].places, (256..300).collect::<Vec<_>>());
    for many in few.iter().chain(&more).chain(&most) {
        assert!(many.statement.binds.len() <= MOST_BOUND);
    }
}

#[test]
fn each_text_is_a_statement_of_its_own() {
    for (dialect, _) in DIALECTS {
        let [mut counts, bigs] = ["count", "big"].map(|name| updates(dialect, name, 1..3));
        counts.extend(bigs);
        counts.swap(1, 2);
        let all = many(dialect, &counts).expect("statements");
        assert_eq!(all.iter().map(|many| many.places.clone()).collect::<Vec<_>>(), [[0, 2], [1, 3]]);
    }
}

#[test]
fn statements_that_follow_each_other_lock_before_the_first() {
    let keys: Vec<_> = (1..5).map(Value::Int).collect();
    let keys: Vec<_> = keys.iter().collect();
    let locks = |dialect, names: [&'static str; 2], apart| {
        let statements = names.map(|name| updates(dialect, name, 1..3)).concat();
        lock(dialect, &scope(Action::Update), &statements, &keys, apart).expect("a statement or none")
    };
    assert!(locks(Dialect::Sqlite, ["count", "big"], true).is_none(), "it has one writer");
    assert!(locks(Dialect::Postgres, ["count", "count"], false).is_none(), "one statement locks by itself");
    let statement = locks(Dialect::Postgres, ["count", "big"], false).expect("a statement");
    insta::assert_snapshot!("lock", lines(&statement.text));
    assert_eq!(statement.arrays[0].1.len(), 4);
    assert!(locks(Dialect::Postgres, ["count", "small"], false).is_some());
    assert!(locks(Dialect::Postgres, ["count", "count"], true).is_some(), "one of them is sent apart");
    let alone =
        lock(Dialect::Postgres, &scope(Action::Update), &updates(Dialect::Postgres, "count", 1..2), &keys, true);
    assert!(alone.expect("a statement or none").is_none(), "nothing follows it");
}
