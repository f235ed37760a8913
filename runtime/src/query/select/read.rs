//! The text of a selection: names, aliases, relations and what is shown of those.
//!
//! Names are read as PostgREST reads them: blanks around one do not count, and quotes enclose one that holds anything
//! else. What this server does not do (casts, paths into JSON, aggregates, spreads, hints) is refused by its name.

use std::sync::Arc;

use super::{Embed, Member, Selection};
use crate::{
    error::{Error, Result},
    filter::Node,
    names::{nearest, shown},
    query::{bad, is_reserved, list},
    relation::Relations,
    table::Table,
};

/// Relations within each other, at most.
pub(crate) const DEEPEST: usize = 3;

/// Relations in one request, at most: each costs a statement.
pub(crate) const MOST_RELATIONS: usize = 10;

/// Members in one request, at most: a column can stand under any number of names. A table that has more columns can have
/// each of them named.
const MOST_MEMBERS: usize = 100;

/// What a text selects of a table.
pub(super) fn members(table: &'static Table, relations: &Relations, text: &str) -> Result<Vec<Member>> {
    let mut reader = Reader { relations, rest: text, embeds: 0, members: 0, widest: 0 };
    let members = reader.members(table, 0)?;
    if !reader.rest.is_empty() {
        return Err(reader.malformed());
    }
    let most = MOST_MEMBERS.max(reader.widest);
    if reader.members > most {
        return Err(bad(format!("`select` has more than {most} members, those of relations included"))
            .hint("`*` is every column of a table and counts as one"));
    }
    Ok(members)
}

struct Reader<'a> {
    relations: &'a Relations,
    rest: &'a str,
    embeds: usize,
    /// How many members were read, at all levels.
    members: usize,
    /// How many columns the widest of the tables has.
    widest: usize,
}

impl Reader<'_> {
    fn members(&mut self, table: &'static Table, depth: usize) -> Result<Vec<Member>> {
        let mut members = Vec::new();
        self.widest = self.widest.max(table.readable().count());
        loop {
            self.members += 1;
            self.member(table, depth, &mut members)?;
            self.blanks();
            if !self.took(',') {
                break;
            }
        }
        let mut keys: Vec<_> = members.iter().map(Member::key).collect();
        keys.sort_unstable();
        if let Some(pair) = keys.windows(2).find(|pair| pair[0] == pair[1]) {
            return Err(bad(format!("`select` has two members `{}`", shown(pair[0])))
                .hint("give one of them another name: write alias:name"));
        }
        Ok(members)
    }

    fn member(&mut self, table: &'static Table, depth: usize, members: &mut Vec<Member>) -> Result<()> {
        self.blanks();
        if self.rest.starts_with("..") {
            return Err(unsupported("spreads", "write the relation without the dots"));
        }
        if self.took('*') {
            members.extend(table.readable().map(|column| Member::Column { key: column.json.to_owned(), column }));
            return Ok(());
        }
        let (mut alias, mut name) = (None, self.name()?);
        if self.rest.starts_with(':') && !self.rest.starts_with("::") {
            self.took(':');
            alias = Some(name);
            name = self.name()?;
        }
        let join = self.join()?;
        if self.rest.starts_with('(') {
            let embed = self.embed(table, depth, alias, &name, join == Some("inner"))?;
            members.push(Member::Embed(Box::new(embed)));
            return Ok(());
        }
        for (sign, what, fix) in [
            ("::", "casts", "write the column alone"),
            ("->", "paths into JSON", "write the column alone: it is answered whole"),
        ] {
            if self.rest.starts_with(sign) {
                return Err(unsupported(what, fix));
            }
        }
        let found = table.readable().find(|column| column.json == name);
        match found {
            Some(_) if join.is_some() => Err(bad(format!("`select`: `{name}` is a column and joins nothing"))),
            Some(column) => {
                members.push(Member::Column { key: alias.unwrap_or(name), column });
                Ok(())
            }
            None => Err(self.unknown(table, &name)),
        }
    }

    fn embed(
        &mut self,
        table: &'static Table,
        depth: usize,
        alias: Option<String>,
        name: &str,
        inner: bool,
    ) -> Result<Embed> {
        let found = self.relations.of(table).iter().find(|relation| relation.name == name);
        let relation = Arc::clone(found.ok_or_else(|| self.unknown(table, name))?);
        let key = alias.unwrap_or_else(|| name.to_owned());
        if is_reserved(&key) {
            return Err(bad(format!("`select`: a relation cannot be called `{key}`, a word of the query grammar")));
        }
        self.embeds += 1;
        if depth == DEEPEST {
            return Err(bad(format!("`select` is nested more than {DEEPEST} deep")));
        }
        if self.embeds > MOST_RELATIONS {
            return Err(bad(format!("`select` has more than {MOST_RELATIONS} relations")));
        }
        self.took('(');
        self.blanks();
        let members = if self.rest.starts_with(')') { Vec::new() } else { self.members(relation.table, depth + 1)? };
        if !self.took(')') {
            return Err(self.malformed());
        }
        let shown = members.iter().any(|member| !matches!(member, Member::Embed(embed) if !embed.shown));
        Ok(Embed {
            key,
            relation,
            has: inner.then_some(true),
            shown,
            joined: false,
            filter: Node::TRUE,
            order: Vec::new(),
            limit: None,
            offset: 0,
            selection: Selection { members },
        })
    }

    /// `!inner` or `!left`
    fn join(&mut self) -> Result<Option<&'static str>> {
        if !self.took('!') {
            return Ok(None);
        }
        let word = self.name()?;
        let join = ["inner", "left"].into_iter().find(|known| *known == word);
        match join {
            Some(_) if !self.rest.starts_with('!') => Ok(join),
            _ => Err(unsupported("hints", "only !inner and !left can follow a relation; each has one name here")),
        }
    }

    fn name(&mut self) -> Result<String> {
        self.blanks();
        let name = if self.rest.starts_with('"') {
            let (name, behind) = list::enclosed(self.rest).ok_or_else(|| self.malformed())?;
            self.rest = behind;
            name
        } else {
            let end = self.rest.find([',', '(', ')', ':', '!', '"', '*']).unwrap_or(self.rest.len());
            let end = self.rest.find("->").map_or(end, |arrow| arrow.min(end));
            let (name, behind) = self.rest.split_at(end);
            self.rest = behind;
            name.trim_end_matches([' ', '\t']).to_owned()
        };
        self.blanks();
        if name.is_empty() { Err(self.malformed()) } else { Ok(name) }
    }

    fn blanks(&mut self) {
        self.rest = list::blank(self.rest);
    }

    fn took(&mut self, c: char) -> bool {
        let rest = self.rest.strip_prefix(c);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn malformed(&self) -> Error {
        let place =
            if self.rest.is_empty() { "at its end".to_owned() } else { format!("before `{}`", shown(self.rest)) };
        bad(format!("`select` cannot be read {place}")).hint("write select=column,alias:column,relation(column,..)")
    }

    /// A name that is nothing here. One that nobody can read is unknown, down to the byte.
    fn unknown(&self, table: &'static Table, name: &str) -> Error {
        let relations = || self.relations.of(table).iter().map(|relation| relation.name.as_str());
        let columns = || table.readable().map(|column| column.json);
        let called = self.rest.starts_with('(');
        if called && (name == "count" || AGGREGATES.iter().any(|end| name.ends_with(end))) {
            return unsupported("aggregates", "Prefer: count=exact counts the rows of a list");
        }
        let error = bad(format!("`select`: `{}` is no {} of {}", shown(name), kind(called), table.path));
        if called && columns().any(|column| column == name) {
            return error.hint(format!("`{name}` is a column: write it without parentheses"));
        }
        if !called && relations().any(|relation| relation == name) {
            return error.hint(format!("`{name}` is a relation: write {name}(*)"));
        }
        match nearest(name, columns().chain(relations())) {
            Some(known) => error.hint(format!("did you mean `{known}`?")),
            None => error,
        }
    }
}

const AGGREGATES: [&str; 5] = [".count", ".sum", ".avg", ".min", ".max"];

const fn kind(called: bool) -> &'static str {
    if called { "relation" } else { "column" }
}

fn unsupported(what: &str, fix: &str) -> Error {
    bad(format!("`select`: {what} are not supported by this server")).hint(fix)
}
