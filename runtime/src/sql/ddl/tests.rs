mod drift;
#[cfg(feature = "sqlite")]
mod run;
mod tables;

use super::*;
use crate::table::Table;

/// All that `create` and `drop` say of some tables.
fn scripts(tables: &[&'static Table], dialect: Dialect) -> String {
    let schema = Schema::new(tables).expect("the tables fit together");
    format!("{}\n-- drop\n{};\n", script(&create(&schema, dialect)), drop(&schema, dialect).join(";\n"))
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
    cycle: [&tables::MEMBER, &tables::TEAM];
    names: [&tables::ODD, &tables::LONG];
}

#[test]
fn a_resource_prints_its_own_table() {
    assert_eq!(
        tables::Member::ddl(Dialect::Sqlite),
        r#"CREATE TABLE "members" (
  "id" INTEGER PRIMARY KEY AUTOINCREMENT,
  "team_id" INTEGER NOT NULL,
  CONSTRAINT "members_team_id_fkey" FOREIGN KEY ("team_id") REFERENCES "teams" ("id")
) STRICT;

CREATE INDEX "members_team_id_idx" ON "members" ("team_id");
"#
    );
}

#[test]
fn constraints_are_found_by_name() {
    let schema = Schema::new(&[&tables::USER, &tables::CARD, &tables::TEAM, &tables::MEMBER]).expect("they fit");
    for dialect in [Dialect::Sqlite, Dialect::Postgres] {
        let named = constraints(&schema, dialect);
        let find = |name: &str| named.get(name).map(|(table, columns)| (*table, columns.as_slice()));
        assert_eq!(find("users_email_key"), Some(("users", &["email"][..])), "{dialect:?}");
        assert_eq!(find("cards_user_id_position_key"), Some(("cards", &["user_id", "position"][..])), "{dialect:?}");
        assert_eq!(find("cards_status_check"), Some(("cards", &["status"][..])), "{dialect:?}");
        assert_eq!(find("members_team_id_fkey"), Some(("members", &["team_id"][..])), "{dialect:?}");
        assert_eq!(find("teams_lead_id_fkey"), Some(("teams", &["lead_id"][..])), "{dialect:?}");
        assert_eq!(find("cards_status_idx"), None, "no write runs into a plain index");
    }
}
