//! Typed use in Rust: the same statements as the routes, run as the program itself.

use std::marker::PhantomData;

use crate::{
    column::{Column, Role},
    db::Session,
    error::{Code, Error, Result},
    filter::{Compare, Filter, Node},
    input::{self, Changes},
    order::{self, Order},
    policy::{self, Caller, Scope},
    resource::{Field, Resource},
    row::Row,
    sql::{self, Dialect, Page},
    store,
    table::{Action, Table},
    value::{Invalid, Secret, Value},
};

/// The calls of every resource, on a [`Db`](crate::Db), a [`Tx`](crate::Tx) or a [`Seeder`](crate::Seeder).
///
/// They run as the program itself and pass no access rule; [`Query::visible_to`] applies a caller's.
///
/// ```
/// # use restruct::{prelude::*, Db};
/// #[derive(Resource)]
/// #[resource(read = public, write = public)]
/// struct Note {
///     id: i64,
///     #[resource(length(1..=80))]
///     title: String,
///     body: Option<String>,
/// }
///
/// # async fn example(db: &Db) -> restruct::Result<()> {
/// let mut note = Note::draft().set(Note::TITLE, "Milk").insert(db).await?;
/// note.body = Some("two bottles".into());
/// note.update(db).await?;
/// let same = Note::find(db, note.id).await?;
/// let all = Note::query().filter(Note::TITLE.eq("Milk")).order(Note::TITLE.desc()).limit(20).all(db).await?;
/// assert_eq!(Note::query().count(db).await?, 1);
/// note.delete(db).await?;
/// # Ok(()) }
/// ```
pub trait Store: Resource {
    /// The row with this key, or none.
    fn find(session: &dyn Session, id: impl Into<Self::Key>) -> impl Future<Output = Result<Option<Self>>> + Send {
        let id = id.into();
        async move {
            let key = Self::KEY.encode(&id).map_err(|reason| unfit(Self::TABLE.id(), &reason.0))?;
            let filter = Filter(Node::Compare(Self::TABLE.id(), Compare::Eq, key));
            Self::query().filter(filter).first(session).await
        }
    }

    /// A query over all rows that are not deleted.
    fn query() -> Query<Self> {
        Query {
            filter: Node::TRUE,
            order: Vec::new(),
            limit: None,
            offset: 0,
            caller: None,
            deleted: false,
            resource: PhantomData,
        }
    }

    /// A row to be: set what it needs, then insert it.
    fn draft() -> Draft<Self> {
        Draft { set: Ok(Vec::new()), resource: PhantomData }
    }

    /// Stores every column of the struct, but the key, the creation time and unchanged passwords; what the framework
    /// keeps (version, update time) is brought up to date in the struct. [`Code::NotFound`] when the row is gone.
    fn update(&mut self, session: &dyn Session) -> impl Future<Output = Result<()>> + Send {
        async move {
            let values = self.to_values().map_err(|reason| Error::new(Code::Invalid, reason.0))?;
            let pairs = std::iter::zip(Self::TABLE.columns, values);
            let set = pairs.filter(|(column, _)| !kept(column));
            let key = own_key(self)?;
            let mut changes = checked(set.collect())?;
            let mut row =
                store::update(session, &policy::system(Self::TABLE), &key, &mut changes, loaded(Self::TABLE)).await?;
            *self = Self::from_row(&mut row)?;
            Ok(())
        }
    }

    /// Deletes the row of the struct, which stays in the table where a field is marked `deleted_at`. [`Code::NotFound`] when
    /// it is gone already.
    fn delete(self, session: &dyn Session) -> impl Future<Output = Result<()>> + Send {
        async move {
            let key = own_key(&self)?;
            store::delete(session, &policy::system(Self::TABLE), &key, vec![]).await.map(drop)
        }
    }

    /// Takes the row of the struct out of its table, whether it is deleted or not. [`Code::NotFound`] when it is gone
    /// already; [`Code::ForeignKey`] where others refer to it.
    fn erase(self, session: &dyn Session) -> impl Future<Output = Result<()>> + Send {
        async move {
            let key = own_key(&self)?;
            store::erase(session, &policy::all(Self::TABLE), &key, vec![]).await.map(drop)
        }
    }

    /// Brings a deleted row back, on a resource with a field marked `deleted_at`. [`Code::NotFound`] when it is in the table
    /// no more; [`Code::Unique`] when one of its values has been taken meanwhile.
    ///
    /// ```
    /// # use restruct::{prelude::*, Db};
    /// #[derive(Resource)]
    /// #[resource(read = public, write = public)]
    /// struct Note {
    ///     id: i64,
    ///     #[resource(deleted_at)]
    ///     deleted_at: Option<DateTime<Utc>>,
    /// }
    ///
    /// # async fn example(db: &Db) -> restruct::Result<()> {
    /// for note in Note::query().with_deleted().filter(Note::DELETED_AT.is_not_null()).all(db).await? {
    ///     Note::restore(db, note.id).await?;
    /// }
    /// # Ok(()) }
    /// ```
    fn restore(session: &dyn Session, id: impl Into<Self::Key>) -> impl Future<Output = Result<Self>> + Send {
        let id = id.into();
        async move {
            let Some(column) = Self::TABLE.deleted_at() else {
                let text = format!("{} keeps no deleted rows: no field is marked `deleted_at`", Self::TABLE.resource);
                return Err(Error::internal(text));
            };
            let key = Self::KEY.encode(&id).map_err(|reason| unfit(Self::TABLE.id(), &reason.0))?;
            let mut changes = checked(vec![(column, Value::Null)])?;
            let mut row =
                store::update(session, &policy::all(Self::TABLE), &key, &mut changes, loaded(Self::TABLE)).await?;
            Self::from_row(&mut row)
        }
    }

    /// The SQL that creates the table and its indexes, as a script.
    ///
    /// Foreign keys stand in it, so the tables they point to come first; `db create --print` shows all of an app in order.
    ///
    /// ```
    /// # use restruct::{Dialect, Store};
    /// fn print<T: Store>() {
    ///     println!("{}", T::ddl(Dialect::Postgres)); // CREATE TABLE "cards" ( .. );
    /// }
    /// ```
    fn ddl(dialect: Dialect) -> String {
        sql::ddl::ddl::<Self>(dialect)
    }
}

impl<R: Resource> Store for R {}

/// A query over the rows of `R`.
#[derive(Debug)]
#[must_use = "a query does nothing until it is run"]
pub struct Query<R> {
    filter: Node,
    order: Vec<Order>,
    limit: Option<u32>,
    offset: u64,
    caller: Option<Caller>,
    deleted: bool,
    resource: PhantomData<fn() -> R>,
}

impl<R: Resource> Query<R> {
    /// Only rows that pass; several filters all have to.
    pub fn filter(mut self, filter: Filter) -> Self {
        self.filter = self.filter.and(filter.0);
        self
    }

    /// Sorted by this; further keys break ties, and the id, ascending, always stands last.
    pub fn order(mut self, order: Order) -> Self {
        self.order.push(order);
        self
    }

    /// At most this many rows.
    pub fn limit(mut self, rows: u32) -> Self {
        self.limit = Some(rows);
        self
    }

    /// Without the first so many rows.
    pub fn offset(mut self, rows: u64) -> Self {
        self.offset = rows;
        self
    }

    /// Also rows that were deleted and are still in the table. No caller reads them: [`Query::visible_to`] outweighs this.
    pub fn with_deleted(mut self) -> Self {
        self.deleted = true;
        self
    }

    /// Only rows that the caller may read. Nobody, where the read rule wants somebody, is [`Code::NoToken`]; a caller
    /// whose token has died is [`Code::BadToken`].
    pub fn visible_to(mut self, caller: &Caller) -> Self {
        self.caller = Some(caller.clone());
        self
    }

    /// The rows.
    pub async fn all(mut self, session: &dyn Session) -> Result<Vec<R>> {
        let scope = self.scope()?;
        if let Some(key) = self.order.iter().find(|key| key.column.secret) {
            return Err(unfit(key.column, "is a password; nothing is sorted by it"));
        }
        let order = order::total(R::TABLE, std::mem::take(&mut self.order));
        let page = Page { filter: &self.filter, order: &order, limit: self.limit, offset: self.offset };
        let rows = store::rows(session, &scope, &page, loaded(R::TABLE)).await?;
        rows.into_iter().map(|mut row| R::from_row(&mut row)).collect()
    }

    /// The first row, or none.
    pub async fn first(self, session: &dyn Session) -> Result<Option<R>> {
        Ok(self.limit(1).all(session).await?.pop())
    }

    /// How many rows pass the filters, whatever limit and offset say.
    pub async fn count(self, session: &dyn Session) -> Result<u64> {
        store::count(session, &self.scope()?, &self.filter).await
    }

    fn scope(&self) -> Result<Scope> {
        match &self.caller {
            Some(caller) => policy::authorize(R::TABLE, Action::Read, caller),
            None if self.deleted => Ok(policy::all(R::TABLE)),
            None => Ok(policy::system(R::TABLE)),
        }
    }
}

/// Some columns of a row of `R`, on their way into the database.
#[derive(Debug)]
#[must_use = "a draft does nothing until it is inserted"]
pub struct Draft<R> {
    set: Result<Vec<(&'static Column, Value)>>,
    resource: PhantomData<fn() -> R>,
}

impl<R: Resource> Draft<R> {
    /// Gives a column its value.
    pub fn set<T>(mut self, field: Field<R, T>, value: impl Into<T>) -> Self {
        let column = field.meta();
        let value = field.encode(&value.into()).map_err(|reason| unfit(column, &reason.0));
        self.set = match (self.set, value) {
            (Ok(mut set), Ok(value)) => {
                set.retain(|(c, _)| c.name != column.name);
                set.push((column, value));
                Ok(set)
            }
            (Ok(_), Err(error)) => Err(error),
            (Err(first), Ok(_)) => Err(first),
            (Err(first), Err(error)) => Err(first.fields(error.errors().clone())),
        };
        self
    }

    /// Inserts the row. A missing required column, or a value that its column refuses, is [`Code::Invalid`] before any
    /// SQL; a taken unique value is [`Code::Unique`].
    pub async fn insert(self, session: &dyn Session) -> Result<R> {
        let mut row = insert(session, R::TABLE, self.set?).await?;
        R::from_row(&mut row)
    }

    /// Changes the columns of this draft, and no others, of the row with this key.
    pub async fn update(self, session: &dyn Session, id: impl Into<R::Key>) -> Result<R> {
        let key = R::KEY.encode(&id.into()).map_err(|reason| unfit(R::TABLE.id(), &reason.0))?;
        let mut changes = checked(self.set?)?;
        let mut row = store::update(session, &policy::system(R::TABLE), &key, &mut changes, loaded(R::TABLE)).await?;
        R::from_row(&mut row)
    }

    /// The row that has this draft's value of a unique column, or else a new one: what makes a seed hook repeatable.
    pub async fn get_or_insert<T>(self, session: &dyn Session, unique: Field<R, T>) -> Result<R> {
        let column = unique.meta();
        let set = self.set?;
        let Some((_, value)) = set.iter().find(|(c, _)| c.name == column.name) else {
            return Err(unfit(column, "is what get_or_insert looks for, and the draft does not set it"));
        };
        let filter = Filter(Node::Compare(column, Compare::Eq, value.clone()));
        if let Some(row) = R::query().filter(filter).first(session).await? {
            return Ok(row);
        }
        let mut row = insert(session, R::TABLE, set).await?;
        R::from_row(&mut row)
    }
}

/// Inserts a row as the program itself; the command line has no type to do it with.
pub(crate) async fn insert(
    session: &dyn Session,
    table: &'static Table,
    set: Vec<(&'static Column, Value)>,
) -> Result<Row> {
    let mut changes = checked(set)?;
    let mut missing = Vec::new();
    for column in table.columns {
        let given = changes.set.iter().find(|(c, _)| c.name == column.name).map(|(_, value)| value);
        match given {
            Some(_) if column.role == Role::Id && table.has_serial_id() => {
                return Err(unfit(column, "is given by the database"));
            }
            Some(Value::Secret(Secret(None))) => {
                missing.push((column.json.to_owned(), "is a password that was never set".to_owned()));
            }
            Some(_) => {}
            None => match column.default {
                Some(default) => changes.set.push((column, (default.value)().map_err(Error::internal)?)),
                None if column.nullable || kept(column) => {}
                None => missing.push((column.json.to_owned(), "is required".to_owned())),
            },
        }
    }
    if !missing.is_empty() {
        return Err(Error::invalid(missing));
    }
    Ok(store::insert(session, &policy::all(table), &mut changes, loaded(table)).await?.row)
}

/// Whether the store or the database fills the column in by itself.
fn kept(column: &Column) -> bool {
    column.computed.is_some()
        || matches!(column.role, Role::Id | Role::CreatedAt | Role::UpdatedAt | Role::DeletedAt | Role::Version)
}

/// Every column that a struct is made of: all but the passwords.
fn loaded(table: &'static Table) -> Vec<&'static Column> {
    table.columns.iter().filter(|column| !column.secret).collect()
}

/// Applies the checks of the API to values from Rust, all at once.
fn checked(set: Vec<(&'static Column, Value)>) -> Result<Changes> {
    let errors: Vec<_> = set
        .iter()
        .filter_map(|(column, value)| {
            let computed = column.computed.map(|_| Invalid::new("is computed by the database"));
            let reason = computed.or_else(|| input::check(column, value).err())?;
            Some((column.json.to_owned(), reason.0))
        })
        .collect();
    if errors.is_empty() { Ok(Changes { set, guards: Vec::new() }) } else { Err(Error::invalid(errors)) }
}

fn own_key<R: Resource>(row: &R) -> Result<Value> {
    let values = row.to_values().map_err(|reason| Error::new(Code::Invalid, reason.0))?;
    let at = R::TABLE.columns.iter().position(|column| column.role == Role::Id);
    at.and_then(|at| values.into_iter().nth(at)).ok_or_else(|| Error::internal("a struct without its key"))
}

fn unfit(column: &Column, reason: &str) -> Error {
    Error::invalid([(column.json.to_owned(), reason.to_owned())])
}
