//! A statement over one row as the same over many rows, for a backend that sends those of several requests together.
//!
//! Both texts come from one: that of the many is that of the one, taken apart at its [`Seams`], every placeholder
//! replaced by a column of `unnest`. So what the one asks of its caller, its references and its guards is asked for each
//! of the many, with the values of that row.

use std::fmt::Write as _;

use super::{Statement, ident::Ident, many::replaced};
use crate::{table::Table, value::Kind};

/// How long a batch may wait for a lock, in milliseconds: longer than others take to commit. It is then undone, so that
/// a row that has to wait holds up no other.
const LOCK: u32 = 50;

/// Where the text of a statement over one row can be taken apart.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Seams {
    pub(crate) table: &'static Table,
    pub(crate) form: Form,
    /// What must hold for the row.
    pub(crate) condition: Part,
    /// What is answered.
    pub(crate) answer: Part,
}

/// What is done to the row.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Form {
    Insert {
        /// The names of the columns.
        columns: Part,
        /// Their values.
        values: Part,
        /// Which of them is the key, if one is.
        key: Option<usize>,
    },
    Update {
        /// From the beginning to the last value.
        changes: Part,
        /// At which place the key is bound.
        key: usize,
        /// Whether a value changes that must be unique.
        unique: bool,
    },
    /// Nothing: it is read.
    Find {
        /// From the beginning to the name of the table.
        head: Part,
    },
}

/// A part of a text, from one byte to another.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Part {
    pub(super) from: usize,
    pub(super) to: usize,
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
        let Seams { table, form, .. } = self.seams?;
        match (form, table.id().kind) {
            // A value that is taken fails an update, and with it all that were sent together.
            (Form::Update { unique: true, .. }, _) => None,
            (Form::Update { key, .. }, _) => Some(Key::Bound(key)),
            (Form::Insert { key: None, .. }, Kind::I64) => Some(Key::Drawn),
            // Values are bound before all else, in the order of their columns.
            (Form::Insert { key: Some(at), .. }, Kind::Uuid) => Some(Key::Bound(at)),
            (Form::Insert { .. } | Form::Find { .. }, _) => None,
        }
    }

    /// The same for many rows: an array is bound for each value, and every row that was made or changed is answered
    /// after the number, from 1, that its values have in the arrays. PostgreSQL's alone.
    pub(crate) fn batched(&self) -> Option<String> {
        let (seams, key) = (self.seams?, self.batch_key()?);
        let part = |part: Part| spliced(&self.text[part.from..part.to]);
        let (condition, answer) = (part(seams.condition), part(seams.answer));
        let (given, limit) = (self.given(), "\"_restruct_limit\".\"_restruct_set\" IS NOT NULL");
        match (seams.form, key) {
            (Form::Find { .. }, _) => None,
            (Form::Update { changes, .. }, _) => Some(format!(
                "{} FROM {given} WHERE {limit} AND {condition} RETURNING \"_restruct_n\", {answer}",
                part(changes)
            )),
            (Form::Insert { columns, values, .. }, key) => {
                let (id, table) = (Ident(seams.table.id().name), Ident(seams.table.name));
                let columns = &self.text[columns.from..columns.to];
                let values = part(values);
                let insert = match key {
                    Key::Drawn => {
                        format!("({id}, {columns}) OVERRIDING SYSTEM VALUE SELECT \"_restruct_id\", {values}")
                    }
                    Key::Bound(_) => format!("({columns}) SELECT {values}"),
                };
                let (drawn, key) = match key {
                    Key::Drawn => (
                        format!("nextval((SELECT {}::regclass)) AS \"_restruct_id\", ", sequence(seams.table)),
                        "\"_restruct_id\"".to_owned(),
                    ),
                    Key::Bound(at) => (String::new(), format!("\"_restruct_{}\"", at + 1)),
                };
                // Of both parts PostgreSQL expects one row, so that a JOIN would compare each with each. A FULL JOIN is
                // always by hash or by order, and stays one where it cannot be seen that its condition leaves none open.
                Some(format!(
                    "WITH \"_restruct_in\" AS MATERIALIZED (SELECT {drawn}\"_restruct_in\".* FROM {given} \
                     WHERE {limit} AND {condition}), \
                     \"_restruct_out\" AS (INSERT INTO {table} {insert} FROM \"_restruct_in\" \
                     ON CONFLICT DO NOTHING RETURNING *) \
                     SELECT \"_restruct_n\", {answer} FROM \"_restruct_in\" \
                     FULL JOIN \"_restruct_out\" ON \"_restruct_out\".{id} = \"_restruct_in\".{key} \
                     WHERE coalesce(\"_restruct_out\".{id} IS NOT NULL, FALSE)"
                ))
            }
        }
    }

    /// The values of all rows, numbered, and a limit, which is set before the first of them is there.
    fn given(&self) -> String {
        let arrays = self.binds.iter().enumerate().map(|(at, (kind, _))| format!("${}::{}[]", at + 1, element(*kind)));
        let names = (1..=self.binds.len()).map(|n| format!("\"_restruct_{n}\""));
        format!(
            "(SELECT set_config('lock_timeout', '{LOCK}', TRUE)) AS \"_restruct_limit\" (\"_restruct_set\"), \
             unnest({}) WITH ORDINALITY AS \"_restruct_in\" ({}, \"_restruct_n\")",
            arrays.collect::<Vec<_>>().join(", "),
            names.collect::<Vec<_>>().join(", ")
        )
    }
}

/// Every placeholder as the column of `unnest` that holds its values.
fn spliced(text: &str) -> String {
    replaced(text, '$', |out, number| {
        // Writing to a String cannot fail.
        let _ = write!(out, "\"_restruct_in\".\"_restruct_{number}\"");
    })
}

/// The element type of the array that is bound for values of a kind. JSON is sent as text and cast where it is used.
pub(super) fn element(kind: Kind) -> &'static str {
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
pub(super) fn sequence(table: &Table) -> String {
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
        fixture::{THINGS, USERS, lines, named},
        input::{Changes, Guard, Reason},
        policy::{self, Caller},
        sql::{Dialect, insert, update},
        table::Action,
        value::Value,
    };

    fn ann() -> Caller {
        Caller::known(Identity { table: &USERS, key: Value::Int(7), version: 1 })
    }

    fn changes(set: &[(&'static str, Value)]) -> Changes {
        let set = set.iter().map(|(name, value)| (named(&THINGS, name), value.clone())).collect();
        let guard = Guard { column: named(&THINGS, "stamp"), reason: Reason::Forbidden, value: Value::Int(1) };
        Changes { set, guards: vec![guard] }
    }

    fn of(set: &[(&'static str, Value)], output: Vec<&'static Column>) -> Statement {
        let scope = policy::authorize(&THINGS, Action::Create, &ann()).expect("whoever is known may create");
        insert(Dialect::Postgres, &scope, &changes(set), output).expect("a statement")
    }

    /// Both texts, in lines.
    fn texts(one: &Statement) -> String {
        lines(&format!("{}\n\n{}", one.text, one.batched().expect("a batch")))
    }

    #[test]
    fn one_becomes_many() {
        let set = [("title", Value::Text("x".into())), ("meta", Value::Json("{}".into()))];
        let output = || vec![THINGS.id(), named(&THINGS, "title")];
        insta::assert_snapshot!("insert", texts(&of(&set, output())));
        let scope = policy::authorize(&THINGS, Action::Update, &ann()).expect("whoever is known may ask");
        let one = update(Dialect::Postgres, &scope, &Value::Int(1), &changes(&set), output()).expect("a statement");
        insta::assert_snapshot!("update", texts(&one));
        assert_eq!(one.batch_key(), Some(Key::Bound(2)));
        let unique = changes(&[("code", Value::Text("x".into()))]);
        let one = update(Dialect::Postgres, &scope, &Value::Int(1), &unique, output()).expect("a statement");
        assert_eq!(one.batch_key(), None, "it can fail because of another row");
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
