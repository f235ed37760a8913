//! What is shown, whatever is written of it.

use std::sync::LazyLock;

use proptest::{collection::vec, option, prelude::*, sample::select};

use super::grammar::{orders, term};
use crate::{
    column::Column,
    filter::{Compare, Node},
    fixture::{THINGS, USERS, named},
    order,
    query::{Embed, Member, Selection, parse_with_select, print::print_selection, select as of_one_row},
    relation::{Relation, Relations},
    table::Table,
    value::Value,
};

/// Each thing has its user, each user many things.
static RELATIONS: LazyLock<Relations> = LazyLock::new(|| {
    let (id, owner) = (named(&USERS, "id"), named(&THINGS, "user_id"));
    let mut relations = Relations::default();
    let name = |name: &str| name.to_owned();
    relations.add(&THINGS, Relation { name: name("user"), table: &USERS, here: owner, there: id, many: false });
    relations.add(&USERS, Relation { name: name("things"), table: &THINGS, here: id, there: owner, many: true });
    relations
});

fn read(raw: &str) -> Result<Option<Selection>, String> {
    match parse_with_select(&THINGS, &RELATIONS, Some(raw)) {
        Ok((_, selection)) => Ok(selection),
        Err(error) => Err(error.to_string().replace('\n', "")),
    }
}

fn selected(raw: &str) -> Selection {
    read(raw).unwrap_or_else(|refused| panic!("{raw}: {refused}")).unwrap_or_else(|| panic!("{raw} selects nothing"))
}

fn refused(raw: &str) -> String {
    read(raw).expect_err(raw)
}

/// Names of members, in brackets those of relations.
fn names(selection: &Selection) -> String {
    let name = |member: &Member| match member {
        Member::Column { key, column } if key == column.json => key.clone(),
        Member::Column { key, column } => format!("{key}={}", column.json),
        Member::Embed(embed) => format!("{}[{}]", embed.key, names(&embed.selection)),
    };
    selection.members.iter().map(name).collect::<Vec<_>>().join(" ")
}

#[test]
fn each_form_has_its_meaning() {
    for (raw, shown) in [
        ("id,title", "id title"),
        (" id , name : title ", "id name=title"),
        ("a:title,b:title", "a=title b=title"),
        ("\"a,b\":\"title\"", "a,b=title"),
        ("user(id),owner:user(email)", "user[id] owner[email]"),
        ("user!left(id)", "user[id]"),
        ("user()", "user[]"),
        ("user( things ( user ( id ) ) )", "user[things[user[id]]]"),
        ("user(*)", "user[id email is_admin]"),
    ] {
        assert_eq!(names(&selected(&format!("select={raw}"))), shown, "{raw}");
    }
    assert_eq!(selected("select=*").members.len(), THINGS.readable().count());
    for raw in ["", "select=", "select=%20"] {
        assert_eq!(read(raw), Ok(None), "{raw}");
    }
}

#[test]
fn what_is_asked_of_a_relation_is_read_where_it_leads() {
    let raw = "select=mine:user!inner(things(id))&mine.is_admin=is.true&mine.things.limit=3&mine.things.offset=1\
               &mine.things.order=count.desc&mine.things.or=(count.eq.1,count.eq.2)&mine.things.title=like.a*";
    let selection = selected(raw);
    let user = selection.embeds().next().expect("a relation");
    assert!(user.has == Some(true) && user.shown);
    let things = user.selection.embeds().next().expect("a relation");
    assert_eq!((things.limit, things.offset, selection.weight()), (Some(3), 1, 4));
    assert_eq!(things.order, order::total(&THINGS, vec![order::Order::by(named(&THINGS, "count"), true)]));
    assert!(!selected("select=id,user()").embeds().any(|embed| embed.shown));
}

#[test]
fn a_selection_is_refused_unless_it_is_understood() {
    for (raw, text) in [
        ("select=id,", "cannot be read at its end"),
        ("select=id title", "`id title` is no column"),
        ("select=(id)", "cannot be read before `(id)`"),
        ("select=user(id", "cannot be read at its end"),
        ("select=user(id))", "cannot be read before `)`"),
        ("select=\"\":id", "cannot be read before `:id`"),
        ("select=\"id", "cannot be read before"),
        ("select=id::text", "casts are not supported"),
        ("select=meta->a", "paths into JSON are not supported"),
        ("select=meta->>a", "paths into JSON are not supported"),
        ("select=...user(id)", "spreads are not supported"),
        ("select=count()", "aggregates are not supported"),
        ("select=price.sum()", "aggregates are not supported"),
        ("select=user!things_user_id_fkey(id)", "hints are not supported"),
        ("select=user!inner!left(id)", "hints are not supported"),
        ("select=id!inner", "is a column and joins nothing"),
        ("select=id&select=id", "`select` is given twice"),
        ("select=id,id", "two members `id`"),
        ("select=id,id:title", "two members `id`"),
        ("select=user(id),user:title", "two members `user`"),
        ("select=user(id,id)", "two members `id`"),
        ("select=*,title", "two members `title`"),
        ("select=order:user(id)", "a word of the query grammar"),
        ("select=not:user(id)", "a word of the query grammar"),
        ("select=user(things(user(things(id))))", "nested more than 3 deep"),
        ("select=user", "`user` is a relation: write user(*)"),
        ("select=title(id)", "`title` is a column: write it without parentheses"),
        ("select=usr(id)", "did you mean `user`?"),
        ("select=id&user.id=1", "`user` is not selected"),
        ("select=u:user(id)&user.id=1", "`user` is not selected"),
        ("select=user(id)&user.limit=1", "`user` is one row at most"),
        ("select=user(id)&user.order=id", "`user` is one row at most"),
        ("select=user(things(id))&user.things.limit=1001", "must be an integer between 0 and 1000"),
        ("select=user(things(id))&user.things.limit=1&user.things.limit=2", "is given twice"),
        ("select=user(things(id))&user.things.after=x", "a relation has no cursors"),
        ("select=user(things(id))&user.things.select=id", "the parameter `select` is not supported"),
        ("select=user(things(id))&things.id=1", "`things.id`"),
    ] {
        let refused = refused(raw);
        assert!(refused.contains(text), "{raw}: {refused}");
    }
}

/// A name that nobody may read is one that is not there, down to the byte.
#[test]
fn hidden_names_are_unknown_names() {
    let said = |raw: &str, name: &str| refused(&raw.replace("it", name)).replace(name, "it");
    for raw in [
        "select=it",
        "select=it(id)",
        "select=id,a:it",
        "select=it!inner",
        "select=user(it)",
        "select=user(things(it))",
        "select=user(things(id))&user.things.it=eq.1",
        "select=user(things(id))&user.things.order=it",
        "select=user(id)&user.it=eq.1",
    ] {
        // Of the same length, and as far from every name that can be read.
        let [hidden, unknown] =
            if raw.contains("things") || !raw.contains("user") { ["note", "qqqq"] } else { ["password", "qqqqqqqq"] };
        assert_eq!(said(raw, hidden), said(raw, unknown), "{raw}");
    }
}

#[test]
fn a_selection_has_an_end() {
    let relations = |n: usize| (0..n).map(|n| format!("r{n}:user(id)")).collect::<Vec<_>>().join(",");
    assert!(read(&format!("select={}", relations(10))).is_ok());
    assert!(refused(&format!("select={}", relations(11))).contains("more than 10 relations"));
    let names = |n: usize| (0..n).map(|n| format!("a{n}:id")).collect::<Vec<_>>().join(",");
    assert!(read(&format!("select={}", names(100))).is_ok());
    assert!(refused(&format!("select={}", names(101))).contains("more than 100 members"));
    assert!(read(&format!("select=*,user({})", names(98))).is_ok(), "`*` counts as one");
    assert!(refused(&format!("select=*,user({})", names(99))).contains("more than 100 members"));
    let filters = |here: usize, there: usize| {
        format!("select=user(id){}{}", "&count=gt.1".repeat(here), "&user.id=gt.1".repeat(there))
    };
    assert!(read(&filters(50, 50)).is_ok());
    assert!(refused(&filters(50, 51)).contains("more than 100 filters"));
    assert!(refused(&filters(0, 101)).contains("more than 100 filters"));
    // However deep it is written, it is not followed.
    assert!(refused(&format!("select={}", "user(things(".repeat(600))).contains("nested more than 3 deep"));
    assert!(refused(&format!("select={}", "(".repeat(8000))).contains("cannot be read"));
}

/// However wide a table is, each of its columns can be named.
#[test]
fn every_column_can_be_named() {
    let column = |n: usize| Column::new::<i64>(Box::leak(format!("c{n}").into_boxed_str()));
    let columns: Vec<_> = (0..150).map(column).collect();
    let table: &Table = Box::leak(Box::new(Table { columns: Box::leak(columns.into_boxed_slice()), ..Table::BLANK }));
    let names = |n: usize| format!("select={}", (0..n).map(|n| format!("c{n}")).collect::<Vec<_>>().join(","));
    assert!(of_one_row(table, &RELATIONS, Some(&names(150))).is_ok_and(|selection| selection.is_some()));
    let refused = of_one_row(table, &RELATIONS, Some(&format!("{},a:c1", names(150)))).expect_err("one too many");
    assert!(refused.to_string().contains("more than 150 members"), "{refused}");
}

#[test]
fn one_row_takes_a_selection_and_nothing_else() {
    let one = |raw: &str| of_one_row(&THINGS, &RELATIONS, Some(raw));
    assert_eq!(one("").expect("nothing"), None);
    assert!(one("select=id,user(things(id))&user.things.limit=1").is_ok_and(|selection| selection.is_some()));
    for raw in ["select=id&limit=1", "count=1", "select=id&user.id=1"] {
        assert!(one(raw).is_err(), "{raw}");
    }
}

fn columns(table: &'static Table) -> impl Strategy<Value = Vec<Member>> {
    let column = select(table.readable().collect::<Vec<&'static Column>>());
    let key = prop_oneof![Just(None), "[^\\x00]{1,6}".prop_map(Some)];
    let member = (column, key)
        .prop_map(|(column, key)| Member::Column { key: key.unwrap_or_else(|| column.json.to_owned()), column });
    vec(member, 0..4)
}

/// What is asked of a relation.
fn asked(relation: &'static Relation) -> BoxedStrategy<(Node, Vec<order::Order>, Option<u32>, u64)> {
    if !relation.many {
        let ids =
            vec(any::<i64>().prop_map(|id| Node::Compare(named(&USERS, "id"), Compare::Gte, Value::Int(id))), 0..3);
        return ids.prop_map(|ids| (Node::And(ids), order::total(&USERS, Vec::new()), None, 0)).boxed();
    }
    let terms = vec(term(), 0..3).prop_map(Node::And);
    (terms, orders(), option::of(0..=1000_u32), 0..=i64::MAX.unsigned_abs()).boxed()
}

/// Any selection of a table, with so many levels of relations at most.
fn selections(table: &'static Table, levels: u32) -> BoxedStrategy<Selection> {
    let columns = columns(table);
    if levels == 0 {
        return columns.prop_map(|members| Selection { members }).boxed();
    }
    let [relation] = RELATIONS.of(table) else { panic!("one relation of each table") };
    let embed = ((0..100_u32, option::of(any::<bool>()), asked(relation)), selections(relation.table, levels - 1))
        .prop_map(|((number, has, (filter, order, limit, offset)), selection)| {
            let shown = selection.members.iter().any(|member| !matches!(member, Member::Embed(embed) if !embed.shown));
            let (key, relation) = (format!("r{number}"), relation.clone());
            Member::Embed(Box::new(Embed {
                key,
                relation,
                has,
                shown,
                joined: false,
                filter,
                order,
                limit,
                offset,
                selection,
            }))
        });
    (columns, vec(embed, 0..3), any::<bool>())
        .prop_map(|(mut members, embeds, first)| {
            let at = if first { 0 } else { members.len() };
            members.splice(at..at, embeds);
            Selection { members }
        })
        .boxed()
}

/// Whether no two members of any level have one name.
fn told_apart(selection: &Selection) -> bool {
    let mut keys: Vec<_> = selection.members.iter().map(Member::key).collect();
    let all = keys.len();
    keys.sort_unstable();
    keys.dedup();
    keys.len() == all && selection.embeds().all(|embed| told_apart(&embed.selection))
}

fn relations(selection: &Selection) -> usize {
    selection.embeds().map(|embed| 1 + relations(&embed.selection)).sum()
}

proptest! {
    #[test]
    fn what_is_printed_reads_back(selection in selections(&THINGS, 3)) {
        prop_assume!(told_apart(&selection) && relations(&selection) <= 10 && !selection.members.is_empty());
        let raw = print_selection(&selection);
        prop_assume!(raw.len() <= 8192);
        prop_assert_eq!(read(&raw), Ok(Some(selection)), "{}", raw);
    }

    #[test]
    fn no_text_makes_it_panic(raw in "\\PC{0,64}") {
        let _ = read(&format!("select={raw}"));
        let _ = read(&format!("select=id,user({raw}"));
        let _ = read(&format!("select=user(id)&user.{raw}"));
        let _ = read(&format!("select=user(things(id))&user.things.{raw}"));
    }

    #[test]
    fn whatever_reads_prints_and_reads_the_same(
        raw in "((a:|\"b\\)c\":)?(id|title|note|\\*|user|things|meta)(!inner|!left|->|::)?[(]?[,() ]?){1,12}\\)?(&(user|a|user\\.things)\\.(id|count|order|limit|or|offset)=[a-z0-9().,]{0,6}){0,2}"
    ) {
        let raw = format!("select={raw}");
        if let Ok(Some(selection)) = read(&raw) {
            let printed = print_selection(&selection);
            prop_assert_eq!(read(&printed), Ok(Some(selection)), "{} as {}", raw, printed);
        }
    }

    #[test]
    fn no_nesting_makes_it_overflow(raw in "(user|things|id|:|\"|!inner|[(),* ]){0,1024}") {
        let _ = read(&format!("select={raw}"));
    }
}
