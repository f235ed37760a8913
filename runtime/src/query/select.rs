//! `select=id,name:title,user(name),comments!inner(*)`, and what is asked of the relations in it: `comments.order=…`.
//!
//! `read` takes the text of a selection apart; what else is asked of its relations is read here, as lists are.

mod read;

pub(crate) use self::read::{DEEPEST, MOST_RELATIONS};

use std::sync::Arc;

use super::{
    Draft, Pair, bad,
    dialects::postgrest,
    draft::{MOST_TERMS, once, weight},
    list, numbers, refuse,
};
use crate::{
    column::Column,
    error::{Error, Result},
    filter::Node,
    names::{nearest, shown},
    order::Order,
    relation::{Relation, Relations},
    table::Table,
};

/// What is shown of a row, in this order.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Selection {
    pub(crate) members: Vec<Member>,
}

/// One member of the object that a row becomes.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Member {
    Column { key: String, column: &'static Column },
    Embed(Box<Embed>),
}

/// The rows that a relation leads to.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Embed {
    pub(crate) key: String,
    pub(crate) relation: Arc<Relation>,
    /// Which rows are left out: those without any of them by `true`, those with any by `false`.
    pub(crate) has: Option<bool>,
    /// Whether they are shown: `rel()` shows nothing, it only filters.
    pub(crate) shown: bool,
    /// Whether it is read together with the rows around it.
    pub(crate) joined: bool,
    pub(crate) filter: Node,
    /// Never empty: the id is the last key.
    pub(crate) order: Vec<Order>,
    /// How many of a row, where the client says so.
    pub(crate) limit: Option<u32>,
    pub(crate) offset: u64,
    pub(crate) selection: Selection,
}

/// Embedded rows of one row, at most.
pub(crate) const MOST_EMBEDDED: u32 = 1000;

impl Selection {
    /// Takes what `select` says out of some parameters, with all that is asked of the relations in it. Nothing where
    /// there is no `select`, or an empty one, which is the same to PostgREST.
    pub(super) fn take(
        table: &'static Table,
        relations: &Relations,
        pairs: &mut Vec<Pair<'_>>,
    ) -> Result<Option<Self>> {
        let mut text = None;
        for (_, value) in pairs.extract_if(.., |(name, _)| name == "select") {
            once(&mut text, "select", value)?;
        }
        let mut selection = match text.as_deref().filter(|text| !list::blank(text).is_empty()) {
            None => None,
            Some(text) => Some(Self { members: read::members(table, relations, text)? }),
        };
        if let Some(selection) = &mut selection {
            selection.settle(relations, table, "", pairs)?;
        }
        for (name, value) in &*pairs {
            let here = Place { table, relations, selection: selection.as_ref(), prefix: "" };
            here.astray(name, value).map_or(Ok(()), Err)?;
        }
        Ok(selection)
    }

    /// The same of rows that are written: all of them are answered, whatever is related to them.
    pub(super) fn of_all(
        table: &'static Table,
        relations: &Relations,
        pairs: &mut Vec<Pair<'_>>,
    ) -> Result<Option<Self>> {
        let selection = Self::take(table, relations, pairs)?;
        if let Some(embed) = selection.iter().flat_map(Self::embeds).find(|embed| embed.has.is_some()) {
            return Err(bad(format!("`{}`: a write answers every row that it wrote", shown(&embed.key)))
                .hint("leave out !inner and is.null: they leave rows out"));
        }
        Ok(selection)
    }

    /// The relations in it.
    pub(crate) fn embeds(&self) -> impl Iterator<Item = &Embed> {
        self.members.iter().filter_map(|member| match member {
            Member::Embed(embed) => Some(&**embed),
            Member::Column { .. } => None,
        })
    }

    /// The relations that are shown.
    pub(crate) fn shown(&self) -> impl Iterator<Item = &Embed> {
        self.embeds().filter(|embed| embed.shown)
    }

    /// Those of them that take a statement of their own.
    pub(crate) fn fetched(&self) -> impl Iterator<Item = &Embed> {
        self.shown().filter(|embed| !embed.joined)
    }

    /// The columns in it, each with its name.
    pub(crate) fn columns(&self) -> impl Iterator<Item = (&str, &'static Column)> {
        self.members.iter().filter_map(|member| match member {
            Member::Column { key, column } => Some((key.as_str(), *column)),
            Member::Embed(_) => None,
        })
    }

    /// How many terms filter its relations.
    pub(super) fn weight(&self) -> usize {
        self.embeds().map(|embed| weight(&embed.filter) + embed.selection.weight()).sum()
    }

    /// Reads what is asked of each relation: the parameters that begin with its name and a dot.
    fn settle(
        &mut self,
        relations: &Relations,
        table: &'static Table,
        prefix: &str,
        pairs: &mut Vec<Pair<'_>>,
    ) -> Result<()> {
        for member in &mut self.members {
            let Member::Embed(embed) = member else { continue };
            let name = format!("{prefix}{}", embed.key);
            // What a column is called is asked of the column.
            if table.readable().all(|column| column.json != embed.key) {
                for (_, value) in pairs.extract_if(.., |(known, _)| *known == name) {
                    embed.asked(&name, &value)?;
                }
            }
            let prefix = format!("{name}.");
            // Those of relations further in begin with its name as well.
            embed.selection.settle(relations, embed.relation.table, &prefix, pairs)?;
            let (mut draft, mut limit) = (Draft::of_relation(embed.relation.table), None);
            let selection = Some(&embed.selection);
            let here = Place { table: embed.relation.table, relations, selection, prefix: &prefix };
            for (name, value) in pairs.extract_if(.., |(name, _)| name.starts_with(&prefix)) {
                let rest = &name[prefix.len()..];
                match rest {
                    "order" | "limit" | "offset" if !embed.relation.many => {
                        return Err(bad(format!("`{}`: `{}` is one row at most", shown(&name), shown(&embed.key))));
                    }
                    "after" => {
                        return Err(bad(format!("`{}`: a relation has no cursors", shown(&name)))
                            .hint(format!("write {prefix}offset")));
                    }
                    "limit" => once(&mut limit, &name, numbers::at_most(MOST_EMBEDDED, &name, &value)?)?,
                    _ => match here.astray(rest, &value) {
                        Some(error) => return Err(error),
                        None => postgrest::parameter(&mut draft, rest, &value)?,
                    },
                }
            }
            let asked = draft.finish()?;
            embed.limit = limit;
            (embed.filter, embed.order, embed.offset) = (asked.filter, asked.order, asked.offset);
        }
        Ok(())
    }
}

impl Embed {
    /// Reads whether there must be rows, as PostgREST has it: `comments=is.null`, `comments=not.is.null`.
    fn asked(&mut self, name: &str, value: &str) -> Result<()> {
        let Some(has) = existence(value) else {
            return Err(bad(format!("`{}`: of a relation it can be asked is.null and not.is.null", shown(name)))
                .hint(format!("write {name}.column=eq.<value> for what its rows are like")));
        };
        if self.has.replace(has).is_some_and(|other| other != has) {
            return Err(bad(format!("`{}`: there cannot be rows and none", shown(name))));
        }
        Ok(())
    }
}

fn existence(value: &str) -> Option<bool> {
    let all = [("is.null", false), ("not.is.null", true), ("is.not_null", true)];
    all.into_iter().find(|(text, _)| value.eq_ignore_ascii_case(text)).map(|(_, has)| has)
}

/// Where a parameter stands that may ask something of a relation.
struct Place<'a> {
    table: &'static Table,
    relations: &'a Relations,
    selection: Option<&'a Selection>,
    /// What stood before its name.
    prefix: &'a str,
}

impl Place<'_> {
    /// The refusal of what is asked of a relation that is not selected, or not there by that name.
    fn astray(&self, name: &str, value: &str) -> Option<Error> {
        let Self { table, relations, prefix, .. } = self;
        let head = match name.split_once('.') {
            Some((head, _)) => head,
            None => existence(value).map(|_| name)?,
        };
        // What a column is called is asked of the column.
        if table.readable().any(|column| column.json == name) {
            return None;
        }
        let whole = format!("{prefix}{name}");
        let asked = relations.of(table).iter().find(|relation| match name.strip_prefix(relation.name.as_str()) {
            Some("") => true,
            Some(rest) => rest.starts_with('.'),
            None => false,
        });
        if let Some(relation) = asked {
            let refused = bad(format!("`{}`: `{}` is not selected", shown(&whole), relation.name));
            return Some(refused.hint(match prefix.strip_suffix('.') {
                None => {
                    format!("add {}(*) to `select`; after alias:{0}(*) write alias in front of the dot", relation.name)
                }
                Some(around) => format!("add {}(*) to what `select` shows of {}", relation.name, shown(around)),
            }));
        }
        // A column or a parameter that is nearer is hinted at by whoever refuses the name.
        if refuse::nearest_parameter(self.table, name, |_| true).is_some() {
            return None;
        }
        let names = relations.of(table).iter().map(|relation| relation.name.as_str());
        let keys = self.selection.into_iter().flat_map(Selection::embeds).map(|embed| embed.key.as_str());
        let meant = nearest(head, keys.chain(names))?;
        let refused = bad(format!("`{}`: `{}` is no relation of {}", shown(&whole), shown(head), table.path));
        Some(refused.hint(format!("did you mean `{}`?", shown(&format!("{prefix}{meant}{}", &name[head.len()..])))))
    }
}

/// Refuses filters that are too many together.
pub(super) fn not_too_many(filter: &Node, selection: &Selection) -> Result<()> {
    if weight(filter) + selection.weight() > MOST_TERMS {
        return Err(bad(format!("there are more than {MOST_TERMS} filters")));
    }
    Ok(())
}

impl Member {
    pub(super) fn key(&self) -> &str {
        match self {
            Self::Column { key, .. } => key,
            Self::Embed(embed) => &embed.key,
        }
    }
}
