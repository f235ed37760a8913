//! Names in SQL text.

use std::fmt;

/// A name as SQL has it: always quoted, so that keywords, mixed case and blanks need no thought.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ident<'a>(pub(crate) &'a str);

impl fmt::Display for Ident<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(f)
    }
}

impl Ident<'_> {
    /// What `Display` does, into anything.
    pub(crate) fn write(self, out: &mut impl fmt::Write) -> fmt::Result {
        out.write_char('"')?;
        if self.0.contains('"') {
            out.write_str(&self.0.replace('"', "\"\""))?;
        } else {
            out.write_str(self.0)?;
        }
        out.write_char('"')
    }
}

/// Names in parentheses: `("a", "b")`.
pub(crate) fn list(names: &[&str]) -> String {
    let quoted: Vec<_> = names.iter().map(|name| Ident(name).to_string()).collect();
    format!("({})", quoted.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_everything_and_doubles_quotes() {
        assert_eq!(Ident("select").to_string(), r#""select""#);
        assert_eq!(Ident(r#"a"b"#).to_string(), r#""a""b""#);
        assert_eq!(list(&["a", "B c"]), r#"("a", "B c")"#);
    }
}
