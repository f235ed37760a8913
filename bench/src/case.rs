//! The rows of the tables: a kind of request, who answers it, and the ratio that is to be reached.

use crate::{
    Result,
    contender::{GENERATED, HAND, HAND_NORMAL},
    database::Kind,
    workload::Workload,
};

const DURABLE: &str = ", FULL on both sides";

/// A row.
#[derive(Clone, Debug)]
pub(crate) struct Case {
    pub(crate) workload: Workload,
    /// What tells it from other rows of the same workload.
    note: &'static str,
    /// Who takes part, as places in the line-up. What is compared with comes first.
    pub(crate) sides: Vec<usize>,
    /// What the ratio of processor time is to be at most; empty where nothing was said.
    pub(crate) aim: &'static str,
}

impl Case {
    /// One workload that all of `sides` answer.
    pub(crate) fn new(workload: Workload, sides: Vec<usize>) -> Self {
        Self { workload, note: "", sides, aim: "" }
    }

    fn aiming(workload: Workload, aim: &'static str) -> Self {
        Self { aim, ..Self::new(workload, vec![HAND, GENERATED]) }
    }

    fn against_normal(self) -> Self {
        Self { sides: vec![HAND_NORMAL, GENERATED], ..self }
    }

    fn noted(self, note: &'static str) -> Self {
        Self { note, ..self }
    }

    /// Whether both sides wait for the disk, so that the ratio is in part the disk's.
    pub(crate) fn waits_for_disk(&self) -> bool {
        self.note == DURABLE
    }

    /// Whether what one side commits is on the disk as surely as what the other does.
    pub(crate) fn commits_alike(&self) -> bool {
        !self.sides.contains(&HAND_NORMAL)
    }

    /// Whether it is one of those that were asked for.
    fn holds(&self, only: Option<&str>) -> bool {
        only.is_none_or(|part| self.title().contains(part))
    }

    /// What the row is called, in tables and in the baseline.
    pub(crate) fn title(&self) -> String {
        format!("{}{}", self.workload.title(), self.note)
    }
}

/// The rows of a database's table, in its order.
pub(crate) fn all(kind: Kind) -> Vec<Case> {
    match kind {
        Kind::Sqlite => vec![
            Case::aiming(Workload::One, "≤ 0.50"),
            Case::aiming(Workload::Page, "≤ 0.35"),
            Case::aiming(Workload::Filtered, "≤ 0.35"),
            Case::aiming(Workload::LongPage, "≤ 0.16"),
            Case::aiming(Workload::Board, "≤ 0.50"),
            Case::aiming(Workload::Create, "≤ 0.45").against_normal(),
            Case::aiming(Workload::Create, "≤ 0.18, req/s ≥ 10").noted(DURABLE),
            Case::aiming(Workload::Update, "≤ 0.60").against_normal(),
            Case::aiming(Workload::Update, "").noted(DURABLE),
        ],
        Kind::Postgres => vec![
            Case::aiming(Workload::One, "≤ 0.60"),
            Case::aiming(Workload::Page, "≤ 0.80"),
            Case::aiming(Workload::Filtered, "≤ 0.80"),
            Case::aiming(Workload::LongPage, "≤ 0.60"),
            Case::aiming(Workload::Board, "≤ 0.80"),
            Case::aiming(Workload::Create, "≤ 0.50"),
            Case::aiming(Workload::Update, "≤ 0.70"),
        ],
    }
}

/// The rows that were asked for, of each database that has any.
pub(crate) fn asked_for(
    kinds: &[Kind],
    only: Option<&str>,
    rows: impl Fn(Kind) -> Vec<Case>,
) -> Result<Vec<(Kind, Vec<Case>)>> {
    let mut all: Vec<_> = kinds.iter().map(|&kind| (kind, rows(kind))).collect();
    let mut titles = Vec::new();
    for (_, cases) in &mut all {
        for title in cases.iter().map(Case::title) {
            if !titles.contains(&title) {
                titles.push(title);
            }
        }
        cases.retain(|case| case.holds(only));
    }
    all.retain(|(_, cases)| !cases.is_empty());
    if !all.is_empty() {
        return Ok(all);
    }
    let only = only.unwrap_or_default();
    Err(format!("no row's title holds {only:?}, take a part of one of these:\n  {}", titles.join("\n  ")).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_asked_for_by_a_part_of_their_titles() {
        let found = |only| {
            let found = asked_for(&Kind::ALL, only, all).unwrap();
            found.into_iter().map(|(kind, cases)| (kind, cases.len())).collect::<Vec<_>>()
        };
        assert_eq!(found(Some("PATCH")), [(Kind::Sqlite, 2), (Kind::Postgres, 1)]);
        assert_eq!(found(Some("FULL")), [(Kind::Sqlite, 2)]);
        assert_eq!(found(None), Kind::ALL.map(|kind| (kind, all(kind).len())));
    }

    #[test]
    fn a_part_that_no_title_has_is_answered_with_those_there_are() {
        let error = asked_for(&Kind::ALL, Some("PUT"), all).unwrap_err().to_string();
        assert!(
            error.starts_with("no row's title holds \"PUT\", take a part of one of these:\n  GET one\n"),
            "{error}"
        );
        assert_eq!(error.lines().count(), 1 + all(Kind::Sqlite).len(), "{error}");
    }

    #[test]
    fn only_writes_of_sqlite_are_compared_with_one_that_commits_otherwise() {
        let unlike = Kind::ALL.map(|kind| all(kind).iter().filter(|case| !case.commits_alike()).count());
        assert_eq!(unlike, [2, 0]);
    }
}
