//! [`Resource`], which the derive implements, and [`Field`], a typed column.

use std::{fmt::Display, marker::PhantomData};

use crate::{
    column::Column,
    error::Result,
    row::Row,
    table::Table,
    value::{FieldType, Invalid, Value},
};

/// A struct that is a table and a REST resource. Implemented by `#[derive(Resource)]` alone.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a resource",
    label = "not a resource",
    note = "add `#[derive(Resource)]` and `#[resource(read = .., write = ..)]` to the struct"
)]
pub trait Resource: Sized + Send + Sync + 'static {
    /// The type of the `id` field.
    type Key: Send + Sync + 'static;
    /// Whether callers sign in with it.
    const LOGIN: bool = false;
    /// The `id` field.
    const KEY: Field<Self, Self::Key>;
    /// Everything else.
    const TABLE: &'static Table;

    /// The struct of a row; columns that were not loaded are as their type has it.
    fn from_row(row: &mut Row) -> Result<Self>;

    /// The row of the struct: every column's value, in the order of [`Table::columns`].
    fn to_values(&self) -> Result<Vec<Value>, Invalid>;
}

/// The descriptor of `T`, as the function that a foreign key holds.
pub fn table_of<T: Resource>() -> &'static Table {
    T::TABLE
}

/// The column of type `T` of resource `R`: `Card::TITLE`.
pub struct Field<R, T> {
    column: Column,
    encode: fn(&T) -> Result<Value, Invalid>,
    decode: fn(Value) -> Result<T, Invalid>,
    resource: PhantomData<fn() -> R>,
}

impl<R, T> Clone for Field<R, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<R, T> Copy for Field<R, T> {}

impl<R, T> std::fmt::Debug for Field<R, T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Field").field(&self.column.name).finish()
    }
}

impl<R, T> Field<R, T> {
    /// The column called `name` in SQL. The one place where `T` must be storable: everything else goes through here.
    #[doc(hidden)]
    pub const fn new(name: &'static str) -> Self
    where
        T: FieldType,
    {
        Self { column: Column::new::<T>(name), encode: T::to_value, decode: T::from_value, resource: PhantomData }
    }

    /// What the type alone says of the column.
    pub(crate) const fn shape(self) -> Column {
        self.column
    }

    /// The value of `rust`.
    #[doc(hidden)]
    pub fn encode(self, rust: &T) -> Result<Value, Invalid> {
        (self.encode)(rust)
    }

    /// The Rust value of `value`.
    #[doc(hidden)]
    pub fn decode(self, value: Value) -> Result<T, Invalid> {
        (self.decode)(value)
    }

    /// Runs a `validate` function on a value.
    #[doc(hidden)]
    pub fn validate<E: Display>(
        self,
        value: &Value,
        function: impl FnOnce(&T) -> Result<(), E>,
    ) -> Result<(), Invalid> {
        let rust = self.decode(value.clone())?;
        function(&rust).map_err(|e| Invalid(e.to_string()))
    }
}

impl<R: Resource, T> Field<R, T> {
    /// The column on its way into the table, which takes a password on the login resource alone.
    #[doc(hidden)]
    #[track_caller]
    pub const fn column(self) -> Column {
        assert!(
            R::LOGIN || !self.column.secret,
            "a `Password` belongs on the login resource: mark what callers sign in with as `#[resource(login)]`"
        );
        self.column
    }

    /// The whole column, as its table has it.
    pub(crate) fn meta(self) -> &'static Column {
        R::TABLE.named(self.column.name).expect("the derive lists every column constant in its table")
    }
}
