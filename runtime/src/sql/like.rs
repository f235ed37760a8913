//! `LIKE` for SQLite, whose own folds case: a GLOB does not.

/// The GLOB that matches what a SQL pattern does: `%` and `_` are wild, a backslash takes the next character as it is.
pub(crate) fn like_to_glob(pattern: &str) -> String {
    let mut glob = String::with_capacity(pattern.len());
    let mut chars = pattern.chars();
    while let Some(c) = chars.next() {
        match c {
            '%' => glob.push('*'),
            '_' => glob.push('?'),
            '\\' => literal(&mut glob, chars.next().unwrap_or('\\')),
            plain => literal(&mut glob, plain),
        }
    }
    glob
}

/// GLOB has no escape character; a set of one takes the place.
fn literal(glob: &mut String, c: char) {
    match c {
        '*' | '?' | '[' => glob.extend(['[', c, ']']),
        plain => glob.push(plain),
    }
}
