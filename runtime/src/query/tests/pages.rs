use super::{read, refusal};
use crate::{
    fixture::{THINGS, named},
    order::Order,
    query::parse,
};

fn order(raw: &str) -> Vec<String> {
    let key = |o: &Order| format!("{} {} {}", o.column.json, o.descending, o.nulls_first);
    read(&format!("order={raw}")).order.iter().map(key).collect()
}

#[test]
fn nothing_asked_is_the_first_page_by_id() {
    for raw in [None, Some(""), Some("&&")] {
        let query = parse(&THINGS, raw).unwrap();
        assert!(query.filter.is_true());
        assert_eq!((query.limit, query.offset), (20, 0));
        assert_eq!(query.order, [Order::by(named(&THINGS, "id"), false)]);
    }
}

#[test]
fn nulls_are_where_postgres_has_them() {
    assert_eq!(order("day"), ["day false false", "id false false"]);
    assert_eq!(order("day.desc"), ["day true true", "id false false"]);
    assert_eq!(order("day.asc.nullsfirst"), ["day false true", "id false false"]);
    assert_eq!(order("day.nullsfirst"), ["day false true", "id false false"]);
    assert_eq!(order("day.desc.nullslast,title"), ["day true false", "title false false", "id false false"]);
    assert_eq!(order("id.desc,day"), ["id true true", "day false false"]);
}

#[test]
fn an_order_is_refused_unless_it_is_understood() {
    for (raw, text) in [
        ("", "names no column"),
        ("day,", "has nothing after a comma"),
        (",day", "has nothing before its first comma"),
        ("dey", "did you mean `day`?"),
        ("limit", "is no column of things"),
        ("day.up", "what follows `day` is not a direction"),
        ("day.nullsfirst.desc", "what follows `day` is not a direction"),
        ("day.desc.desc", "what follows `day` is not a direction"),
        ("day.DESC", "what follows `day` is not a direction"),
        ("meta", "holds JSON, which has no order"),
        ("note.desc", "is no column"),
        (&["day"; 11].join(","), "more than 10 keys"),
    ] {
        let refused = refusal(&format!("order={raw}"));
        assert!(refused.contains(text), "{raw}: {refused}");
    }
    assert_eq!(order(&["day"; 10].join(",")).len(), 11);
}

#[test]
fn limits_hold() {
    assert_eq!(read("limit=0&offset=9223372036854775807").offset, i64::MAX.unsigned_abs());
    assert_eq!(read("limit=50").limit, 50);
    for raw in ["limit=51", "limit=-1", "limit=", "limit=+1", "limit=1.0", "limit=99999999999999999999", "limit=%2B1"] {
        assert!(refusal(raw).contains("`limit` must be an integer between 0 and 50"), "{raw}");
    }
    for raw in ["offset=9223372036854775808", "offset=-1", "offset=x"] {
        assert!(refusal(raw).contains("`offset` must be an integer between 0 and"), "{raw}");
    }
    for raw in ["limit=1&limit=1", "offset=1&offset=2", "order=id&order=id"] {
        assert!(refusal(raw).contains("is given twice"), "{raw}");
    }
}

#[test]
fn a_query_string_has_an_end() {
    let terms = |n: usize| ["count=gt.1"].repeat(n).join("&");
    assert!(parse(&THINGS, Some(&terms(100))).is_ok());
    assert!(refusal(&terms(101)).contains("more than 100 filters"));
    let title = |n: usize| format!("title={}", "a".repeat(n - 6));
    assert!(parse(&THINGS, Some(&title(8192))).is_ok());
    assert!(refusal(&title(8193)).contains("longer than 8192 bytes"));
}

#[test]
fn escapes_are_whole() {
    for raw in ["title=%", "title=%4", "title=%4g", "title=%zz", "title=%+1", "tit%le=a"] {
        assert!(refusal(raw).contains("two hexadecimal digits"), "{raw}");
    }
    for raw in ["title=%ff", "title=%c3", "title=%ed%a0%80"] {
        assert!(refusal(raw).contains("not UTF-8"), "{raw}");
    }
    assert!(refusal("title").contains("`title` has no value"));
    assert!(refusal("=a").contains("is neither a column"));
}
