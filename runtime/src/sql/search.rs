//! Full-text search: what is indexed, and a question put to the index.
//!
//! On SQLite a table of FTS5's has the words and the number of the row they are in, and triggers keep it. On PostgreSQL
//! it is a GIN index over a `tsvector`, made of the words alone: its parser, its dictionaries and the locale would each
//! find other words.

use super::{Dialect, Sql, ident::Ident};
use crate::{
    column::Column,
    filter::{LONGEST_WORD, Search},
    table::Table,
    value::{Kind, Value},
};

/// The table of FTS5's that has the words of `table`. No table of an app is called so, nor any that FTS5 keeps beside
/// another of these.
pub(super) fn index_name(table: &Table) -> String {
    format!("_restruct_{}_search", table.name)
}

/// The column that numbers the rows of a table for FTS5. A key that is no number gets one beside it, since the numbers
/// that SQLite itself gives to rows change when the file is vacuumed; in the file it takes the place of those.
pub(super) fn row_number(table: &Table) -> &'static str {
    if table.has_serial_id() { table.id().name } else { "_row" }
}

/// The words of a text column, as PostgreSQL's index has them; `name` is the column as it is to be written.
pub(super) fn vector(column: &Column, name: &str) -> String {
    let mut spaced = spaced(name);
    // No word is longer than its text; where one can be too long for the index, its beginning stands for it.
    let most = LONGEST_WORD + 1;
    if column.max_length().is_none_or(|max| max as usize > most) {
        spaced = format!("regexp_replace({spaced}, '([^ ]{{{most}}})[^ ]+', '\\1', 'g')");
    }
    format!("array_to_tsvector(array_remove(string_to_array({spaced}, ' '), ''))")
}

/// A text in lower case with nothing but blanks between its words, on PostgreSQL.
fn spaced(name: &str) -> String {
    format!("regexp_replace(lower({name} COLLATE \"C\"), '[\\u0001-\\u002F\\u003A-\\u0060\\u007B-\\u007F]+', ' ', 'g')")
}

impl Sql {
    /// What is asked of the words of some columns of one table.
    pub(super) fn search(&mut self, columns: &[&Column], query: &Search, qualifier: Option<&str>) -> &mut Self {
        match self.dialect {
            Dialect::Sqlite => self.search_fts5(columns, query, qualifier),
            Dialect::Postgres => self.search_vectors(columns, query, qualifier),
        }
    }

    fn search_fts5(&mut self, columns: &[&Column], query: &Search, qualifier: Option<&str>) -> &mut Self {
        let Some(table) = columns.first().and_then(|column| column.search).map(|table| table()) else {
            return self.push("FALSE");
        };
        let Fts5 { mut text, negated } = fts5(query);
        if columns.len() < table.searchable().count() {
            let names: Vec<_> = columns.iter().map(|column| Ident(column.name).to_string()).collect();
            text = format!("{{{}}} : ({text})", names.join(" "));
        }
        // The words of NULL are not known. The index has none, which is as good until somebody asks for the opposite.
        let unknown = columns.first().filter(|column| column.nullable && (negated || self.negated));
        if let Some(column) = unknown {
            self.push("CASE WHEN ").column(qualifier, column).push(" IS NOT NULL THEN ");
        }
        if let Some(qualifier) = qualifier {
            self.ident(qualifier).push(".");
        }
        let index = index_name(table);
        self.ident(row_number(table)).push(if negated { " NOT IN (" } else { " IN (" });
        self.push("SELECT rowid FROM ").ident(&index).push(" WHERE ").ident(&index).push(" MATCH ");
        self.bind(Kind::Text, Value::Text(text)).push(")");
        if unknown.is_some() { self.push(" END") } else { self }
    }

    fn search_vectors(&mut self, columns: &[&Column], query: &Search, qualifier: Option<&str>) -> &mut Self {
        match query {
            Search::Words { .. } => self.search_vector(columns, query, qualifier),
            // All of it in one look at the index.
            _ if columns.len() == 1 && !follows(query) => self.search_vector(columns, query, qualifier),
            Search::Not(inner) => {
                self.push("NOT ");
                self.search_vectors(columns, inner, qualifier)
            }
            Search::And(all) => self.search_each(columns, all, " AND ", qualifier),
            Search::Or(any) => self.search_each(columns, any, " OR ", qualifier),
        }
    }

    fn search_each(&mut self, columns: &[&Column], parts: &[Search], word: &str, qualifier: Option<&str>) -> &mut Self {
        self.push("(");
        self.join(parts, word, |sql, query| _ = sql.search_vectors(columns, query, qualifier));
        self.push(")")
    }

    fn search_vector(&mut self, columns: &[&Column], query: &Search, qualifier: Option<&str>) -> &mut Self {
        self.push("(");
        self.join(columns, " OR ", |sql, column| {
            let name = match qualifier {
                Some(qualifier) => format!("{}.{}", Ident(qualifier), Ident(column.name)),
                None => Ident(column.name).to_string(),
            };
            sql.push(&vector(column, &name)).push(" @@ ");
            sql.bind(Kind::Text, Value::Text(tsquery(query))).push("::tsquery");
            // The index finds where all of the words are; whether they follow each other, the text itself says.
            if let Search::Words { words, open } = query
                && words.len() > 1
            {
                let end = if *open { "" } else { " " };
                sql.push(" AND strpos(' ' || ").push(&spaced(&name)).push(" || ' ', ");
                sql.bind(Kind::Text, Value::Text(format!(" {}{end}", words.join(" ")))).push(") > 0");
            }
        });
        self.push(")")
    }
}

/// Whether words have to follow each other anywhere in it.
fn follows(query: &Search) -> bool {
    match query {
        Search::Words { words, .. } => words.len() > 1,
        Search::Not(inner) => follows(inner),
        Search::And(all) | Search::Or(all) => all.iter().any(follows),
    }
}

/// A question as PostgreSQL reads it. No word holds anything that would have to be escaped within quotes.
fn tsquery(query: &Search) -> String {
    let list = |queries: &[Search], operator: &str| {
        let each: Vec<_> = queries.iter().map(tsquery).collect();
        format!("({})", each.join(operator))
    };
    match query {
        Search::Words { words, open } => {
            let each: Vec<_> = words.iter().map(|word| format!("'{word}'")).collect();
            format!("{}{}", each.join(" & "), if *open { ":*" } else { "" })
        }
        Search::Not(inner) => format!("!({})", tsquery(inner)),
        Search::And(all) => list(all, " & "),
        Search::Or(any) => list(any, " | "),
    }
}

/// A question as FTS5 reads it, or the question for all other rows: it has no "not" but between two things.
struct Fts5 {
    text: String,
    negated: bool,
}

fn fts5(query: &Search) -> Fts5 {
    let not = |Fts5 { text, negated }| Fts5 { text, negated: !negated };
    match query {
        Search::Words { words, open } => {
            Fts5 { text: format!("\"{}\"{}", words.join(" "), if *open { " *" } else { "" }), negated: false }
        }
        Search::Not(inner) => not(fts5(inner)),
        Search::And(all) => fts5_all(all.iter().map(fts5)),
        // Any of them: not all of their opposites.
        Search::Or(any) => not(fts5_all(any.iter().map(|one| not(fts5(one))))),
    }
}

fn fts5_all(parts: impl Iterator<Item = Fts5>) -> Fts5 {
    let (without, with): (Vec<_>, Vec<_>) = parts.partition(|part| part.negated);
    let join = |parts: Vec<Fts5>, operator: &str| {
        let texts: Vec<_> = parts.into_iter().map(|part| part.text).collect();
        if texts.len() > 1 { format!("({})", texts.join(operator)) } else { texts.concat() }
    };
    let text = match (with.is_empty(), without.is_empty()) {
        (_, true) => join(with, " AND "),
        (true, false) => return Fts5 { text: join(without, " OR "), negated: true },
        (false, false) => format!("({} NOT {})", join(with, " AND "), join(without, " OR ")),
    };
    Fts5 { text, negated: false }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn word(text: &str) -> Search {
        Search::Words { words: text.split(' ').map(str::to_owned).collect(), open: false }
    }

    fn not(query: Search) -> Search {
        Search::Not(Box::new(query))
    }

    #[test]
    fn one_question_in_both_languages() {
        let open = Search::Words { words: vec!["a".into(), "b".into()], open: true };
        let both = || Search::And(vec![word("a"), not(word("b"))]);
        for (query, ours, theirs, negated) in [
            (word("a"), "'a'", "\"a\"", false),
            (open, "'a' & 'b':*", "\"a b\" *", false),
            (not(word("a")), "!('a')", "\"a\"", true),
            (not(not(word("a"))), "!(!('a'))", "\"a\"", false),
            (both(), "('a' & !('b'))", "(\"a\" NOT \"b\")", false),
            (not(both()), "!(('a' & !('b')))", "(\"a\" NOT \"b\")", true),
            (Search::Or(vec![word("a"), not(word("b"))]), "('a' | !('b'))", "(\"b\" NOT \"a\")", true),
            (Search::Or(vec![word("a"), word("b")]), "('a' | 'b')", "(\"a\" OR \"b\")", false),
            (
                Search::And(vec![not(word("a")), Search::Or(vec![word("b"), word("c")]), not(word("d"))]),
                "(!('a') & ('b' | 'c') & !('d'))",
                "((\"b\" OR \"c\") NOT (\"a\" OR \"d\"))",
                false,
            ),
            (Search::Or(vec![not(word("a")), not(word("b"))]), "(!('a') | !('b'))", "(\"a\" AND \"b\")", true),
        ] {
            assert_eq!(tsquery(&query), ours, "{query:?}");
            let read = fts5(&query);
            assert_eq!((read.text.as_str(), read.negated), (theirs, negated), "{query:?}");
        }
    }
}
