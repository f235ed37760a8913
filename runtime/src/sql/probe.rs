//! The one diagnosing statement: asked only when a write touched no row or broke a constraint, it says why.

mod filtered;

pub(crate) use self::filtered::probe_where;

use super::{
    Dialect, Sql, Statement,
    filtered::guarded_by,
    insert::guard_on_insert,
    rows::{guard_on_update, references},
};
use crate::{
    column::{Column, Role},
    error::{Code, Error, Result},
    filter::{Compare, Node, Standing},
    input::{Changes, Reason},
    policy::{Scope, live, standing},
    table::Table,
    value::Value,
};

/// `SELECT` of the key of the row that has the values which `changes` gives the columns of a unique set.
pub(crate) fn lookup(dialect: Dialect, table: &'static Table, set: &[&str], changes: &Changes) -> Result<Statement> {
    let id = table.id();
    let mut sql = Sql::new(dialect, "SELECT (SELECT ");
    sql.column(Some("other"), id).push(" FROM ").ident(table.name).push(" AS \"other\" WHERE ");
    sql.like_another(table, set, changes, None);
    sql.push(")");
    sql.finish(vec![id])
}

/// What went wrong, as questions in the order in which they are answered: the first "no" decides.
#[derive(Debug)]
pub(crate) struct Probe {
    questions: Vec<Question>,
}

#[derive(Clone, Copy, Debug)]
enum Question {
    /// The caller's row is there with the token's version.
    Alive,
    /// The caller may read the row.
    Readable,
    /// The action's rule does not exclude the caller from every row.
    Possible,
    /// The row is in the action's scope.
    InScope,
    /// A guarded column has the value that was sent, or the caller may change it.
    Guard(&'static Column, Reason),
    /// The caller's own row is not among those whose password is set.
    Own(&'static Column),
    /// The row is in a state that the request asks for.
    Expected(&'static Table),
    /// A reference points to a row that the caller may use.
    Target(&'static Column),
    /// No other row has these values; the columns are those of one unique set.
    Free(&'static [&'static str], &'static Table),
}

/// Asks why `action` on `key` (of a new row: `None`) with `changes` did not work.
pub(crate) fn probe(
    dialect: Dialect,
    scope: &Scope,
    key: Option<&Value>,
    changes: &Changes,
) -> Result<(Probe, Statement)> {
    let table = scope.table();
    let mut asking = Asking::new(dialect);
    let mut ask = |question: Question, write: &mut dyn FnMut(&mut Sql)| asking.ask(question, write);
    if scope.caller().is_known() {
        let alive = standing(scope.caller(), Standing::Alive);
        ask(Question::Alive, &mut |sql| _ = sql.predicate(&alive, None));
    }
    if let Some(key) = key {
        ask(Question::Readable, &mut |sql| sql.row_exists(table, key, scope.read()));
    }
    ask(Question::Possible, &mut |sql| _ = sql.predicate(scope.possible(), None));
    if let Some(key) = key {
        ask(Question::InScope, &mut |sql| sql.row_exists(table, key, scope.rows()));
    }
    for guard in &changes.guards {
        let question = Question::Guard(guard.column, guard.reason);
        ask(question, &mut |sql| match key {
            Some(key) => sql.row_exists(table, key, &guard_on_update(scope, guard)),
            None => _ = sql.predicate(&guard_on_insert(scope, guard), None),
        });
    }
    if let Some(key) = key.filter(|_| !scope.expected().is_true()) {
        ask(Question::Expected(table), &mut |sql| sql.row_exists(table, key, scope.expected()));
    }
    for (column, target) in reachable(scope, changes) {
        ask(Question::Target(column), &mut |sql| _ = sql.predicate(&target, None));
    }
    for set in unique_sets(table, changes) {
        ask(Question::Free(set, table), &mut |sql| sql.none_like(table, set, changes, key));
    }
    asking.finish()
}

/// Questions being written into one statement.
struct Asking {
    sql: Sql,
    questions: Vec<Question>,
}

impl Asking {
    fn new(dialect: Dialect) -> Self {
        Self { sql: Sql::new(dialect, "SELECT "), questions: Vec::new() }
    }

    fn ask(&mut self, question: Question, write: &mut dyn FnMut(&mut Sql)) {
        self.sql.push(if self.questions.is_empty() { "(" } else { ", (" });
        write(&mut self.sql);
        self.sql.push(")");
        self.questions.push(question);
    }

    fn finish(self) -> Result<(Probe, Statement)> {
        let output = vec![&ANSWER; self.questions.len()];
        Ok((Probe { questions: self.questions }, self.sql.finish(output)?))
    }
}

static ANSWER: Column = Column::new::<bool>("answer");

impl Probe {
    /// The failure that the answers tell; `None` where by now nothing stands in the way.
    pub(crate) fn verdict(&self, answers: &[Value]) -> Option<Error> {
        let no: Vec<Question> = std::iter::zip(&self.questions, answers)
            .filter(|(_, answer)| **answer != Value::Bool(true))
            .map(|(question, _)| *question)
            .collect();
        let error = match no.first()? {
            Question::Alive => dead_token(),
            Question::Readable | Question::InScope => no_such_row(),
            Question::Possible => Error::new(Code::Forbidden, "this is for administrators").hint("ask one of them"),
            Question::Own(_) | Question::Guard(..) => guarded(&no),
            Question::Expected(table) => unexpected(table),
            Question::Target(_) => {
                let fields = no.iter().filter_map(|q| match q {
                    Question::Target(column) => Some((column.json.to_owned(), "there is no such row".to_owned())),
                    _ => None,
                });
                Error::new(Code::ForeignKey, "a reference points to no row; see errors").fields(fields)
            }
            Question::Free(..) => {
                let fields = no.iter().filter_map(taken).flatten();
                Error::new(Code::Unique, "a value that must be unique is taken; see errors").fields(fields)
            }
        };
        Some(error.settled())
    }
}

/// The 401 of a token whose row is gone or has moved on.
pub(crate) fn dead_token() -> Error {
    Error::new(Code::BadToken, "the token is no longer valid").hint("sign in again at POST /auth/login")
}

/// The 404 of a row that is not there, or not there for this caller.
pub(crate) fn no_such_row() -> Error {
    Error::new(Code::NotFound, "there is no such row")
}

/// The 403 of fields that only an administrator may set.
pub(crate) fn forbidden(fields: impl IntoIterator<Item = String>) -> Error {
    let fields = fields.into_iter().map(|field| (field, message(Reason::Forbidden).to_owned()));
    Error::new(Code::Forbidden, NOT_YOURS).fields(fields).settled()
}

const NOT_YOURS: &str = "some fields are not yours to set; see errors";

fn message(reason: Reason) -> &'static str {
    match reason {
        Reason::Immutable => "cannot be changed once the row is made",
        Reason::Secret => "only an administrator may set another's password",
        Reason::Forbidden => "only an administrator may change it",
    }
}

/// Every guard that failed. A forbidden field outweighs one that is fixed, or that is changed elsewhere.
fn guarded(no: &[Question]) -> Error {
    let own = || {
        no.iter().filter_map(|question| match question {
            Question::Own(column) => Some(*column),
            _ => None,
        })
    };
    let guards = || {
        no.iter().filter_map(|question| match question {
            Question::Guard(column, reason) if own().all(|own| own != *column) => Some((*column, *reason)),
            _ => None,
        })
    };
    let elsewhere = own().map(|column| (column.json.to_owned(), "is changed at /auth/password".to_owned()));
    let failed = guards().map(|(column, reason)| (column.json.to_owned(), message(reason).to_owned()));
    let fields: Vec<_> = elsewhere.chain(failed).collect();
    if guards().all(|(_, reason)| reason == Reason::Immutable) {
        Error::invalid(fields)
    } else {
        Error::new(Code::Forbidden, NOT_YOURS).fields(fields)
    }
}

/// The 412 of a row that has moved on, or that nothing can be asked of.
fn unexpected(table: &Table) -> Error {
    if table.with_role(Role::Version).is_some() {
        Error::new(Code::Condition, "the row is not in the state that If-Match or If-None-Match asks for")
            .hint("GET it again, and send the ETag that came with it as If-Match; If-None-Match is for a state that you do not want")
    } else {
        Error::new(Code::Condition, format!("{} have no entity tags, so that no row has one that is named", table.path))
            .hint("send the request without If-Match")
    }
}

fn taken(question: &Question) -> Option<Vec<(String, String)>> {
    let Question::Free(set, table) = question else { return None };
    let columns: Vec<_> = set.iter().filter_map(|name| table.named(name)).collect();
    let message = if columns.len() == 1 { "is taken" } else { "is taken together with the other fields named" };
    Some(columns.into_iter().map(|column| (column.json.to_owned(), message.to_owned())).collect())
}

/// The references as the statement had them; the program's own are asked for too, since a constraint can have failed.
fn reachable<'a>(scope: &'a Scope, changes: &'a Changes) -> Vec<(&'static Column, Node)> {
    if !scope.is_system() {
        return references(scope, changes).collect();
    }
    let set = changes.set.iter().filter(|(_, value)| *value != Value::Null);
    set.filter_map(|(column, value)| {
        let table = (column.references?.table)();
        Some((*column, Node::Exists { table, key: value.clone(), scope: Box::new(Node::TRUE) }))
    })
    .collect()
}

/// The unique sets that the changes have a part in.
pub(super) fn unique_sets<'a>(
    table: &'static Table,
    changes: &'a Changes,
) -> impl Iterator<Item = &'static [&'static str]> + use<'a> {
    // A row that comes back takes up all of its values again.
    let back = |column: &Column, value: &Value| column.role == Role::DeletedAt && *value == Value::Null;
    let touched =
        move |set: &[&str]| changes.set.iter().any(|(column, value)| set.contains(&column.name) || back(column, value));
    table.unique_sets().filter(move |set| touched(set))
}

impl Sql {
    fn row_exists(&mut self, table: &'static Table, key: &Value, node: &Node) {
        self.any(table, &Node::Compare(table.id(), Compare::Eq, key.clone()).and(node.clone()));
    }

    /// That no other row has the values of `set` that the changed row would have.
    fn none_like(&mut self, table: &'static Table, set: &[&str], changes: &Changes, key: Option<&Value>) {
        let id = table.id();
        self.push("NOT EXISTS (SELECT 1 FROM ").ident(table.name).push(" AS \"other\" WHERE ");
        if let Some(key) = key {
            self.column(Some("other"), id).push(" <> ").bind(id.kind, key.clone()).push(" AND ");
        }
        self.like_another(table, set, changes, key);
        self.push(")");
    }

    /// That the row `other` has the values of `set` that the changed row would have.
    fn like_another(&mut self, table: &'static Table, set: &[&str], changes: &Changes, key: Option<&Value>) {
        let id = table.id();
        let live = live(table);
        if !live.is_true() {
            self.predicate(&live, Some("other")).push(" AND ");
        }
        let columns = set.iter().filter_map(|name| table.named(name));
        self.join(columns, " AND ", |sql, column| {
            let given = changes.set.iter().find(|(c, _)| c.name == column.name).map(|(_, value)| value);
            match (given, key) {
                (Some(value), _) => {
                    let node = Node::Compare(column, Compare::Eq, value.clone());
                    sql.predicate(&node, Some("other"));
                }
                (None, Some(key)) => {
                    sql.column(Some("other"), column).push(" = (SELECT ").ident(column.name).push(" FROM ");
                    sql.ident(table.name).push(" WHERE ").ident(id.name).push(" = ").bind(id.kind, key.clone());
                    sql.push(")");
                }
                // What a new row does not set is NULL, and NULL is never taken.
                (None, None) => _ = sql.push("FALSE"),
            }
        });
    }
}
