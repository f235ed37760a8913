//! Regular expressions that PostgreSQL and the crate `regex` read alike.
//!
//! A pattern is taken apart by a grammar of our own, which knows only what both engines have: `parse` reads it, `write`
//! spells it out so that nothing depends on a locale, on Unicode's tables or on a mode, and bounds what it may grow to.
//! `.` is any character, newlines as well, `^` and `$` are the ends of the whole text, and case is folded in ASCII.

mod parse;
mod write;

/// A pattern in the spelling that both engines read alike; `fold`: without regard to case.
pub(super) fn translate(pattern: &str, fold: bool) -> Result<String, Refusal> {
    let tree = parse::parse(pattern)?;
    if tree.size() > LARGEST {
        return Err(Refusal::Malformed(format!(
            "has a pattern of more than {LARGEST} characters once its repetitions are spelt out"
        )));
    }
    if tree.optional() > MOST_OPTIONAL {
        return Err(Refusal::Malformed(format!(
            "has a pattern with more than {MOST_OPTIONAL} parts that may be missing, once its repetitions are spelt out"
        )));
    }
    Ok(write::write(&tree, fold))
}

/// Characters that a pattern may stand for with its repetitions spelt out: both engines do work for each of them.
const LARGEST: usize = 1000;

/// Parts of a pattern that may be missing. PostgreSQL finds every way past them before it looks at any text: two hundred
/// take it a tenth of a second, and eight hundred twenty seconds.
const MOST_OPTIONAL: usize = 200;

/// Why a pattern is not taken.
#[derive(Debug, PartialEq)]
pub(super) enum Refusal {
    /// It is no pattern.
    Malformed(String),
    /// It asks for what the two engines do not have in common.
    Unsupported(String),
}

/// A pattern.
#[derive(Clone, Debug, PartialEq)]
enum Tree {
    /// One of some; of one, just that.
    Either(Vec<Tree>),
    /// One after the other; nothing: the empty text.
    Then(Vec<Tree>),
    Repeat(Box<Tree>, Times),
    One(Set),
    Start,
    End,
}

/// How often something stands in a row.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Times {
    least: u32,
    /// Nothing: without end.
    most: Option<u32>,
}

impl Times {
    /// How often it is written to spell it out.
    fn copies(self) -> usize {
        self.most.unwrap_or(self.least.saturating_add(1)).max(1) as usize
    }
}

/// Some characters.
#[derive(Clone, Debug, PartialEq)]
enum Set {
    Any,
    Char(char),
    /// The first to the last of each, or every other character.
    Ranges {
        ranges: Vec<(char, char)>,
        negated: bool,
    },
}

impl Tree {
    /// Whether `^` or `$` stands in it.
    fn has_ends(&self) -> bool {
        match self {
            Self::Either(trees) | Self::Then(trees) => trees.iter().any(Self::has_ends),
            Self::Repeat(tree, _) => tree.has_ends(),
            Self::Start | Self::End => true,
            Self::One(_) => false,
        }
    }

    /// Whether the empty text is enough for it.
    fn may_be_empty(&self) -> bool {
        match self {
            Self::Either(trees) => trees.iter().any(Self::may_be_empty),
            Self::Then(trees) => trees.iter().all(Self::may_be_empty),
            Self::Repeat(tree, times) => times.least == 0 || tree.may_be_empty(),
            Self::Start | Self::End => true,
            Self::One(_) => false,
        }
    }

    /// How many of its parts may be missing, with its repetitions spelt out.
    fn optional(&self) -> usize {
        let within = match self {
            Self::Either(trees) | Self::Then(trees) => trees.iter().map(Self::optional).fold(0, usize::saturating_add),
            Self::Repeat(tree, times) => tree.optional().saturating_mul(times.copies()),
            Self::One(_) | Self::Start | Self::End => return 0,
        };
        within.max(usize::from(self.may_be_empty()))
    }

    /// How many characters it is with its repetitions spelt out.
    fn size(&self) -> usize {
        match self {
            Self::Either(trees) | Self::Then(trees) => trees.iter().map(Self::size).fold(1, usize::saturating_add),
            Self::Repeat(tree, times) => tree.size().saturating_mul(times.copies()),
            Self::One(_) | Self::Start | Self::End => 1,
        }
    }
}

#[cfg(test)]
mod tests;
