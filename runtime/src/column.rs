//! One column, as data: what the derive writes and everything else reads.

mod set;

use crate::{
    table::Table,
    value::{FieldType, Invalid, Kind, Value},
};

/// A column of a table. Built by [`Field::column`](crate::Field) and the `const` methods below.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a key of the vocabulary, and they are independent")]
pub struct Column {
    /// Name in SQL.
    pub name: &'static str,
    /// Name in JSON and in queries.
    pub json: &'static str,
    /// The field's doc comment.
    pub doc: &'static str,
    /// Logical type.
    pub kind: Kind,
    /// Takes NULL.
    pub nullable: bool,
    /// A password: hashed on the way in, never on a way out.
    pub secret: bool,
    /// The only texts allowed; empty: any.
    pub choices: &'static [&'static str],
    /// What the framework uses it for.
    pub role: Role,
    /// No two rows share a value.
    pub unique: bool,
    /// Has an index of its own.
    pub index: bool,
    /// Stands in an index or unique set with others.
    pub grouped: bool,
    /// The database computes it from the rest of the row.
    pub computed: Option<Computed>,
    /// Clients cannot set it; what they send is ignored.
    pub read_only: bool,
    /// Clients can set it and never see it.
    pub write_only: bool,
    /// Set at creation only.
    pub immutable: bool,
    /// The table whose search index has its words; without one nobody can search it.
    pub search: Option<fn() -> &'static Table>,
    /// The value when none is given.
    pub default: Option<Default>,
    /// The table whose key it holds.
    pub references: Option<Reference>,
    /// Length in characters (bytes for [`Kind::Bytes`]).
    pub length: Option<Length>,
    /// Bounds of a number, both included.
    pub range: Option<Range>,
    /// A regular expression that must match somewhere in the text.
    pub pattern: Option<&'static str>,
    /// What a text must look like.
    pub format: Option<Format>,
    /// What the type itself refuses.
    pub check: Option<Check>,
    /// The function named by `validate`.
    pub validate: Option<Check>,
}

/// What refuses a value of a column.
pub type Check = fn(&Value) -> Result<(), Invalid>;

/// What the framework uses a column for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Nothing of its own.
    Plain,
    /// The primary key.
    Id,
    /// What a caller signs in with.
    Login,
    /// The caller that the row belongs to.
    Owner,
    /// Whether this caller is an administrator.
    Admin,
    /// When the row was made.
    CreatedAt,
    /// When the row was last changed.
    UpdatedAt,
    /// When the row was deleted; NULL of one that is there.
    DeletedAt,
    /// Counts changes of the row.
    Version,
    /// A login row's token version: hidden, in no struct.
    TokenVersion,
}

/// A default value.
#[derive(Clone, Copy, Debug)]
pub struct Default {
    /// Computes it.
    pub value: fn() -> Result<Value, Invalid>,
    /// Always the same, so that it stands in the DDL too.
    pub constant: bool,
}

/// What a column is computed by: an SQL expression over the other columns of its row, for each database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Computed {
    /// For SQLite.
    pub sqlite: &'static str,
    /// For PostgreSQL.
    pub postgres: &'static str,
}

/// A foreign key.
#[derive(Clone, Copy, Debug)]
pub struct Reference {
    /// The table it points to; a function, so that two tables can point to each other.
    pub table: fn() -> &'static Table,
    /// What becomes of the row when the one it points to goes.
    pub on_delete: OnDelete,
    /// What the row it points to is called, where that does not follow from the column's name.
    pub relation: Option<&'static str>,
    /// What the rows that point here are called, where it is not their path.
    pub inverse: Option<&'static str>,
    /// Whether POST of the row it points to takes rows along that point here.
    pub nested: bool,
}

/// What becomes of a row when the one it points to is deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnDelete {
    /// The deletion is refused.
    Restrict,
    /// It goes too.
    Cascade,
    /// The column becomes NULL.
    SetNull,
}

/// Least and most length, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Length {
    /// At least.
    pub min: u32,
    /// At most.
    pub max: Option<u32>,
}

/// Least and most of a number, both included.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Range {
    /// At least.
    pub min: Option<Bound>,
    /// At most.
    pub max: Option<Bound>,
}

/// One end of a [`Range`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Bound {
    /// A whole number.
    Int(i64),
    /// Any number, on `f64` columns.
    Float(f64),
}

/// What a text must look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// An e-mail address as HTML's `<input type=email>` has it.
    Email,
    /// An absolute `http` or `https` URL.
    Url,
}

/// The most characters of a text that is searched. PostgreSQL's index takes a megabyte of words for a value; of no
/// character are there more than four bytes.
pub(crate) const LONGEST_SEARCHED: u32 = 100_000;

impl Column {
    /// A column of type `T`; name in JSON and in SQL are the same until said otherwise.
    pub(crate) const fn new<T: FieldType>(name: &'static str) -> Self {
        Self {
            name,
            json: name,
            doc: "",
            kind: T::KIND,
            nullable: T::NULLABLE,
            secret: T::SECRET,
            choices: T::CHOICES,
            role: Role::Plain,
            unique: false,
            index: false,
            grouped: false,
            computed: None,
            read_only: false,
            write_only: false,
            immutable: false,
            search: None,
            default: None,
            references: None,
            length: None,
            range: None,
            pattern: None,
            format: None,
            check: if T::CHECKED { Some(check::<T>) } else { None },
            validate: None,
        }
    }

    /// Whether any caller can ever see it: in answers, filters, order. Of `deleted_at` there is nothing to see: it is NULL
    /// in every row that is there.
    pub const fn readable(&self) -> bool {
        !self.secret && !self.write_only && !matches!(self.role, Role::DeletedAt)
    }

    /// Whether the framework keeps it, so that what a client sends is ignored.
    pub const fn bookkept(&self) -> bool {
        self.read_only
            || self.computed.is_some()
            || matches!(
                self.role,
                Role::Id
                    | Role::Owner
                    | Role::CreatedAt
                    | Role::UpdatedAt
                    | Role::DeletedAt
                    | Role::Version
                    | Role::TokenVersion
            )
    }

    /// Whether it is compared without regard to ASCII case: the login that is an e-mail address.
    pub const fn folds_case(&self) -> bool {
        matches!(self.role, Role::Login) && matches!(self.format, Some(Format::Email))
    }

    /// The most characters it takes: its `length`, or what a text that is indexed or searched falls back to.
    pub const fn max_length(&self) -> Option<u32> {
        if let Some(Length { max: Some(max), .. }) = self.length {
            return Some(max);
        }
        if !self.kind.same(Kind::Text) || !self.choices.is_empty() {
            return None;
        }
        let indexed = self.unique || self.index || self.grouped || matches!(self.role, Role::Login);
        if !indexed {
            return if self.search.is_some() { Some(LONGEST_SEARCHED) } else { None };
        }
        if matches!(self.format, Some(Format::Email)) { Some(254) } else { Some(255) }
    }

    /// Whether an input must carry it: neither optional, nor with a default, nor kept by the framework.
    pub const fn required(&self) -> bool {
        !self.nullable && self.default.is_none() && !self.bookkept()
    }
}

fn check<T: FieldType>(value: &Value) -> Result<(), Invalid> {
    T::from_value(value.clone()).map(drop)
}
