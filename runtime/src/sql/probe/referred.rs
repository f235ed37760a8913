//! Why rows cannot be deleted: which others refer to them.

use std::sync::Arc;

use super::{Asking, Probe, Question};
use crate::{
    column::OnDelete,
    error::{Code, Error, Result},
    filter::Node,
    policy::{self, Scope},
    relation::Relation,
    sql::{Dialect, Statement},
};

/// Asks which of the rows that keep others from being deleted refer to those that a filter means; `None` where the caller
/// sees none of either table. Relations are what clients know anyhow, and the rows are those that a list would show them.
pub(crate) fn probe_referred(
    dialect: Dialect,
    scope: &Scope,
    filter: &Node,
    relations: &[Arc<Relation>],
) -> Result<Option<(Probe, Statement)>> {
    let table = scope.table();
    let meant = scope.rows().clone().and(filter.clone());
    let mut asking = Asking::new(dialect);
    for relation in relations.iter().filter(|relation| holds(relation)) {
        let seen = policy::embedded(relation.table, scope.caller());
        if *seen.rows() == Node::FALSE {
            continue;
        }
        let mut rows = seen.rows().clone();
        if relation.table.name == table.name {
            // What goes as well keeps nothing.
            rows = rows.and(Node::Not(Box::new(meant.clone())));
        }
        let referred = meant.clone().and(Node::Related { relation: Arc::clone(relation), rows: Box::new(rows) });
        let question = Question::Unreferred(relation.table, relation.there);
        asking.ask(question, &mut |sql| _ = sql.push("NOT ").any(table, &referred));
    }
    if asking.questions.is_empty() { Ok(None) } else { asking.finish().map(Some) }
}

fn holds(relation: &Relation) -> bool {
    relation.many && relation.there.references.is_some_and(|reference| reference.on_delete == OnDelete::Restrict)
}

/// The 409 of rows that others refer to, or what would go with them.
pub(crate) fn referred_to() -> Error {
    Error::new(Code::ForeignKey, "other rows refer to what would be deleted")
}

/// The same where it is known which: they are named as clients know them.
pub(super) fn named(no: &[Question]) -> Error {
    let by = no.iter().filter_map(|question| match question {
        Question::Unreferred(table, column) => Some(format!("rows of {} by `{}`", table.path, column.json)),
        _ => None,
    });
    let by = by.collect::<Vec<_>>().join(", ");
    referred_to().details(format!("it is referred to by {by}")).hint("delete those first, or have them refer to others")
}
