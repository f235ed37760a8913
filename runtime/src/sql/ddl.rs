//! Table definitions: what the structs say, as `CREATE` and `DROP` statements.
//!
//! Layout: `plan` reads descriptors into `model`, the definitions as data; `text` writes those out; `column`, `literal`
//! `computed` and `names` know the parts. `drift` compares what was created once with what would be created now, and
//! `catalogue` what would be created with what is really there.

mod catalogue;
mod column;
mod computed;
mod drift;
mod literal;
mod model;
mod names;
mod plan;
mod text;

use self::names::Names;
pub(crate) use self::{
    catalogue::{Catalogue, Compared},
    drift::{differences, fingerprint, inventory},
};
use crate::{resource::Resource, schema::Schema, sql::Dialect, sql::ident::Ident};

/// One statement, and what it makes.
#[derive(Debug)]
pub(crate) struct Object {
    /// What a person calls it: `table cards`, `index cards_status_idx`.
    pub(crate) name: String,
    /// The statement, without a semicolon.
    pub(crate) sql: String,
    /// The part of [`inventory`] that it brings: `column cards.title` and `TEXT NOT NULL`.
    pub(crate) lines: Vec<(String, String)>,
    /// Statements to run after it that leave nothing behind. They fail where the database would find out with the first
    /// row only that what was made does not work.
    pub(crate) trial: Vec<String>,
}

/// The statements that make every table of the app and the framework's own two, in order. One transaction can hold them.
pub(crate) fn create(schema: &Schema, dialect: Dialect) -> Vec<Object> {
    text::objects(&plan::tables(schema, dialect), dialect)
}

/// The statements that remove all that [`create`] made, and the tables of `stored`, an earlier inventory, whose structs
/// are gone: they may still point to the others. They belong into one transaction; a table that is not there is no error.
pub(crate) fn drop(schema: &Schema, stored: &[(String, String)], dialect: Dialect) -> Vec<String> {
    let plan = plan::tables(schema, dialect);
    let now: Vec<_> = plan.iter().map(|table| table.name).collect();
    let gone = stored.iter().filter_map(|(line, _)| line.strip_prefix("table ")).filter(|name| !now.contains(name));
    let tables = gone.chain(now.iter().rev().copied()).map(|name| Ident(name).to_string());
    match dialect {
        // Dropping a table deletes its rows first, and a cycle has no order in which that passes row by row. Put off to
        // the end of the transaction, when no row is left, the same check holds. The setting ends with the transaction.
        // The tables with the words come last: triggers write to them as long as rows can be deleted.
        Dialect::Sqlite => std::iter::once("PRAGMA defer_foreign_keys = ON".to_owned())
            .chain(tables.chain(search_tables(&plan, stored)).map(|table| format!("DROP TABLE IF EXISTS {table}")))
            .collect(),
        // Tables of one statement may point to each other as they like, while a table that is not ours and points to
        // them still stops it, which CASCADE would not.
        Dialect::Postgres => vec![format!("DROP TABLE IF EXISTS {}", tables.collect::<Vec<_>>().join(", "))],
    }
}

/// The tables of FTS5's that are there, or were once.
fn search_tables(plan: &[model::TableDef], stored: &[(String, String)]) -> Vec<String> {
    let mut names: Vec<_> = plan.iter().filter_map(|table| table.search.as_ref()).map(|search| &*search.name).collect();
    names.extend(stored.iter().filter_map(|(line, _)| line.strip_prefix(text::SEARCH)));
    names.sort_unstable();
    names.dedup();
    names.into_iter().map(|name| Ident(name).to_string()).collect()
}

/// The statements as a script.
pub(crate) fn script(objects: &[Object]) -> String {
    objects.iter().map(|object| format!("{};\n", object.sql)).collect::<Vec<_>>().join("\n")
}

/// The table of one resource and its indexes as a script: `Store::ddl`.
pub(crate) fn ddl<T: Resource>(dialect: Dialect) -> String {
    let mut names = Names::default();
    names.reserve(T::TABLE.name);
    let table = plan::table(T::TABLE, dialect, &mut names, &|_| false);
    script(&text::objects(&[table], dialect))
}

#[cfg(test)]
pub(crate) mod tests;
