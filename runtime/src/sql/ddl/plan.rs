//! From descriptors to [`TableDef`]s.

use super::{
    column, computed,
    model::{ColumnDef, Constraint, Index, IndexKind, Rule, SearchTable, TableDef},
    names::Names,
};
use crate::{
    column::{Column, Role},
    schema::Schema,
    sql::{Dialect, ident::Ident, search},
    table::Table,
    value::Kind,
};

/// Every table of the app in the order of creation, after those that the framework keeps for itself.
pub(super) fn tables(schema: &Schema, dialect: Dialect) -> Vec<TableDef> {
    let mut names = Names::default();
    schema.tables().iter().for_each(|table| names.reserve(table.name));
    let own = bookkeeping(dialect);
    let theirs = schema.tables().iter().map(|table| {
        // SQLite looks for the other table only when rows come, and cannot add a foreign key afterwards.
        let late = |column: &Column| dialect == Dialect::Postgres && schema.is_late(table, column);
        self::table(table, dialect, &mut names, &late)
    });
    own.into_iter().chain(theirs).collect()
}

/// One table; `late` says which of its foreign keys must wait.
pub(super) fn table(
    table: &'static Table,
    dialect: Dialect,
    names: &mut Names,
    late: &dyn Fn(&Column) -> bool,
) -> TableDef {
    let search = search_table(table, dialect);
    let columns = table.stored().filter(|c| c.computed.is_none());
    let plain = |c: &'static Column| ColumnDef::new(c.name, column::definition(c, dialect), column::told(c, dialect));
    let mut columns: Vec<_> = columns.map(plain).collect();
    let number = search.as_ref().map(|search| search.row).filter(|row| *row != table.id().name);
    columns.extend(number.map(|name| ColumnDef::new(name, "INTEGER PRIMARY KEY".to_owned(), "INTEGER".to_owned())));
    let mut constraints: Vec<_> = primary_key(table, dialect, number.is_some(), names).into_iter().collect();
    constraints.extend(uniques(table, dialect).map(|columns| Constraint {
        name: names.derive(table.name, &columns, "key"),
        columns,
        rule: Rule::Unique,
    }));
    constraints.extend(table.stored().filter(|c| c.computed.is_none()).filter_map(|c| {
        let rule = Rule::Check(column::check(c, dialect)?);
        Some(Constraint { name: names.derive(table.name, &[c.name], "check"), columns: vec![c.name], rule })
    }));
    let mut waiting = Vec::new();
    for column in table.columns {
        let Some(constraint) = foreign_key(table, column, names) else { continue };
        if late(column) { waiting.push(constraint) } else { constraints.push(constraint) }
    }
    let computed = computed::columns(table, dialect, names);
    let indexes = indexes(table, dialect, names);
    let key = number.unwrap_or(table.id().name);
    TableDef { name: table.name, key, columns, computed, constraints, late: waiting, indexes, search }
}

fn search_table(table: &'static Table, dialect: Dialect) -> Option<SearchTable> {
    let columns: Vec<_> = table.searchable().map(|c| c.name).collect();
    let wanted = dialect == Dialect::Sqlite && !columns.is_empty();
    wanted.then(|| SearchTable { name: search::index_name(table), columns, row: search::row_number(table) })
}

/// `numbered`: whether another column is the key that SQLite numbers rows by.
fn primary_key(table: &'static Table, dialect: Dialect, numbered: bool, names: &mut Names) -> Option<Constraint> {
    let id = table.id();
    // SQLite wants a numbered key on the column itself.
    let inline = dialect == Dialect::Sqlite && column::is_serial(id);
    (!inline).then(|| Constraint {
        name: names.derive(table.name, &[], "pkey"),
        columns: vec![id.name],
        rule: if numbered { Rule::Unique } else { Rule::PrimaryKey },
    })
}

fn foreign_key(table: &'static Table, column: &'static Column, names: &mut Names) -> Option<Constraint> {
    let reference = column.references?;
    let to = (reference.table)();
    let rule = Rule::ForeignKey { table: to.name, key: to.id().name, on_delete: reference.on_delete };
    Some(Constraint { name: names.derive(table.name, &[column.name], "fkey"), columns: vec![column.name], rule })
}

/// Whether the column is unique by an expression, which no constraint can hold.
fn is_folded_unique(column: &Column, dialect: Dialect) -> bool {
    dialect == Dialect::Postgres && column.folds_case()
}

/// The sets of columns that a UNIQUE constraint has, each once. Where deleted rows stay in the table there is none: their
/// values are free again, and only an index can leave rows out.
fn uniques(table: &'static Table, dialect: Dialect) -> impl Iterator<Item = Vec<&'static str>> {
    let all = if table.deleted_at().is_some() { Vec::new() } else { all_uniques(table) };
    all.into_iter()
        .filter(move |set| !matches!(set[..], [one] if table.named(one).is_some_and(|c| is_folded_unique(c, dialect))))
}

fn all_uniques(table: &'static Table) -> Vec<Vec<&'static str>> {
    let single = table.columns.iter().filter(|c| (c.unique || c.role == Role::Login) && c.role != Role::Id);
    let mut sets: Vec<Vec<_>> = Vec::new();
    for set in single.map(|c| vec![c.name]).chain(table.uniques.iter().map(|set| set.to_vec())) {
        if !sets.contains(&set) {
            sets.push(set);
        }
    }
    sets
}

fn indexes(table: &'static Table, dialect: Dialect, names: &mut Names) -> Vec<Index> {
    let live = table.deleted_at().map(|column| column.name);
    let unique = all_uniques(table).into_iter().filter_map(|columns| {
        let folded = matches!(columns[..], [one] if table.named(one).is_some_and(|c| is_folded_unique(c, dialect)));
        match (folded, live) {
            (true, _) => Some((columns, IndexKind::FoldedUnique)),
            (false, Some(_)) => Some((columns, IndexKind::Unique)),
            (false, None) => None,
        }
    });
    let mut indexes: Vec<_> = unique
        .map(|(columns, kind)| Index { name: names.derive(table.name, &columns, "key"), columns, kind, live })
        .collect();
    for columns in plain_indexes(table) {
        let name = names.derive(table.name, &columns, "idx");
        indexes.push(Index { name, columns, kind: IndexKind::Plain, live: None });
    }
    let words: Vec<_> = table.searchable().map(|c| search::vector(c, &Ident(c.name).to_string())).collect();
    if dialect == Dialect::Postgres && !words.is_empty() {
        let columns = table.searchable().map(|c| c.name).collect();
        let name = names.derive(table.name, &[], "search_idx");
        indexes.push(Index { name, columns, kind: IndexKind::Words(words), live: None });
    }
    indexes
}

/// What was asked for, less what a key or a constraint brings along, and every foreign key that nothing else leads
/// with: without one, each deletion of the row it points to reads the whole table.
fn plain_indexes(table: &'static Table) -> Vec<Vec<&'static str>> {
    // What leaves deleted rows out finds not all that point to a row.
    let mut known = if table.deleted_at().is_some() { Vec::new() } else { all_uniques(table) };
    known.push(vec![table.id().name]);
    let given = known.len();
    let single = table.columns.iter().filter(|c| c.index).map(|c| vec![c.name]);
    for set in single.chain(table.indexes.iter().map(|set| set.to_vec())) {
        if !known.contains(&set) {
            known.push(set);
        }
    }
    for (column, _) in table.references() {
        if !known.iter().any(|set| set[0] == column.name) {
            known.push(vec![column.name]);
        }
    }
    known.split_off(given)
}

/// What the framework remembers: the state of the schema, the seed hooks that ran, and what requests with a key were
/// answered.
fn bookkeeping(dialect: Dialect) -> [TableDef; 3] {
    let (kind, now): (fn(Kind) -> &'static str, _) = match dialect {
        // The fixed width that every timestamp has here; `%f` has three digits after the point.
        Dialect::Sqlite => (column::sqlite_type, "(strftime('%Y-%m-%dT%H:%M:%f000Z', 'now'))"),
        Dialect::Postgres => (column::postgres_type, "now()"),
    };
    let text = format!("{} NOT NULL", kind(Kind::Text));
    let time = format!("{} NOT NULL DEFAULT {now}", kind(Kind::Timestamp));
    [
        own_table("_restruct_meta", [("name", text.clone()), ("value", text.clone())]),
        own_table("_restruct_seeds", [("name", text.clone()), ("done_at", time.clone())]),
        TableDef {
            // Those that are too old are looked for again and again.
            indexes: vec![Index {
                name: "_restruct_idempotency_done_at_idx".to_owned(),
                columns: vec!["done_at"],
                kind: IndexKind::Plain,
                live: None,
            }],
            ..own_table(
                "_restruct_idempotency",
                [("name", text.clone()), ("request", text.clone()), ("answer", text), ("done_at", time)],
            )
        },
    ]
}

fn own_table<const N: usize>(name: &'static str, columns: [(&'static str, String); N]) -> TableDef {
    let key = Constraint { name: format!("{name}_pkey"), columns: vec![columns[0].0], rule: Rule::PrimaryKey };
    TableDef {
        name,
        key: columns[0].0,
        columns: columns.map(own_column).into(),
        computed: Vec::new(),
        constraints: vec![key],
        late: Vec::new(),
        indexes: Vec::new(),
        search: None,
    }
}

fn own_column((name, definition): (&'static str, String)) -> ColumnDef {
    let told = match definition.split_once(" DEFAULT ") {
        Some((declared, _)) => format!("{declared} DEFAULT"),
        None => definition.clone(),
    };
    ColumnDef::new(name, definition, told)
}
