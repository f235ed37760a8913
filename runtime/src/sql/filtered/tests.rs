use super::*;
use crate::{
    filter::Identity,
    fixture::{THINGS, USERS, lines, named},
    policy::{self, Caller},
    table::Action,
    value::Value,
};

const DIALECTS: [(Dialect, &str); 2] = [(Dialect::Sqlite, "sqlite"), (Dialect::Postgres, "postgres")];

fn scope(action: Action) -> Scope {
    let ann = Caller::known(Identity { table: &USERS, key: Value::Int(7), version: 1 });
    policy::authorize(&THINGS, action, &ann).expect("whoever is known may ask")
}

fn filter() -> Node {
    Node::Compare(named(&THINGS, "count"), Compare::Gt, Value::Int(3))
}

fn changes(set: &[(&'static str, Value)]) -> Changes {
    let set = set.iter().map(|(name, value)| (named(&THINGS, name), value.clone())).collect();
    let guard = Guard { column: named(&THINGS, "stamp"), reason: Reason::Forbidden, value: Value::Int(1) };
    Changes { set, guards: vec![guard] }
}

#[test]
fn the_scope_stands_with_the_filter() {
    let (update, delete) = (scope(Action::Update), scope(Action::Delete));
    let output = || vec![THINGS.id(), named(&THINGS, "title")];
    for (dialect, name) in DIALECTS {
        let title = changes(&[("title", Value::Text("x".into()))]);
        let statement = update_where(dialect, &update, &filter(), &title, output()).expect("a statement");
        insta::assert_snapshot!(format!("update-{name}"), lines(&statement.text));
        let statement = find_where(dialect, &update, &filter(), &changes(&[]), output()).expect("a statement");
        insta::assert_snapshot!(format!("find-{name}"), lines(&statement.text));
        let statement = delete_where(dialect, &delete, &filter(), output()).expect("a statement");
        insta::assert_snapshot!(format!("delete-{name}"), lines(&statement.text));
    }
}

#[test]
fn what_others_may_refer_to_is_locked_no_more_than_it_is_written() {
    let lock = |set: &[(&'static str, Value)]| {
        let scope = scope(Action::Update);
        let done = update_where(Dialect::Postgres, &scope, &filter(), &changes(set), vec![]).expect("a statement");
        ["FOR NO KEY UPDATE)", "FOR UPDATE)"].map(|lock| done.text.contains(lock))
    };
    assert_eq!(lock(&[("count", Value::Int(4))]), [true, false]);
    assert_eq!(lock(&[("code", Value::Text("x".into()))]), [false, true], "a unique value");
}

#[test]
fn nothing_is_bound_twice() {
    let one = |dialect| {
        let changes = changes(&[("count", Value::Int(4))]);
        update_where(dialect, &scope(Action::Update), &filter(), &changes, vec![]).expect("a statement").binds.len()
    };
    assert_eq!(one(Dialect::Postgres), one(Dialect::Sqlite));
}
