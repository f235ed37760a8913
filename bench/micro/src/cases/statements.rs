//! Scopes, and the statements of a caller who signed in.

use restruct::{
    __bench::{self as steps, Changes, Scope},
    Action, Caller, Dialect, Resource, Value,
};

use super::input::{CARD, CHANGE};
use crate::{
    case::{Case, Step, passes},
    resources::{Card, Comment, User, table},
};

const KEY: Value = Value::Int(49);

pub(crate) const CASES: &[Case] = &[
    Case {
        name: "statements/authorize",
        times: 200,
        prepare: |_| {
            let caller = caller();
            passes(move || steps::authorize(table::<Card>(), Action::Update, &caller))
        },
    },
    Case {
        name: "statements/find",
        times: 200,
        prepare: |_| {
            let scope = scope::<Card>(Action::Read);
            passes(move || scope.find(Dialect::Sqlite, &KEY))
        },
    },
    Case {
        name: "statements/find-anonymous",
        times: 200,
        prepare: |_| {
            let scope = steps::authorize(table::<Card>(), Action::Read, &Caller::ANONYMOUS).expect("anybody may read");
            passes(move || scope.find(Dialect::Sqlite, &KEY))
        },
    },
    Case {
        name: "statements/select",
        times: 200,
        prepare: |_| {
            let scope = scope::<Card>(Action::Read);
            let query = steps::query(table::<Card>(), "status=eq.Done&order=created_at.desc&limit=20");
            let query = query.expect("the query is good");
            passes(move || scope.select(Dialect::Sqlite, &query))
        },
    },
    Case { name: "statements/insert", times: 200, prepare: |_| insert::<Card>(Dialect::Sqlite, CARD) },
    Case {
        name: "statements/insert-reference",
        times: 200,
        prepare: |_| insert::<Comment>(Dialect::Sqlite, r#"{"message": "They called back.", "card_id": 49}"#),
    },
    Case {
        name: "statements/insert-batched",
        times: 50,
        prepare: |_| {
            let (scope, changes) = made::<Card>(CARD);
            let one = scope.insert(Dialect::Postgres, &changes).expect("the row can be inserted");
            passes(move || one.batched().ok_or("the row can be made with others"))
        },
    },
    Case { name: "statements/update", times: 200, prepare: |_| update(Dialect::Sqlite) },
    Case { name: "statements/update-postgres", times: 200, prepare: |_| update(Dialect::Postgres) },
];

fn caller() -> Caller {
    steps::caller(table::<User>(), Value::Int(7))
}

fn scope<R: Resource>(action: Action) -> Scope {
    steps::authorize(table::<R>(), action, &caller()).expect("the caller has signed in")
}

fn insert<R: Resource>(dialect: Dialect, body: &str) -> Step {
    let (scope, changes) = made::<R>(body);
    passes(move || scope.insert(dialect, &changes))
}

/// What a body makes, with everything that the framework keeps.
fn made<R: Resource>(body: &str) -> (Scope, Changes) {
    let scope = scope::<R>(Action::Create);
    let mut changes = steps::create(table::<R>(), body.as_bytes()).expect("the body is good");
    scope.stamp_new(&mut changes).expect("the row can be stamped");
    (scope, changes)
}

fn update(dialect: Dialect) -> Step {
    let scope = scope::<Card>(Action::Update);
    let mut changes = steps::merge(table::<Card>(), CHANGE.as_bytes()).expect("the body is good");
    scope.stamp_changed(&mut changes).expect("the row can be stamped");
    passes(move || scope.update(dialect, &KEY, &changes))
}
