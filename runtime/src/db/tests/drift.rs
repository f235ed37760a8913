//! What SQLite says of tables of every sort, through both of its drivers, is what the plan says.

use crate::{
    db::{
        Db,
        admin::{self, SchemaState},
    },
    schema::Schema,
    sql::ddl::tests::tables,
    table::Table,
};

async fn is_found_as_it_was_made(tables: &[&'static Table]) {
    let schema = Schema::new(tables).expect("the tables fit together");
    // What is in the URL beside its file, sqlx alone reads.
    for parameters in ["", "?mode=rwc&cache=private"] {
        let folder = tempfile::tempdir().expect("a folder");
        let url = format!("sqlite:{}{parameters}", folder.path().join("drift.db").display());
        let db = Db::connect(&url).await.expect("a database");
        assert_eq!(admin::state(&db, &schema).await.expect("a state"), SchemaState::Empty);
        admin::create(&db, &schema).await.expect("the tables");
        let found = admin::inspect(&db, &schema).await.expect("a state");
        assert_eq!((found.state, found.beside), (SchemaState::Current, vec![]), "{parameters}");
        admin::drop(&db, &schema).await.expect("the tables can be dropped");
        assert_eq!(admin::state(&db, &schema).await.expect("a state"), SchemaState::Empty);
        db.close().await;
    }
}

#[tokio::test]
async fn columns_keys_and_names_of_every_sort() {
    is_found_as_it_was_made(&[&tables::OF_EVERY_SORT[..], &[&tables::PURCHASE]].concat()).await;
}

#[tokio::test]
async fn rows_that_stay_when_they_are_deleted() {
    is_found_as_it_was_made(&[&tables::GUEST, &tables::TRACE]).await;
}
