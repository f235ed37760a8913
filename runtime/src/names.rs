//! Names that clients send: how an unknown one is shown back, and which known one it may have meant.

/// The known name that an unknown one is most likely a slip of.
pub(crate) fn nearest<'a>(unknown: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    if unknown.len() > LONGEST {
        return None;
    }
    let unknown = unknown.to_lowercase();
    let length = unknown.chars().count();
    let slips = |name: &str| {
        let (most, name) = ((name.chars().count() / 3).max(1), name.to_lowercase());
        // It takes a slip for every character too many, so most names need not be compared.
        let near = name.chars().count().abs_diff(length) <= most;
        near.then(|| strsim::osa_distance(&unknown, &name)).filter(|slips| *slips <= most)
    };
    known
        .into_iter()
        .filter_map(|name| Some((slips(name)?, name)))
        .min_by_key(|(slips, _)| *slips)
        .map(|(_, name)| name)
}

/// A client's name, fit for an error text: no control characters, and not without end.
pub(crate) fn shown(name: &str) -> String {
    let mut chars = name.chars();
    let mut text: String = chars.by_ref().take(LONGEST).map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect();
    if chars.next().is_some() {
        text.push('…');
    }
    text
}

const LONGEST: usize = 64;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_finds_its_name_and_a_stranger_none() {
        let known = ["id", "title", "status", "user_id"];
        for (unknown, name) in
            [("titel", "title"), ("Title", "title"), ("state", "status"), ("userId", "user_id"), ("ip", "id")]
        {
            assert_eq!(nearest(unknown, known), Some(name), "{unknown}");
        }
        assert_eq!(nearest("descritpion", ["id", "description"]), Some("description"));
        assert_eq!(nearest("scription", ["id", "description"]), Some("description"), "two letters short");
        for unknown in ["", "x", "colour", &"title".repeat(20)] {
            assert_eq!(nearest(unknown, known), None, "{unknown}");
        }
    }

    #[test]
    fn a_shown_name_is_short_and_printable() {
        assert_eq!(shown("a\n\u{1b}[31mé"), "a\u{fffd}\u{fffd}[31mé");
        assert_eq!(shown(&"é".repeat(64)), "é".repeat(64));
        assert_eq!(shown(&"é".repeat(65)), format!("{}…", "é".repeat(64)));
    }
}
