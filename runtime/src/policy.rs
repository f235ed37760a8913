//! Who may do what: a [`Caller`] and a table's rules become a [`Scope`], a predicate that stands inside the statement.

use crate::{
    error::{Code, Error, Result},
    filter::{Compare, Identity, Is, Node, Standing},
    resource::Resource,
    table::{Action, Rule, TOKEN_VERSION, Table},
    value::Value,
};

/// Who is asking: nobody in particular, or what a verified token says.
///
/// It holds verified claims only. Whether the caller's row is still there, with this token version, is asked in SQL by
/// every statement that it takes part in. As an extractor of hand-written routes it answers 401 to a bad token.
#[derive(Clone, Debug, Default)]
pub struct Caller {
    identity: Option<Identity>,
    /// Whether it is an administrator, where that has been found out once and for all.
    admin: Option<bool>,
}

impl Caller {
    /// Nobody in particular.
    pub const ANONYMOUS: Self = Self { identity: None, admin: None };

    pub(crate) fn known(identity: Identity) -> Self {
        Self { identity: Some(identity), admin: None }
    }

    /// The same, whose token holds and who is an administrator or is none, without asking again: for what is read behind a
    /// write that ends the token, in the transaction in which this was asked before and the write has asked it as well.
    pub(crate) fn found(&self, admin: bool) -> Self {
        Self { admin: Some(admin), ..self.clone() }
    }

    /// Whether a valid token came with the request.
    pub fn is_known(&self) -> bool {
        self.identity.is_some()
    }

    /// The key of the caller's row in the login resource `U`; `None` for nobody, or when `U` is another resource.
    ///
    /// ```
    /// # use restruct::{prelude::*, Caller};
    /// # #[derive(Resource)]
    /// # #[resource(read = owner, create = none, update = none, delete = none, register = none)]
    /// # struct User { id: i64, #[resource(login)] name: String, password: Password }
    /// assert_eq!(Caller::ANONYMOUS.id::<User>(), None);
    /// ```
    pub fn id<U: Resource>(&self) -> Option<U::Key> {
        let identity = self.identity.as_ref().filter(|identity| identity.table == U::TABLE)?;
        U::KEY.decode(identity.key.clone()).ok()
    }

    /// Whether a row is the one that they sign in with.
    pub(crate) fn is(&self, table: &Table, key: &Value) -> bool {
        self.identity.as_ref().is_some_and(|identity| identity.table == table && identity.key == *key)
    }

    pub(crate) fn identity(&self) -> Option<&Identity> {
        self.identity.as_ref()
    }
}

/// What a caller may touch with one action, as predicates. Every statement over rows demands one, and only
/// functions of this module make one: forgetting authorization does not compile.
#[derive(Clone, Debug)]
pub(crate) struct Scope {
    caller: Caller,
    table: &'static Table,
    /// The rows that the action's rule and the read rule allow.
    rows: Node,
    /// The rows that the read rule allows.
    read: Node,
    /// That the action's rule does not exclude this caller from every row.
    possible: Node,
    /// That the caller is an administrator.
    admin: Node,
    /// The state that the row must be in, by what the request says.
    expected: Node,
    /// Whether this is the program itself and not a client.
    system: bool,
}

impl Scope {
    pub(crate) fn table(&self) -> &'static Table {
        self.table
    }
    pub(crate) fn caller(&self) -> &Caller {
        &self.caller
    }
    pub(crate) fn rows(&self) -> &Node {
        &self.rows
    }
    pub(crate) fn read(&self) -> &Node {
        &self.read
    }
    pub(crate) fn possible(&self) -> &Node {
        &self.possible
    }
    pub(crate) fn admin(&self) -> &Node {
        &self.admin
    }
    pub(crate) fn expected(&self) -> &Node {
        &self.expected
    }
    pub(crate) fn is_system(&self) -> bool {
        self.system
    }

    /// The same, of rows that are in a state: what `If-Match` asks. It decides after all that is the caller's to be asked.
    pub(crate) fn expecting(mut self, state: Node) -> Self {
        self.expected = state;
        self
    }

    /// The same for administrators alone: everybody else is excluded from every row.
    pub(crate) fn of_admins(mut self) -> Self {
        self.possible = standing(&self.caller, Standing::Admin);
        self
    }

    /// The predicate under which a reference to `target` may be made: that the caller may read the row.
    pub(crate) fn read_of(&self, target: &'static Table) -> Node {
        if self.system { Node::TRUE } else { predicate(target, target.rules.read, &self.caller).and(live(target)) }
    }

    /// The value of the owner column of a new row.
    pub(crate) fn stamp(&self) -> Value {
        self.caller.identity().map_or(Value::Null, |identity| identity.key.clone())
    }
}

/// What `caller` may touch, or the 401 that says a token is needed. Costs nothing: what only the database knows (is the
/// caller still there, is it an administrator) is part of the predicates.
pub(crate) fn authorize(table: &'static Table, action: Action, caller: &Caller) -> Result<Scope> {
    let rule = table.rules.of(action);
    if !rule.has(Rule::PUBLIC) {
        needs_caller(caller)?;
    }
    let read = predicate(table, table.rules.read, caller);
    let rows = match action {
        Action::Read => read.clone().and(live(table)),
        // A row that is not there yet belongs to nobody: whoever is known becomes its owner.
        Action::Create if rule.has(Rule::OWNER) => predicate(table, rule.or(Rule::AUTHENTICATED), caller),
        Action::Create => predicate(table, rule, caller),
        Action::Update | Action::Delete => {
            let ruled = predicate(table, rule, caller);
            // An open read rule asks of a known caller what every rule asks first: a live token.
            let open =
                table.rules.read.has(Rule::PUBLIC) || (caller.is_known() && table.rules.read.has(Rule::AUTHENTICATED));
            let both = if open || ruled == read { ruled } else { ruled.and(read.clone()) };
            both.and(current(table, caller)).and(live(table))
        }
    };
    let read = read.and(live(table));
    let admin_alone = caller.is_known() && rule == Rule::ADMIN;
    let possible = if admin_alone { standing(caller, Standing::Admin) } else { Node::TRUE };
    let admin = standing(caller, Standing::Admin);
    Ok(Scope { caller: caller.clone(), table, rows, read, possible, admin, expected: Node::TRUE, system: false })
}

/// What `caller` may see of a table that another one leads to: nothing where the read rule wants somebody else, and not
/// the refusal that a request for the table itself would get.
pub(crate) fn embedded(table: &'static Table, caller: &Caller) -> Scope {
    let read = predicate(table, table.rules.read, caller);
    // Nothing stays nothing, so that it need not be asked for.
    let read = if read == Node::FALSE { read } else { read.and(live(table)) };
    let (rows, admin) = (read.clone(), standing(caller, Standing::Admin));
    let possible = Node::TRUE;
    Scope { caller: caller.clone(), table, rows, read, possible, admin, expected: Node::TRUE, system: false }
}

/// The caller's own row of the login table, whatever its rules: what `/auth/me` and `/auth/password` work on.
pub(crate) fn own(table: &'static Table, caller: &Caller) -> Result<Scope> {
    let identity = needs_caller(caller)?;
    let rows =
        Node::Compare(table.id(), Compare::Eq, identity.key.clone()).and(same_version(identity)).and(live(table));
    let read = rows.clone();
    let (possible, admin) = (Node::TRUE, Node::FALSE);
    Ok(Scope { caller: caller.clone(), table, rows, read, possible, admin, expected: Node::TRUE, system: false })
}

/// One new row of the login table for somebody who is not known yet, and who will read it.
pub(crate) fn registration(table: &'static Table) -> Scope {
    let all = || Node::TRUE;
    let (rows, read, possible, admin) = (all(), all(), all(), Node::FALSE);
    Scope { caller: Caller::ANONYMOUS, table, rows, read, possible, admin, expected: Node::TRUE, system: false }
}

/// The scope of the program itself: typed code, seeds, the command line.
pub(crate) fn system(table: &'static Table) -> Scope {
    let scope = all(table);
    Scope { rows: live(table), read: live(table), ..scope }
}

/// The same with rows that are not there for anybody else: those to be made, and those that are deleted and still in the
/// table.
pub(crate) fn all(table: &'static Table) -> Scope {
    let all = || Node::TRUE;
    let (rows, read, possible, admin) = (all(), all(), all(), all());
    Scope { caller: Caller::ANONYMOUS, table, rows, read, possible, admin, expected: Node::TRUE, system: true }
}

/// That a row is not deleted. Every scope over rows that are there has it but [`all`].
pub(crate) fn live(table: &'static Table) -> Node {
    table.deleted_at().map_or(Node::TRUE, |column| Node::Is(column, Is::Null))
}

/// That the caller's row is there with the token's version, and more where that is asked; false for nobody.
pub(crate) fn standing(caller: &Caller, standing: Standing) -> Node {
    let Some(identity) = &caller.identity else { return Node::FALSE };
    match caller.admin {
        None => Node::Caller(identity.clone(), standing),
        Some(admin) if admin || standing == Standing::Alive => Node::TRUE,
        Some(_) => Node::FALSE,
    }
}

/// That the row, where it is the caller's own, still has the token's version.
///
/// PostgreSQL decides anew about a row that it had to wait for, but from that row alone: the subquery that looks at the
/// caller keeps what it saw before. So what is said of the caller is said of the row as well where the two are one, or a
/// demotion could be undone by a request that was waiting for it.
fn current(table: &'static Table, caller: &Caller) -> Node {
    match caller.identity() {
        Some(identity) if identity.table == table => {
            Node::Compare(table.id(), Compare::Neq, identity.key.clone()).or(same_version(identity))
        }
        _ => Node::TRUE,
    }
}

fn same_version(identity: &Identity) -> Node {
    Node::Compare(&TOKEN_VERSION, Compare::Eq, Value::Int(identity.version))
}

fn needs_caller(caller: &Caller) -> Result<&Identity> {
    caller.identity().ok_or_else(|| {
        Error::new(Code::NoToken, "this needs a signed-in caller")
            .hint("send Authorization: Bearer <access_token> from POST /auth/login")
    })
}

fn predicate(table: &'static Table, rule: Rule, caller: &Caller) -> Node {
    let Some(identity) = caller.identity() else {
        return if rule.has(Rule::PUBLIC) { Node::TRUE } else { Node::FALSE };
    };
    // A dead token is refused even where nobody needs one.
    let alive = standing(caller, Standing::Alive);
    if rule.has(Rule::PUBLIC) || rule.has(Rule::AUTHENTICATED) {
        return alive;
    }
    let admin = rule.has(Rule::ADMIN).then(|| standing(caller, Standing::Admin));
    let owner = table
        .owner()
        .filter(|_| rule.has(Rule::OWNER))
        .map(|column| Node::Compare(column, Compare::Eq, identity.key.clone()));
    match (owner, admin) {
        (Some(owner), Some(admin)) => alive.and(owner.or(admin)),
        (Some(owner), None) => alive.and(owner),
        (None, Some(admin)) => admin,
        (None, None) => Node::FALSE,
    }
}
