use super::{filter, read, refusal};
use crate::{
    column::Column,
    filter::{Compare, Is, Node},
    fixture::{THINGS, named},
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

fn not(node: Node) -> Node {
    Node::Not(Box::new(node))
}

#[test]
fn trees_are_read() {
    let (a, b, c) = (|| title("a"), || count(Compare::Gt, 5), || Node::Is(column("day"), Is::Null));
    for (raw, node) in [
        ("or=(title.eq.a,count.gt.5)", Node::Or(vec![a(), b()])),
        ("and=(title.eq.a,count.gt.5)", Node::And(vec![a(), b()])),
        ("not.or=(title.eq.a,count.gt.5)", not(Node::Or(vec![a(), b()]))),
        ("not.and=(title.eq.a,count.gt.5)", not(Node::And(vec![a(), b()]))),
        ("or=(title.eq.a,and(count.gt.5,day.is.null))", Node::Or(vec![a(), Node::And(vec![b(), c()])])),
        (
            "or=(not.and(title.eq.a,count.gt.5),day.not.is.null)",
            Node::Or(vec![not(Node::And(vec![a(), b()])), not(c())]),
        ),
        ("or=(title.eq.a)", a()),
        ("not.or=(title.eq.a)", not(a())),
        ("and=(or(title.eq.a))", a()),
    ] {
        assert_eq!(filter(raw), node, "{raw}");
    }
    let two = Node::And(vec![Node::Or(vec![a(), b()]), Node::Or(vec![a(), c()])]);
    assert_eq!(read("or=(title.eq.a,count.gt.5)&or=(title.eq.a,day.is.null)").filter, two, "repeated, both hold");
}

#[test]
fn blanks_count_in_values_alone() {
    assert_eq!(
        filter("or= ( title.eq.a , day.is.null,\tnot.and (count.gt.5,title.eq.b) ) "),
        Node::Or(vec![
            title("a "),
            Node::Is(column("day"), Is::Null),
            not(Node::And(vec![count(Compare::Gt, 5), title("b")]))
        ])
    );
    let list = Node::In(column("count"), vec![1.into(), 2.into()]);
    assert_eq!(filter("or=( count .in. (1,2) , title.eq.\"a\")"), Node::Or(vec![list, title("a")]));
    assert!(refusal("or=(count.gt.5 ,day.is.null)").contains("`count` must be an integer"));
}

#[test]
fn values_are_quoted_as_postgrest_has_it() {
    for (raw, text) in [
        ("a.b", "a.b"),
        ("\"a,b)\"", "a,b)"),
        ("\"a\\\"b\\\\c\"", "a\"b\\c"),
        ("\"\"", ""),
        ("", ""),
        ("a\"b", "a\"b"),
        ("\"a\"b", "\"a\"b"),
        ("\"a", "\"a"),
        ("(a", "(a"),
        ("{a,b}", "{a,b}"),
        ("{a", "{a"),
        ("eq.a", "eq.a"),
        ("a\\", "a\\"),
    ] {
        assert_eq!(
            filter(&format!("or=(title.eq.{raw},title.eq.x)")),
            Node::Or(vec![title(text), title("x")]),
            "{raw}"
        );
    }
    let lists = Node::In(column("title"), vec!["a".into(), "b,c".into(), "d\"e".into()]);
    assert_eq!(filter("or=(title.in.(a,\"b,c\",d\"e))"), lists.clone());
    assert_eq!(filter("or=(title.not.in.(a,\"b,c\",d\"e))"), not(lists));
    let any = |text: &str| Node::Or(vec![title("a"), title(text)]);
    assert_eq!(filter("and=(title.eq(any).{a,\"b,)\"})"), any("b,)"));
    // What stands in braces ends at the first closing one; quotes around the whole carry more of them.
    assert!(refusal("and=(title.eq(any).{a,\"b}\"})").contains("list in braces"));
    assert_eq!(filter("and=(title.eq(any).\"{a,\\\"b}\\\"}\")"), any("b}"));
}

#[test]
fn names_may_be_quoted() {
    assert_eq!(filter("or=(\"title\".eq.a)"), title("a"));
    assert!(refusal("or=(\"tit.le\".eq.a)").contains("`tit.le` is no column"));
    assert!(refusal("or=(titel.eq.a)").ends_with("did you mean `title`?"));
    assert_eq!(refusal("or=(note.eq.a)").replace("note", "xxxx"), refusal("or=(xxxx.eq.a)"));
}

#[test]
fn what_is_no_tree_is_refused() {
    for raw in [
        "",
        "(",
        ")",
        "title.eq.a",
        "(title.eq.a",
        "(title.eq.a)b",
        "((title.eq.a))",
        "(title.eq.a)(title.eq.b)",
        "(title.in.(a)",
        "(title.in.a,count.gt.1)",
        "(xor(title.eq.a))",
        "(\"title.eq.a)",
        "(\"title\"eq.a)",
        "(title)",
        "(title,count.gt.5)",
        "(title.eq.\"a\" )x",
        "(title.eq.{a}b)",
    ] {
        let refused = refusal(&format!("or={raw}"));
        assert!(refused.contains("`or` cannot be read") || refused.contains("is no column"), "{raw}: {refused}");
    }
    for (raw, text) in [("(title.eq.a,)", "nothing after a comma"), ("(,title.eq.a)", "nothing before its first comma")]
    {
        assert!(refusal(&format!("or={raw}")).contains(text), "{raw}");
    }
    for empty in ["or=()", "or=( )", "and=(title.eq.a,or())"] {
        assert!(refusal(empty).contains("has a tree with nothing in it"), "{empty}");
    }
    assert!(refusal("or=(title.a)").contains("no operator follows `title.`"));
    assert!(refusal("or=(title.eqq.a)").contains("is not an operator"));
    assert!(refusal("or=(title.not.a)").contains("no operator follows `not.`"));
    assert!(refusal("or=(title.plfts.a)").contains("not supported"));
    assert!(refusal("or=(count.eq.x)").contains("`count` must be an integer"));
}

#[test]
fn trees_have_an_end() {
    let nested = |n: usize| format!("and={}title.eq.a{}", "(or".repeat(n - 1) + "(", ")".repeat(n));
    assert_eq!(filter(&nested(10)), title("a"));
    for deep in [11, 1500] {
        assert!(refusal(&nested(deep)).contains("more than 10 deep"), "{deep}");
    }
    let wide = |n: usize| format!("or=({})", vec!["count.eq.1"; n].join(","));
    assert_eq!(filter(&wide(100)), Node::Or(vec![count(Compare::Eq, 1); 100]));
    assert!(refusal(&wide(101)).contains("more than 100 filters"));
    assert!(refusal(&format!("{}&{}", wide(60), wide(41))).contains("more than 100 filters"));
    assert!(refusal(&format!("{}&count=1", wide(100))).contains("more than 100 filters"));
}
