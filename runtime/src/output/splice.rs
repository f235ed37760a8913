//! Rows of several statements as one text, put together from slices.

use std::ops::Range;

use super::JsonRows;

/// Rows, and what belongs into their holes.
#[derive(Debug)]
pub(crate) struct Level {
    pub(crate) rows: JsonRows,
    /// One for each hole of a row, in their order.
    pub(crate) branches: Vec<Branch>,
}

/// What belongs into the same hole of many rows.
#[derive(Debug)]
pub(crate) struct Branch {
    /// Whether an array is put in, and not an object or null.
    pub(crate) many: bool,
    pub(crate) level: Level,
    /// For each row that has the hole, which rows of the level are put in.
    pub(crate) of: Vec<Range<usize>>,
}

/// Why an array is not written to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Full {
    /// Too many rows would be put into holes.
    Rows,
    /// The text would be too long.
    Bytes,
}

impl Level {
    /// The whole array, unless more than so many rows would be put into holes, or the text had more than so many bytes.
    /// Few rows can be put into many holes, so that it is not what was read that has to be counted, but what is written.
    pub(crate) fn array(&self, rows: usize, bytes: usize) -> Result<Vec<u8>, Full> {
        let buf = Vec::with_capacity(self.size().min(bytes));
        let mut text = Text { buf, left: rows + self.rows.count, most: bytes };
        self.list(&mut text, 0..self.rows.count)?;
        Ok(text.buf)
    }

    fn size(&self) -> usize {
        let branches = self.branches.iter().map(|branch| branch.level.size() + 4 * branch.of.len());
        self.rows.body.len() + branches.sum::<usize>()
    }

    fn list(&self, text: &mut Text, rows: Range<usize>) -> Result<(), Full> {
        text.push(b"[")?;
        if self.branches.is_empty() && !rows.is_empty() {
            // They lie one behind the other, commas and all.
            text.count(rows.len())?;
            text.push(&self.rows.body[self.start(rows.start)..self.rows.ends[rows.end - 1]])?;
        } else {
            for row in rows.clone() {
                if row > rows.start {
                    text.push(b",")?;
                }
                self.object(text, row)?;
            }
        }
        text.push(b"]")
    }

    fn object(&self, text: &mut Text, row: usize) -> Result<(), Full> {
        text.count(1)?;
        let mut from = self.start(row);
        let first = row * self.branches.len();
        for (branch, hole) in self.branches.iter().zip(&self.rows.holes[first..]) {
            text.push(&self.rows.body[from..*hole])?;
            branch.put(text, row)?;
            from = *hole;
        }
        text.push(&self.rows.body[from..self.rows.ends[row]])
    }

    /// Where a row begins: behind the bracket or the comma.
    fn start(&self, row: usize) -> usize {
        1 + row.checked_sub(1).map_or(0, |before| self.rows.ends[before])
    }
}

impl Branch {
    fn put(&self, text: &mut Text, row: usize) -> Result<(), Full> {
        let rows = self.of[row].clone();
        if self.many {
            self.level.list(text, rows)
        } else if rows.is_empty() {
            text.push(b"null")
        } else {
            self.level.object(text, rows.start)
        }
    }
}

/// What is written.
struct Text {
    buf: Vec<u8>,
    /// How many rows may still come.
    left: usize,
    /// How many bytes may be there.
    most: usize,
}

impl Text {
    fn count(&mut self, rows: usize) -> Result<(), Full> {
        self.left = self.left.checked_sub(rows).ok_or(Full::Rows)?;
        Ok(())
    }

    fn push(&mut self, slice: &[u8]) -> Result<(), Full> {
        if slice.len() > self.most - self.buf.len() {
            return Err(Full::Bytes);
        }
        self.buf.extend_from_slice(slice);
        Ok(())
    }
}
