//! Rows that are gathered, as long as there is room.

use crate::{
    error::Result,
    output::{Gauge, Room},
    row::Row,
};

/// The rows of a statement that have come so far.
pub(super) struct Gathered {
    rows: Vec<Row>,
    /// How many bytes all but the last of them are.
    bytes: usize,
    gauge: Gauge,
}

impl Gathered {
    pub(super) fn new(room: Room) -> Self {
        Self { rows: Vec::new(), bytes: 0, gauge: Gauge::new(room) }
    }

    /// Takes one more. The last one is not weighed before another comes: one alone may be of any size, and is the most
    /// that there is beyond the room.
    pub(super) fn push(&mut self, row: Row) -> Result<()> {
        if let Some(last) = self.rows.last() {
            self.bytes += last.weight();
            self.gauge.reach(self.bytes)?;
        }
        self.rows.push(row);
        Ok(())
    }

    pub(super) fn finish(self) -> Vec<Row> {
        self.rows
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        fixture::{THINGS, named},
        value::Value,
    };

    #[test]
    fn rows_come_as_long_as_there_is_room() {
        let row = |bytes: usize| Row::new(vec![named(&THINGS, "title")], vec![Value::Text("x".repeat(bytes))]);
        let most = |sizes: &[usize]| {
            let mut gathered = Gathered::new(Room::of(10));
            sizes.iter().take_while(|bytes| gathered.push(row(**bytes)).is_ok()).count()
        };
        assert_eq!(most(&[99]), 1, "one alone is no matter");
        assert_eq!(most(&[99, 1]), 1);
        assert_eq!(most(&[4, 6, 99, 1]), 3, "nor is the last");
        assert_eq!(most(&[0; 20]), 11, "what is empty is something, too");
    }
}
