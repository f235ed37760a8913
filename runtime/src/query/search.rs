//! The language of `fts`, and the words of `q`.
//!
//! ```text
//! any    = all { "|" all }
//! all    = one { [ "&" ] one }
//! one    = "!" one | "(" any ")" | ( word | "'" words "'" ) [ ":*" ]
//! ```
//!
//! It is PostgreSQL's `to_tsquery` with blanks for `&`, less its weights and distances. What stands in quotes follows each
//! other, and so do the parts of a word that is none: `e-mail` is `'e mail'`.

use super::{Draft, bad};
use crate::{
    column::Column,
    error::Result,
    filter::{self, LONGEST_WORD, Node, Search},
    table::Table,
    value::Invalid,
};

/// Words of one question, at most.
const MOST_WORDS: usize = 32;

/// Parentheses within each other, at most: FTS5 reads no more than so many of its own.
const DEEPEST: usize = 16;

/// `column=fts.text`
pub(super) fn fts(column: &'static Column, text: &str) -> Result<Node, Invalid> {
    if column.search.is_none() {
        return Err(Invalid::new("is not marked `search`, so that fts says nothing of it"));
    }
    crate::value::text(text)?;
    let mut parser = Parser { rest: text, depth: 0, words: 0 };
    let query = parser.any()?;
    match parser.rest.chars().next() {
        None => Ok(Node::Search(vec![column], query)),
        Some(_) => Err(Invalid::new("has a query with a `)` that closes nothing")),
    }
}

/// `q` as front ends send it, from a search box: one that was emptied asks nothing.
pub(super) fn from_box(draft: &mut Draft, name: &str, text: &str) -> Result<()> {
    if text.trim().is_empty() { Ok(()) } else { draft.search(name, q(draft.table, text)?) }
}

/// `q=text`: each of the words begins one in some column that can be searched.
pub(super) fn q(table: &'static Table, text: &str) -> Result<Node> {
    let columns: Vec<_> = table.searchable().collect();
    if columns.is_empty() {
        return Err(bad(format!("no column of {} is marked `search`, so that `q` finds nothing", table.path))
            .hint("like and ilike look for parts of a text; #[resource(search)] on a text field has its words found"));
    }
    let refused = |reason: Invalid| bad(format!("`q` {reason}"));
    crate::value::text(text).map_err(refused)?;
    let words: Vec<_> = filter::words(text).collect();
    if words.is_empty() {
        return Err(bad("`q` holds no word").hint("leave it out, or write words of letters and digits"));
    }
    counted(words.len()).map_err(refused)?;
    words.iter().try_for_each(|word| short(word)).map_err(refused)?;
    let each = words.into_iter().map(|word| Search::Words { words: vec![word], open: true });
    Ok(Node::Search(columns, of_all(each.collect())))
}

/// Which columns can be searched, for those who asked another.
pub(super) fn marked(table: &'static Table) -> String {
    let names: Vec<_> = table.searchable().map(|column| format!("`{}`", column.json)).collect();
    match names.len() {
        0 => format!("no column of {} is; like and ilike look for parts of a text", table.path),
        1 => format!("{} is", names[0]),
        _ => format!("{} are", names.join(", ")),
    }
}

struct Parser<'a> {
    rest: &'a str,
    depth: usize,
    words: usize,
}

impl Parser<'_> {
    fn any(&mut self) -> Result<Search, Invalid> {
        let mut parts = vec![self.all()?];
        while self.take('|') {
            parts.push(self.all()?);
        }
        Ok(if parts.len() == 1 { parts.remove(0) } else { Search::Or(parts) })
    }

    fn all(&mut self) -> Result<Search, Invalid> {
        let mut parts = vec![self.one()?];
        while self.take('&') || !(self.rest.is_empty() || self.rest.starts_with(['|', ')'])) {
            parts.push(self.one()?);
        }
        Ok(of_all(parts))
    }

    fn one(&mut self) -> Result<Search, Invalid> {
        // Not by recursion: a query can hold thousands of them.
        let mut negated = false;
        while self.take('!') {
            negated = !negated;
        }
        let one = if self.take('(') { self.group()? } else { self.words()? };
        Ok(if negated { Search::Not(Box::new(one)) } else { one })
    }

    fn group(&mut self) -> Result<Search, Invalid> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(Invalid(format!("has a query with more than {DEEPEST} parentheses within each other")));
        }
        let inner = self.any()?;
        if !self.take(')') {
            return Err(Invalid::new("has a query with a `(` that nothing closes"));
        }
        self.depth -= 1;
        Ok(inner)
    }

    fn words(&mut self) -> Result<Search, Invalid> {
        let text = if self.take('\'') { self.quoted()? } else { self.bare()? };
        let words: Vec<_> = filter::words(&text).collect();
        if words.is_empty() {
            return Err(Invalid::new("has a query with something in it that is no word: words are letters and digits"));
        }
        words.iter().try_for_each(|word| short(word))?;
        self.words += words.len();
        counted(self.words)?;
        let open = match self.rest.strip_prefix(":*") {
            Some(rest) if rest.is_empty() || rest.starts_with(|c: char| ends(c) && c != ':') => {
                self.rest = rest;
                true
            }
            None if !self.rest.starts_with(':') => false,
            _ => return Err(Invalid::new("has a query with a `:` that is not that of `word:*`; quote it: 'a:b'")),
        };
        self.blanks();
        Ok(Search::Words { words, open })
    }

    /// What stands in quotes, to the one that ends it; two of them, or a backslash, make one a part of the text.
    fn quoted(&mut self) -> Result<String, Invalid> {
        let mut text = String::new();
        let mut chars = self.rest.chars();
        loop {
            match chars.next() {
                Some('\'') if !chars.as_str().starts_with('\'') => break,
                Some('\'' | '\\') => text.extend(chars.next()),
                Some(c) => text.push(c),
                None => {
                    return Err(Invalid::new(
                        "has a query with a `'` that nothing closes; quote what holds one: 'don''t'",
                    ));
                }
            }
        }
        self.rest = chars.as_str();
        Ok(text)
    }

    fn bare(&mut self) -> Result<String, Invalid> {
        let end = self.rest.find(ends).unwrap_or(self.rest.len());
        let (text, rest) = self.rest.split_at(end);
        if text.is_empty() {
            return Err(Invalid(match rest.chars().next() {
                None => "has a query that ends where a word is missing".to_owned(),
                Some(c) => format!("has a query with `{c}` where a word is missing"),
            }));
        }
        let meant = [
            ("*", "a `*` in it; what begins a word is written `word:*`"),
            ("\"", "a `\"` in it; words that follow each other are written 'in quotes'"),
            ("<", "a `<` in it; words that follow each other are written 'in quotes'"),
        ];
        if let Some((_, reason)) = meant.into_iter().find(|(sign, _)| text.contains(sign)) {
            return Err(Invalid(format!("has a query with {reason}")));
        }
        self.rest = rest;
        Ok(text.to_owned())
    }

    /// Takes a sign, and the blanks on both sides of it.
    fn take(&mut self, sign: char) -> bool {
        self.blanks();
        let Some(rest) = self.rest.strip_prefix(sign) else { return false };
        self.rest = rest;
        // What stands in quotes is taken as it is; blanks make no difference there either.
        self.blanks();
        true
    }

    fn blanks(&mut self) {
        self.rest = self.rest.trim_start_matches(BLANKS);
    }
}

/// Whether a word ends before it, unless it is quoted.
fn ends(c: char) -> bool {
    BLANKS.contains(&c) || "&|!()':".contains(c)
}

const BLANKS: [char; 4] = [' ', '\t', '\r', '\n'];

fn of_all(mut parts: Vec<Search>) -> Search {
    if parts.len() == 1 { parts.remove(0) } else { Search::And(parts) }
}

fn counted(words: usize) -> Result<(), Invalid> {
    if words > MOST_WORDS {
        return Err(Invalid(format!("has more than {MOST_WORDS} words to search for")));
    }
    Ok(())
}

/// What can be told from every other word.
fn short(word: &str) -> Result<(), Invalid> {
    if word.chars().count() > LONGEST_WORD {
        return Err(Invalid(format!("has a word of more than {LONGEST_WORD} characters to search for")));
    }
    Ok(())
}
