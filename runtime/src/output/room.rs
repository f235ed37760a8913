//! How many bytes an answer may have, and how many of them are taken.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use crate::error::{Code, Error, Result};

/// How many bytes what a statement answers may take, as text or as values.
#[derive(Clone, Debug)]
pub(crate) struct Room {
    most: usize,
    /// What is left of it for statements of one answer, which may run at the same time.
    left: Option<Arc<AtomicUsize>>,
}

/// So much of a shared room is taken at once, so that most rows cost a comparison and nothing else.
const STEP: usize = 64 * 1024;

impl Room {
    /// There is always more.
    pub(crate) const ENDLESS: Self = Self::of(usize::MAX);

    /// So many bytes.
    pub(crate) const fn of(most: usize) -> Self {
        Self { most, left: None }
    }

    /// The same for the parts of one answer together, so many at most, of which `taken` bytes are there already. It may
    /// let through a little more: each part takes some in advance, and what is put together of them is counted anew.
    pub(crate) fn shared(most: usize, taken: usize, parts: usize) -> Self {
        let left = most.saturating_add(parts * STEP).saturating_sub(taken);
        Self { most, left: Some(Arc::new(AtomicUsize::new(left))) }
    }

    /// This one, or another where this has no end.
    pub(crate) fn or(self, other: impl FnOnce() -> Self) -> Self {
        if self.most == usize::MAX { other() } else { self }
    }
}

/// What one statement takes of its room.
#[derive(Debug)]
pub(crate) struct Gauge {
    room: Room,
    /// So many bytes are its own.
    allowed: usize,
}

impl Gauge {
    pub(crate) fn new(room: Room) -> Self {
        Self { allowed: if room.left.is_some() { 0 } else { room.most }, room }
    }

    /// There are so many bytes now.
    #[inline]
    pub(crate) fn reach(&mut self, bytes: usize) -> Result<()> {
        if bytes <= self.allowed { Ok(()) } else { self.take(bytes) }
    }

    #[cold]
    fn take(&mut self, bytes: usize) -> Result<()> {
        let wanted = bytes - self.allowed + STEP;
        let take = |left: usize| left.checked_sub(wanted);
        match &self.room.left {
            Some(left) if left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, take).is_ok() => {
                self.allowed += wanted;
                Ok(())
            }
            _ => Err(too_large(self.room.most)),
        }
    }
}

/// The refusal of an answer of more than so many bytes.
pub(crate) fn too_large(most: usize) -> Error {
    Error::new(Code::AnswerTooLarge, format!("the answer would be larger than {most} bytes")).hint(LESS)
}

/// The way out where an answer is too large.
pub(crate) const LESS: &str =
    "ask for fewer rows with `limit`, for fewer columns with `select`, or for fewer related rows with `relation.limit`";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_room_ends_where_it_says() {
        let mut gauge = Gauge::new(Room::of(10));
        for bytes in [0, 4, 10] {
            assert!(gauge.reach(bytes).is_ok(), "{bytes}");
        }
        let error = gauge.reach(11).unwrap_err();
        assert_eq!((error.code(), error.to_string().contains("10 bytes")), (Code::AnswerTooLarge, true));
        assert!(Gauge::new(Room::ENDLESS).reach(usize::MAX).is_ok());
    }

    #[test]
    fn a_shared_room_is_taken_by_all() {
        let most = 4 * STEP;
        let room = Room::shared(most, 0, 2);
        let [mut one, mut other] = [(); 2].map(|()| Gauge::new(room.clone()));
        // All of it between them, whatever each has taken in advance.
        assert!(one.reach(1).is_ok() && other.reach(most / 2).is_ok() && one.reach(most / 2).is_ok());
        let refused = one.reach(most).unwrap_err();
        assert!(
            refused.to_string().contains(&format!("{most} bytes")),
            "the whole is told, not what was left: {refused}"
        );
        assert!(Gauge::new(Room::shared(most, most - 9, 1)).reach(9).is_ok());
        assert!(Gauge::new(Room::shared(most, most - 9, 1)).reach(10).is_err());
    }

    #[test]
    fn what_has_an_end_keeps_it() {
        let end = |room: Room| Gauge::new(room.or(|| Room::of(7))).reach(9).is_err();
        assert!(end(Room::ENDLESS) && end(Room::of(8)) && !end(Room::of(9)));
    }
}
