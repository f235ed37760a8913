use proptest::prelude::*;

use super::{filter, read, refusal};
use crate::{
    column::Column,
    filter::{Compare, Is, Node},
    fixture::{THINGS, named},
    order::Order,
    query::parse,
    value::Value,
};

fn column(name: &str) -> &'static Column {
    named(&THINGS, name)
}

fn title(text: &str) -> Node {
    Node::Compare(column("title"), Compare::Eq, text.into())
}

fn count(op: Compare, n: i64) -> Node {
    Node::Compare(column("count"), op, n.into())
}

fn like(pattern: &str) -> Node {
    Node::Like { column: column("title"), pattern: pattern.into(), fold: true }
}

#[test]
fn json_servers_manner_is_read() {
    let query = read("_end=20&_order=DESC&_sort=day&_start=10&status=To%20Do&count_gte=1&title_like=a*b_");
    assert_eq!((query.limit, query.offset, query.counted), (10, 10, true));
    assert_eq!(query.order[0], Order::by(column("day"), true));
    assert_eq!(
        query.filter,
        Node::And(vec![
            count(Compare::Gte, 1),
            like("%a*b\\_%"),
            Node::Compare(column("status"), Compare::Eq, "To Do".into())
        ])
    );
    let query = read("_sort=day,title&_order=desc");
    assert_eq!(query.order[..2], [Order::by(column("day"), true), Order::by(column("title"), false)]);
    assert_eq!((query.limit, query.offset), (20, 0));
    assert_eq!(read("_start=5").offset, 5);
    assert_eq!(read("_end=5").limit, 5);
    assert_eq!(filter("count_lte=1"), count(Compare::Lte, 1));
    assert_eq!(filter("count_ne=1"), count(Compare::Neq, 1));
    assert!(read("count_ne=1").counted && !read("count=1").counted);
    assert_eq!(filter("_start=0&count=1&count=2"), Node::In(column("count"), vec![1.into(), 2.into()]));
    assert_eq!(filter("_start=0&title=eq.a"), title("eq.a"), "values are meant as they are");
}

#[test]
fn simple_rests_manner_is_read() {
    let query = read(r#"filter={"title":"x","id":[1,"2"],"count_gte":"3"}&range=[10,19]&sort=["day","DESC"]"#);
    assert_eq!((query.limit, query.offset, query.counted), (10, 10, true));
    assert_eq!(query.order[0], Order::by(column("day"), true));
    let mut expected = vec![count(Compare::Gte, 3), title("x"), Node::In(column("id"), vec![1.into(), 2.into()])];
    let Node::And(mut found) = query.filter else { panic!("a conjunction") };
    found.sort_by_key(|node| format!("{node:?}"));
    expected.sort_by_key(|node| format!("{node:?}"));
    assert_eq!(found, expected);
    assert!(read("filter={}").filter.is_true());
    assert_eq!(filter(r#"filter={"id":[]}"#), Node::In(column("id"), vec![]));
    assert_eq!(filter(r#"filter={"day":null}"#), Node::Is(column("day"), Is::Null));
    assert_eq!(filter(r#"filter={"done":true}"#), Node::Compare(column("done"), Compare::Eq, Value::Bool(true)));
    assert_eq!(filter(r#"filter={"title":5}"#), title("5"));
    assert_eq!(filter(r#"filter={"title":"eq.a"}"#), title("eq.a"));
    assert_eq!(filter(r#"filter={"title_like":"100%25"}"#), like("%100\\%%"));
}

#[test]
fn two_manners_do_not_mix() {
    for raw in [
        "_start=0&order=id",
        "limit=5&_sort=id",
        "filter={}&_start=0",
        "range=[0,9]&limit=5",
        "sort=[\"id\"]&or=(id.eq.1)",
        "filter={}&count_gte=5",
        "count_gte=5&offset=0",
    ] {
        assert!(refusal(raw).contains("do not go together"), "{raw}");
    }
}

#[test]
fn what_is_malformed_is_refused() {
    for (raw, text) in [
        ("_start=x", "`_start` must be an integer"),
        ("_start=5&_end=4", "the page of _start and _end must have"),
        ("_start=0&_end=51", "between 0 and 50 rows"),
        ("_start=0&_start=1", "given twice"),
        ("_sort=day&_order=up", "sorted asc or desc"),
        ("_sort=day&_order=asc,desc", "more directions"),
        ("_order=asc", "more directions"),
        ("_sort=", "is neither a column"),
        ("_sort=meta", "no order"),
        ("_sort=note", "is neither a column"),
        ("_strat=0", "did you mean `_start`?"),
        ("_start=0&titel=x", "did you mean `title`?"),
        ("note_gte=1", "`note_gte` is neither a column"),
        ("count_like=1", "holds no text"),
        ("meta_ne=1", "holds JSON"),
        ("count_gte=x", "must be an integer"),
        ("_page=2", "is neither a column"),
        ("_start=0&_embed=x", "is neither a column"),
        ("filter=", "`filter` cannot be read"),
        ("filter=[]", "`filter` cannot be read"),
        ("filter={\"a\":1,\"a\":2}", "`filter` cannot be read"),
        ("filter={\"title\":{\"a\":1}}", "must be a value, null, or an array"),
        ("filter={\"title\":[null]}", "must be a value, null, or an array"),
        ("filter={\"titel\":1}", "did you mean `title`?"),
        ("filter={\"note\":null}", "is neither a column"),
        ("filter={\"note\":[]}", "is neither a column"),
        ("filter={}&filter={}", "given twice"),
        ("filter={}&title=x", "filters stand in `filter`"),
        ("filter={\"count\":1.5}", "must be an integer"),
        ("range=[0]", "`range` cannot be read"),
        ("range=[0,-1]", "`range` cannot be read"),
        ("range=[9,0]", "the page of range must have"),
        ("range=[0,50]", "between 0 and 50 rows"),
        ("range=[0,18446744073709551615]", "`range` cannot be read"),
        ("range=[9223372036854775807,9223372036854775807]", "the page of range"),
        ("sort=[]", "`sort` cannot be read"),
        ("sort=[\"day\",1]", "`sort` cannot be read"),
        ("sort=[\"day\",\"up\"]", "sorted asc or desc"),
    ] {
        let refused = refusal(raw);
        assert!(refused.contains(text), "{raw}: {refused}");
    }
    let note = refusal("note_gte=1").replace("note", "xxxx");
    assert_eq!(note, refusal("xxxx_gte=1"));
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(raw in "\\PC{0,48}") {
        for name in ["filter", "range", "sort", "_start", "_end", "_sort", "_start=0&_order", "title_like", "filter={\"title\":[1"] {
            let _ = parse(&THINGS, Some(&format!("{name}={raw}")));
        }
        let _ = parse(&THINGS, Some(&format!("filter={{{raw}}}")));
        let _ = parse(&THINGS, Some(&format!("range=[{raw}]")));
    }
}
