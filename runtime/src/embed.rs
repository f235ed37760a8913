//! Embedded rows: what a [`Selection`] shows beside the columns of a row, a statement for each relation in it but for
//! those that are joined to the rows themselves.
//!
//! Rows come as text with holes and with the keys of their relations aside. The keys of all rows ask for what they lead
//! to, and so on inwards; at last everything is put together from slices of the texts.

use std::{
    collections::{HashMap, hash_map::Entry},
    ops::Range,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
};

use futures_util::future::{BoxFuture, try_join_all};

use crate::{
    column::Column,
    error::{Code, Error, Result},
    filter::Node,
    output::{Aside, Branch, Full, JsonRows, LESS, Level, Room, Shape, too_large},
    policy::{self, Caller},
    query::{Embed, MOST_EMBEDDED, MOST_RELATIONS, Member, Selection},
    sql::{self, Dialect, Embedding, Join, Statement},
    store::At,
    value::Value,
};

/// Embedded rows of one request, at most: what they take of memory is bounded by it.
const MOST_OF_ALL: u32 = 50_000;

/// The text of some rows with everything in its place.
pub(crate) struct Embedded {
    pub(crate) body: Vec<u8>,
    /// The relations of which some row has more than are shown, by their names with dots between them.
    pub(crate) cut: Vec<String>,
}

/// Has relations of a selection come with its rows, of which there are so many at most: those of one row, in which there
/// are no others, and of which the caller may see anything. On SQLite none: a statement more is a call of a function there,
/// and pages came out dearer with a join than without. Nor behind an offset: PostgreSQL plans anew for each, which for a join
/// takes longer than another statement.
pub(crate) fn join(dialect: Dialect, selection: &mut Selection, caller: &Caller, rows: u32, offset: u64) -> Vec<Join> {
    let mut joins = Vec::new();
    if dialect == Dialect::Sqlite || offset > 0 {
        return joins;
    }
    for member in &mut selection.members {
        let Member::Embed(embed) = member else { continue };
        let is_leaf = embed.shown && !embed.relation.many && embed.selection.shown().next().is_none();
        let few = (joins.len() as u64 + 1) * u64::from(rows) <= u64::from(MOST_OF_ALL);
        let scope = policy::embedded(embed.relation.table, caller);
        if is_leaf && few && *scope.rows() != Node::FALSE {
            embed.joined = true;
            let (columns, _) = leaf(&embed.selection);
            let filter = wanted(embed, caller);
            joins.push(Join { relation: Arc::clone(&embed.relation), scope, filter, columns });
        }
    }
    joins
}

/// What a statement answers for a selection: the columns that are shown, each of them once, then `told`, then the keys of
/// relations. Those of what is joined to it come last.
pub(crate) fn output(selection: &Selection, told: &[&'static Column], aside: Aside) -> (Vec<&'static Column>, Shape) {
    let (mut columns, mut shape) = (Vec::with_capacity(16), Shape::empty());
    for member in &selection.members {
        match member {
            Member::Column { key, column } => show(&mut columns, &mut shape, key, column),
            Member::Embed(embed) if embed.joined => shape.joined(&embed.key, leaf(&embed.selection).1),
            Member::Embed(embed) if embed.shown => shape.hole(&embed.key),
            Member::Embed(_) => {}
        }
    }
    columns.extend(told);
    columns.extend(selection.fetched().map(|embed| embed.relation.here));
    let aside = if selection.fetched().next().is_some() { Aside::Every } else { aside };
    (columns, shape.telling(aside))
}

/// The same of a selection that has no relations.
fn leaf(selection: &Selection) -> (Vec<&'static Column>, Shape) {
    let (mut columns, mut shape) = (Vec::new(), Shape::empty());
    selection.columns().for_each(|(key, column)| show(&mut columns, &mut shape, key, column));
    (columns, shape)
}

/// One more member of an object. A column that has other names as well is read once, whatever its size.
fn show(columns: &mut Vec<&'static Column>, shape: &mut Shape, key: &str, column: &'static Column) {
    if let Some(place) = columns.iter().position(|known| std::ptr::eq(*known, column)) {
        return shape.again(key, place);
    }
    shape.column(key);
    columns.push(column);
}

/// What a row must have, or must not, by the relations of a selection, over its table.
pub(crate) fn inner(selection: &Selection, caller: &Caller) -> Node {
    let asked = selection.embeds().filter_map(|embed| {
        let has = embed.has?;
        let scope = policy::embedded(embed.relation.table, caller);
        let rows = scope.rows().clone().and(wanted(embed, caller));
        let related = Node::Related { relation: embed.relation.clone(), rows: Box::new(rows) };
        Some(if has { related } else { Node::Not(Box::new(related)) })
    });
    Node::And(asked.collect())
}

/// What an embedded row must pass beside its scope.
fn wanted(embed: &Embed, caller: &Caller) -> Node {
    embed.filter.clone().and(inner(&embed.selection, caller))
}

/// Puts what a selection embeds into rows of the columns that [`output`] says, `told` of which come before the keys.
pub(crate) async fn embed(
    at: At<'_>,
    caller: &Caller,
    selection: &Selection,
    rows: JsonRows,
    told: usize,
) -> Result<Embedded> {
    let left =
        u32::try_from(rows.joined).ok().and_then(|joined| MOST_OF_ALL.checked_sub(joined)).ok_or_else(too_many)?;
    if selection.fetched().next().is_none() {
        return Ok(Embedded { body: rows.body, cut: Vec::new() });
    }
    let most = at.most_answered();
    let room = Room::shared(most, rows.body.len(), MOST_RELATIONS);
    let fetch = Fetch { at, caller, left: AtomicU32::new(left), room };
    let (level, cut) = fetch.level(selection, rows, told, String::new()).await?;
    let body = level.array(left as usize, most).map_err(|full| match full {
        Full::Rows => too_many(),
        Full::Bytes => too_large(most),
    })?;
    Ok(Embedded { body, cut })
}

struct Fetch<'a> {
    at: At<'a>,
    caller: &'a Caller,
    /// How many rows may still be embedded.
    left: AtomicU32,
    /// How much text they may have together.
    room: Room,
}

impl Fetch<'_> {
    /// Rows with everything that belongs to them; and the relations that were cut, which have `path` before their names.
    fn level<'f>(
        &'f self,
        selection: &'f Selection,
        rows: JsonRows,
        told: usize,
        path: String,
    ) -> BoxFuture<'f, Result<(Level, Vec<String>)>> {
        Box::pin(async move {
            let width = told + selection.fetched().count();
            let branches = selection.fetched().enumerate().map(|(n, embed)| {
                let keys = rows.aside.iter().skip(told + n).step_by(width.max(1));
                self.branch(embed, keys, format!("{path}{}", embed.key))
            });
            let (branches, cuts): (Vec<_>, Vec<_>) = try_join_all(branches).await?.into_iter().unzip();
            Ok((Level { rows, branches }, cuts.concat()))
        })
    }

    async fn branch(
        &self,
        embed: &Embed,
        keys: impl Iterator<Item = &Value>,
        path: String,
    ) -> Result<(Branch, Vec<String>)> {
        let many = embed.relation.many;
        let (keys, positions) = distinct(keys);
        let rows = self.rows(embed, &keys).await?;
        let (mut found, cut) = (found(&rows, &embed.selection, keys.len()), embed.limit.is_none());
        let mut cuts = Vec::new();
        if many && cut {
            let most = MOST_EMBEDDED as usize;
            for rows in found.iter_mut().filter(|rows| rows.len() > most) {
                rows.end = rows.start + most;
                cuts = vec![path.clone()];
            }
        }
        let of = positions.into_iter().map(|key| key.map_or(0..0, |key| found[key].clone())).collect();
        let (level, further) = self.level(&embed.selection, rows, 1, format!("{path}.")).await?;
        cuts.extend(further);
        Ok((Branch { many, level, of }, cuts))
    }

    /// What some keys lead to, with the position of its key beside each row.
    async fn rows(&self, embed: &Embed, keys: &[Value]) -> Result<JsonRows> {
        let left = self.left.load(Ordering::Relaxed);
        let Some(statement) = statement(self.at.session().speaks(), self.caller, embed, keys, left)? else {
            return Ok(JsonRows::none());
        };
        let rows = self.at.json(Statement { room: self.room.clone(), ..statement }).await?;
        let count = u32::try_from(rows.count).unwrap_or(u32::MAX);
        let taken = self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(count));
        taken.map(|_| rows).map_err(|_| too_many())
    }
}

/// The statement of what some keys lead to, of which `left` rows may come; nothing where it would find nothing.
pub(crate) fn statement(
    dialect: Dialect,
    caller: &Caller,
    embed: &Embed,
    keys: &[Value],
    left: u32,
) -> Result<Option<Statement>> {
    let scope = policy::embedded(embed.relation.table, caller);
    if keys.is_empty() || *scope.rows() == Node::FALSE {
        return Ok(None);
    }
    let filter = wanted(embed, caller);
    let embedding = Embedding {
        relation: &embed.relation,
        filter: &filter,
        order: &embed.order,
        // One more than is shown tells that there are more.
        limit: embed.limit.unwrap_or(MOST_EMBEDDED + 1),
        offset: embed.offset,
        most: left + 1,
    };
    let (columns, shape) = output(&embed.selection, &[], Aside::Every);
    let (shown, told) = columns.split_at(shape.shown());
    let statement = sql::embedded(dialect, &scope, &embedding, keys, shown, told)?;
    Ok(Some(statement.shaped(shape.telling(Aside::Every))))
}

fn too_many() -> Error {
    Error::new(Code::AnswerTooLarge, format!("more than {MOST_OF_ALL} rows would be embedded")).hint(LESS)
}

/// The keys without those that came before, and for each of the rows which of them it has. NULL leads nowhere.
fn distinct<'v>(keys: impl Iterator<Item = &'v Value>) -> (Vec<Value>, Vec<Option<usize>>) {
    let (mut known, mut distinct) = (HashMap::new(), Vec::new());
    let positions = keys
        .map(|key| {
            let number = match key {
                Value::Int(key) => u128::from(key.cast_unsigned()),
                Value::Uuid(key) => key.as_u128(),
                _ => return None,
            };
            Some(match known.entry(number) {
                Entry::Occupied(entry) => *entry.get(),
                Entry::Vacant(entry) => {
                    distinct.push(key.clone());
                    *entry.insert(distinct.len() - 1)
                }
            })
        })
        .collect();
    (distinct, positions)
}

/// Which rows each of so many keys led to: those of one lie together.
fn found(rows: &JsonRows, selection: &Selection, keys: usize) -> Vec<Range<usize>> {
    let mut found = vec![0..0; keys];
    let width = 1 + selection.fetched().count();
    for (row, position) in rows.aside.iter().step_by(width).enumerate() {
        let Value::Int(position) = position else { continue };
        let Some(range) = usize::try_from(*position).ok().and_then(|at| found.get_mut(at)) else { continue };
        *range = if *range == (0..0) { row..row + 1 } else { range.start..row + 1 };
    }
    found
}
