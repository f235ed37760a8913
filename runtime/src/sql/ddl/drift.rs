//! Whether the database still has what the structs say.

use std::collections::HashMap;

use sha2::{Digest as _, Sha256};

use super::{create, literal::hex};
use crate::{schema::Schema, sql::Dialect};

/// Everything that stands in the database, a line each: what it is called and how it is declared. A table's line comes
/// before those of all that belongs to it.
pub(crate) fn inventory(schema: &Schema, dialect: Dialect) -> Vec<(String, String)> {
    create(schema, dialect).into_iter().flat_map(|object| object.lines).collect()
}

/// SHA-256 of the inventory, in hexadecimal. The order of tables and of fields does not count: no statement of ours
/// depends on it, so a field that moved within its struct is no reason to stop a server.
pub(crate) fn fingerprint(schema: &Schema, dialect: Dialect) -> String {
    let lines = inventory(schema, dialect);
    let mut sorted: Vec<_> = tables(&lines).flat_map(|lines| lines.iter().map(|line| (&lines[0].0, line))).collect();
    sorted.sort();
    let mut hash = Sha256::new();
    for (table, (name, declared)) in sorted {
        for part in [table, name, declared] {
            hash.update(part);
            hash.update([0]);
        }
    }
    hex(&hash.finalize())
}

/// What has changed from `stored` to `now`, for people: `+` is missing in the database, `-` is too much, `~` differs.
/// Of a table that is all new or all gone only the table itself is named.
pub(crate) fn differences(stored: &[(String, String)], now: &[(String, String)]) -> Vec<String> {
    let old: HashMap<_, _> = tables(stored).map(|lines| (&lines[0].0, lines)).collect();
    let new: HashMap<_, _> = tables(now).map(|lines| (&lines[0].0, lines)).collect();
    let mut found = Vec::new();
    for lines in tables(now) {
        match old.get(&lines[0].0) {
            Some(old) => compare(old, lines, &mut found),
            None => found.push(format!("+ {}", lines[0].0)),
        }
    }
    let gone = tables(stored).filter(|lines| !new.contains_key(&lines[0].0));
    found.extend(gone.map(|lines| format!("- {}", lines[0].0)));
    found
}

/// The lines of each table, its own first.
fn tables(lines: &[(String, String)]) -> impl Iterator<Item = &[(String, String)]> {
    lines.chunk_by(|_, next| !next.0.starts_with("table "))
}

fn compare(old: &[(String, String)], new: &[(String, String)], found: &mut Vec<String>) {
    let before: HashMap<_, _> = old.iter().map(|(name, declared)| (name, declared)).collect();
    for (name, now) in new {
        match before.get(name) {
            None => found.push(format!("+ {name} {now}")),
            Some(before) if *before != now => found.push(format!("~ {name}: {before} -> {now}")),
            Some(_) => {}
        }
    }
    let gone = old.iter().filter(|(name, _)| !new.iter().any(|(n, _)| n == name));
    found.extend(gone.map(|(name, _)| format!("- {name}")));
}
