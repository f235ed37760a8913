//! Names of constraints and indexes: derived, never longer than PostgreSQL keeps, and each used once.

use std::collections::HashSet;

use sha2::{Digest as _, Sha256};

use super::literal::hex;

/// PostgreSQL cuts what is longer, in silence.
const MAX: usize = 63;

/// The names in use. Tables, indexes and the constraints that are indexes share one namespace.
#[derive(Debug, Default)]
pub(super) struct Names(HashSet<String>);

impl Names {
    /// Takes `name` as it stands.
    pub(super) fn reserve(&mut self, name: &str) {
        self.0.insert(name.to_lowercase());
    }

    /// `table_column_column_suffix`. Where that is too long or taken it ends in a hash of its parts, which also tells
    /// `(a_b, c)` from `(a, b_c)`.
    pub(super) fn derive(&mut self, table: &str, columns: &[&str], suffix: &str) -> String {
        let parts: Vec<_> = [&[table], columns, &[suffix]].concat();
        let plain = parts.join("_");
        if plain.len() <= MAX && self.0.insert(plain.to_lowercase()) {
            return plain;
        }
        let mut hashed = parts.join("\0");
        loop {
            let digest = hex(&Sha256::digest(&hashed)[..4]);
            let cut = plain.floor_char_boundary(MAX - 1 - digest.len());
            let name = format!("{}_{digest}", &plain[..cut]);
            if self.0.insert(name.to_lowercase()) {
                return name;
            }
            hashed.push('\0');
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_its_parts() {
        assert_eq!(Names::default().derive("cards", &["a", "b"], "key"), "cards_a_b_key");
    }

    #[test]
    fn a_long_name_ends_in_a_hash_and_stays_apart() {
        let mut names = Names::default();
        let (a, b) = ("ä".repeat(30), "ä".repeat(31));
        let (a, b) = (names.derive(&a, &["x"], "fkey"), names.derive(&b, &["x"], "fkey"));
        assert!(a.len() <= MAX && b.len() <= MAX, "{a} {b}");
        assert_ne!(a, b);
        assert!(a.rsplit('_').next().is_some_and(|h| h.len() == 8 && h.chars().all(|c| c.is_ascii_hexdigit())), "{a}");
    }

    #[test]
    fn a_name_that_fits_exactly_is_kept() {
        let table = "t".repeat(57);
        assert_eq!(Names::default().derive(&table, &["x"], "key").len(), MAX);
        assert!(!Names::default().derive(&table, &["xy"], "key").ends_with("key"));
    }

    #[test]
    fn nothing_is_named_twice() {
        let mut names = Names::default();
        names.reserve("Cards_status_idx");
        let derived = [
            names.derive("cards", &["status"], "idx"),
            names.derive("a_b", &["c"], "idx"),
            names.derive("a", &["b_c"], "idx"),
            names.derive("a", &["b", "c"], "idx"),
        ];
        assert_ne!(derived[0], "cards_status_idx");
        assert_eq!(derived[1], "a_b_c_idx");
        let distinct: HashSet<_> = derived.iter().collect();
        assert_eq!(distinct.len(), derived.len(), "{derived:?}");
    }
}
