use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::{filter, read, refusal};
use crate::{
    column::{Column, Role},
    filter::Node,
    fixture::{THINGS, named},
    order::Order,
    query::{Query, parse},
    resource::Field,
    table::Table,
    value::Value,
};

fn json(parameters: &[(&str, &str)]) -> String {
    let pairs = parameters.iter().map(|(name, json)| format!("{name}={}", utf8_percent_encode(json, NON_ALPHANUMERIC)));
    pairs.collect::<Vec<_>>().join("&")
}

fn simple_rest(filter: &str) -> Query {
    read(&json(&[("filter", filter)]))
}

fn keys(query: &Query) -> Vec<String> {
    query.order.iter().map(|key| format!("{} {}", key.column.json, key.descending)).collect()
}

#[test]
fn a_filter_is_an_object_of_values() {
    for (json, native) in [
        ("{}", ""),
        (r#"{"title":"a"}"#, "title=eq.a"),
        (r#"{"title":"eq.a"}"#, "title=eq.eq.a"),
        (r#"{"title":5}"#, "title=eq.5"),
        (r#"{"count":5}"#, "count=eq.5"),
        (r#"{"count":"5"}"#, "count=eq.5"),
        (r#"{"big":9223372036854775807}"#, "big=eq.9223372036854775807"),
        (r#"{"done":true}"#, "done=eq.true"),
        (r#"{"day":null}"#, "day=is.null"),
        (r#"{"title":["a","b"]}"#, "title=in.(a,b)"),
        (r#"{"title":["a"]}"#, "title=eq.a"),
        (r#"{"title":[]}"#, "title=in.()"),
        (r#"{"day":["2026-01-01",null]}"#, "or=(day.in.(2026-01-01),day.is.null)"),
        (r#"{"count_gte":5}"#, "count=gte.5"),
        (r#"{"count_lte":"5"}"#, "count=lte.5"),
        (r#"{"status_ne":"Done"}"#, "status=neq.Done"),
        (r#"{"title_like":"a%_*\\"}"#, r"title=ilike.*a\%\_\*\\*"),
    ] {
        let native = parse(&THINGS, Some(&native.replace('%', "%25"))).unwrap();
        assert_eq!(simple_rest(json).filter, native.filter, "{json}");
    }
}

#[test]
fn a_range_has_its_last_row_in_it() {
    let query = read(&json(&[("range", "[10,19]"), ("sort", r#"["day","DESC"]"#)]));
    assert_eq!((query.offset, query.limit, query.counted), (10, 10, true));
    assert_eq!(keys(&query), ["day true", "id false"]);
    assert!(!simple_rest("{}").counted);
    for (range, text) in [
        ("[0,50]", "`range` asks for 51 rows, and a page has at most 50"),
        ("[5,3]", "ends before it begins"),
        ("[0]", "must be the numbers"),
        ("[-1,5]", "must be the numbers"),
        ("[0,9223372036854775808]", "must be the numbers"),
        ("{}", "must be the numbers"),
        ("[0,9", "is not JSON"),
    ] {
        let refused = refusal(&json(&[("range", range)]));
        assert!(refused.contains(text), "{range}: {refused}");
    }
    // No page at all, as its one row before the first says.
    assert_eq!(read(&json(&[("range", "[5,4]")])).limit, 0);
}

#[test]
fn json_is_refused_unless_it_is_understood() {
    for (parameter, value, text) in [
        ("filter", "[]", "must be an object"),
        ("filter", r#"{"title":{"a":1}}"#, "has something that is not a value"),
        ("filter", r#"{"title":[["a"]]}"#, "has something that is not a value"),
        ("filter", r#"{"count_gte":null}"#, "has something that is not a value"),
        ("filter", r#"{"count_gte":[1,2]}"#, "has something that is not a value"),
        ("filter", r#"{"count":"x"}"#, "`count`"),
        ("filter", r#"{"count":1,"count":2}"#, "is not JSON"),
        ("filter", r#"{"titel":"a"}"#, "did you mean `title`?"),
        ("filter", r#"{"titel_like":"a"}"#, "did you mean `title`?"),
        ("filter", r#"{"note":"a"}"#, "is neither a column"),
        ("filter", r#"{"meta":"a"}"#, "holds JSON"),
        ("sort", r#"["day"]"#, "must be a column and a direction"),
        ("sort", r#"["day","up"]"#, "neither asc nor desc"),
        ("sort", r#"["note","ASC"]"#, "is no column"),
        ("sort", r#"["meta","ASC"]"#, "has no order"),
    ] {
        let refused = refusal(&json(&[(parameter, value)]));
        assert!(refused.contains(text), "{parameter} {value}: {refused}");
    }
    assert!(refusal(&json(&[("filter", "{}"), ("filter", "{}")])).contains("is given twice"));
    assert!(refusal(&json(&[("filter", "{}"), ("title", "a")])).contains("stands beside `filter`"));
}

#[test]
fn json_server_has_a_parameter_for_each() {
    let query = read("_start=10&_end=30&_sort=day,title&_order=DESC,asc&title=eq.a&count_gte=5");
    assert_eq!((query.offset, query.limit, query.counted), (10, 20, true));
    assert_eq!(keys(&query), ["day true", "title false", "id false"]);
    assert_eq!(query.filter, read("count=gte.5&title=eq.eq.a").filter);
    assert_eq!(keys(&read("_sort=day,title&_order=desc")), ["day true", "title false", "id false"]);
    assert!(!read("_sort=day").counted);
    assert_eq!(read("_end=5").limit, 5);
    assert_eq!((read("_start=7").offset, read("_start=7").limit), (7, 20));
    // Any of them, which is what a repeated name means there.
    assert_eq!(filter("_start=0&_end=5&status=Done&status=To%20Do"), filter("status=in.(Done,To%20Do)"));
    for (raw, text) in [
        ("_start=5&_end=4", "`_end` lies before `_start`"),
        ("_end=51", "asks for 51 rows"),
        ("_start=-1", "must be an integer"),
        ("_start=1&_start=2", "is given twice"),
        ("_order=asc", "says nothing without `_sort`"),
        ("_sort=day&_order=asc,desc", "more directions than"),
        ("_sort=day&_order=up", "neither asc nor desc"),
        ("_sort=-day", "is no column"),
        ("_sort=note", "is no column"),
        ("_strat=0", "did you mean `_start`?"),
        ("titel_like=a&_start=0", "did you mean `title`?"),
        ("note_like=a", "is neither a column"),
        ("count_like=5", "holds no text"),
        ("_start=0&order=day", "do not go together"),
        ("_start=0&filter=%7B%7D", "do not go together"),
        ("title_like=a&limit=5", "do not go together"),
    ] {
        let refused = refusal(raw);
        assert!(refused.contains(text), "{raw}: {refused}");
    }
}

#[test]
fn rows_named_by_their_ids_are_one_page() {
    let ids = |n: usize| (1..=n).map(|id| format!("id={id}")).collect::<Vec<_>>().join("&");
    assert_eq!(filter(&ids(3)), Node::In(named(&THINGS, "id"), vec![Value::Int(1), Value::Int(2), Value::Int(3)]));
    assert_eq!(read(&ids(3)).limit, 20, "the default of the table");
    assert_eq!(read(&ids(30)).limit, 30, "and more where more are named");
    assert!(refusal(&ids(51)).contains("more than 50 ids"));
    let list: Vec<_> = (1..=30).collect();
    assert_eq!(simple_rest(&format!("{{\"id\":{list:?}}}")).limit, 30);
}

static CLOTHES: Table = Table {
    resource: "Garment",
    name: "clothes",
    path: "clothes",
    columns: &[text("id").role(Role::Id), text("size"), text("size_like")],
    ..Table::BLANK
};

const fn text(name: &'static str) -> Column {
    Field::<crate::fixture::Thing, String>::new(name).shape()
}

#[test]
fn a_column_of_that_name_comes_before_a_suffix() {
    let read = |raw: &str| parse(&CLOTHES, Some(raw)).unwrap();
    assert_eq!(read("size_like=eq.M").filter, read("size_like=M").filter, "the native manner");
    assert_eq!(read("size_ne=M").filter, read("size=neq.M").filter);
    assert_eq!(read("_start=0&size_like=eq.M").filter, read("size_like=eq.eq.M").filter);
    assert_eq!(read("order=size_like").order[0], Order::by(&CLOTHES.columns[2], false));
}
