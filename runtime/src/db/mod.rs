//! The only code that names sqlx: connections, transactions, rows, and errors as SQLSTATEs.

use crate::{
    column::Column,
    error::{Error, Result},
    resource::Field,
    value::Value,
};

/// A row read from the database, on its way to a struct.
#[derive(Debug)]
pub struct Row {
    columns: Vec<&'static Column>,
    values: Vec<Value>,
}

impl Row {
    /// Takes the value of a field out of the row; NULL where the column was not loaded.
    #[doc(hidden)]
    pub fn take<R, T>(&mut self, field: Field<R, T>) -> Result<T> {
        let name = field.column().name;
        let value = self
            .columns
            .iter()
            .position(|c| c.name == name)
            .map(|i| std::mem::replace(&mut self.values[i], Value::Null));
        field.decode(value.unwrap_or(Value::Null)).map_err(|e| Error::internal(format!("column {name}: {e}")))
    }
}
