//! What the schemas of tables are called. Names of ours have a dot, which no struct has.

use std::collections::HashMap;

use super::rows::Sent;
use crate::table::Table;

/// The names of the tables' schemas, by the tables' names in SQL.
pub(super) struct Names(HashMap<&'static str, String>);

impl Names {
    /// Each table has the name of its struct. Structs of one name are told apart by their paths, which are unique.
    pub(super) fn of(tables: &[&'static Table]) -> Self {
        let name = |table: &Table| -> String {
            // What a name of a component may hold.
            table.resource.chars().map(|c| if c.is_ascii_alphanumeric() || c == '_' { c } else { '-' }).collect()
        };
        let names = tables.iter().map(|table| {
            let own = name(table);
            let alone = tables.iter().filter(|other| name(other) == own).count() == 1;
            (table.name, if alone { own } else { format!("{own}.at.{}", table.path.replace('~', "-")) })
        });
        Self(names.collect())
    }

    /// The name of a row as it is answered.
    pub(super) fn row(&self, table: &Table) -> &str {
        self.0.get(table.name).map_or(table.resource, String::as_str)
    }

    /// The name of a row as it is sent.
    pub(super) fn sent(&self, table: &Table, sent: Sent) -> String {
        let word = match sent {
            Sent::Create => "create",
            Sent::Replace => "replace",
            Sent::Change => "change",
            Sent::Each => "each",
            Sent::Register => "register",
        };
        format!("{}.{word}", self.row(table))
    }
}
