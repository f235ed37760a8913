//! Rows as a JSON array, and what is told beside it.

use super::{
    Aside, Shape,
    room::{Gauge, Room},
};
use crate::{
    error::Result,
    row::Row,
    value::{Value, ValueRef},
};

/// Rows as the text of a JSON array.
#[derive(Debug)]
pub(crate) struct JsonRows {
    pub(crate) body: Vec<u8>,
    pub(crate) count: usize,
    /// Where each row ends in the text, behind its brace. Empty unless the shape has holes or tells of every row.
    pub(crate) ends: Vec<usize>,
    /// Where the values belong that come later, row by row: as many of each row as the shape has holes.
    pub(crate) holes: Vec<usize>,
    /// How many joined rows are shown in them.
    pub(crate) joined: usize,
    /// The values that are told and not shown, row by row, of the rows that the shape's [`Aside`] names.
    pub(crate) aside: Vec<Value>,
}

impl JsonRows {
    /// No rows.
    pub(crate) fn none() -> Self {
        Self::new(b"[]".to_vec())
    }

    fn new(body: Vec<u8>) -> Self {
        Self { body, count: 0, ends: Vec::new(), holes: Vec::new(), joined: 0, aside: Vec::new() }
    }

    /// Rows that have been decoded; of so many columns, whatever else they hold behind these.
    pub(crate) fn of<'r>(
        rows: impl IntoIterator<Item = &'r Row>,
        columns: usize,
        shape: &Shape,
        room: Room,
    ) -> Result<Self> {
        let mut encoder = Encoder::new(shape, columns, 256, room);
        for row in rows {
            let value = |at: usize| Ok(row.values()[at].as_ref());
            encoder.row(value, value)?;
        }
        Ok(encoder.finish())
    }
}

/// Rows on their way there, from whichever driver.
pub(crate) struct Encoder<'s> {
    shape: &'s Shape,
    rows: JsonRows,
    gauge: Gauge,
    /// How many values of a row are told and not shown.
    told: usize,
    /// The first column of what is joined.
    joined: usize,
}

impl<'s> Encoder<'s> {
    /// For rows of so many columns, whose text takes about so many bytes and may take what there is room for.
    pub(crate) fn new(shape: &'s Shape, columns: usize, bytes: usize, room: Room) -> Self {
        let mut body = Vec::with_capacity(bytes);
        body.push(b'[');
        let joined = columns - shape.joined_columns();
        let told = match shape.aside() {
            Aside::No => 0,
            _ => joined - shape.shown() + shape.told_again().len(),
        };
        Self { shape, rows: JsonRows::new(body), gauge: Gauge::new(room), told, joined }
    }

    /// Appends a row: `show` gives the columns that are shown and joined, `tell` those between them. One alone is let
    /// through whatever its size, if it shows each column once: what could be stored can be read.
    pub(crate) fn row<'v>(
        &mut self,
        show: impl FnMut(usize) -> Result<ValueRef<'v>>,
        tell: impl FnMut(usize) -> Result<ValueRef<'v>>,
    ) -> Result<()> {
        if self.rows.count > 0 {
            self.rows.body.push(b',');
        }
        self.rows.count += 1;
        let plain = self.shape.is_plain();
        if plain {
            self.shape.row(&mut self.rows.body, show)?;
        } else {
            self.shape.any_row(&mut self.rows, &mut self.gauge, self.joined, show)?;
        }
        // With the bracket that comes last.
        if self.rows.count > 1 || !plain {
            self.gauge.reach(self.rows.body.len() + 1)?;
        }
        // A plain list has nothing to do with the rest.
        if self.told > 0 || self.shape.has_holes() { self.beside(tell) } else { Ok(()) }
    }

    /// The whole array.
    pub(crate) fn finish(mut self) -> JsonRows {
        self.rows.body.push(b']');
        self.rows
    }

    fn beside<'v>(&mut self, tell: impl FnMut(usize) -> Result<ValueRef<'v>>) -> Result<()> {
        let aside = self.shape.aside();
        let JsonRows { body, count, ends, aside: values, .. } = &mut self.rows;
        if aside == Aside::Every || self.shape.has_holes() {
            ends.push(body.len());
        }
        let wanted = match aside {
            Aside::No => false,
            Aside::Row(number) => number + 1 == *count,
            Aside::Every => true,
        };
        if wanted {
            let (again, first) = (self.shape.told_again(), self.shape.shown());
            let behind = first..first + self.told - again.len();
            for value in again.iter().copied().chain(behind).map(tell) {
                values.push(value?.to_owned());
            }
        }
        Ok(())
    }
}
