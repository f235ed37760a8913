use super::{filter, read, refusal};
use crate::{
    column::Column,
    error::Code,
    filter::{Compare, Is, Node},
    fixture::{THINGS, named},
    value::Value,
};

fn column(json: &str) -> &'static Column {
    named(&THINGS, json)
}

fn compare(json: &str, op: Compare, value: impl Into<Value>) -> Node {
    Node::Compare(column(json), op, value.into())
}

fn title(value: &str) -> Node {
    compare("title", Compare::Eq, value)
}

fn like(pattern: &str, fold: bool) -> Node {
    Node::Like { column: column("title"), pattern: pattern.into(), fold }
}

fn among(raw: &str) -> Vec<String> {
    match filter(&format!("title=in.{raw}")) {
        Node::In(_, values) => values.iter().map(|v| crate::text::of(v.as_ref())).collect(),
        node => panic!("{raw} is not a list: {node:?}"),
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.into())
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Int(number)
    }
}

#[test]
fn operators_stand_before_the_first_dot() {
    assert_eq!(filter("count=eq.5"), compare("count", Compare::Eq, 5));
    assert_eq!(filter("count=neq.5"), compare("count", Compare::Neq, 5));
    assert_eq!(filter("count=gt.5"), compare("count", Compare::Gt, 5));
    assert_eq!(filter("count=gte.5"), compare("count", Compare::Gte, 5));
    assert_eq!(filter("count=lt.-5"), compare("count", Compare::Lt, -5));
    assert_eq!(filter("count=lte.5"), compare("count", Compare::Lte, 5));
    assert_eq!(filter("count=not.eq.5"), Node::Not(Box::new(compare("count", Compare::Eq, 5))));
    assert_eq!(filter("title=eq.eq.a.b"), title("eq.a.b"));
    assert_eq!(filter("title=eq."), title(""));
    assert_eq!(filter("done=eq.true"), Node::Compare(column("done"), Compare::Eq, Value::Bool(true)));
}

#[test]
fn anything_else_is_equality() {
    for text in
        ["open", "", "eq", "not", "v1.2 notes", ".5", "ann@x.example", "1.5", "example.com", "a,b(c)", "foo(x).y"]
    {
        assert_eq!(filter(&format!("title={text}")), title(text), "{text}");
    }
    assert_eq!(filter("price=1.5"), Node::Compare(column("price"), Compare::Eq, Value::Float(1.5)));
    assert_eq!(filter("title=%65q%2Ea"), title("a"), "encoding changes nothing");
    assert_eq!(filter("title=a+b%2Bc%3D%26=d"), title("a b+c=&=d"));
}

#[test]
fn a_slip_in_an_operator_is_no_equality() {
    for head in ["eqq", "e", "EQ", "Gt", "lkie", "lik", "St", "nots", "ni", "iss", "fst"] {
        let text = refusal(&format!("title={head}.open"));
        assert!(text.contains("not an operator") && text.contains("eq.<value>"), "{head}: {text}");
    }
    for value in ["not.open", "not.not.eq.1", "not.", "not.eqq.1"] {
        assert!(refusal(&format!("title={value}")).contains("no operator follows `not.`"), "{value}");
    }
}

#[test]
fn what_is_not_built_is_not_equality_either() {
    for value in [
        "fts(english).a",
        "fts(any).{a}",
        "plfts.a",
        "phfts.a",
        "wfts.a",
        "cs.{a}",
        "cd.a",
        "ov.a",
        "sl.a",
        "sr.a",
        "nxr.a",
        "nxl.a",
        "adj.a",
        "neq(any).{1,2}",
        "in(any).(a)",
        "is(all).null",
        "like(some).{a}",
        "like(any)x.{a}",
    ] {
        assert!(refusal(&format!("title={value}")).contains("not supported by this server"), "{value}");
    }
    for name in ["select", "columns", "on_conflict"] {
        assert!(
            refusal(&format!("{name}=(a.eq.1)")).contains(&format!("`{name}` is not supported by this server")),
            "{name}"
        );
    }
}

#[test]
fn lists_are_read_as_postgrest_reads_them() {
    for (raw, elements) in [
        ("()", &[][..]),
        ("(a)", &["a"]),
        ("(a,\"b,c\",d\"e)", &["a", "b,c", "d\"e"]),
        ("(\"a\\\"b\\\\c\\d\",\")\")", &["a\"b\\cd", ")"]),
        ("(\"\")", &[""]),
        ("(,)", &["", ""]),
        ("( a, b )", &["a", " b "]),
        (" (a) ", &["a"]),
        ("(\"a\"b,c)", &["\"a\"b", "c"]),
        ("(\"a,b)", &["\"a", "b"]),
        ("(a.b,(c)", &["a.b", "(c"]),
    ] {
        assert_eq!(among(raw), elements, "{raw}");
    }
    for raw in ["", "a", "(", ")", "(a", "(a)b", "(a,b))", "(\"a\"", "(\"a\\", "((a))"] {
        assert!(refusal(&format!("title=in.{raw}")).contains("list in parentheses"), "{raw}");
    }
    assert_eq!(filter("count=not.in.(1,2)"), Node::Not(Box::new(Node::In(column("count"), vec![1.into(), 2.into()]))));
    assert!(refusal("count=in.(1,x)").contains("`count` must be an integer"));
}

#[test]
fn is_asks_what_the_column_can_be() {
    for (word, is) in [
        ("null", Is::Null),
        ("NULL", Is::Null),
        ("not_null", Is::NotNull),
        ("True", Is::True),
        ("false", Is::False),
        ("unknown", Is::Unknown),
    ] {
        assert_eq!(filter(&format!("done=is.{word}")), Node::Is(column("done"), is));
    }
    assert_eq!(filter("meta=not.is.null"), Node::Not(Box::new(Node::Is(column("meta"), Is::Null))));
    for raw in ["title=is.true", "title=is.unknown", "count=is.false", "done=is.nul", "done=is.", "title=is.null "] {
        assert!(refusal(raw).contains("can be asked is.null"), "{raw}");
    }
}

#[test]
fn patterns_are_sql_with_stars() {
    assert_eq!(filter("title=like.*a_%25"), like("%a_%", false));
    assert_eq!(filter("title=ilike.A*"), like("A%", true));
    assert_eq!(filter("title=like.\\*\\%25\\\\"), like("\\*\\%\\\\", false));
    assert_eq!(filter("status=like.To*"), Node::Like { column: column("status"), pattern: "To%".into(), fold: false });
    for raw in ["title=like.a\\", "title=ilike.a\\\\\\"] {
        assert!(refusal(raw).contains("single backslash"), "{raw}");
    }
    assert!(refusal("title=like.%00").contains("U+0000"));
    for raw in ["count=like.1*", "uid=ilike.a*", "done=like.t"] {
        assert!(refusal(raw).contains("holds no text"), "{raw}");
    }
}

#[test]
fn regular_expressions_are_spelt_out() {
    let matching = |pattern: &str| Node::Match(column("title"), pattern.into());
    assert_eq!(filter("title=match.%5Ea%2B\\d"), matching("^a+[0-9]"));
    assert_eq!(filter("title=imatch.a.b"), matching("[aA].[bB]"));
    assert_eq!(filter("title=not.match(any).{a,b}"), Node::Not(Box::new(Node::Or(vec![matching("a"), matching("b")]))));
    assert_eq!(filter("or=(title.match.\"(a|b),\\\\)\")"), matching("(?:a|b),\\)"));
    for raw in ["title=match.(a", "title=match.a\\", "title=imatch.[b-a]", "title=match.%00"] {
        assert!(refusal(raw).starts_with("`title` "), "{raw}");
    }
    assert!(refusal("count=match.1").contains("holds no text"));
    assert!(refusal(&format!("title=match.{}", "a".repeat(257))).contains("more than 256 characters"));
    let error = crate::query::parse(&THINGS, Some("title=match.(?i)a")).unwrap_err();
    assert_eq!(error.code(), Code::Unsupported);
    assert!(error.to_string().contains("`(?` in its pattern"), "{error}");
}

#[test]
fn a_value_must_be_of_the_columns_kind() {
    for (raw, text) in [
        ("small=40000", "`small` must be an integer between -32768 and 32767"),
        ("count=007", "`count` must be an integer"),
        ("status=Later", "`status` must be one of `To Do`, `Done`"),
        ("status=neq.Later", "`status` must be one of `To Do`, `Done`"),
        ("day=gt.2026-13-01", "`day` must be a date (YYYY-MM-DD)"),
        ("done=1", "`done` must be true or false"),
        ("title=%00", "`title` must not hold U+0000"),
        ("meta=eq.{}", "`meta` holds JSON and can be asked is.null and is.not_null only"),
        ("meta={}", "`meta` holds JSON and can be asked is.null and is.not_null only"),
        ("meta=in.()", "`meta` holds JSON and can be asked is.null and is.not_null only"),
        ("meta=like.a", "`meta` holds JSON and can be asked is.null and is.not_null only"),
    ] {
        assert_eq!(refusal(raw), text, "{raw}");
    }
}

#[test]
fn a_repeated_column_is_and() {
    let both = Node::And(vec![compare("count", Compare::Gt, 1), compare("count", Compare::Lt, 5)]);
    assert_eq!(read("count=gt.1&count=lt.5").filter, both);
    let numbered = Node::And(vec![like("%a%", true), like("b%", false)]);
    assert_eq!(read("title[0]=ilike.*a*&title[1]=like.b*").filter, numbered);
    for raw in ["title[]=eq.a", "title[x]=eq.a", "title[0=eq.a", "titel[0]=eq.a", "[0]=eq.a"] {
        assert!(refusal(raw).contains("is neither a column"), "{raw}");
    }
}

#[test]
fn repeated_values_are_alternatives() {
    assert_eq!(filter("count=1&count=2"), Node::In(column("count"), vec![1.into(), 2.into()]));
    assert_eq!(filter("count=1&count=2&count=1"), Node::In(column("count"), vec![1.into(), 2.into(), 1.into()]));
    let both = Node::And(vec![compare("count", Compare::Eq, 1), compare("count", Compare::Eq, 2)]);
    assert_eq!(read("count=eq.1&count=2").filter, both, "an operator has to hold beside");
    let many = ["count=1"].repeat(300).join("&");
    assert!(matches!(filter(&many), Node::In(_, values) if values.len() == 300));
}

#[test]
fn any_and_all_take_several_values() {
    let gt = |n: i64| compare("count", Compare::Gt, n);
    assert_eq!(filter("count=gt(any).{1,2}"), Node::Or(vec![gt(1), gt(2)]));
    assert_eq!(filter("count=gt(all).{1,2}"), Node::And(vec![gt(1), gt(2)]));
    assert_eq!(filter("count=not.gt(any).{1,2}"), Node::Not(Box::new(Node::Or(vec![gt(1), gt(2)]))));
    assert_eq!(filter("count=gt(any).{ 1 }"), gt(1));
    assert_eq!(filter("count=gt(any).{}"), Node::In(column("count"), vec![]));
    assert_eq!(filter("count=gt(all).{ }"), Node::Not(Box::new(Node::In(column("count"), vec![]))));
    assert_eq!(filter("title=like(any).{a*,\"b,*\"}"), Node::Or(vec![like("a%", false), like("b,%", false)]));
    for (raw, elements) in [
        ("{a b , c}", &["a b", "c"][..]),
        ("{\"\",\" x \",\"null\"}", &["", " x ", "null"]),
        ("{a\\,b,\\ , c\\ }", &["a,b", " ", "c "]),
        ("{\"a\\\"b\\\\\", \"}\" }", &["a\"b\\", "}"]),
    ] {
        let any = Node::Or(elements.iter().map(|text| title(text)).collect());
        assert_eq!(filter(&format!("title=eq(any).{raw}")), any, "{raw}");
    }
    for raw in
        ["", "a", "{", "{a", "a}", "{a}b", "{,}", "{a,}", "{a,null}", "{NULL}", "{{a}}", "{\"a\"b}", "{a\"b\"}", "(a)"]
    {
        assert!(refusal(&format!("title=eq(any).{raw}")).contains("list in braces"), "{raw}");
    }
    assert!(refusal("meta=eq(any).{}").contains("holds JSON"));
    assert!(refusal("count=eq(any).{1,x}").contains("`count` must be an integer"));
    let many = |n: usize| format!("count=eq(any).{{{}}}", vec!["1"; n].join(","));
    assert!(matches!(filter(&many(100)), Node::Or(nodes) if nodes.len() == 100));
    assert!(refusal(&many(101)).contains("more than 100 filters"));
}

#[test]
fn an_unreadable_column_is_unknown_down_to_the_byte() {
    let unreadable = refusal("note=eq.a").replace("note", "xxxx");
    assert_eq!(unreadable, refusal("xxxx=eq.a"));
    assert_eq!(refusal("order=note").replace("note", "xxxx"), refusal("order=xxxx"));
    assert!(!refusal("notee=1").contains("did you mean"));
    assert_eq!(
        refusal("titel=1"),
        "`titel` is neither a column of things nor a parameter  hint: did you mean `title`?"
    );
    assert!(refusal("limt=1").ends_with("did you mean `limit`?"));
    assert!(refusal("title_text=a").starts_with("`title_text` is neither"), "the SQL name is not the JSON name");
}
