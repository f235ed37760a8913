//! Why a write over a filter touched nothing.

use super::{Asking, Probe, Question, guarded_by, reachable, unique_sets};
use crate::{
    error::Result,
    filter::{Compare, Node, Standing},
    input::{Changes, Reason},
    policy::{Scope, live, standing},
    sql::{Dialect, Sql, Statement},
    table::Table,
};

/// Asks why a write over a filter touched no row; where no "no" is answered, none was meant. `conflict` where a unique
/// constraint has failed.
pub(crate) fn probe_where(
    dialect: Dialect,
    scope: &Scope,
    filter: &Node,
    changes: &Changes,
    conflict: bool,
) -> Result<(Probe, Statement)> {
    let table = scope.table();
    let meant = scope.rows().clone().and(filter.clone());
    let mut asking = Asking::new(dialect);
    if scope.caller().is_known() {
        let alive = standing(scope.caller(), Standing::Alive);
        asking.ask(Question::Alive, &mut |sql| _ = sql.predicate(&alive, None));
    }
    asking.ask(Question::Possible, &mut |sql| _ = sql.predicate(scope.possible(), None));
    for guard in &changes.guards {
        if guard.reason == Reason::Secret
            && let Some(identity) = scope.caller().identity().filter(|identity| identity.table == table)
        {
            let own = meant.clone().and(Node::Compare(table.id(), Compare::Eq, identity.key.clone()));
            asking.ask(Question::Own(guard.column), &mut |sql| _ = sql.push("NOT ").any(table, &own));
        }
    }
    for guard in &changes.guards {
        let failing = meant.clone().and(Node::Not(Box::new(guarded_by(scope, guard))));
        let question = Question::Guard(guard.column, guard.reason);
        asking.ask(question, &mut |sql| _ = sql.push("NOT ").any(table, &failing));
    }
    for (column, target) in reachable(scope, changes) {
        asking.ask(Question::Target(column), &mut |sql| {
            sql.predicate(&target, None).push(" OR NOT ").any(table, &meant);
        });
    }
    for set in unique_sets(table, changes).filter(|_| conflict) {
        asking.ask(Question::Free(set, table), &mut |sql| sql.no_two(table, set, &meant, changes));
    }
    asking.finish()
}

impl Sql {
    /// That there is a row that passes `node`.
    pub(in crate::sql) fn any(&mut self, table: &Table, node: &Node) -> &mut Self {
        self.push("EXISTS (SELECT 1 FROM ").ident(table.name).push(" AS \"row\" WHERE ");
        self.predicate(node, Some("row")).push(")")
    }

    /// That no two rows would share the values of `set` when those that pass `meant` are changed.
    fn no_two(&mut self, table: &'static Table, set: &[&str], meant: &Node, changes: &Changes) {
        let id = table.id();
        self.push("NOT EXISTS (SELECT 1 FROM ").ident(table.name).push(" AS \"row\" WHERE ");
        self.predicate(meant, Some("row")).push(" AND EXISTS (SELECT 1 FROM ").ident(table.name);
        self.push(" AS \"other\" WHERE ").column(Some("other"), id).push(" <> ").column(Some("row"), id);
        self.conjunct(&live(table), Some("other"));
        for column in set.iter().filter_map(|name| table.named(name)) {
            self.push(" AND ");
            match changes.set.iter().find(|(c, _)| c.name == column.name) {
                Some((_, value)) => {
                    let same = Node::Compare(column, Compare::Eq, value.clone());
                    self.push("(").predicate(&same, Some("other")).push(" OR ");
                    self.predicate(meant, Some("other")).push(")");
                }
                None => _ = self.column(Some("other"), column).push(" = ").column(Some("row"), column),
            }
        }
        self.push("))");
    }
}
