//! From [`TableDef`]s to SQL text.

use super::{
    Object,
    literal::quoted,
    model::{ColumnDef, Constraint, Index, IndexKind, Rule, SearchTable, TableDef},
};
use crate::{
    column::OnDelete,
    sql::{
        Dialect,
        ident::{Ident, list},
    },
};

/// The statements that make `tables`, in order.
pub(super) fn objects(tables: &[TableDef], dialect: Dialect) -> Vec<Object> {
    let mut objects = Vec::new();
    for table in tables {
        objects.push(create_table(table, dialect));
        objects.extend(table.computed.iter().map(|column| add_column(table, column)));
        objects.extend(table.indexes.iter().map(|index| create_index(table, index)));
        objects.extend(table.search.iter().flat_map(|search| create_search(table, search)));
    }
    for table in tables {
        objects.extend(table.late.iter().map(|constraint| add_constraint(table, constraint)));
    }
    objects
}

fn create_table(table: &TableDef, dialect: Dialect) -> Object {
    let options = match dialect {
        Dialect::Sqlite => "STRICT",
        Dialect::Postgres => "",
    };
    let columns = table.columns.iter().map(|c| format!("{} {}", Ident(c.name), c.definition));
    let body: Vec<_> = columns.chain(table.constraints.iter().map(constraint)).collect();
    let sql = format!("CREATE TABLE {} (\n  {}\n) {options}", Ident(table.name), body.join(",\n  "));

    let mut lines = vec![(format!("table {}", table.name), options.to_owned())];
    lines.extend(table.columns.iter().map(|c| (format!("column {}.{}", table.name, c.name), c.definition.clone())));
    lines.extend(table.constraints.iter().chain(&table.late).map(|c| (label(table, c), constraint(c))));
    Object { name: format!("table {}", table.name), sql: sql.trim_end().to_owned(), lines, trial: Vec::new() }
}

fn add_column(table: &TableDef, column: &ColumnDef) -> Object {
    let ColumnDef { name, definition, trial, told: _ } = column;
    let label = format!("column {}.{name}", table.name);
    Object {
        sql: format!("ALTER TABLE {} ADD COLUMN {} {definition}", Ident(table.name), Ident(name)),
        lines: vec![(label.clone(), definition.clone())],
        name: label,
        trial: trial.clone(),
    }
}

fn create_index(table: &TableDef, index: &Index) -> Object {
    let (unique, columns) = match &index.kind {
        IndexKind::Plain => ("", list(&index.columns)),
        IndexKind::Unique => ("UNIQUE ", list(&index.columns)),
        IndexKind::FoldedUnique => {
            let lower: Vec<_> = index.columns.iter().map(|c| format!("lower({} COLLATE \"C\")", Ident(c))).collect();
            ("UNIQUE ", format!("({})", lower.join(", ")))
        }
        IndexKind::Words(vectors) => ("", format!("USING gin ({})", vectors.join(", "))),
    };
    let live = index.live.map(|column| format!(" WHERE {} IS NULL", Ident(column))).unwrap_or_default();
    let on = format!("ON {} {columns}{live}", Ident(table.name));
    let name = format!("index {}", index.name);
    Object {
        sql: format!("CREATE {unique}INDEX {} {on}", Ident(&index.name)),
        lines: vec![(name.clone(), format!("{unique}{on}"))],
        name,
        trial: Vec::new(),
    }
}

/// What the name of a table of FTS5's follows in an inventory.
pub(super) const SEARCH: &str = "search ";

/// The words are those of the table itself, which FTS5 reads again by the number of the row where it has to. Of an older
/// row it can be told only what to forget, so that a trigger tells it the text as it was.
pub(super) fn create_search(table: &TableDef, search: &SearchTable) -> [Object; 4] {
    let (on, index, row) = (Ident(table.name), Ident(&search.name), Ident(search.row));
    let columns: Vec<_> = search.columns.iter().map(|c| Ident(c)).collect();
    let each = |prefix: &str| columns.iter().map(|c| format!("{prefix}{c}")).collect::<Vec<_>>().join(", ");
    let (names, old, new) = (each(""), each("old."), each("new."));
    let words = format!(
        "USING fts5 ({names}, content={}, content_rowid={}, tokenize='ascii', columnsize=0)",
        quoted(table.name),
        quoted(search.row)
    );
    let take = format!("INSERT INTO {index} (rowid, {names}) VALUES (new.{row}, {new});");
    let forget = format!("INSERT INTO {index} ({index}, rowid, {names}) VALUES ('delete', old.{row}, {old});");
    let differs: Vec<_> = columns.iter().map(|c| format!("old.{c} IS NOT new.{c}")).collect();
    let changed = format!("old.{row} <> new.{row} OR {}", differs.join(" OR "));
    let object = |create: &str, label: String, name: &str, body: String| Object {
        sql: format!("CREATE {create} {} {body}", Ident(name)),
        lines: vec![(label.clone(), body)],
        name: label,
        trial: Vec::new(),
    };
    let trigger = |event: &str, body: String| {
        let name = format!("{}_{event}", search.name);
        object("TRIGGER", format!("trigger {name}"), &name, body)
    };
    [
        object("VIRTUAL TABLE", format!("{SEARCH}{}", search.name), &search.name, words),
        trigger("insert", format!("AFTER INSERT ON {on} BEGIN\n  {take}\nEND")),
        trigger(
            "update",
            format!("AFTER UPDATE OF {row}, {names} ON {on} WHEN {changed} BEGIN\n  {forget}\n  {take}\nEND"),
        ),
        trigger("delete", format!("AFTER DELETE ON {on} BEGIN\n  {forget}\nEND")),
    ]
}

// Its line stands with its table: in the database it is a constraint like any other.
fn add_constraint(table: &TableDef, late: &Constraint) -> Object {
    let sql = format!("ALTER TABLE {} ADD {}", Ident(table.name), constraint(late));
    Object { name: label(table, late), sql, lines: Vec::new(), trial: Vec::new() }
}

fn constraint(constraint: &Constraint) -> String {
    let columns = list(&constraint.columns);
    let rule = match &constraint.rule {
        Rule::PrimaryKey => format!("PRIMARY KEY {columns}"),
        Rule::Unique => format!("UNIQUE {columns}"),
        Rule::Check(condition) => format!("CHECK ({condition})"),
        Rule::ForeignKey { table, key, on_delete } => {
            format!("FOREIGN KEY {columns} REFERENCES {} {}{}", Ident(table), list(&[key]), action(*on_delete))
        }
    };
    format!("CONSTRAINT {} {rule}", Ident(&constraint.name))
}

/// `restrict` is NO ACTION, which is what an unsaid ON DELETE means: SQLite's RESTRICT raises another error and fires
/// before the end of the statement.
pub(super) fn action(on_delete: OnDelete) -> &'static str {
    match on_delete {
        OnDelete::Restrict => "",
        OnDelete::Cascade => " ON DELETE CASCADE",
        OnDelete::SetNull => " ON DELETE SET NULL",
    }
}

/// What a person calls the constraint.
pub(super) fn label(table: &TableDef, constraint: &Constraint) -> String {
    let (table, columns) = (table.name, constraint.columns.join(", "));
    match constraint.rule {
        Rule::PrimaryKey => format!("primary key {table}({columns})"),
        Rule::Unique => format!("unique {table}({columns})"),
        Rule::Check(_) => format!("check {table}.{columns}"),
        Rule::ForeignKey { .. } => format!("foreign key {table}.{columns}"),
    }
}
