mod drift;
pub(crate) mod tables;

use super::*;
use crate::table::Table;

/// All that `create` and `drop` say of some tables.
fn scripts(tables: &[&'static Table], dialect: Dialect) -> String {
    let schema = Schema::new(tables).expect("the tables fit together");
    format!("{}\n-- drop\n{};\n", script(&create(&schema, dialect)), drop(&schema, &[], dialect).join(";\n"))
}

macro_rules! snapshots {
    ($($name:ident: $tables:expr;)*) => {$(
        #[test]
        fn $name() {
            insta::assert_snapshot!(concat!(stringify!($name), "-sqlite"), scripts(&$tables, Dialect::Sqlite));
            insta::assert_snapshot!(concat!(stringify!($name), "-postgres"), scripts(&$tables, Dialect::Postgres));
        }
    )*};
}

snapshots! {
    types: [&tables::TYPES];
    keys: [&tables::USER, &tables::CARD];
    computed: [&tables::PURCHASE];
    deleted: [&tables::GUEST, &tables::TRACE];
    cycle: [&tables::MEMBER, &tables::TEAM];
    names: [&tables::ODD, &tables::LONG];
    search: [&tables::USER, &tables::ARTICLE, &tables::NOTE];
}

#[test]
fn a_resource_prints_its_own_table() {
    assert_eq!(
        <tables::Member as crate::Store>::ddl(Dialect::Sqlite),
        r#"CREATE TABLE "members" (
  "id" INTEGER PRIMARY KEY AUTOINCREMENT,
  "team_id" INTEGER NOT NULL,
  CONSTRAINT "members_team_id_fkey" FOREIGN KEY ("team_id") REFERENCES "teams" ("id")
) STRICT;

CREATE INDEX "members_team_id_idx" ON "members" ("team_id");
"#
    );
}
