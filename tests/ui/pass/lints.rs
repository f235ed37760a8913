//! Generated code raises no lint, whatever is denied.
#![deny(warnings, unused, unused_qualifications, unreachable_pub, missing_docs, missing_debug_implementations)]
#![deny(rust_2018_idioms, single_use_lifetimes, trivial_casts, unused_lifetimes, variant_size_differences)]
#![forbid(unsafe_code)]

/// Boards.
pub mod boards {
    use restruct::{Column, Field, FieldType, Invalid, Kind, Row, Rule, Table, Value, prelude::*};

    /// A board with a private field of a private type.
    #[derive(Debug, Resource)]
    #[resource(read = public, write = authenticated)]
    pub struct Board {
        id: Uuid,
        state: State,
        /// Its title.
        pub title: String,
    }

    #[derive(Clone, Choice, Copy, Debug)]
    enum State {
        Open,
    }

    /// Whether all is in reach.
    pub fn names() -> (Rule, Kind, Vec<&'static str>) {
        let table: &Table = Board::TABLE;
        let column: fn(Field<Board, String>) -> Column = |field| field.column();
        let _: Option<Row> = None;
        let _: Result<Value, Invalid> = State::Open.to_value();
        (table.rules.read, column(Board::TITLE).kind, table.columns.iter().map(|column| column.name).collect())
    }

    /// A choice.
    #[derive(Debug, Choice)]
    pub enum Level {
        /// Low.
        Low,
    }
}

fn main() {
    assert_eq!(boards::names().2, ["id", "state", "title"]);
    let _ = boards::Board::TITLE.eq("x");
    assert_eq!(boards::Level::Low.as_str(), "Low");
}
