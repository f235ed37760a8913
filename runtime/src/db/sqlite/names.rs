//! Names that SQLite takes for names, on the connections that sqlx has.
//!
//! A name in double quotes that no column has is a text to SQLite: it answers `"title"` for every row of a table that has
//! lost its `title`. A connection can be told not to, and those past sqlx are; sqlx has no way to. A name in backquotes
//! is nothing but a name.

/// A statement over rows with its names in backquotes. What makes tables stays as it is written, since that is what
/// SQLite keeps of it.
pub(super) fn backquoted(text: &str) -> String {
    let over_rows = ["SELECT ", "WITH ", "INSERT ", "UPDATE ", "DELETE "].iter().any(|verb| text.starts_with(verb));
    if !over_rows || !text.contains('"') {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    // What is never closed SQLite refuses as it is.
    while let Some((before, quoted)) = rest.find(['"', '\'']).map(|start| rest.split_at(start))
        && let Some(end) = end_of(quoted)
    {
        out.push_str(before);
        if quoted.starts_with('"') {
            let name = &quoted[1..end - 1];
            out.push('`');
            out.push_str(&name.replace("\"\"", "\"").replace('`', "``"));
            out.push('`');
        } else {
            out.push_str(&quoted[..end]);
        }
        rest = &quoted[end..];
    }
    out.push_str(rest);
    out
}

/// Where the quotes end that a text begins with. One that is doubled stands for itself.
fn end_of(quoted: &str) -> Option<usize> {
    let quote = quoted.bytes().next()?;
    let mut bytes = quoted.bytes().enumerate().skip(1).peekable();
    while let Some((at, byte)) = bytes.next() {
        if byte == quote && bytes.next_if(|(_, next)| *next == quote).is_none() {
            return Some(at + 1);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::backquoted;

    #[test]
    fn names_change_their_quotes_and_texts_do_not() {
        for (text, expected) in [
            (r#"SELECT "a", "b"."c" FROM "b""#, "SELECT `a`, `b`.`c` FROM `b`"),
            (
                r#"INSERT INTO "a""b" ("`") VALUES ('"it''s"', ?1)"#,
                r#"INSERT INTO `a"b` (````) VALUES ('"it''s"', ?1)"#,
            ),
            (
                r#"WITH "größe" AS (SELECT '') SELECT * FROM "größe""#,
                "WITH `größe` AS (SELECT '') SELECT * FROM `größe`",
            ),
            ("SELECT 1", "SELECT 1"),
            ("SELECT \"a\", \"", "SELECT `a`, \""),
            (r#"CREATE TABLE "a" ("b")"#, r#"CREATE TABLE "a" ("b")"#),
        ] {
            assert_eq!(backquoted(text), expected);
        }
    }
}
