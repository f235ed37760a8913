//! A statement over one row as the same over many rows of one request.
//!
//! As in `batch`, the text of the many is that of the one, taken apart at its seams, every placeholder replaced by a
//! column of the rows that are bound: `unnest` of arrays on PostgreSQL, `VALUES` in chunks of few sizes on SQLite, so that
//! texts stay few. What is answered is asked once, since one caller asks: it can name no column of the rows on SQLite.
//! The keys of the rows are known beforehand, and tell whose an answer is.

use std::{collections::HashMap, fmt::Write as _};

use super::{
    Dialect, Seams, Sql, Statement,
    batch::{Form, Part, element, sequence},
    ident::Ident,
    lock::{LOCKED, strength},
};
use crate::{
    column::Column,
    error::{Error, Result},
    table::Table,
    value::{Kind, Value},
};

/// One statement in the place of several.
#[derive(Debug)]
pub(crate) struct Many {
    pub(crate) statement: Statement,
    /// Which of the several it stands for.
    pub(crate) places: Vec<usize>,
}

/// How many rows a chunk has on SQLite; what is missing is padded.
const CHUNKS: [usize; 4] = [4, 16, 64, 256];

/// What SQLite takes in one statement (`SQLITE_MAX_VARIABLE_NUMBER`).
const MOST_BOUND: usize = 32_766;

/// Writes, or reads by key, of one caller as few statements.
pub(crate) fn many(dialect: Dialect, statements: &[Statement]) -> Result<Vec<Many>> {
    of_each_text(statements, |one, places| {
        let Some(seams) = one.seams else {
            return Err(Error::internal("a statement that cannot be taken apart stands for many rows"));
        };
        let mut parts = Parts { dialect, one, shared: Vec::new() };
        let text = parts.text(&seams);
        Ok(parts.filled(&text, statements, places))
    })
}

/// Questions as few statements; each answers the number of its place, from 1, and then what was asked.
pub(crate) fn numbered(dialect: Dialect, statements: &[Statement]) -> Result<Vec<Many>> {
    of_each_text(statements, |one, places| {
        let parts = Parts { dialect, one, shared: Vec::new() };
        let asked = one.text.strip_prefix("SELECT ").unwrap_or_default();
        let text = format!("SELECT {NUMBER}, {} FROM {GIVEN}", parts.spliced(asked));
        let mut all = parts.filled(&text, statements, places);
        for many in &mut all {
            many.statement.output.insert(0, &NUMBER_COLUMN);
        }
        Ok(all)
    })
}

/// Draws the next ids of a table, in their order.
pub(crate) fn draw(dialect: Dialect, table: &Table, count: usize) -> Result<Statement> {
    let count = Value::Int(i64::try_from(count).map_err(Error::internal)?);
    let mut sql = Sql::new(dialect, "");
    match dialect {
        Dialect::Postgres => {
            sql.push("SELECT nextval((SELECT ").push(&sequence(table)).push("::regclass)) FROM generate_series(1, ");
            sql.bind(Kind::I64, count).push(")");
        }
        // Only whoever holds the one writer may ask.
        Dialect::Sqlite => {
            sql.push("WITH RECURSIVE \"n\" (\"n\") AS (SELECT 1 UNION ALL SELECT \"n\" + 1 FROM \"n\" WHERE \"n\" < ");
            sql.bind(Kind::I64, count).push(") SELECT \"n\" + coalesce((SELECT \"seq\" FROM \"sqlite_sequence\"");
            sql.push(" WHERE \"name\" = ")
                .bind(Kind::Text, Value::Text(table.name.to_owned()))
                .push("), 0) FROM \"n\"");
        }
    }
    sql.finish(vec![&NUMBER_COLUMN])
}

pub(super) static NUMBER_COLUMN: Column = Column::new::<i64>("number");

const NUMBER: &str = "\"_restruct_n\"";

/// Where the rows stand in a text, until their number is known.
const GIVEN: &str = "\u{0}";

/// Calls `each` with the first statement of every text and the places of those that have it.
fn of_each_text(
    statements: &[Statement],
    mut each: impl FnMut(&Statement, &[usize]) -> Result<Vec<Many>>,
) -> Result<Vec<Many>> {
    let mut texts: Vec<Vec<usize>> = Vec::new();
    let mut known: HashMap<&str, usize> = HashMap::new();
    for (place, statement) in statements.iter().enumerate() {
        let at = *known.entry(&statement.text).or_insert(texts.len());
        match texts.get_mut(at) {
            Some(places) => places.push(place),
            None => texts.push(vec![place]),
        }
    }
    let mut all = Vec::new();
    for places in texts {
        all.extend(each(&statements[places[0]], &places)?);
    }
    Ok(all)
}

struct Parts<'a> {
    dialect: Dialect,
    one: &'a Statement,
    /// Which binds of the one are bound once for all.
    shared: Vec<usize>,
}

impl Parts<'_> {
    fn text(&mut self, seams: &Seams) -> String {
        let one = &self.one.text;
        let part = |part: Part| &one[part.from..part.to];
        let head = match seams.form {
            Form::Insert { columns, values, key } => {
                let numbered = key.is_some() && seams.table.has_serial_id() && self.dialect == Dialect::Postgres;
                let overriding = if numbered { " OVERRIDING SYSTEM VALUE" } else { "" };
                let values = self.spliced(part(values));
                format!("{}){overriding} SELECT {values} FROM {GIVEN}", &one[..columns.to])
            }
            Form::Update { changes, unique, .. } if self.dialect == Dialect::Postgres => {
                let (table, id) = (Ident(seams.table.name), Ident(seams.table.id().name));
                let (condition, changes) = (self.spliced(part(seams.condition)), self.spliced(part(changes)));
                let (lock, answer) = (strength(unique), self.once(part(seams.answer)));
                return format!(
                    "WITH {LOCKED} AS MATERIALIZED (SELECT \"_restruct_in\".* FROM {table}, {GIVEN} AND {condition} \
                     ORDER BY {table}.{id} {lock} OF {table}) \
                     {changes} FROM {LOCKED} AS \"_restruct_in\" WHERE {condition} RETURNING {answer}"
                );
            }
            Form::Update { changes, .. } => format!("{} FROM {GIVEN}", self.spliced(part(changes))),
            Form::Find { head } => format!("{}, {GIVEN}", part(head)),
        };
        // Of two rows of a body that are in each other's way the first is made, however the database joins them.
        let order = if matches!(seams.form, Form::Insert { .. }) { " ORDER BY \"_restruct_n\"" } else { "" };
        let condition = self.spliced(part(seams.condition));
        let (between, answer) = (&one[seams.condition.to..seams.answer.from], self.once(part(seams.answer)));
        format!("{head} AND {condition}{order}{between}{answer}")
    }

    /// Every placeholder as the column that holds its values.
    fn spliced(&self, text: &str) -> String {
        replaced(text, self.mark(), |out, number| {
            // Writing to a String cannot fail.
            let _ = write!(out, "\"_restruct_in\".\"_restruct_{number}\"");
        })
    }

    /// Every placeholder as one that is bound once.
    fn once(&mut self, text: &str) -> String {
        let (mark, shared) = (self.mark(), &mut self.shared);
        replaced(text, mark, |out, number| {
            shared.push(number - 1);
            out.push(mark);
            out.push_str(&shared.len().to_string());
        })
    }

    fn mark(&self) -> char {
        if self.dialect == Dialect::Sqlite { '?' } else { '$' }
    }

    /// The statements that a text becomes, with the values of `places`.
    fn filled(&self, text: &str, statements: &[Statement], places: &[usize]) -> Vec<Many> {
        let columns: Vec<usize> = (0..self.one.binds.len()).filter(|at| !self.shared.contains(at)).collect();
        let most = match self.dialect {
            Dialect::Postgres => places.len(),
            Dialect::Sqlite => {
                let most = MOST_BOUND.saturating_sub(self.shared.len()) / (columns.len() + 1);
                CHUNKS.into_iter().rev().find(|size| *size <= most).unwrap_or(1)
            }
        };
        let chunks = places.chunks(most.max(1));
        chunks.map(|places| self.chunk(text, statements, places, &columns)).collect()
    }

    fn chunk(&self, text: &str, statements: &[Statement], places: &[usize], columns: &[usize]) -> Many {
        let mut sql = Sql::new(self.dialect, "");
        sql.binds.extend(self.shared.iter().map(|at| self.one.binds[*at].clone()));
        let names = |sql: &mut Sql| {
            sql.join(columns, "", |sql, at| _ = sql.push("\"_restruct_").push(&(at + 1).to_string()).push("\", "));
            sql.push(NUMBER).push(")");
        };
        let value = |place: Option<&usize>, at: usize| match place {
            Some(place) => statements[*place].binds[at].1.clone(),
            None => Value::Null,
        };
        let mut arrays = Vec::new();
        match self.dialect {
            Dialect::Sqlite => {
                sql.push("WITH \"_restruct_in\" (");
                names(&mut sql);
                sql.push(" AS (VALUES ");
                let size = CHUNKS.into_iter().find(|size| *size >= places.len()).unwrap_or(places.len());
                let size = if (columns.len() + 1) * size > MOST_BOUND { places.len() } else { size };
                sql.join(0..size, ", ", |sql, row| {
                    let place = places.get(row);
                    sql.push("(");
                    for at in columns {
                        sql.bind(self.one.binds[*at].0, value(place, *at)).push(", ");
                    }
                    let number = i64::try_from(row + 1).ok().filter(|_| place.is_some());
                    let number = number.map_or(Value::Null, Value::Int);
                    sql.bind(Kind::I64, number).push(")");
                });
                sql.push(") ").push(&text.replace(GIVEN, &format!("\"_restruct_in\" WHERE {NUMBER} IS NOT NULL")));
            }
            Dialect::Postgres => {
                let mut given = Sql::new(self.dialect, "unnest(");
                given.join(columns.iter().enumerate(), ", ", |given, (n, at)| {
                    let kind = self.one.binds[*at].0;
                    arrays.push((kind, places.iter().map(|place| value(Some(place), *at)).collect()));
                    let number = (self.shared.len() + n + 1).to_string();
                    given.push("$").push(&number).push("::").push(element(kind)).push("[]");
                });
                given.push(") WITH ORDINALITY AS \"_restruct_in\" (");
                names(&mut given);
                given.push(" WHERE TRUE");
                sql.push(&text.replace(GIVEN, &given.text));
            }
        }
        let statement = Statement { arrays, ..Statement::new(sql.text, sql.binds, self.one.output.clone()) };
        Many { statement, places: places.to_vec() }
    }
}

/// A text whose placeholders are written anew; what looks like one within quotes is none.
pub(super) fn replaced(text: &str, mark: char, mut write: impl FnMut(&mut String, usize)) -> String {
    let mut out = String::with_capacity(3 * text.len());
    let mut quote = None;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if quote.is_none() && c == mark {
            let mut number = 0;
            while let Some(digit) = chars.next_if(char::is_ascii_digit) {
                number = number * 10 + (digit as usize - '0' as usize);
            }
            write(&mut out, number);
            continue;
        }
        // A quote that is doubled within quotes ends them and begins them anew.
        match quote {
            None if c == '"' || c == '\'' => quote = Some(c),
            Some(begun) if begun == c => quote = None,
            _ => {}
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests;
