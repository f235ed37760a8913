//! Typed use in Rust: the same statements as the routes, run as the program itself.

mod draft;
mod query;

pub(crate) use self::draft::insert;
pub use self::{draft::Draft, query::Query};
use crate::{
    column::{Column, Role},
    db::Session,
    error::{Code, Error, Result},
    filter::{Compare, Filter, Node},
    input::{self, Changes},
    policy,
    resource::Resource,
    sql::{self, Dialect},
    store,
    table::Table,
    value::{Invalid, Value},
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
        Query::new()
    }

    /// A row to be: set what it needs, then insert it.
    fn draft() -> Draft<Self> {
        Draft::new()
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
