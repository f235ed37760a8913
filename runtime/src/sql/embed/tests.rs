use super::*;
use crate::{
    column::{OnDelete, Role},
    db::{Db, Lane, Run as _},
    order,
    policy::{self, Caller},
    schema::tests::{id, table},
    sql::ddl,
    table::Table,
};
use uuid::Uuid;

static BOX: Table = table("Box", "boxes", &[Column::new::<Uuid>("id").role(Role::Id)]);
static ITEM: Table = table(
    "Item",
    "items",
    &[
        id(),
        Column::new::<Uuid>("box_id").references(|| &BOX, OnDelete::Cascade),
        Column::new::<Option<i64>>("item_id").references(|| &ITEM, OnDelete::Cascade),
        Column::new::<String>("name"),
    ],
);

static DETAIL: Column = Column::new::<String>("detail");
static NUMBER: Column = Column::new::<i64>("number");

fn schema() -> crate::schema::Schema {
    crate::schema::Schema::new(&[&BOX, &ITEM]).expect("the tables fit together")
}

/// The statement of a relation, with an order of its own where there are many.
fn statement(dialect: Dialect, from: &'static Table, name: &str) -> Statement {
    let schema = schema();
    let relation = schema.relations().of(from).iter().find(|relation| relation.name == name).expect("a relation");
    let scope = policy::embedded(relation.table, &Caller::ANONYMOUS);
    let order = order::total(relation.table, vec![order::Order::by(relation.table.id(), true)]);
    let filter = Node::TRUE;
    let wanted = Embedding { relation, filter: &filter, order: &order, limit: 3, offset: 0, most: 100 };
    let keys = match relation.there.kind {
        Kind::Uuid => vec![Value::Uuid(Uuid::from_u128(1)), Value::Uuid(Uuid::from_u128(2))],
        _ => vec![Value::Int(1), Value::Int(2)],
    };
    embedded(dialect, &scope, &wanted, &keys, &[relation.table.id()], &[]).expect("a statement")
}

#[test]
fn the_text_does_not_vary_with_the_keys() {
    for dialect in [Dialect::Sqlite, Dialect::Postgres] {
        let statement = statement(dialect, &BOX, "items");
        assert_eq!(statement.binds.len(), 4, "keys, limit, offset, all together: {}", statement.text);
        let keys = "[\"00000000000000000000000000000001\",\"00000000000000000000000000000002\"]";
        assert_eq!(statement.binds[0].1, Value::Json(keys.to_owned()));
    }
}

/// A relation must cost what its index costs, whatever the table holds.
#[tokio::test]
async fn sqlite_finds_every_relation_by_an_index() {
    let folder = tempfile::tempdir().expect("a folder");
    let db = Db::connect(&format!("sqlite:{}", folder.path().join("plans.db").display())).await.expect("a database");
    for object in ddl::create(&schema(), Dialect::Sqlite) {
        db.run(Lane::Write, Statement::new(object.sql, Vec::new(), Vec::new())).await.expect("a table");
    }
    for (from, name) in [(&BOX, "items"), (&ITEM, "items"), (&ITEM, "box"), (&ITEM, "item")] {
        let mut explained = statement(Dialect::Sqlite, from, name);
        explained.text = format!("EXPLAIN QUERY PLAN {}", explained.text);
        explained.output = vec![&NUMBER, &NUMBER, &NUMBER, &DETAIL];
        let rows = db.run(Lane::Read, explained).await.expect("a plan");
        let plan: Vec<_> = rows.iter().map(|row| format!("{:?}", row.values()[3])).collect();
        let table = plan.iter().filter(|step| step.contains("items") || step.contains("boxes") || step.contains("row"));
        assert!(table.clone().all(|step| step.contains("SEARCH")), "{name}: {plan:#?}");
        assert!(table.count() > 0, "{name}: {plan:#?}");
    }
}
