//! The relations that foreign keys make, and what they are called.

use super::same;
use crate::{
    column::{Column, Reference},
    query,
    relation::{Relation, Relations},
    table::Table,
};

/// A foreign key that clients can see: whoever may not see the column may not follow it either.
#[derive(Clone, Copy)]
struct Edge {
    table: &'static Table,
    column: &'static Column,
    reference: Reference,
    to: &'static Table,
}

/// The relations of all tables. Tables that nobody can read have none and are led to by none.
///
/// The mistakes, each with its way out:
///
/// - two foreign keys from one table to another whose way back has one name
/// - rows that are to be made together, of which some are made or read by nobody
/// - a relation that is called like a column, like another relation of its table, or like a word of the query grammar
pub(super) fn all(tables: &[&'static Table], mistakes: &mut Vec<String>) -> Relations {
    let mut relations = Relations::default();
    for edge in tables.iter().flat_map(|table| edges(table)) {
        let Edge { table, column, to, .. } = edge;
        add(
            &mut relations,
            edge,
            table,
            Relation { name: edge.name(), table: to, here: column, there: to.id(), many: false },
            mistakes,
        );
    }
    for edge in tables.iter().flat_map(|table| edges(table)) {
        let Edge { table, column, to, .. } = edge;
        add(
            &mut relations,
            edge,
            to,
            Relation { name: edge.inverse(), table, here: to.id(), there: column, many: true },
            mistakes,
        );
    }
    nested(tables, mistakes);
    relations
}

/// `nested` makes a promise to clients, who must be able to make both rows and to see that they belong together.
fn nested(tables: &[&'static Table], mistakes: &mut Vec<String>) {
    for table in tables {
        for column in table.columns {
            let Some(reference) = column.references.filter(|reference| reference.nested) else { continue };
            for part in [table, (reference.table)()] {
                let closed = [(part.rules.create, "create"), (part.rules.read, "read")];
                for (_, rule) in closed.iter().filter(|(rule, _)| rule.is_none()) {
                    mistakes.push(format!(
                        "`{}.{}` is `nested`, and `{}` says `{rule} = none`; remove `nested` or say who may {rule} it",
                        table.resource, column.name, part.resource
                    ));
                }
            }
        }
    }
}

fn edges(table: &'static Table) -> impl Iterator<Item = Edge> {
    table.columns.iter().filter(|column| column.readable()).filter_map(move |column| {
        let reference = column.references?;
        let to = (reference.table)();
        let seen = |table: &Table| !table.rules.read.is_none();
        (seen(table) && seen(to)).then_some(Edge { table, column, reference, to })
    })
}

impl Edge {
    /// What the row is called that the column points to: `user_id` points to `user`.
    fn name(&self) -> String {
        let json = self.column.json;
        let short = || ENDINGS.iter().find_map(|ending| json.strip_suffix(ending)).filter(|rest| !rest.is_empty());
        self.reference.relation.or_else(short).unwrap_or(json).to_owned()
    }

    /// What the rows are called that point here.
    fn inverse(&self) -> String {
        self.reference.inverse.unwrap_or(self.table.path).to_owned()
    }

    fn field(&self) -> String {
        format!("`{}.{}`", self.table.resource, self.column.name)
    }
}

/// How the name of a column that holds a key ends, in every case that `rename_all` knows.
const ENDINGS: [&str; 5] = ["_id", "Id", "-id", "_ID", "-ID"];

fn add(relations: &mut Relations, edge: Edge, from: &'static Table, relation: Relation, mistakes: &mut Vec<String>) {
    let name = &relation.name;
    let field = edge.field();
    let key = if relation.many { "inverse" } else { "relation" };
    let fix = format!("name it with `#[resource({key} = \"..\")]` on {field}");
    if let Some(column) = from.columns.iter().find(|column| column.json == name) {
        let own = same(from, edge.table) && column.name == edge.column.name;
        mistakes.push(if own {
            format!("{field} leads to `{}`, which cannot be called `{name}` as the column is; {fix}", edge.to.resource)
        } else {
            format!("{field} leads from `{0}` to `{name}`, and `{0}` has a column of that name; {fix}", from.resource)
        });
    } else if query::is_reserved(name) {
        mistakes
            .push(format!("{field} leads from `{}` to `{name}`, a word of the query grammar; {fix}", from.resource));
    } else if let Some(other) = relations.of(from).iter().find(|other| other.name == *name) {
        let other = other_field(from, other);
        mistakes.push(format!(
            "{other} and {field} both lead from `{}` to `{name}`; name one of them with \
             `#[resource({key} = \"..\")]` on {field}",
            from.resource
        ));
    } else {
        relations.add(from, relation);
    }
}

/// The field that made a relation.
fn other_field(from: &Table, relation: &Relation) -> String {
    let (table, column) = if relation.many { (relation.table, relation.there) } else { (from, relation.here) };
    format!("`{}.{}`", table.resource, column.name)
}
