//! The JSON object of a row, but for its values.

use super::{
    JsonRows,
    json::{json, value},
    room::Gauge,
};
use crate::{column::Column, error::Result, value::ValueRef};

/// The member names of an object, escaped once, and the places where something else than a column's value stands.
#[derive(Clone, Debug)]
pub(crate) struct Shape {
    /// `{"id":,"title":` and so on
    keys: Vec<u8>,
    /// Where the name of each column ends.
    ends: Vec<usize>,
    /// Which column of the statement each of them is, where one stands more than once; else each is the next.
    places: Vec<usize>,
    /// How many columns of the statement are shown.
    shown: usize,
    /// The members that are no columns.
    holes: Vec<Hole>,
    /// How many columns make those of them that are joined.
    joined: usize,
    aside: Aside,
    /// The columns that are told, where they are shown as well.
    told_again: Vec<usize>,
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
            places: Vec::new(),
            shown: 0,
            holes: Vec::new(),
            joined: 0,
            aside: Aside::No,
            told_again: Vec::new(),
        }
    }

    /// One more member: the next column of the statement, under a name.
    pub(crate) fn column(&mut self, name: &str) {
        if self.repeats() {
            self.places.push(self.shown);
        }
        self.shown += 1;
        self.name(name);
        self.ends.push(self.keys.len());
    }

    /// One more member: a column of the statement that is shown already, by its place. It is read once.
    pub(crate) fn again(&mut self, name: &str, place: usize) {
        if !self.repeats() {
            self.places.extend(0..self.ends.len());
        }
        self.places.push(place);
        self.name(name);
        self.ends.push(self.keys.len());
    }

    /// Whether some column is shown more than once.
    pub(crate) fn repeats(&self) -> bool {
        !self.places.is_empty()
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
        Self { aside, told_again: columns, ..self }
    }

    /// The shown columns that are told as well.
    pub(super) fn told_again(&self) -> &[usize] {
        &self.told_again
    }

    /// How many columns are shown; whatever the statement answers behind them is not.
    pub(crate) fn shown(&self) -> usize {
        self.shown
    }

    /// How many columns of the statement are of joined rows, the last ones.
    pub(super) fn joined_columns(&self) -> usize {
        self.joined
    }

    pub(super) fn has_holes(&self) -> bool {
        !self.holes.is_empty()
    }

    /// Whether an object has each column once and nothing else, so that it is about as long as its row.
    pub(super) fn is_plain(&self) -> bool {
        !self.repeats() && !self.has_holes()
    }

    pub(super) fn aside(&self) -> Aside {
        self.aside
    }

    /// Appends the object whose value number `i` is `get(i)`, for a plain shape. After an error the buffer holds half an
    /// object.
    pub(crate) fn row<'v>(&self, buf: &mut Vec<u8>, mut get: impl FnMut(usize) -> Result<ValueRef<'v>>) -> Result<()> {
        debug_assert!(self.is_plain(), "another shape can be any number of times as long as its row");
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

    /// The same of any shape, with the places of what comes later. What is joined begins with the column `joined`. The
    /// gauge looks at every value.
    pub(super) fn any_row<'v>(
        &self,
        rows: &mut JsonRows,
        gauge: &mut Gauge,
        joined: usize,
        mut get: impl FnMut(usize) -> Result<ValueRef<'v>>,
    ) -> Result<()> {
        self.open(&mut rows.body);
        let (mut start, mut holes) = (0, self.holes.iter().peekable());
        for index in 0..=self.ends.len() {
            while let Some(hole) = holes.next_if(|hole| hole.behind == index) {
                rows.body.extend_from_slice(&self.keys[start..hole.end]);
                start = hole.end;
                match &hole.joined {
                    None => rows.holes.push(rows.body.len()),
                    Some(Joined { behind, object }) => {
                        let key = joined + behind;
                        if matches!(get(key)?, ValueRef::Null) {
                            value(&mut rows.body, ValueRef::Null);
                        } else {
                            rows.joined += 1;
                            object.columns(&mut rows.body, gauge, |at| get(key + 1 + at))?;
                        }
                    }
                }
            }
            if let Some(end) = self.ends.get(index) {
                rows.body.extend_from_slice(&self.keys[start..*end]);
                value(&mut rows.body, get(self.place(index))?);
                gauge.reach(rows.body.len())?;
                start = *end;
            }
        }
        rows.body.push(b'}');
        Ok(())
    }

    /// The same of a shape without holes.
    fn columns<'v>(
        &self,
        buf: &mut Vec<u8>,
        gauge: &mut Gauge,
        mut get: impl FnMut(usize) -> Result<ValueRef<'v>>,
    ) -> Result<()> {
        self.open(buf);
        let mut start = 0;
        for (index, end) in self.ends.iter().enumerate() {
            buf.extend_from_slice(&self.keys[start..*end]);
            value(buf, get(self.place(index))?);
            gauge.reach(buf.len())?;
            start = *end;
        }
        buf.push(b'}');
        Ok(())
    }

    /// The column of the statement that a shown one is.
    fn place(&self, index: usize) -> usize {
        self.places.get(index).copied().unwrap_or(index)
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
