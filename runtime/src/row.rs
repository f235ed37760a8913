//! A row on its way to a struct.

use crate::{
    column::Column,
    error::{Error, Result},
    resource::Field,
    value::Value,
};

/// A row read from the database.
#[derive(Debug)]
pub struct Row {
    columns: Vec<&'static Column>,
    values: Vec<Value>,
}

impl Row {
    pub(crate) fn new(columns: Vec<&'static Column>, values: Vec<Value>) -> Self {
        Self { columns, values }
    }

    /// Takes the value of a field out of the row; NULL where the column was not loaded.
    #[doc(hidden)]
    pub fn take<R, T>(&mut self, field: Field<R, T>) -> Result<T> {
        let name = field.shape().name;
        let value = self.get_mut(name).map_or(Value::Null, |value| std::mem::replace(value, Value::Null));
        field.decode(value).map_err(|reason| Error::internal(format!("column {name}: {reason}")))
    }

    /// The values that were loaded.
    pub(crate) fn values(&self) -> &[Value] {
        &self.values
    }

    /// About how many bytes its values are.
    #[cfg(any(feature = "sqlite", feature = "postgres"))]
    pub(crate) fn weight(&self) -> usize {
        self.values.iter().map(Value::weight).sum()
    }

    /// The value of a column.
    pub(crate) fn get(&self, name: &str) -> Option<&Value> {
        self.columns.iter().position(|column| column.name == name).map(|at| &self.values[at])
    }

    fn get_mut(&mut self, name: &str) -> Option<&mut Value> {
        self.columns.iter().position(|column| column.name == name).map(|at| &mut self.values[at])
    }

    /// Takes the first column off, for a flag that a statement answers beside the row.
    pub(crate) fn take_flag(&mut self) -> bool {
        self.columns.remove(0);
        self.values.remove(0) == Value::Bool(true)
    }
}
