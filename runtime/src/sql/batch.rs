//! One `INSERT` of one row as the same over many rows, for a backend that sends those of several requests together.
//!
//! Both texts come from one: that of the many is that of the one, taken apart at its [`Seams`], every placeholder
//! replaced by a column of `unnest`. So what the one asks of its caller, its references and its guards is asked for each
//! of the many, with the values of that row.

use std::fmt::Write as _;

use super::{Statement, ident::Ident};
use crate::{table::Table, value::Kind};

/// How long a batch may wait for a lock, in milliseconds: longer than others take to commit. It is then undone, so that
/// a row that has to wait holds up no other.
const LOCK: u32 = 50;

/// Where the parts of the text of an `INSERT` of one row begin and end.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Seams {
    pub(crate) table: &'static Table,
    /// The names of the columns.
    pub(crate) columns: [usize; 2],
    /// Their values.
    pub(crate) values: [usize; 2],
    /// What must hold.
    pub(crate) condition: [usize; 2],
    /// What is answered.
    pub(crate) answer: [usize; 2],
    /// Which of the columns is the key, if it is one of them.
    pub(crate) key: Option<usize>,
}

/// How the rows of a batch are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Key {
    /// By ids that the batch draws.
    Drawn,
    /// By the values bound at this place, no two of which may be the same.
    Bound(usize),
}

impl Statement {
    /// How the rows of a batch of such statements are told apart; `None` where there can be no batch.
    pub(crate) fn batch_key(&self) -> Option<Key> {
        let seams = self.seams?;
        match (seams.table.id().kind, seams.key) {
            (Kind::I64, None) => Some(Key::Drawn),
            // Values are bound before all else, in the order of their columns.
            (Kind::Uuid, Some(at)) => Some(Key::Bound(at)),
            _ => None,
        }
    }

    /// The same for many rows: an array is bound for each value, and every row that was made is answered after the
    /// number, from 1, that its values have in the arrays. PostgreSQL's alone.
    pub(crate) fn batched(&self) -> Option<String> {
        let (seams, key) = (self.seams?, self.batch_key()?);
        let id = Ident(seams.table.id().name);
        let columns = &self.text[seams.columns[0]..seams.columns[1]];
        let part = |[from, to]: [usize; 2]| spliced(&self.text[from..to]);
        let (values, condition, answer) = (part(seams.values), part(seams.condition), part(seams.answer));
        let arrays = self.binds.iter().enumerate().map(|(at, (kind, _))| format!("${}::{}[]", at + 1, element(*kind)));
        let arrays = arrays.collect::<Vec<_>>().join(", ");
        let names = (1..=self.binds.len()).map(|n| format!("\"_restruct_{n}\"")).collect::<Vec<_>>().join(", ");
        let table = Ident(seams.table.name);
        let (draw, column, overriding, drawn, joined) = match key {
            Key::Drawn => (
                format!("nextval((SELECT {}::regclass)) AS \"_restruct_id\", ", sequence(seams.table)),
                format!("{id}, "),
                "OVERRIDING SYSTEM VALUE ",
                "\"_restruct_id\", ",
                "\"_restruct_id\"".to_owned(),
            ),
            Key::Bound(at) => (String::new(), String::new(), "", "", format!("\"_restruct_{}\"", at + 1)),
        };
        let mut text = String::new();
        // Nothing of it is inserted before the first row of the first part is there, and with it the limit. Of both parts
        // one row is expected, so that a JOIN would compare each with each; a FULL JOIN is always by hash or by order, and
        // stays one where it cannot be seen that the condition leaves the rows of both.
        let _ = write!(
            text,
            "WITH \"_restruct_in\" AS MATERIALIZED (SELECT {draw}\"_restruct_in\".* \
             FROM (SELECT set_config('lock_timeout', '{LOCK}', TRUE)) AS \"_restruct_limit\" (\"set\"), \
             unnest({arrays}) WITH ORDINALITY AS \"_restruct_in\" ({names}, \"_restruct_n\") \
             WHERE \"_restruct_limit\".\"set\" IS NOT NULL AND {condition}), \
             \"_restruct_out\" AS (INSERT INTO {table} ({column}{columns}) {overriding}SELECT {drawn}{values} \
             FROM \"_restruct_in\" ON CONFLICT DO NOTHING RETURNING *) \
             SELECT \"_restruct_n\", {answer} FROM \"_restruct_in\" \
             FULL JOIN \"_restruct_out\" ON \"_restruct_out\".{id} = \"_restruct_in\".{joined} \
             WHERE coalesce(\"_restruct_out\".{id} IS NOT NULL, FALSE)"
        );
        Some(text)
    }
}

/// Every placeholder as the column of `unnest` that holds its values.
fn spliced(text: &str) -> String {
    let mut out = String::with_capacity(3 * text.len());
    let mut quote = None;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if quote.is_none() && c == '$' {
            out.push_str("\"_restruct_in\".\"_restruct_");
            while let Some(digit) = chars.next_if(char::is_ascii_digit) {
                out.push(digit);
            }
            out.push('"');
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

/// The element type of the array that is bound for values of a kind. JSON is sent as text and cast where it is used.
fn element(kind: Kind) -> &'static str {
    match kind {
        Kind::Bool => "boolean",
        Kind::I16 => "smallint",
        Kind::I32 => "integer",
        Kind::I64 => "bigint",
        Kind::F64 => "double precision",
        Kind::Text | Kind::Json => "text",
        Kind::Bytes => "bytea",
        Kind::Uuid => "uuid",
        Kind::Date => "date",
        Kind::Time => "time",
        Kind::DateTime => "timestamp",
        Kind::Timestamp => "timestamptz",
    }
}

/// What numbers the rows of a table, as an expression.
fn sequence(table: &Table) -> String {
    let literal = |text: String| format!("'{}'", text.replace('\'', "''"));
    let (table, id) = (literal(Ident(table.name).to_string()), literal(table.id().name.to_owned()));
    format!("pg_get_serial_sequence({table}, {id})")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        column::Column,
        filter::Identity,
        fixture::{THINGS, USERS, named},
        input::{Changes, Guard, Reason},
        policy::{self, Caller},
        sql::{Dialect, insert},
        table::Action,
        value::Value,
    };

    fn ann() -> Caller {
        Caller::known(Identity { table: &USERS, key: Value::Int(7), version: 1 })
    }

    fn of(set: &[(&'static str, Value)], output: Vec<&'static Column>) -> Statement {
        let scope = policy::authorize(&THINGS, Action::Create, &ann()).expect("whoever is known may create");
        let set = set.iter().map(|(name, value)| (named(&THINGS, name), value.clone())).collect();
        let guard = Guard { column: named(&THINGS, "stamp"), reason: Reason::Forbidden, value: Value::Int(1) };
        let changes = Changes { set, guards: vec![guard] };
        insert(Dialect::Postgres, &scope, &changes, output).expect("a statement")
    }

    #[test]
    fn one_becomes_many() {
        let meta = Value::Json("{}".into());
        let one = of(&[("title", Value::Text("x".into())), ("meta", meta)], vec![THINGS.id(), named(&THINGS, "title")]);
        let many = one.batched().expect("a batch");
        let lines = |text: &str| {
            [" WHERE ", " FROM ", " JOIN ", " \"_restruct_out\" AS "]
                .iter()
                .fold(text.to_owned(), |text, word| text.replace(word, &format!("\n{}", word.trim_start())))
        };
        insta::assert_snapshot!("insert", format!("{}\n\n{}", lines(&one.text), lines(&many)));
    }

    #[test]
    fn rows_are_told_apart_by_their_keys() {
        assert_eq!(of(&[("title", Value::Text("x".into()))], vec![]).batch_key(), Some(Key::Drawn));
        // Nobody numbers rows but the database.
        assert_eq!(of(&[("id", Value::Int(1))], vec![]).batch_key(), None);
        // Nothing has no length.
        assert_eq!(of(&[], vec![]).batch_key(), None);
    }

    #[test]
    fn quotes_hide_what_looks_like_a_placeholder() {
        assert_eq!(
            spliced("\"a$1\"\"$2\" = $3 AND '$4' <> lower($12)"),
            "\"a$1\"\"$2\" = \"_restruct_in\".\"_restruct_3\" AND '$4' <> lower(\"_restruct_in\".\"_restruct_12\")"
        );
    }
}
