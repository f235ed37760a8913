//! Whether a `pattern` means the same to whoever reads the document.
//!
//! JSON Schema has the regular expressions of JavaScript (ECMA-262), and `pattern` those of the crate `regex`. What is
//! written in what both have goes into the document; anything else would have a client refuse what the server takes.

/// Whether both read a pattern alike.
pub(super) fn is_shared(pattern: &str) -> bool {
    let mut chars = pattern.chars().peekable();
    let mut set = false;
    while let Some(c) = chars.next() {
        match c {
            // Classes such as `\d` know all of Unicode in one of them, and ASCII alone in the other.
            '\\' => match chars.next() {
                Some(c) if c.is_ascii_punctuation() || "nrtfv".contains(c) => {}
                _ => return false,
            },
            // Sets within sets.
            '[' if set => return false,
            // What is done with two sets: `&&`, `--`, `~~`.
            '&' | '-' | '~' if set && chars.peek() == Some(&c) => return false,
            '[' => {
                set = true;
                chars.next_if_eq(&'^');
                // A bracket that comes first stands for itself in one of them alone.
                if chars.peek() == Some(&']') {
                    return false;
                }
            }
            ']' if set => set = false,
            // Flags, names, and what lies around.
            '(' if !set && chars.next_if_eq(&'?').is_some() && chars.peek() != Some(&':') => return false,
            // JavaScript has four ends of a line, and the other one.
            '.' if !set => return false,
            _ => {}
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::is_shared;

    #[test]
    fn only_what_means_the_same_to_both_is_shared() {
        for pattern in
            ["^[A-Z]{2}[0-9]+$", "^(?:a|b)*$", "^a\\.b\\-c$", "^[^\\]x]{1,3}$", "\\n", "^[a-z0-9-]+$", "^[&-]+$", "ä+"]
        {
            assert!(is_shared(pattern), "{pattern}");
        }
        for pattern in [
            "(?i)abc",
            "(?P<n>a)",
            "\\d+",
            "\\pL",
            "\\Ax\\z",
            "[[:alpha:]]",
            "[a-z&&[^x]]",
            "[a--b]",
            "[]a]",
            "[^]a]",
            "a.c",
            "\\x{41}",
            "\\b",
            "[a-z&&x]",
        ] {
            assert!(!is_shared(pattern), "{pattern}");
        }
    }
}
