//! Entity tags (RFC 9110 section 8.8.3): which state of a row an answer shows.
//!
//! ```text
//! "3-5f1d20c8"       the third state of the row, in the shape that its struct has now
//! "3-01-5f1d20c8"    and of two references that a deletion may empty, the second is NULL
//! ```
//!
//! The tag is strong: two answers with one tag are the same to the byte. So it holds more than the version. The shape is
//! that of the answers, which is another one where a struct got another field. And `ON DELETE SET NULL` changes a row
//! behind the back of the version; but all that it can do is told by which of those columns are NULL.
//!
//! A tag is of the whole row alone. What shows a part of it, or more than it, has none.

use axum::http::HeaderValue;

use crate::{
    column::{Column, OnDelete, Reference, Role},
    filter::{Compare, Is, Node},
    table::Table,
    value::Value,
};

/// A state of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Tag {
    version: i64,
    /// Of each column that a deletion elsewhere may empty: whether it is NULL.
    empty: Vec<bool>,
}

impl Tag {
    /// The columns that make the tag of a row, in the order in which [`Tag::of`] takes their values; none where the
    /// resource has no tags.
    pub(crate) fn columns(table: &'static Table) -> impl Iterator<Item = &'static Column> {
        let version = table.with_role(Role::Version);
        version.into_iter().flat_map(move |version| std::iter::once(version).chain(emptied(table)))
    }

    /// The tag of a row by the values of [`Tag::columns`]; `None` where one of them is not there.
    pub(crate) fn of<'a>(values: impl IntoIterator<Item = Option<&'a Value>>) -> Option<Self> {
        let mut values = values.into_iter();
        let Some(Value::Int(version)) = values.next()? else { return None };
        let empty = values.map(|value| value.map(|value| *value == Value::Null)).collect::<Option<_>>()?;
        Some(Self { version: *version, empty })
    }

    /// The state that a tag means, without its quotes; `None` of what is no tag of this resource as it is now.
    pub(crate) fn parse(table: &'static Table, opaque: &[u8]) -> Option<Self> {
        let text = std::str::from_utf8(opaque).ok()?;
        let (state, _) = text.rsplit_once('-')?;
        let (version, empty) = if has_emptied(table) { state.rsplit_once('-')? } else { (state, "") };
        let tag = Self { version: version.parse().ok()?, empty: empty.chars().map(|bit| bit == '1').collect() };
        // Whatever is written otherwise than we write it was never sent by us.
        (tag.opaque(table) == text).then_some(tag)
    }

    /// That a row is in this state.
    pub(crate) fn holds(&self, table: &'static Table) -> Node {
        let Some(version) = table.with_role(Role::Version) else { return Node::FALSE };
        let same = Node::Compare(version, Compare::Eq, Value::Int(self.version));
        let empty = std::iter::zip(emptied(table), &self.empty);
        empty.fold(same, |all, (column, empty)| all.and(Node::Is(column, if *empty { Is::Null } else { Is::NotNull })))
    }

    /// The value of `ETag`.
    pub(crate) fn header(&self, table: &'static Table) -> Option<HeaderValue> {
        HeaderValue::try_from(format!("\"{}\"", self.opaque(table))).ok()
    }

    fn opaque(&self, table: &'static Table) -> String {
        let Self { version, empty } = self;
        let shape = shape(table);
        if !has_emptied(table) {
            return format!("{version}-{shape:08x}");
        }
        let empty: String = empty.iter().map(|empty| if *empty { '1' } else { '0' }).collect();
        format!("{version}-{empty}-{shape:08x}")
    }
}

/// The columns of an answer that the deletion of another row sets to NULL.
fn emptied(table: &'static Table) -> impl Iterator<Item = &'static Column> {
    let emptied = |column: &&Column| matches!(column.references, Some(Reference { on_delete: OnDelete::SetNull, .. }));
    table.readable().filter(emptied)
}

fn has_emptied(table: &'static Table) -> bool {
    emptied(table).next().is_some()
}

/// What answers of the table look like, as a number: FNV-1a over the names and kinds of its columns. Nobody gains by two
/// shapes with one number, so it needs no better hash.
fn shape(table: &'static Table) -> u32 {
    let text = table.readable().flat_map(|column| {
        // Another expression makes another answer of the same row.
        let [sqlite, postgres] = column.computed.map_or(["", ""], |by| [by.sqlite, by.postgres]);
        [column.json, "\0", column.kind.noun(), "\0", sqlite, "\0", postgres, "\n"]
    });
    text.flat_map(str::bytes).fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{THINGS, USERS};

    fn tag(version: i64) -> Tag {
        Tag { version, empty: Vec::new() }
    }

    #[test]
    fn what_is_written_is_read() {
        for version in [1, 0, -1, i64::MAX, i64::MIN] {
            let text = tag(version).header(&THINGS).expect("a header");
            let text = text.as_bytes();
            assert!(text.starts_with(b"\"") && text.ends_with(b"\""));
            assert_eq!(Tag::parse(&THINGS, &text[1..text.len() - 1]), Some(tag(version)));
        }
    }

    #[test]
    fn what_nobody_wrote_is_no_tag() {
        let ours = tag(12).opaque(&THINGS);
        let shape = &ours[3..];
        let forged = ["012", "+12", " 12", "1e1", "", "-", "12-", "99999999999999999999", "٣"];
        for version in forged {
            assert_eq!(Tag::parse(&THINGS, format!("{version}-{shape}").as_bytes()), None, "{version}");
        }
        for text in ["", "-", "é", "12", "12-", "12-00000000", &format!("12-1-{shape}"), &ours.to_uppercase()[1..]] {
            assert_eq!(Tag::parse(&THINGS, text.as_bytes()), None, "{text}");
        }
        assert_eq!(Tag::parse(&THINGS, b"\xff-12"), None);
    }

    #[test]
    fn only_what_counts_its_changes_has_tags() {
        assert_eq!(Tag::columns(&THINGS).map(|column| column.name).collect::<Vec<_>>(), ["version"]);
        assert_eq!(Tag::columns(&USERS).count(), 0);
        assert_eq!(Tag::of(Tag::columns(&USERS).map(|_| None)), None);
        assert_eq!(Tag::of([Some(&Value::Int(3))]), Some(tag(3)));
        assert_eq!(Tag::of([Some(&Value::Int(3)), None]), None);
    }
}
