//! How the derive says what a column is: `const` methods, one for each thing.

use super::{Bound, Check, Column, Computed, Default, Format, Length, OnDelete, Range, Reference, Role};
use crate::{
    table::Table,
    value::{Invalid, Value},
};

impl Column {
    /// Sets [`Column::json`].
    pub const fn json(mut self, name: &'static str) -> Self {
        self.json = name;
        self
    }

    /// Sets [`Column::doc`].
    pub const fn doc(mut self, text: &'static str) -> Self {
        self.doc = text;
        self
    }

    /// Sets [`Column::role`].
    pub const fn role(mut self, role: Role) -> Self {
        self.role = role;
        self
    }

    /// Sets [`Column::unique`].
    pub const fn unique(mut self) -> Self {
        self.unique = true;
        self
    }

    /// Sets [`Column::index`].
    pub const fn index(mut self) -> Self {
        self.index = true;
        self
    }

    /// Sets [`Column::grouped`].
    pub const fn grouped(mut self) -> Self {
        self.grouped = true;
        self
    }

    /// Sets [`Column::computed`].
    pub const fn computed(mut self, sqlite: &'static str, postgres: &'static str) -> Self {
        self.computed = Some(Computed { sqlite, postgres });
        self
    }

    /// Sets [`Column::read_only`].
    pub const fn read_only(mut self) -> Self {
        self.read_only = true;
        self
    }

    /// Sets [`Column::write_only`].
    pub const fn write_only(mut self) -> Self {
        self.write_only = true;
        self
    }

    /// Sets [`Column::immutable`].
    pub const fn immutable(mut self) -> Self {
        self.immutable = true;
        self
    }

    /// Sets [`Column::search`].
    pub const fn search(mut self, table: fn() -> &'static Table) -> Self {
        self.search = Some(table);
        self
    }

    /// Sets [`Column::default`]; `constant` where the expression is a literal or a path.
    pub const fn default(mut self, value: fn() -> Result<Value, Invalid>, constant: bool) -> Self {
        self.default = Some(Default { value, constant });
        self
    }

    /// Sets [`Column::references`].
    pub const fn references(mut self, table: fn() -> &'static Table, on_delete: OnDelete) -> Self {
        self.references = Some(Reference { table, on_delete, relation: None, inverse: None, nested: false });
        self
    }

    /// Sets [`Reference::relation`] of a column that references.
    pub const fn relation(mut self, name: &'static str) -> Self {
        if let Some(reference) = &mut self.references {
            reference.relation = Some(name);
        }
        self
    }

    /// Sets [`Reference::inverse`] of a column that references.
    pub const fn inverse(mut self, name: &'static str) -> Self {
        if let Some(reference) = &mut self.references {
            reference.inverse = Some(name);
        }
        self
    }

    /// Sets [`Reference::nested`] of a column that references.
    pub const fn nested(mut self) -> Self {
        if let Some(reference) = &mut self.references {
            reference.nested = true;
        }
        self
    }

    /// Sets [`Column::length`].
    pub const fn length(mut self, min: u32, max: Option<u32>) -> Self {
        self.length = Some(Length { min, max });
        self
    }

    /// Sets [`Column::range`].
    pub const fn range(mut self, min: Option<Bound>, max: Option<Bound>) -> Self {
        self.range = Some(Range { min, max });
        self
    }

    /// Sets [`Column::pattern`].
    pub const fn pattern(mut self, regex: &'static str) -> Self {
        self.pattern = Some(regex);
        self
    }

    /// Sets [`Column::format`].
    pub const fn format(mut self, format: Format) -> Self {
        self.format = Some(format);
        self
    }

    /// Sets [`Column::validate`].
    pub const fn validate(mut self, function: Check) -> Self {
        self.validate = Some(function);
        self
    }
}
