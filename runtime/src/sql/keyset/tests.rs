use super::*;
use crate::{
    filter::{Is, Node},
    fixture::{THINGS, named},
    order,
    policy::{self, Caller},
    table::Action,
};

fn key(name: &str, descending: bool) -> Order {
    Order::by(named(&THINGS, name), descending)
}

/// The statement of the page behind a row with these keys, without what all of them have.
fn text(keys: &[(Order, Value)], filter: &Node) -> String {
    let scope = policy::authorize(&THINGS, Action::Read, &Caller::ANONYMOUS).unwrap();
    let order = order::total(&THINGS, keys.iter().map(|(key, _)| *key).collect());
    let page = Page { filter, order: &order, limit: Some(9), offset: 0 };
    let statement = select_behind(Dialect::Sqlite, &scope, &page, keys, vec![named(&THINGS, "done")]).unwrap();
    statement.text.replace('"', "").replace("things.", "").replace("_restruct_", "r")
}

#[test]
fn the_id_alone_is_one_range() {
    for (descending, condition) in [(false, "id > ?1 ORDER BY id ASC"), (true, "id < ?1 ORDER BY id DESC")] {
        let text = text(&[(key("id", descending), Value::Int(1))], &Node::TRUE);
        assert_eq!(text, format!("SELECT done FROM things WHERE {condition} LIMIT ?2+0"));
    }
}

#[test]
fn ranges_lie_one_behind_the_other() {
    let done = Node::Is(named(&THINGS, "done"), Is::True);
    let keys = [(key("count", false), Value::Int(1)), (key("id", false), Value::Int(2))];
    assert_eq!(
        text(&keys, &done),
        "WITH r1 AS MATERIALIZED (SELECT count, done, id FROM things WHERE done IS TRUE AND \
         count = ?1 AND id > ?2 ORDER BY id ASC LIMIT ?3+0), \
         r2 AS MATERIALIZED (SELECT * FROM (SELECT count, done, id FROM things WHERE done IS TRUE AND \
         count > ?4 ORDER BY count ASC, id ASC LIMIT ?5+0) AS r2 LIMIT ?6+0 - (SELECT count(*) FROM r1)) \
         SELECT done FROM (SELECT * FROM r1 UNION ALL SELECT * FROM r2) AS things ORDER BY count ASC, id ASC"
    );
}

#[test]
fn each_order_has_its_ranges() {
    let id = || (key("id", false), Value::Int(7));
    let one = || Value::Int(1);
    for (keys, ranges) in [
        (vec![(key("count", true), one()), id()], vec!["count = ?1 AND id > ?2", "count < ?4"]),
        (vec![(key("small", false), one()), id()], vec!["small = ?1 AND id > ?2", "small > ?4", "small IS NULL"]),
        (vec![(key("small", true), one()), id()], vec!["small = ?1 AND id > ?2", "small < ?4"]),
        (
            vec![(key("small", true).nulls_last(), one()), id()],
            vec!["small = ?1 AND id > ?2", "small < ?4", "small IS NULL"],
        ),
        (vec![(key("small", false), Value::Null), id()], vec!["small IS NULL AND id > ?1"]),
        (vec![(key("small", true), Value::Null), id()], vec!["small IS NULL AND id > ?1", "small IS NOT NULL"]),
        (
            vec![(key("small", true), one()), (key("big", false), one()), id()],
            vec![
                "small = ?1 AND big = ?2 AND id > ?3",
                "small = ?5 AND big > ?6",
                "small = ?9 AND big IS NULL",
                "small < ?12",
            ],
        ),
    ] {
        let text = text(&keys, &Node::TRUE);
        let found: Vec<_> = text.split(" FROM things WHERE ").skip(1).map(|part| part.split(" ORDER").next()).collect();
        assert_eq!(found, ranges.into_iter().map(Some).collect::<Vec<_>>(), "{text}");
    }
}

#[test]
fn what_follows_many_keys_is_spelt_out() {
    let id = (key("id", false), Value::Int(7));
    let one = || Value::Int(1);
    for (keys, condition) in [
        (vec![(key("stamp", false), one()), id.clone()], "(stamp, id) > (?4, ?5)"),
        (
            vec![(key("stamp", true), one()), id.clone()],
            "(stamp <= ?4 AND ((stamp = ?5 AND (id) > (?6)) OR stamp < ?7))",
        ),
        (vec![(key("day", false), one()), id.clone()], "((day = ?4 AND (id) > (?5)) OR day > ?6 OR day IS NULL)"),
        (vec![(key("day", true), Value::Null), id.clone()], "((day IS NULL AND (id) > (?4)) OR day IS NOT NULL)"),
        (vec![(key("day", false), Value::Null), id], "((day IS NULL AND (id) > (?4)))"),
    ] {
        let level = ["small", "big", "price"].map(|name| (key(name, false), one()));
        let text = text(&[level.to_vec(), keys].concat(), &Node::TRUE);
        let expected = format!("WHERE small = ?1 AND big = ?2 AND price = ?3 AND {condition} ORDER BY");
        assert!(text.contains(&expected), "{text}");
    }
}
