//! The JSON object of a row, but for its values.

use super::JsonRows;
use crate::{column::Column, error::Result, text, value::ValueRef};

/// The member names of an object, escaped once, and the places where something else than a column's value stands.
#[derive(Clone, Debug)]
pub(crate) struct Shape {
    /// `{"id":,"title":` and so on
    keys: Vec<u8>,
    /// Where the name of each column ends.
    ends: Vec<usize>,
    /// The members that are no columns.
    holes: Vec<Hole>,
    /// How many columns make those of them that are joined.
    joined: usize,
    aside: Aside,
    /// The columns that are told, where they are shown as well.
    again: Vec<usize>,
}

#[derive(Clone, Debug)]
struct Hole {
    /// How many columns stand before it.
    behind: usize,
    /// Where its name ends.
    end: usize,
    /// What is put in at once; the rest comes later.
    joined: Option<Joined>,
}

/// A row of another table that the statement answers beside the row.
#[derive(Clone, Debug)]
struct Joined {
    /// How many columns of joined rows stand before its own. The first of its own is NULL where there is no row.
    behind: usize,
    object: Shape,
}

/// The rows whose columns behind the shown ones are told as values, beside the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Aside {
    /// None of them.
    No,
    /// The row with this number, from 0, if there are so many: the last one of a full page, or the only one.
    Row(usize),
    /// All of them.
    Every,
}

impl Shape {
    /// Of some columns, in their order. Only readable ones can be asked for; the rest is left out even so.
    pub(crate) fn new<'a>(columns: impl IntoIterator<Item = &'a Column>) -> Self {
        let mut shape = Self::empty();
        for column in columns.into_iter().filter(|column| column.readable()) {
            shape.column(column.json);
        }
        shape
    }

    /// Of nothing yet.
    pub(crate) fn empty() -> Self {
        Self {
            keys: Vec::with_capacity(256),
            ends: Vec::with_capacity(16),
            holes: Vec::new(),
            joined: 0,
            aside: Aside::No,
            again: Vec::new(),
        }
    }

    /// One more member: the next column of the statement, under a name.
    pub(crate) fn column(&mut self, name: &str) {
        self.name(name);
        self.ends.push(self.keys.len());
    }

    /// One more member, whose value is put in later.
    pub(crate) fn hole(&mut self, name: &str) {
        self.member(name, None);
    }

    /// One more member: an object of columns that the statement answers behind all others, each object's behind a key
    /// that is NULL where there is no row, and the value is null.
    pub(crate) fn joined(&mut self, name: &str, object: Self) {
        let (behind, own) = (self.joined, 1 + object.shown());
        self.member(name, Some(Joined { behind, object }));
        self.joined += own;
    }

    fn member(&mut self, name: &str, joined: Option<Joined>) {
        self.name(name);
        self.holes.push(Hole { behind: self.ends.len(), end: self.keys.len(), joined });
    }

    /// With the values of what stands behind the shown columns, of some rows.
    pub(crate) fn telling(self, aside: Aside) -> Self {
        Self { aside, ..self }
    }

    /// With the values of shown columns, by their places, of some rows: none of them is answered twice.
    pub(crate) fn telling_again(self, columns: Vec<usize>, aside: Aside) -> Self {
        Self { aside, again: columns, ..self }
    }

    /// The shown columns that are told as well.
    pub(super) fn again(&self) -> &[usize] {
        &self.again
    }

    /// How many columns are shown; whatever the statement answers behind them is not.
    pub(crate) fn shown(&self) -> usize {
        self.ends.len()
    }

    /// How many columns of the statement are of joined rows, the last ones.
    pub(super) fn joined_columns(&self) -> usize {
        self.joined
    }

    pub(super) fn has_holes(&self) -> bool {
        !self.holes.is_empty()
    }

    pub(super) fn aside(&self) -> Aside {
        self.aside
    }

    /// Appends the object whose value number `i` is `get(i)`, for a shape without holes. After an error the buffer holds
    /// half an object.
    pub(crate) fn row<'v>(&self, buf: &mut Vec<u8>, mut get: impl FnMut(usize) -> Result<ValueRef<'v>>) -> Result<()> {
        self.open(buf);
        let mut start = 0;
        for (index, end) in self.ends.iter().enumerate() {
            buf.extend_from_slice(&self.keys[start..*end]);
            value(buf, get(index)?);
            start = *end;
        }
        buf.push(b'}');
        Ok(())
    }

    /// The same of any shape, with the places of what comes later. What is joined begins with the column `joined`.
    pub(super) fn row_with_holes<'v>(
        &self,
        rows: &mut JsonRows,
        joined: usize,
        mut get: impl FnMut(usize) -> Result<ValueRef<'v>>,
    ) -> Result<()> {
        let buf = &mut rows.body;
        self.open(buf);
        let (mut start, mut holes) = (0, self.holes.iter().peekable());
        for index in 0..=self.ends.len() {
            while let Some(hole) = holes.next_if(|hole| hole.behind == index) {
                buf.extend_from_slice(&self.keys[start..hole.end]);
                start = hole.end;
                match &hole.joined {
                    None => rows.holes.push(buf.len()),
                    Some(Joined { behind, object }) => {
                        let key = joined + behind;
                        if matches!(get(key)?, ValueRef::Null) {
                            value(buf, ValueRef::Null);
                        } else {
                            rows.joined += 1;
                            object.row(buf, |at| get(key + 1 + at))?;
                        }
                    }
                }
            }
            if let Some(end) = self.ends.get(index) {
                buf.extend_from_slice(&self.keys[start..*end]);
                value(buf, get(index)?);
                start = *end;
            }
        }
        buf.push(b'}');
        Ok(())
    }

    fn name(&mut self, name: &str) {
        self.keys.push(if self.keys.is_empty() { b'{' } else { b',' });
        json(&mut self.keys, name);
        self.keys.push(b':');
    }

    fn open(&self, buf: &mut Vec<u8>) {
        // At least that: a buffer that begins empty would else grow many times within its first row.
        buf.reserve(self.keys.len() + 16 * self.ends.len());
        if self.keys.is_empty() {
            buf.push(b'{');
        }
    }
}

/// Appends a value as JSON.
#[inline]
pub(super) fn value(buf: &mut Vec<u8>, value: ValueRef<'_>) {
    match value {
        ValueRef::Null => buf.extend_from_slice(b"null"),
        ValueRef::Bool(_) | ValueRef::Int(_) | ValueRef::Float(_) | ValueRef::Json(_) => text::write(buf, value),
        ValueRef::Text(v) => json(buf, v),
        // None of these spells anything that JSON escapes.
        ValueRef::Bytes(_)
        | ValueRef::Uuid(_)
        | ValueRef::Date(_)
        | ValueRef::Time(_)
        | ValueRef::DateTime(_)
        | ValueRef::Timestamp(_) => {
            buf.push(b'"');
            text::write(buf, value);
            buf.push(b'"');
        }
    }
}

fn json(buf: &mut Vec<u8>, text: &str) {
    if needs_escapes(text.as_bytes()) {
        serde_json::to_writer(buf, text).expect("a Vec takes every byte");
    } else {
        buf.push(b'"');
        buf.extend_from_slice(text.as_bytes());
        buf.push(b'"');
    }
}

/// Whether JSON escapes anything in a text; most have nothing. Sixteen bytes at a time, which the compiler takes at once.
fn needs_escapes(text: &[u8]) -> bool {
    let special = |byte| u8::from(byte < b' ') | u8::from(byte == b'"') | u8::from(byte == b'\\');
    let (chunks, rest) = text.as_chunks::<16>();
    let mut last = [b' '; 16];
    last[..rest.len()].copy_from_slice(rest);
    chunks.iter().chain([&last]).any(|chunk| chunk.iter().fold(0, |any, byte| any | special(*byte)) != 0)
}
