use super::{Dialect, Schema, differences, fingerprint, inventory, tables};
use crate::{
    column::Column,
    schema::tests::{id, table},
    table::Table,
};

const CARD: Table =
    table("Card", "cards", &[id(), Column::new::<String>("title").index(), Column::new::<Option<i64>>("size")]);
static BEFORE: Table = CARD;
static MOVED: Table =
    Table { columns: &[Column::new::<Option<i64>>("size"), id(), Column::new::<String>("title").index()], ..CARD };
static AFTER: Table =
    Table { columns: &[id(), Column::new::<Option<String>>("title"), Column::new::<bool>("done")], ..CARD };
static TAG: Table = table("Tag", "tags", &[id()]);

fn schema(tables: &[&'static Table]) -> Schema {
    Schema::new(tables).expect("the tables fit together")
}

fn from_to(before: &[&'static Table], after: &[&'static Table], dialect: Dialect) -> Vec<String> {
    differences(&inventory(&schema(before), dialect), &inventory(&schema(after), dialect))
}

#[test]
fn every_change_is_named() {
    assert_eq!(
        from_to(&[&BEFORE], &[&AFTER], Dialect::Postgres),
        [
            "~ column cards.title: TEXT COLLATE \"C\" NOT NULL -> TEXT COLLATE \"C\"",
            "+ column cards.done BOOLEAN NOT NULL",
            "- column cards.size",
            "- check cards.title",
            "- index cards_title_idx",
        ]
    );
}

#[test]
fn of_a_whole_table_only_the_table_is_named() {
    assert_eq!(from_to(&[&BEFORE], &[&TAG], Dialect::Sqlite), ["+ table tags", "- table cards"]);
}

#[test]
fn the_order_of_fields_and_tables_does_not_count() {
    for dialect in [Dialect::Sqlite, Dialect::Postgres] {
        let (one, other) = (schema(&[&BEFORE, &TAG]), schema(&[&TAG, &MOVED]));
        assert_eq!(fingerprint(&one, dialect), fingerprint(&other, dialect));
        assert_eq!(from_to(&[&BEFORE, &TAG], &[&TAG, &MOVED], dialect), [] as [&str; 0]);
    }
}

#[test]
fn a_foreign_key_that_is_added_late_is_in_the_inventory() {
    let lines = inventory(&schema(&[&tables::TEAM, &tables::MEMBER]), Dialect::Postgres);
    assert!(lines.iter().any(|(name, _)| name == "foreign key teams.lead_id"), "{lines:?}");
}

#[test]
fn a_cycle_is_the_same_whichever_table_comes_first() {
    let (one, other) = (schema(&[&tables::TEAM, &tables::MEMBER]), schema(&[&tables::MEMBER, &tables::TEAM]));
    assert_eq!(fingerprint(&one, Dialect::Postgres), fingerprint(&other, Dialect::Postgres));
}

#[test]
fn the_fingerprint_sees_every_change() {
    let print = |tables: &[&'static Table], dialect| fingerprint(&schema(tables), dialect);
    let prints = [
        print(&[&BEFORE], Dialect::Sqlite),
        print(&[&AFTER], Dialect::Sqlite),
        print(&[&BEFORE, &TAG], Dialect::Sqlite),
        print(&[&BEFORE], Dialect::Postgres),
    ];
    assert!(prints.iter().all(|p| p.len() == 64));
    assert!((1..prints.len()).all(|i| !prints[..i].contains(&prints[i])), "{prints:?}");
}
