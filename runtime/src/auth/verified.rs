//! Tokens that were verified a moment ago: checking a signature again costs more than all else of a small request.

use std::{
    collections::HashMap,
    mem,
    sync::{PoisonError, RwLock},
};

use crate::filter::Identity;

/// Tokens of one generation, at most.
const GENERATION: usize = 4096;

/// Verified tokens, by their whole text, and when they expire. Bounded: the young generation becomes the old one when it
/// is full, and the one before that is forgotten. What is asked for again becomes young again.
#[derive(Default)]
pub(super) struct Verified(RwLock<Generations>);

#[derive(Default)]
struct Generations {
    young: HashMap<String, Entry>,
    old: HashMap<String, Entry>,
}

#[derive(Clone)]
struct Entry {
    identity: Identity,
    /// Seconds since 1970 up to which the token is taken.
    until: u64,
}

impl Verified {
    /// Whom a token speaks for, if it was verified before and has not expired at `now`.
    pub(super) fn get(&self, token: &str, now: u64) -> Option<Identity> {
        let generations = self.0.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(entry) = generations.young.get(token) {
            return (now <= entry.until).then(|| entry.identity.clone());
        }
        let entry = generations.old.get(token)?.clone();
        drop(generations);
        if now > entry.until {
            return None;
        }
        let identity = entry.identity.clone();
        self.insert(token, identity.clone(), entry.until);
        Some(identity)
    }

    /// Remembers a token that was just verified.
    pub(super) fn insert(&self, token: &str, identity: Identity, until: u64) {
        let mut generations = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if generations.young.len() >= GENERATION {
            generations.old = mem::take(&mut generations.young);
        }
        generations.young.insert(token.to_owned(), Entry { identity, until });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{fixture::USERS, value::Value};

    fn identity(key: i64) -> Identity {
        Identity { table: &USERS, key: Value::Int(key), version: 1 }
    }

    #[test]
    fn a_token_is_known_until_it_expires() {
        let verified = Verified::default();
        assert_eq!(verified.get("a", 0), None);
        verified.insert("a", identity(1), 10);
        assert_eq!(verified.get("a", 10), Some(identity(1)));
        assert_eq!(verified.get("a", 11), None);
        assert_eq!(verified.get("b", 0), None);
    }

    #[test]
    fn what_is_not_asked_for_is_forgotten() {
        let verified = Verified::default();
        verified.insert("kept", identity(1), 10);
        verified.insert("forgotten", identity(2), 10);
        for round in 0..2 {
            for n in 0..GENERATION {
                verified.insert(&format!("{round}-{n}"), identity(0), 10);
            }
            assert_eq!(verified.get("kept", 0), Some(identity(1)), "round {round}");
        }
        assert_eq!(verified.get("forgotten", 0), None);
        let generations = verified.0.read().expect("no panic");
        assert!(generations.young.len() + generations.old.len() <= 2 * GENERATION);
    }
}
