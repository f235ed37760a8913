//! What the derive cannot see, since it sees one struct at a time.

use std::cmp::Ordering;

use super::same;
use crate::{
    column::{Bound, Column},
    input, names,
    table::{Action, Rule, Table},
    value::{Invalid, Kind, Value},
};

/// Every mistake in `tables`:
///
/// - a resource that is registered twice; two with one table or with paths that hide each other
/// - two columns of one table that differ in case only, or a name that PostgreSQL keeps for itself
/// - more than one login resource
/// - a reference to a resource that is not registered
/// - a rule that needs a caller where nobody can sign in, or an administrator where nothing makes one
/// - a constant default that its own column refuses
/// - a computed column that names one which is not there
/// - a pattern that is too large to compile
pub(super) fn all(tables: &[&'static Table]) -> Vec<String> {
    let mut mistakes = Vec::new();
    names(tables, &mut mistakes);
    logins(tables, &mut mistakes);
    for table in tables {
        columns(table, &mut mistakes);
        references(table, tables, &mut mistakes);
        rules(table, tables, &mut mistakes);
        defaults(table, &mut mistakes);
        computed(table, &mut mistakes);
        if let Err(mistake) = input::compile(table) {
            mistakes.push(mistake.0);
        }
    }
    mistakes
}

// Without regard to case: SQLite's table names have none, and paths that differ in nothing else mislead.
fn names(tables: &[&'static Table], mistakes: &mut Vec<String>) {
    for (i, b) in tables.iter().enumerate() {
        for a in &tables[..i] {
            let both = format!("`{}` and `{}`", a.resource, b.resource);
            if same(a, b) {
                mistakes.push(format!("`{0}` is registered twice; remove one `.resource::<{0}>()`", a.resource));
                continue;
            }
            if a.name.eq_ignore_ascii_case(b.name) {
                mistakes.push(format!(
                    "{both} both have the table `{}`; give one of them another name with `#[resource(table = \"..\")]`",
                    b.name
                ));
            }
            if hides(a.path, b.path) || hides(b.path, a.path) {
                mistakes.push(format!(
                    "{both} get in each other's way at `/{}` and `/{}`; \
                     give one of them another path with `#[resource(path = \"..\")]`",
                    a.path, b.path
                ));
            }
        }
    }
}

/// Whether `inner` is `outer` or lies below it, where the rows of `outer` have their own paths.
fn hides(outer: &str, inner: &str) -> bool {
    let (outer, inner) = (outer.to_ascii_lowercase(), inner.to_ascii_lowercase());
    inner.strip_prefix(&outer).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

fn logins(tables: &[&'static Table], mistakes: &mut Vec<String>) {
    let mut logins = tables.iter().filter(|t| t.login().is_some());
    let Some(first) = logins.next() else { return };
    for other in logins.filter(|t| !same(t, first)) {
        mistakes.push(format!(
            "`{}` and `{}` both have a `login` field, and callers sign in to one resource alone; \
             remove `login` from one of them",
            first.resource, other.resource
        ));
    }
}

/// System columns of every PostgreSQL table.
const KEPT_BY_POSTGRES: [&str; 6] = ["tableoid", "xmin", "cmin", "xmax", "cmax", "ctid"];

fn columns(table: &'static Table, mistakes: &mut Vec<String>) {
    let names: Vec<_> = table.stored().map(|c| c.name).collect();
    for (i, name) in names.iter().enumerate() {
        if let Some(other) = names[..i].iter().find(|n| n.eq_ignore_ascii_case(name)) {
            mistakes.push(format!(
                "`{0}` has the columns `{other}` and `{name}`, which SQLite cannot tell apart; \
                 give one of them another name with `#[resource(column = \"..\")]`",
                table.resource
            ));
        }
        if KEPT_BY_POSTGRES.contains(name) {
            mistakes.push(format!(
                "`{}.{name}` has a name that PostgreSQL keeps for itself; \
                 give it another one with `#[resource(column = \"..\")]`",
                table.resource
            ));
        }
    }
}

fn references(table: &'static Table, tables: &[&'static Table], mistakes: &mut Vec<String>) {
    for (column, to) in table.references().filter(|(_, to)| !tables.iter().any(|t| same(t, to))) {
        mistakes.push(format!(
            "`{}.{}` references `{2}`, which is not registered; add `.resource::<{2}>()` to the app",
            table.resource, column.name, to.resource
        ));
    }
}

fn rules(table: &'static Table, tables: &[&'static Table], mistakes: &mut Vec<String>) {
    let login = tables.iter().find(|t| t.login().is_some());
    let actions =
        [(Action::Read, "read"), (Action::Create, "create"), (Action::Update, "update"), (Action::Delete, "delete")];
    for (action, key) in actions {
        let rule = table.rules.of(action);
        let needs_caller = [Rule::AUTHENTICATED, Rule::OWNER, Rule::ADMIN].into_iter().any(|word| rule.has(word));
        let says = format!("`{}` says `{key} = {}`", table.resource, rule.words().join(" | "));
        match login {
            None if needs_caller => mistakes.push(format!(
                "{says}, and no resource has a `login` field, so nobody can sign in; \
                 register the resource that has one, or use `public` or `none`"
            )),
            Some(login) if rule.has(Rule::ADMIN) && login.admin().is_none() => mistakes.push(format!(
                "{says}, and the login resource `{}` has no `admin` field; \
                 mark a `bool` of it with `#[resource(admin)]`, or remove the word",
                login.resource
            )),
            _ => {}
        }
    }
}

// They stand in the DDL as well, where a bad one would surface as a failing insert.
fn defaults(table: &'static Table, mistakes: &mut Vec<String>) {
    for column in table.columns {
        let Some(default) = column.default.filter(|d| d.constant) else { continue };
        if let Err(reason) = (default.value)().and_then(|value| passes(column, &value)) {
            mistakes.push(format!(
                "the default of `{}.{}` does not pass: it {reason}; change `default` or what the column takes",
                table.resource, column.name
            ));
        }
    }
}

// SQLite takes a name in quotes that is no column's for a text, and says nothing.
fn computed(table: &'static Table, mistakes: &mut Vec<String>) {
    for (column, by) in table.columns.iter().filter_map(|column| Some((column, column.computed?))) {
        let mut unknown: Vec<_> = [by.sqlite, by.postgres].into_iter().flat_map(quoted_names).collect();
        unknown.retain(|name| table.stored().all(|column| !column.name.eq_ignore_ascii_case(name)));
        unknown.dedup();
        for name in unknown {
            let near = names::nearest(&name, table.columns.iter().map(|column| column.name));
            let hint = near.map(|near| format!(" (did you mean `{near}`?)")).unwrap_or_default();
            mistakes.push(format!(
                "`{}.{}` is computed from \"{name}\", which is no column of `{}`{hint}; texts stand in single quotes",
                table.resource, column.name, table.name
            ));
        }
    }
}

/// The names in double quotes of an SQL expression.
fn quoted_names(sql: &str) -> Vec<String> {
    let (mut names, mut rest) = (Vec::new(), sql);
    while let Some(start) = rest.find(['"', '\'']) {
        let quote = if rest[start..].starts_with('"') { '"' } else { '\'' };
        rest = &rest[start + 1..];
        let mut name = String::new();
        // A quote that is doubled within quotes stands for itself.
        while let Some((part, after)) = rest.split_once(quote) {
            name.push_str(part);
            rest = after;
            let Some(after) = rest.strip_prefix(quote) else { break };
            name.push(quote);
            rest = after;
        }
        if quote == '"' {
            names.push(name);
        }
    }
    names
}

fn passes(column: &Column, value: &Value) -> Result<(), Invalid> {
    if matches!(value, Value::Null) {
        return if column.nullable { Ok(()) } else { Err(Invalid::new("must not be null")) };
    }
    if !of_kind(column.kind, value) {
        return Err(Invalid(format!("must be {}", column.kind.noun())));
    }
    if let Value::Text(text) = value
        && !column.choices.is_empty()
        && !column.choices.contains(&text.as_str())
    {
        return Err(Invalid(format!("must be one of {}", column.choices.join(", "))));
    }
    long_enough(column, value)?;
    in_range(column, value)?;
    column.check.map_or(Ok(()), |check| check(value))?;
    column.validate.map_or(Ok(()), |validate| validate(value))
}

fn of_kind(kind: Kind, value: &Value) -> bool {
    match value {
        Value::Bool(_) => kind == Kind::Bool,
        Value::Int(v) => match kind {
            Kind::I16 => i16::try_from(*v).is_ok(),
            Kind::I32 => i32::try_from(*v).is_ok(),
            kind => kind == Kind::I64,
        },
        Value::Float(v) => kind == Kind::F64 && v.is_finite(),
        Value::Text(_) => kind == Kind::Text,
        Value::Bytes(_) => kind == Kind::Bytes,
        Value::Uuid(_) => kind == Kind::Uuid,
        Value::Date(_) => kind == Kind::Date,
        Value::Time(_) => kind == Kind::Time,
        Value::DateTime(_) => kind == Kind::DateTime,
        Value::Timestamp(_) => kind == Kind::Timestamp,
        Value::Json(_) => kind == Kind::Json,
        // A password that everybody knows is none.
        Value::Null | Value::Secret(_) => false,
    }
}

fn long_enough(column: &Column, value: &Value) -> Result<(), Invalid> {
    let length = match value {
        Value::Text(text) => text.chars().count(),
        Value::Bytes(bytes) => bytes.len(),
        _ => return Ok(()),
    };
    let min = column.length.map_or(0, |l| l.min);
    if length < min as usize {
        return Err(Invalid(format!("must have a length of at least {min}")));
    }
    match column.max_length() {
        Some(max) if length > max as usize => Err(Invalid(format!("must have a length of at most {max}"))),
        _ => Ok(()),
    }
}

fn in_range(column: &Column, value: &Value) -> Result<(), Invalid> {
    let Some(range) = column.range else { return Ok(()) };
    let beyond = |end: Option<Bound>, side| end.is_some_and(|bound| compare(value, bound) == Some(side));
    if beyond(range.min, Ordering::Less) || beyond(range.max, Ordering::Greater) {
        return Err(Invalid::new("must lie in the column's range"));
    }
    Ok(())
}

#[allow(clippy::cast_precision_loss, reason = "whole bounds of a float column are small numbers that someone wrote")]
fn compare(value: &Value, bound: Bound) -> Option<Ordering> {
    match (value, bound) {
        (Value::Int(v), Bound::Int(b)) => Some(v.cmp(&b)),
        (Value::Int(v), Bound::Float(b)) => (*v as f64).partial_cmp(&b),
        (Value::Float(v), Bound::Int(b)) => v.partial_cmp(&(b as f64)),
        (Value::Float(v), Bound::Float(b)) => v.partial_cmp(&b),
        _ => None,
    }
}
