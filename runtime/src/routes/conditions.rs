//! Conditional requests (RFC 9110 section 13): `If-Match` and `If-None-Match` as predicates over the row.
//!
//! Writes put them into their own statement, so nothing can happen between the question and the change. There is no
//! modification date to go by, so the two headers that ask for one are not looked at.

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};

use super::etag::Tag;
use crate::{
    error::{Code, Error, Result},
    filter::Node,
    table::Table,
};

/// What a request asks of the row before anything is done with it.
#[derive(Debug)]
pub(crate) struct Conditions {
    table: &'static Table,
    if_match: Option<Listed>,
    if_none_match: Option<Listed>,
}

/// The tags that a header lists.
#[derive(Debug)]
enum Listed {
    /// `*`: whatever the row is like, if there is one.
    Any,
    /// Those that can be of this resource; others are of no row.
    These(Vec<Tag>),
}

/// How many tags of ours a header may list.
const MOST: usize = 64;

/// What is left to send where rows have no tag together.
const ANY: &str = "send `If-Match: *`: rows have no tag together";

impl Conditions {
    /// The conditions of a request for a row of `table`.
    pub(crate) fn of(table: &'static Table, headers: &HeaderMap) -> Result<Self> {
        // A tag that is weak is never the same as another for If-Match, and may be for If-None-Match.
        let if_match = listed(table, headers, &header::IF_MATCH, false)?;
        let if_none_match = listed(table, headers, &header::IF_NONE_MATCH, true)?;
        Ok(Self { table, if_match, if_none_match })
    }

    /// The conditions of a write, which must name a tag where its resource says so.
    pub(crate) fn of_write(table: &'static Table, headers: &HeaderMap) -> Result<Self> {
        Self::required(table, headers, "GET the row and send back its ETag")
    }

    /// Refuses a write of many rows as [`Self::of_list`] does, and where its resource asks for a condition and there is none.
    pub(crate) fn of_many(table: &'static Table, headers: &HeaderMap) -> Result<()> {
        Self::required(table, headers, ANY)?.asks_nothing_of_a_list()
    }

    fn required(table: &'static Table, headers: &HeaderMap, hint: &str) -> Result<Self> {
        let conditions = Self::of(table, headers)?;
        if table.require_if_match && conditions.if_match.is_none() {
            let text = format!("a change of {} needs the header If-Match", table.path);
            return Err(Error::new(Code::ConditionMissing, text).hint(hint));
        }
        Ok(conditions)
    }

    /// Refuses a write to the list itself where it asks for a state: a list is always there, and has no tag.
    pub(crate) fn of_list(table: &'static Table, headers: &HeaderMap) -> Result<()> {
        Self::of(table, headers)?.asks_nothing_of_a_list()
    }

    fn asks_nothing_of_a_list(&self) -> Result<()> {
        let Self { table, if_match, if_none_match } = self;
        if matches!(if_match, Some(Listed::These(_))) || matches!(if_none_match, Some(Listed::Any)) {
            return Err(no_tag_of_a_list(table).hint(if table.require_if_match {
                ANY
            } else {
                "send the request without If-Match and If-None-Match"
            }));
        }
        Ok(())
    }

    /// The conditions of a read of the list itself. That one is there is no reason to refuse a read, and makes it a 304.
    pub(crate) fn of_page(table: &'static Table, headers: &HeaderMap) -> Result<Self> {
        let conditions = Self::of(table, headers)?;
        match conditions.if_match {
            Some(Listed::These(_)) => Err(no_tag_of_a_list(table).hint("send the request without If-Match")),
            None | Some(Listed::Any) => Ok(conditions),
        }
    }

    /// What must hold for a row to be changed.
    pub(crate) fn of_change(&self) -> Node {
        let fresh = match &self.if_none_match {
            None => Node::TRUE,
            Some(Listed::Any) => Node::FALSE,
            Some(Listed::These(tags)) if tags.is_empty() => Node::TRUE,
            Some(Listed::These(tags)) => Node::Not(Box::new(self.any(tags))),
        };
        self.of_read().and(fresh)
    }

    /// What must hold for a row to be answered.
    pub(crate) fn of_read(&self) -> Node {
        match &self.if_match {
            None | Some(Listed::Any) => Node::TRUE,
            Some(Listed::These(tags)) => self.any(tags),
        }
    }

    /// Whether whoever reads a row in this state has it already: 304.
    pub(crate) fn has(&self, tag: Option<&Tag>) -> bool {
        match &self.if_none_match {
            None => false,
            Some(Listed::Any) => true,
            Some(Listed::These(tags)) => tag.is_some_and(|tag| tags.contains(tag)),
        }
    }

    /// That the row is in one of these states. The last is said again until they are a power of two: statements are
    /// remembered by their text, and there should be few.
    fn any(&self, tags: &[Tag]) -> Node {
        let Some(last) = tags.last() else { return Node::FALSE };
        let padded = tags.len().next_power_of_two();
        let all = tags.iter().chain(std::iter::repeat(last)).take(padded);
        all.fold(
            Node::FALSE,
            |any, tag| if any == Node::FALSE { tag.holds(self.table) } else { any.or(tag.holds(self.table)) },
        )
    }
}

/// Whether `If-None-Match` names the tag of something that is no row, or anything at all.
pub(crate) fn names(headers: &HeaderMap, tag: &HeaderValue) -> bool {
    let values: Vec<_> = headers.get_all(header::IF_NONE_MATCH).iter().map(HeaderValue::as_bytes).collect();
    let list = values.join(&b',');
    let own = read(tag.as_bytes(), true);
    match (read(&list, true), own) {
        (Some(List::Any), _) => true,
        (Some(List::Of(listed)), Some(List::Of(own))) => own.iter().any(|tag| listed.contains(tag)),
        _ => false,
    }
}

fn no_tag_of_a_list(table: &Table) -> Error {
    Error::new(Code::Condition, format!("the list of {} has no entity tag and is always there", table.path))
}

fn listed(table: &'static Table, headers: &HeaderMap, name: &HeaderName, weak: bool) -> Result<Option<Listed>> {
    let values: Vec<_> = headers.get_all(name).iter().map(HeaderValue::as_bytes).collect();
    if values.is_empty() {
        return Ok(None);
    }
    // Several lines are one list.
    let list = values.join(&b',');
    let Some(found) = read(&list, weak) else {
        return Err(Error::new(Code::BadRequest, format!("the header {name} is no list of entity tags"))
            .hint("send `*`, or ETags as they were answered, with their quotes and commas between them"));
    };
    let List::Of(opaques) = found else { return Ok(Some(Listed::Any)) };
    let mut tags = Vec::new();
    for tag in opaques.iter().filter_map(|opaque| Tag::parse(table, opaque)) {
        if !tags.contains(&tag) {
            tags.push(tag);
        }
    }
    if tags.len() > MOST {
        return Err(Error::new(Code::BadRequest, format!("the header {name} lists too many entity tags"))
            .hint(format!("list at most {MOST}")));
    }
    Ok(Some(Listed::These(tags)))
}

/// A list of tags as it is written.
#[derive(Debug, PartialEq)]
enum List<'a> {
    /// `*`
    Any,
    /// What stands between the quotes of each.
    Of(Vec<&'a [u8]>),
}

/// Reads a list, its weak tags only where they are wanted; `None` of what is none.
fn read(text: &[u8], weak: bool) -> Option<List<'_>> {
    if text.trim_ascii() == b"*" {
        return Some(List::Any);
    }
    let (mut rest, mut tags, mut listed) = (text, Vec::new(), 0);
    loop {
        // Elements may be empty.
        rest = rest.trim_ascii_start();
        if let Some(after) = rest.strip_prefix(b",") {
            rest = after;
            continue;
        }
        if rest.is_empty() {
            return (listed > 0).then_some(List::Of(tags));
        }
        let weakened = rest.strip_prefix(b"W/");
        let quoted = weakened.unwrap_or(rest).strip_prefix(b"\"")?;
        let end = quoted.iter().position(|byte| *byte == b'"')?;
        let (opaque, after) = (&quoted[..end], quoted[end + 1..].trim_ascii_start());
        if !opaque.iter().all(|byte| matches!(byte, 0x21 | 0x23..=0x7e | 0x80..)) {
            return None;
        }
        if weakened.is_none() || weak {
            tags.push(opaque);
        }
        if !(after.is_empty() || after.starts_with(b",")) {
            return None;
        }
        (rest, listed) = (after, listed + 1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_read_as_the_grammar_has_them() {
        let count = |text: &str, weak| match read(text.as_bytes(), weak)? {
            List::Any => Some(usize::MAX),
            List::Of(all) => Some(all.len()),
        };
        for (text, strong, all) in [
            ("\"a\"", 1, 1),
            ("\"a\", \"b\"", 2, 2),
            ("\"a\",\"b\"\t,\"\"", 3, 3),
            (", ,\"a\",,", 1, 1),
            ("W/\"a\", \"b\"", 1, 2),
            ("W/\"a\"", 0, 1),
            ("\"a,b\"", 1, 1),
            ("\"a\\\"", 1, 1),
            ("\"\u{e9}\"", 1, 1),
            ("\"*\"", 1, 1),
        ] {
            assert_eq!(count(text, false), Some(strong), "{text}");
            assert_eq!(count(text, true), Some(all), "{text}");
        }
        assert_eq!(count(" * ", false), Some(usize::MAX));
        for text in [
            "",
            ",",
            "a",
            "\"a",
            "a\"",
            "\"a\" \"b\"",
            "\"a\"b",
            "w/\"a\"",
            "W/a",
            "W/ \"a\"",
            "*, \"a\"",
            "\"a b\"",
            "**",
        ] {
            assert_eq!(count(text, true), None, "{text}");
        }
    }
}
