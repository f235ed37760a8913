//! The steps of a request one by one, for `bench/micro`, `fuzz` and the tests of plans: behind a feature that nothing else turns on,
//! and without any promise. Each function is one step with as little around it as it takes.

use axum::http::HeaderValue;

#[cfg(any(feature = "sqlite", feature = "postgres"))]
use crate::output::{Encoder, JsonRows, Room, Shape};
use crate::{
    auth::token,
    column::Column,
    embed,
    error::Result,
    filter::{Identity, Node},
    input::{self, Mode},
    output::Aside,
    policy::{self, Caller},
    query::{self, Cursor, Selection},
    routes::etag,
    schema::Schema,
    sql::{self, Dialect},
    store,
    table::{Action, Table},
    text,
    value::{Invalid, Kind, Value},
};

/// What a list's URL asks for.
#[derive(Debug)]
pub struct Query(query::Query);

/// Reads a query string.
pub fn query(table: &'static Table, raw: &str) -> Result<Query> {
    query::parse(table, Some(raw)).map(Query)
}

impl Query {
    /// Narrows the page to what a Range header says, and says whether it did.
    pub fn narrow(&mut self, table: &'static Table, range: &str) -> Result<bool> {
        self.0.narrow(table, range, None)
    }

    /// The query string of the page behind a full one, whose own is `raw` and whose last row has these sort keys.
    pub fn next(&self, table: &'static Table, raw: &str, last: &[Value]) -> Option<String> {
        let position = self.0.offset + u64::from(self.0.limit);
        let cursor = Cursor { position, values: last.to_vec() }.write(table, &self.0.order)?;
        Some(query::next(Some(raw), None, &format!("after={cursor}")))
    }
}

/// The tables of an app, and how they lead to each other.
#[derive(Debug)]
pub struct Tables(Schema);

impl Tables {
    /// Of these.
    pub fn new(tables: &[&'static Table]) -> Result<Self> {
        Schema::new(tables).map(Self)
    }

    /// Reads a query string with what is shown of each row.
    pub fn list(&self, table: &'static Table, raw: &str) -> Result<List> {
        let (query, selection) = query::parse_with_select(table, self.0.relations(), Some(raw))?;
        Ok(List { query: Query(query), selection })
    }
}

/// What a list's URL asks for and shows.
#[derive(Debug)]
pub struct List {
    /// Which rows.
    pub query: Query,
    selection: Option<Selection>,
}

impl List {
    /// The statement of the list, and of every relation in it that of what one row leads to.
    pub fn statements(self, dialect: Dialect, table: &'static Table, caller: &Caller) -> Result<Vec<Statement>> {
        let scope = authorize(table, Action::Read, caller)?;
        let Some(mut selection) = self.selection else { return Ok(vec![scope.select(dialect, &self.query)?]) };
        let mut query = self.query.0;
        query.filter = query.filter.and(embed::inner(&selection, caller));
        let joins = embed::join(dialect, &mut selection, caller, query.limit, query.offset);
        let (columns, _) = embed::output(&selection, &[], Aside::No);
        let mut statements = vec![Statement(sql::list(dialect, &scope.0, &query, &joins, columns)?)];
        related(dialect, caller, &selection, &mut statements)?;
        Ok(statements)
    }
}

fn related(dialect: Dialect, caller: &Caller, selection: &Selection, statements: &mut Vec<Statement>) -> Result<()> {
    for relation in selection.fetched() {
        let key =
            if relation.relation.there.kind == Kind::Uuid { Value::Uuid(uuid::Uuid::nil()) } else { Value::Int(1) };
        statements.extend(embed::statement(dialect, caller, relation, &[key], 1)?.map(Statement));
        related(dialect, caller, &relation.selection, statements)?;
    }
    Ok(())
}

/// What a body asks of a row.
#[derive(Debug)]
pub struct Changes(input::Changes);

/// Reads the body of a POST of one row.
pub fn create(table: &'static Table, body: &[u8]) -> Result<Changes> {
    input::changes(table, Mode::Create, &input::parse(body)?, false).map(Changes)
}

/// Reads the body of a POST of many rows.
pub fn create_all(table: &'static Table, body: &[u8]) -> Result<Vec<Changes>> {
    input::rows(&input::parse(body)?, |row| input::changes(table, Mode::Create, row, false).map(Changes))
}

/// Reads the body of a PATCH.
pub fn merge(table: &'static Table, body: &[u8]) -> Result<Changes> {
    input::changes(table, Mode::Merge, &input::parse(body)?, false).map(Changes)
}

/// Rows as the text of a JSON array, with what is told of one of them.
#[cfg(any(feature = "sqlite", feature = "postgres"))]
#[derive(Debug)]
pub struct Rows(JsonRows);

#[cfg(any(feature = "sqlite", feature = "postgres"))]
impl Rows {
    /// One row, by the values of its readable columns, with those that its tag is made of.
    pub fn one(table: &'static Table, row: &[Value]) -> Result<Self> {
        Self::encode(table, etag::Tag::columns(table), &[row])
    }

    /// A full page in the order of ids, with the last id, which its cursor is made of.
    pub fn page(table: &'static Table, rows: &[Vec<Value>]) -> Result<Self> {
        Self::encode(table, std::iter::once(table.id()), rows)
    }

    /// As the routes ask for it and the drivers do it.
    fn encode(
        table: &'static Table,
        told: impl Iterator<Item = &'static Column>,
        rows: &[impl AsRef<[Value]>],
    ) -> Result<Self> {
        let columns = table.output();
        let told = told.filter_map(|told| columns.iter().position(|column| column.name == told.name)).collect();
        let aside = Aside::Row(rows.len().saturating_sub(1));
        let shape = Shape::new(table.readable()).telling_again(told, aside);
        let mut encoder = Encoder::new(&shape, columns.len(), 256, Room::of(16 << 20));
        for row in rows.iter().map(AsRef::as_ref) {
            let value = |at: usize| Ok(row[at].as_ref());
            encoder.row(value, value)?;
        }
        Ok(Self(encoder.finish()))
    }

    /// The text.
    pub fn text(&self) -> &[u8] {
        &self.0.body
    }

    /// What is told.
    pub fn told(&self) -> &[Value] {
        &self.0.aside
    }
}

/// A state of a row, as a tag means it.
#[derive(Debug)]
pub struct Tag(etag::Tag);

impl Tag {
    /// By what is told of a row.
    pub fn of(told: &[Value]) -> Option<Self> {
        etag::Tag::of(told.iter().map(Some)).map(Self)
    }

    /// By a tag without its quotes.
    pub fn read(table: &'static Table, opaque: &[u8]) -> Option<Self> {
        etag::Tag::parse(table, opaque).map(Self)
    }

    /// The value of `ETag`.
    pub fn header(&self, table: &'static Table) -> Option<HeaderValue> {
        self.0.header(table)
    }
}

/// Reads the text of a value, as it stands in a query string, in a body, or in SQLite.
pub fn read(column: &'static Column, text: &str) -> Result<Value, Invalid> {
    text::parse(column, text)
}

/// The text of a time, if it can be shown as it is kept.
pub fn spelled<'a>(column: &Column, text: &'a str) -> Option<&'a str> {
    text::spelled(column.kind, text.as_bytes())
}

/// Makes and reads tokens.
#[expect(missing_debug_implementations, reason = "it holds a secret")]
pub struct Tokens(token::Tokens);

impl Tokens {
    /// With a secret.
    pub fn new(secret: &[u8]) -> Result<Self> {
        token::Tokens::new(secret, "bench").map(Self)
    }

    /// A token for a row of the login table.
    pub fn issue(&self, key: &Value) -> Result<String> {
        self.0.issue(key, 1).map(|issued| issued.token)
    }

    /// Whom a token speaks for.
    pub fn verify(&self, token: &str, login: &'static Table) -> Result<Caller> {
        self.0.verify(token, login).map(Caller::known)
    }
}

/// Somebody who signed in.
pub fn caller(login: &'static Table, key: Value) -> Caller {
    Caller::known(Identity { table: login, key, version: 1 })
}

/// What a caller may touch.
#[derive(Debug)]
pub struct Scope(policy::Scope);

/// What `caller` may touch with an action.
pub fn authorize(table: &'static Table, action: Action, caller: &Caller) -> Result<Scope> {
    policy::authorize(table, action, caller).map(Scope)
}

/// A statement with its binds.
#[derive(Debug)]
pub struct Statement(sql::Statement);

impl Statement {
    /// The text of the same for many rows, where it can be had.
    pub fn batched(&self) -> Option<String> {
        self.0.batched()
    }

    /// Its text, for a database to explain.
    pub fn text(&self) -> &str {
        &self.0.text
    }

    /// The texts of what is bound to it; nothing: NULL.
    pub fn binds(&self) -> Vec<Option<String>> {
        let text = |value: &Value| (*value != Value::Null).then(|| text::of(value.as_ref()));
        self.0.binds.iter().map(|(_, value)| text(value)).collect()
    }
}

impl Scope {
    /// The statement of a list.
    pub fn select(&self, dialect: Dialect, query: &Query) -> Result<Statement> {
        sql::list(dialect, &self.0, &query.0, &[], self.output()).map(Statement)
    }

    /// The statement that reads one row.
    pub fn find(&self, dialect: Dialect, key: &Value) -> Result<Statement> {
        sql::find(dialect, &self.0, key, &input::Changes::default(), &Node::TRUE, self.output()).map(Statement)
    }

    /// The statement that makes one row.
    pub fn insert(&self, dialect: Dialect, changes: &Changes) -> Result<Statement> {
        sql::insert(dialect, &self.0, &changes.0, self.output()).map(Statement)
    }

    /// The statement that changes one row.
    pub fn update(&self, dialect: Dialect, key: &Value, changes: &Changes) -> Result<Statement> {
        sql::update(dialect, &self.0, key, &changes.0, self.output()).map(Statement)
    }

    /// Fills in what the framework keeps of a new row.
    pub fn stamp_new(&self, changes: &mut Changes) -> Result<()> {
        store::stamp_new(&self.0, &mut changes.0)
    }

    /// Fills in what the framework keeps of a changed row.
    pub fn stamp_changed(&self, changes: &mut Changes) -> Result<()> {
        store::stamp_changed(self.0.table(), &mut changes.0)
    }

    fn output(&self) -> Vec<&'static Column> {
        self.0.table().output()
    }
}
