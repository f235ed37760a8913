//! What the framework keeps of rows by itself.

use chrono::Utc;
use uuid::Uuid;

use crate::{
    column::Role,
    error::{Error, Result},
    input::Changes,
    policy::Scope,
    table::{TOKEN_VERSION, Table},
    value::{FieldType as _, Kind, Value},
};

/// Fills in what the framework keeps of a new row.
pub(crate) fn stamp_new(scope: &Scope, changes: &mut Changes) -> Result<()> {
    let table = scope.table();
    let now = now()?;
    let set = &mut changes.set;
    for column in table.stored() {
        let given = set.iter().any(|(c, _)| c.name == column.name);
        let value = match column.role {
            Role::Id if column.kind == Kind::Uuid && !given => Value::Uuid(Uuid::now_v7()),
            Role::Owner if !scope.is_system() => scope.stamp(),
            Role::CreatedAt | Role::UpdatedAt if !given => now.clone(),
            Role::Version if !given => Value::Int(1),
            Role::TokenVersion => random_version()?,
            _ => continue,
        };
        set.retain(|(c, _)| c.name != column.name);
        set.push((column, value));
    }
    Ok(())
}

/// Fills in what the framework keeps of a changed row.
pub(crate) fn stamp_changed(table: &'static Table, changes: &mut Changes) -> Result<()> {
    if let Some(column) = table.with_role(Role::UpdatedAt) {
        changes.set.retain(|(c, _)| c.role != Role::UpdatedAt);
        changes.set.push((column, now()?));
    }
    if ends_tokens(table, changes) {
        changes.set.retain(|(c, _)| c.role != Role::TokenVersion);
        changes.set.push((&TOKEN_VERSION, random_version()?));
    }
    Ok(())
}

/// Whether changes may end the tokens of the row that they are made to: which demotes, only the database knows.
pub(crate) fn ends_tokens(table: &Table, changes: &Changes) -> bool {
    changes.set.iter().any(|(column, value)| match column.role {
        Role::Admin => *value != Value::Bool(true),
        // For good: no token of before is good for a row that comes back.
        Role::DeletedAt => table.login().is_some(),
        _ => column.secret,
    })
}

pub(super) fn now() -> Result<Value> {
    Utc::now().to_value().map_err(Error::internal)
}

fn random_version() -> Result<Value> {
    let bits = getrandom::u64().map_err(Error::internal)?;
    Ok(Value::Int((bits >> 1).cast_signed()))
}
