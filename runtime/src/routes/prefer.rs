//! What a request would rather have: the `Prefer` headers (RFC 7240), read once into one struct.
//!
//! | preference | what it does |
//! | --- | --- |
//! | `return=representation`, `minimal`, `headers-only` | whether a write answers with its rows; the last two are the same here |
//! | `count=exact` | a total. `planned` and `estimated` get it too, since an exact count is the best of estimates |
//! | `max-affected=N` | a write over a filter that means more rows changes none. PostgREST wants `handling=strict` beside it |
//! | `missing=default`, `null` | what a field is that a new row does not name: its default, as ever, or NULL |
//! | `resolution=merge-duplicates`, `ignore-duplicates` | what becomes of a new row whose values are taken |
//! | `handling=strict` | 400 where a preference cannot be honoured; it is ignored otherwise |

mod syntax;

use axum::{
    http::{HeaderMap, HeaderValue},
    response::Response,
};

use super::etag::Tag;
use crate::{
    column::Column,
    error::{Code, Error, Result},
    names::shown,
    table::Table,
};

/// The preferences that depend on the request: a handler names those that it honours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Preference {
    /// `return`
    Return,
    /// `count`
    Count,
    /// `max-affected`
    MaxAffected,
    /// `missing`
    Missing,
    /// `resolution`
    Resolution,
}

/// What each kind of request honours.
impl Preference {
    /// A list.
    pub(crate) const OF_LIST: &[Self] = &[Self::Count];
    /// New rows.
    pub(crate) const OF_NEW: &[Self] = &[Self::Return, Self::Count, Self::Missing, Self::Resolution];
    /// A write to one row.
    pub(crate) const OF_ROW: &[Self] = &[Self::Return];
    /// A write to rows that are there.
    pub(crate) const OF_ROWS: &[Self] = &[Self::Return, Self::Count, Self::MaxAffected];
}

/// What becomes of a new row whose values are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Resolution {
    /// The row that is there is changed.
    Merge,
    /// It is left out.
    Ignore,
}

/// What a request prefers, of what its handler can honour.
#[derive(Debug, Default)]
pub(crate) struct Prefer {
    /// Whether the rows that a write made or changed need not be answered.
    pub(crate) minimal: bool,
    /// Whether the total is wanted.
    pub(crate) count: bool,
    /// How many rows a write may touch.
    pub(crate) max_affected: Option<u64>,
    /// Whether a field that is not named is NULL, and not its default.
    pub(crate) missing_is_null: bool,
    pub(crate) resolution: Option<Resolution>,
    /// What is honoured, as `Preference-Applied` says it.
    applied: Vec<String>,
}

/// Preferences that are named in one refusal.
const MOST_NAMED: usize = 20;

impl Prefer {
    /// What some headers prefer of what is `honoured` here.
    ///
    /// # Errors
    /// With `handling=strict`, a 400 that lists what is unknown, unreadable, or without effect on such a request.
    pub(crate) fn of(headers: &HeaderMap, honoured: &[Preference]) -> Result<Self> {
        let (mut prefer, mut strict) = (Self::default(), false);
        let (mut seen, mut refused, mut unlimited) = (Vec::new(), Vec::new(), false);
        for header in headers.get_all("prefer") {
            let header = String::from_utf8_lossy(header.as_bytes());
            for item in syntax::items(&header) {
                let Some((name, value)) = item.read() else {
                    refused.push(shown(item.0));
                    continue;
                };
                // Of one that is given twice the first counts.
                if seen.contains(&name) {
                    continue;
                }
                match (&*name, &*value) {
                    ("handling", "strict") => strict = true,
                    ("handling", "lenient") => {}
                    _ if prefer.takes(&name, &value, honoured) => {}
                    _ => {
                        // A limit that cannot be read is no leave to go without one.
                        unlimited |= name == "max-affected" && honoured.contains(&Preference::MaxAffected);
                        refused.push(shown(item.0));
                        continue;
                    }
                }
                let value = if name == "count" { "exact" } else { &value };
                prefer.applied.push(format!("{name}={value}"));
                seen.push(name);
            }
        }
        if (strict || unlimited) && !refused.is_empty() {
            refused.truncate(MOST_NAMED);
            return Err(Error::new(Code::Preference, "some preferences cannot be honoured")
                .details(format!("not honoured: {}", refused.join(", ")))
                .hint(if unlimited {
                    "max-affected takes a number of rows, as in max-affected=10"
                } else {
                    "leave them out, or leave out handling=strict"
                }));
        }
        Ok(prefer)
    }

    /// Takes one preference over; `false` where it cannot be honoured.
    fn takes(&mut self, name: &str, value: &str, honoured: &[Preference]) -> bool {
        let here = |preference| honoured.contains(&preference);
        match (name, value) {
            ("return", "representation") if here(Preference::Return) => self.minimal = false,
            ("return", "minimal" | "headers-only") if here(Preference::Return) => self.minimal = true,
            ("count", "exact" | "planned" | "estimated") if here(Preference::Count) => self.count = true,
            ("max-affected", digits) if here(Preference::MaxAffected) => match number(digits) {
                Some(most) => self.max_affected = Some(most),
                None => return false,
            },
            ("missing", "default" | "null") if here(Preference::Missing) => self.missing_is_null = value == "null",
            ("resolution", "merge-duplicates") if here(Preference::Resolution) => {
                self.resolution = Some(Resolution::Merge);
            }
            ("resolution", "ignore-duplicates") if here(Preference::Resolution) => {
                self.resolution = Some(Resolution::Ignore);
            }
            _ => return false,
        }
        true
    }

    /// What a write needs to answer: all that can be read, or what stands in headers.
    pub(crate) fn output(&self, table: &'static Table) -> Vec<&'static Column> {
        if self.minimal { std::iter::once(table.id()).chain(Tag::columns(table)).collect() } else { table.output() }
    }

    /// An answer that says which preferences it honours.
    pub(crate) fn applied(&self, mut response: Response) -> Response {
        if let Ok(value) = HeaderValue::try_from(self.applied.join(", "))
            && !value.is_empty()
        {
            response.headers_mut().insert("preference-applied", value);
        }
        response
    }
}

fn number(digits: &str) -> Option<u64> {
    // `parse` alone would take a plus sign.
    if digits.bytes().all(|byte| byte.is_ascii_digit()) { digits.parse().ok() } else { None }
}

#[cfg(test)]
mod tests;
