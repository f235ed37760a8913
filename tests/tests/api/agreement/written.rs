//! How values are written where they stand: behind a dot, in parentheses, in braces, in a tree.

use super::random::Random;

/// In quotes, or bare where it may be.
pub(super) fn element(text: &str, random: &mut Random) -> String {
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '-' | ':' | '+' | '.' | '*' | '%' | '_' | '^' | '$');
    let bare = !text.is_empty() && text.chars().all(plain) && !text.eq_ignore_ascii_case("null");
    if bare && random.percent(70) { text.to_owned() } else { quoted(text) }
}

fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        if matches!(c, '"' | '\\') {
            quoted.push('\\');
        }
        quoted.push(c);
    }
    quoted + "\""
}

/// What is asked of a column.
#[derive(Debug)]
pub(super) struct Term {
    /// With its modifier, up to the dot.
    pub(super) operator: String,
    pub(super) text: String,
    /// The text is a list in parentheses or a word, which stands as it is in a tree as well.
    pub(super) closed: bool,
}

impl Term {
    pub(super) fn alone(&self) -> String {
        format!("{}.{}", self.operator, self.text)
    }

    pub(super) fn in_tree(&self, random: &mut Random) -> String {
        let braces = self.text.strip_prefix('{').and_then(|text| text.strip_suffix('}'));
        let array = self.operator.contains('(') && braces.is_some_and(|inner| !inner.contains(['{', '}']));
        let text = if self.closed || array { self.text.clone() } else { element(&self.text, random) };
        format!("{}.{text}", self.operator)
    }
}
