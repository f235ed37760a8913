//! The grammar of patterns.

use std::{iter::Peekable, str::Chars};

use super::{Refusal, Set, Times, Tree};

/// Groups within each other, at most.
const DEEPEST: usize = 20;

/// What PostgreSQL bounds a repetition by.
const MOST_TIMES: u32 = 255;

pub(super) fn parse(pattern: &str) -> Result<Tree, Refusal> {
    let mut reader = Reader { chars: pattern.chars().peekable() };
    let tree = reader.alternatives(0)?;
    match reader.chars.next() {
        None => Ok(tree),
        Some(_) => Err(malformed("has a closing parenthesis too many in its pattern; write \\) for the character")),
    }
}

fn malformed(reason: &str) -> Refusal {
    Refusal::Malformed(reason.to_owned())
}

fn unsupported(what: &str) -> Refusal {
    Refusal::Unsupported(format!("has {what} in its pattern, which is not supported by this server"))
}

struct Reader<'a> {
    chars: Peekable<Chars<'a>>,
}

impl Reader<'_> {
    fn alternatives(&mut self, depth: usize) -> Result<Tree, Refusal> {
        if depth > DEEPEST {
            return Err(Refusal::Malformed(format!("has a pattern with groups more than {DEEPEST} deep")));
        }
        let mut branches = vec![self.branch(depth)?];
        while self.took('|') {
            branches.push(self.branch(depth)?);
        }
        Ok(if branches.len() == 1 { branches.remove(0) } else { Tree::Either(branches) })
    }

    fn branch(&mut self, depth: usize) -> Result<Tree, Refusal> {
        let mut parts = Vec::new();
        while let Some(c) = self.chars.next_if(|c| !matches!(c, '|' | ')')) {
            let atom = self.atom(c, depth)?;
            let part = self.repeated(atom)?;
            // An empty group is nothing, and would only make a group of what stands beside it.
            if part != Tree::Then(Vec::new()) {
                parts.push(part);
            }
        }
        Ok(if parts.len() == 1 { parts.remove(0) } else { Tree::Then(parts) })
    }

    fn atom(&mut self, c: char, depth: usize) -> Result<Tree, Refusal> {
        Ok(match c {
            '.' => Tree::One(Set::Any),
            '^' => Tree::Start,
            '$' => Tree::End,
            '(' => {
                if self.took('?') && !self.took(':') {
                    return Err(unsupported("`(?`"));
                }
                let inner = self.alternatives(depth + 1)?;
                if !self.took(')') {
                    return Err(malformed("has a parenthesis in its pattern that is not closed"));
                }
                inner
            }
            '[' => Tree::One(self.set()?),
            '\\' => match self.escaped()? {
                Escaped::Char(c) => Tree::One(Set::Char(c)),
                Escaped::Class { ranges, negated } => Tree::One(Set::Ranges { ranges: ranges.to_vec(), negated }),
            },
            '*' | '+' | '?' | '{' => {
                return Err(malformed("has a repetition of nothing in its pattern; a backslash makes it a character"));
            }
            plain => Tree::One(Set::Char(plain)),
        })
    }

    fn repeated(&mut self, atom: Tree) -> Result<Tree, Refusal> {
        let Some(c) = self.chars.next_if(|c| matches!(c, '*' | '+' | '?' | '{')) else { return Ok(atom) };
        let times = match c {
            '*' => Times { least: 0, most: None },
            '+' => Times { least: 1, most: None },
            '?' => Times { least: 0, most: Some(1) },
            _ => self.bounds()?,
        };
        if self.chars.peek().is_some_and(|c| matches!(c, '*' | '+' | '?' | '{')) {
            return Err(unsupported("a repetition of a repetition, or a lazy one,"));
        }
        // PostgreSQL refuses some of them, and others cost it more than they say.
        if atom.has_ends() {
            return Err(unsupported("a repetition of `^` or `$`"));
        }
        Ok(Tree::Repeat(Box::new(atom), times))
    }

    /// What stands behind `{`.
    fn bounds(&mut self) -> Result<Times, Refusal> {
        let least = self.number();
        let most = if self.took(',') {
            if self.chars.peek() == Some(&'}') { Some(None) } else { self.number().map(Some) }
        } else {
            least.map(Some)
        };
        match (least, most) {
            (Some(least), Some(most)) if self.took('}') && most.is_none_or(|most| least <= most) => {
                Ok(Times { least, most })
            }
            _ => Err(Refusal::Malformed(format!(
                "has a repetition in its pattern that is none of {{m}}, {{m,}} and {{m,n}} with m <= n <= {MOST_TIMES}"
            ))),
        }
    }

    fn number(&mut self) -> Option<u32> {
        let mut number = None;
        while let Some(digit) = self.chars.peek().and_then(|c| c.to_digit(10)) {
            self.chars.next();
            number = Some(number.unwrap_or(0) * 10 + digit).filter(|n| *n <= MOST_TIMES);
            number?;
        }
        number
    }

    /// What stands behind `[`.
    fn set(&mut self) -> Result<Set, Refusal> {
        let negated = self.took('^');
        let mut ranges = Vec::new();
        loop {
            let c = self.within()?;
            // The first character is one of the set, even if it is a bracket.
            if c == ']' && !ranges.is_empty() {
                return Ok(Set::Ranges { ranges, negated });
            }
            let Some(from) = self.member(c, &mut ranges)? else { continue };
            if !self.took('-') {
                ranges.push((from, from));
                continue;
            }
            if self.chars.peek() == Some(&']') {
                ranges.extend([(from, from), ('-', '-')]);
                continue;
            }
            let c = self.within()?;
            let classes = ranges.len();
            match self.member(c, &mut ranges)? {
                Some(to) if from <= to && !self.continues() => ranges.push((from, to)),
                _ => {
                    ranges.truncate(classes);
                    return Err(malformed("has a range in its pattern that is none; write \\- for the character"));
                }
            }
        }
    }

    /// Whether a range would begin where one has just ended.
    fn continues(&mut self) -> bool {
        let mut ahead = self.chars.clone();
        ahead.next() == Some('-') && ahead.next() != Some(']')
    }

    fn within(&mut self) -> Result<char, Refusal> {
        self.chars.next().ok_or_else(|| malformed("has a bracket in its pattern that is not closed"))
    }

    /// A character of a set; or nothing, and a class of them has been added.
    fn member(&mut self, c: char, ranges: &mut Vec<(char, char)>) -> Result<Option<char>, Refusal> {
        match c {
            '\\' => match self.escaped()? {
                Escaped::Char(c) => Ok(Some(c)),
                Escaped::Class { ranges: class, negated: false } => {
                    ranges.extend(class);
                    Ok(None)
                }
                Escaped::Class { .. } => Err(unsupported("a class within a set that is everything else")),
            },
            '[' => match self.chars.peek() {
                Some(':') => {
                    ranges.extend(self.class()?);
                    Ok(None)
                }
                Some('.' | '=') => Err(unsupported("`[.` or `[=`")),
                _ => Ok(Some('[')),
            },
            plain => Ok(Some(plain)),
        }
    }

    /// What stands behind `[` of `[:alpha:]`.
    fn class(&mut self) -> Result<&'static [(char, char)], Refusal> {
        self.chars.next();
        let name: String = std::iter::from_fn(|| self.chars.next_if(char::is_ascii_alphabetic)).collect();
        let closed = self.took(':') && self.took(']');
        let class = CLASSES.iter().find(|(known, _)| *known == name && closed);
        class.map(|(_, ranges)| *ranges).ok_or_else(|| unsupported("a class that is unknown"))
    }

    /// What stands behind a backslash.
    fn escaped(&mut self) -> Result<Escaped, Refusal> {
        let class = |name: &str, negated| {
            let (_, ranges) = CLASSES.iter().find(|(known, _)| *known == name).expect("a class that is in the table");
            Ok(Escaped::Class { ranges, negated })
        };
        match self.chars.next() {
            None => Err(malformed("has a pattern that ends in a single backslash; write two for a backslash")),
            Some('d') => class("digit", false),
            Some('D') => class("digit", true),
            Some('s') => class("space", false),
            Some('S') => class("space", true),
            Some('w') => class("word", false),
            Some('W') => class("word", true),
            Some('n') => Ok(Escaped::Char('\n')),
            Some('r') => Ok(Escaped::Char('\r')),
            Some('t') => Ok(Escaped::Char('\t')),
            Some(c) if c.is_ascii_punctuation() || c == ' ' => Ok(Escaped::Char(c)),
            Some(_) => Err(unsupported("a backslash before what is neither punctuation nor one of dDsSwWnrt")),
        }
    }

    fn took(&mut self, c: char) -> bool {
        self.chars.next_if_eq(&c).is_some()
    }
}

enum Escaped {
    Char(char),
    Class { ranges: &'static [(char, char)], negated: bool },
}

/// The classes, spelt out: what a database takes for a letter depends on its locale.
const CLASSES: [(&str, &[(char, char)]); 12] = [
    ("alnum", &[('0', '9'), ('A', 'Z'), ('a', 'z')]),
    ("alpha", &[('A', 'Z'), ('a', 'z')]),
    ("blank", &[('\t', '\t'), (' ', ' ')]),
    ("digit", &[('0', '9')]),
    ("graph", &[('!', '~')]),
    ("lower", &[('a', 'z')]),
    ("print", &[(' ', '~')]),
    ("punct", &[('!', '/'), (':', '@'), ('[', '`'), ('{', '~')]),
    ("space", &[('\t', '\r'), (' ', ' ')]),
    ("upper", &[('A', 'Z')]),
    ("word", &[('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z')]),
    ("xdigit", &[('0', '9'), ('A', 'F'), ('a', 'f')]),
];
