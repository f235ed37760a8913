//! The rows of the tables: a kind of request, who answers it, and the ratio that is to be reached.

use crate::{
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

    /// Whether it is one of those that were asked for.
    pub(crate) fn holds(&self, only: Option<&str>) -> bool {
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
