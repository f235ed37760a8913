use proptest::{prelude::*, sample::select};

use crate::{
    column::Column,
    filter::{Compare, Is, Node, Search},
    fixture::{THINGS, stored},
    order::{self, Order},
    query::{Query, parse, print::print},
    value::Kind,
};

fn columns(keep: impl Fn(&Column) -> bool) -> impl Strategy<Value = &'static Column> {
    select(THINGS.readable().filter(|c| keep(c)).collect::<Vec<_>>())
}

fn comparison() -> impl Strategy<Value = Node> {
    let op = select(vec![Compare::Eq, Compare::Neq, Compare::Lt, Compare::Lte, Compare::Gt, Compare::Gte]);
    let column = columns(|c| c.kind != Kind::Json).prop_flat_map(|c| (Just(c), stored(c)));
    (column, op).prop_map(|((column, value), op)| Node::Compare(column, op, value))
}

fn list() -> impl Strategy<Value = Node> {
    columns(|c| c.kind != Kind::Json)
        .prop_flat_map(|c| (Just(c), proptest::collection::vec(stored(c), 0..4)))
        .prop_map(|(column, values)| Node::In(column, values))
}

fn is() -> impl Strategy<Value = Node> {
    let plain = (columns(|_| true), select(vec![Is::Null, Is::NotNull]));
    let boolean = (columns(|c| c.kind == Kind::Bool), select(vec![Is::True, Is::False, Is::Unknown]));
    prop_oneof![plain, boolean].prop_map(|(column, is)| Node::Is(column, is))
}

fn like() -> impl Strategy<Value = Node> {
    (columns(|c| c.kind == Kind::Text), "([^*\\\\\\x00]|\\\\[^\\x00]){0,8}", any::<bool>())
        .prop_map(|(column, pattern, fold)| Node::Like { column, pattern, fold })
}

fn matching() -> impl Strategy<Value = Node> {
    (columns(|c| c.kind == Kind::Text), "[a-c0-9]{0,4}(\\.|\\[a-c\\]|\\(\\?:b\\|bc\\)\\+)[a-c]?")
        .prop_map(|(column, pattern)| Node::Match(column, pattern))
}

fn searched() -> impl Strategy<Value = Search> {
    let words = (proptest::collection::vec("[a-z0-9À-ſ東京]{1,4}", 1..3), any::<bool>())
        .prop_map(|(words, open)| Search::Words { words, open });
    words.prop_recursive(3, 8, 3, |inner| {
        let some = || proptest::collection::vec(inner.clone(), 2..4);
        prop_oneof![
            inner.clone().prop_map(|query| Search::Not(Box::new(query))),
            some().prop_map(Search::And),
            some().prop_map(Search::Or),
        ]
    })
}

fn search() -> impl Strategy<Value = Node> {
    (columns(|c| c.search.is_some()), searched()).prop_map(|(column, query)| Node::Search(vec![column], query))
}

/// A term or a tree of terms.
pub(super) fn term() -> impl Strategy<Value = Node> {
    let negated = |(node, not)| if not { Node::Not(Box::new(node)) } else { node };
    let leaf = (prop_oneof![comparison(), list(), is(), like(), matching(), search()], any::<bool>()).prop_map(negated);
    leaf.prop_recursive(4, 12, 4, move |inner| {
        let nodes = proptest::collection::vec(inner, 2..4);
        let tree = (nodes, any::<bool>()).prop_map(|(nodes, any)| if any { Node::Or(nodes) } else { Node::And(nodes) });
        (tree, any::<bool>()).prop_map(negated)
    })
}

pub(super) fn orders() -> impl Strategy<Value = Vec<Order>> {
    let key = (columns(|c| c.kind != Kind::Json), any::<bool>(), any::<bool>())
        .prop_map(|(column, descending, nulls_first)| Order { column, descending, nulls_first });
    proptest::collection::vec(key, 0..4).prop_map(|keys| order::total(&THINGS, keys))
}

fn queries() -> impl Strategy<Value = Query> {
    let terms = proptest::collection::vec(term(), 0..4).prop_map(Node::And);
    (terms, orders(), 0..=THINGS.page.max, 0..=i64::MAX.unsigned_abs()).prop_map(|(filter, order, limit, offset)| {
        Query { filter, order, limit, offset, after: None, limited: true, counted: false }
    })
}

proptest! {
    #[test]
    fn what_is_printed_reads_back(query in queries()) {
        let raw = print(&query);
        prop_assume!(raw.len() <= 8192);
        prop_assert_eq!(parse(&THINGS, Some(&raw)).map_err(|e| e.to_string()), Ok(query), "{}", raw);
    }

    #[test]
    fn no_text_makes_it_panic(raw in "\\PC{0,64}") {
        let _ = parse(&THINGS, Some(&raw));
        let _ = parse(&THINGS, Some(&format!("title={raw}")));
        let _ = parse(&THINGS, Some(&format!("title=in.({raw}")));
        let _ = parse(&THINGS, Some(&format!("order={raw}")));
        let _ = parse(&THINGS, Some(&format!("or=(title.eq.{raw}")));
        let _ = parse(&THINGS, Some(&format!("title=like(any).{{{raw}")));
    }

    #[test]
    fn no_nesting_makes_it_overflow(raw in "(and|or|not\\.or|not\\.and|title\\.eq\\.a|[(,)\"{}. ]){0,1024}") {
        let _ = parse(&THINGS, Some(&format!("or={raw}")));
        let _ = parse(&THINGS, Some(&format!("not.and=({raw}")));
    }

    #[test]
    fn trees_print_and_read_the_same(
        raw in "(or|and|not\\.or)=\\((not\\.)?(and|or)? ?\\(?(title|count|done|day)\\.(not\\.)?(eq|in|is|like|gt\\(any\\)|eq\\(all\\))\\.[(\"{]?[a-d0-9,\"\\\\*. ]{0,6}[)}\"]?(null|true)?\\)?(,id\\.eq\\.1)?\\)"
    ) {
        if let Ok(query) = parse(&THINGS, Some(&raw)) {
            let printed = print(&query);
            prop_assert_eq!(parse(&THINGS, Some(&printed)).map_err(|e| e.to_string()), Ok(query), "{}", printed);
        }
    }

    #[test]
    fn whatever_reads_prints_and_reads_the_same(
        raw in "((title|done|count|order|limit|offset|id)=(not\\.)?(eq|in|is|like|)[.]?[(]?[a-d0-9,\"\\\\*%.]{0,6}[)]?(null|true)?&?){1,3}"
    ) {
        if let Ok(query) = parse(&THINGS, Some(&raw)) {
            let printed = print(&query);
            prop_assert_eq!(parse(&THINGS, Some(&printed)).map_err(|e| e.to_string()), Ok(query), "{}", printed);
        }
    }
}
