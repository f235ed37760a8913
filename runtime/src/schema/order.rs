//! Which table comes after which.

use super::same;
use crate::{column::Column, table::Table};

type Edge = (&'static Column, &'static Table);
type Late = (&'static str, &'static str);

/// Every table after those that it points to. Where a cycle makes that impossible, the optional references of one of
/// its tables wait; they are returned as `(table, column)`.
pub(super) fn by_dependency(tables: &[&'static Table]) -> Result<(Vec<&'static Table>, Vec<Late>), String> {
    let mut waiting = tables.to_vec();
    let mut placed = Vec::with_capacity(tables.len());
    let mut late = Vec::new();
    while !waiting.is_empty() {
        let free = waiting.iter().position(|t| pending(t, &waiting).next().is_none());
        let Some(next) = free.or_else(|| waiting.iter().position(|t| can_go_first(t, &waiting))) else {
            return Err(required_cycle(&waiting));
        };
        let table = waiting[next];
        late.extend(pending(table, &waiting).map(|(column, _)| (table.name, column.name)));
        placed.push(waiting.remove(next));
    }
    Ok((placed, late))
}

/// The references of `table` to other tables that are not placed yet.
fn pending<'a>(table: &'static Table, waiting: &'a [&'static Table]) -> impl Iterator<Item = Edge> + 'a {
    table.references().filter(move |(_, to)| !same(table, to) && waiting.iter().any(|t| same(t, to)))
}

/// Whether every pending reference of `table` is optional and part of a cycle. When no table is free, some table of the
/// innermost cycle is such a one, unless a cycle has required references alone.
fn can_go_first(table: &'static Table, waiting: &[&'static Table]) -> bool {
    pending(table, waiting).all(|(column, to)| column.nullable && reaches(to, table, waiting))
}

fn reaches(from: &'static Table, to: &'static Table, waiting: &[&'static Table]) -> bool {
    let mut seen = vec![from];
    let mut next = 0;
    while let Some(table) = seen.get(next).copied() {
        if same(table, to) {
            return true;
        }
        for (_, target) in pending(table, waiting) {
            if !seen.iter().any(|t| same(t, target)) {
                seen.push(target);
            }
        }
        next += 1;
    }
    false
}

fn required_cycle(waiting: &[&'static Table]) -> String {
    let mut seen = Vec::new();
    let cycle = waiting.iter().find_map(|table| follow(table, waiting, &mut Vec::new(), &mut seen));
    let names = |edge: &Edge| format!("`{}.{}`", edge.1.resource, edge.0.name);
    let edges: Vec<_> = cycle.iter().flatten().map(names).collect();
    format!(
        "{} refer to each other in a circle and none is optional, so no first row could ever be stored; \
         make one of them an `Option`",
        edges.join(", ")
    )
}

/// Follows required references until a table comes again; the circle's columns, each with the table it stands in.
fn follow(
    table: &'static Table,
    waiting: &[&'static Table],
    path: &mut Vec<Edge>,
    seen: &mut Vec<&'static str>,
) -> Option<Vec<Edge>> {
    for (column, to) in pending(table, waiting).filter(|(column, _)| !column.nullable) {
        path.push((column, table));
        if let Some(start) = path.iter().position(|(_, from)| same(from, to)) {
            return Some(path.split_off(start));
        }
        if !seen.contains(&to.name)
            && let Some(cycle) = follow(to, waiting, path, seen)
        {
            return Some(cycle);
        }
        path.pop();
    }
    seen.push(table.name);
    None
}
