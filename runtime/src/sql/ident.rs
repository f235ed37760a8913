//! Quoting of identifiers.

/// Appends a quoted identifier: any name works, keywords and quotes included.
pub(crate) fn push(text: &mut String, name: &str) {
    text.push('"');
    for c in name.chars() {
        if c == '"' {
            text.push('"');
        }
        text.push(c);
    }
    text.push('"');
}
