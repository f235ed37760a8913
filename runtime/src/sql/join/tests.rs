use super::*;
use crate::{
    column::OnDelete,
    filter::Compare,
    policy::{self, Caller},
    query,
    schema::{
        Schema,
        tests::{id, table},
    },
    sql,
    table::{Action, Table},
    value::Value,
};

static BOX: Table = table("Box", "boxes", &[id(), Column::new::<String>("label")]);
static ITEM: Table = table(
    "Item",
    "items",
    &[id(), Column::new::<Option<i64>>("box_id").references(|| &BOX, OnDelete::SetNull), Column::new::<String>("name")],
);

#[test]
fn the_page_stays_as_it_is_and_binds_count_on() {
    let schema = Schema::new(&[&BOX, &ITEM]).expect("the tables fit together");
    let [relation] = schema.relations().of(&ITEM) else { panic!("one relation") };
    let [_, label] = BOX.columns else { panic!("two columns") };
    let [_, _, name] = ITEM.columns else { panic!("three columns") };
    let join = Join {
        relation: Arc::clone(relation),
        scope: policy::embedded(&BOX, &Caller::ANONYMOUS),
        filter: Node::Compare(label, Compare::Eq, Value::Text("x".to_owned())),
        columns: vec![label, label],
    };
    let scope = policy::authorize(&ITEM, Action::Read, &Caller::ANONYMOUS).expect("anybody may read");
    let query = query::parse(&ITEM, Some("name=neq.y&order=name.desc&limit=3")).expect("a query");
    let list =
        |joins: &[Join], output| sql::list(Dialect::Postgres, &scope, &query, joins, output).expect("a statement");
    let statement = list(std::slice::from_ref(&join), vec![name]);
    let page = list(&[], vec![ITEM.id()]).text;
    let (_, page) = page.split_once(" FROM ").expect("a table");
    let (page, _) = page.split_once(" LIMIT ").expect("a limit");
    let text = format!(
        "SELECT page.name, joined1.id, joined1.label, joined1.label \
         FROM (SELECT box_id, id, name FROM {page} LIMIT 3) AS page \
         LEFT JOIN LATERAL (SELECT joined1.id, joined1.label FROM boxes AS joined1 \
         WHERE joined1.id = page.box_id AND joined1.label = $2 LIMIT 1) AS joined1 ON TRUE \
         ORDER BY page.name DESC, page.id ASC"
    );
    assert_eq!(statement.text.replace('"', ""), text.replace('"', ""));
    assert_eq!(statement.output.len(), 4);
}
