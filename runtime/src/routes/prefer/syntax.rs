//! One `Prefer` header: `name[=value][;parameters]`, several with commas between them.

/// One preference, as it was sent.
pub(super) struct Item<'a>(pub(super) &'a str);

/// The preferences of a header. An empty one between commas is none.
pub(super) fn items(header: &str) -> impl Iterator<Item = Item<'_>> {
    let mut rest = Some(header);
    let pieces = std::iter::from_fn(move || {
        let (piece, behind) = cut(rest?, ',');
        rest = behind;
        Some(piece.trim_matches(BLANKS))
    });
    pieces.filter(|piece| !piece.is_empty()).map(Item)
}

impl Item<'_> {
    /// Its name and value in lower case: none of those we know is sensitive to case. No parameter behind a semicolon has
    /// a meaning. `None` where it cannot be read.
    pub(super) fn read(&self) -> Option<(String, String)> {
        let (head, _) = cut(self.0, ';');
        let (name, value) = match head.split_once('=') {
            Some((name, value)) => (name, unquoted(value.trim_matches(BLANKS))?),
            None => (head, String::new()),
        };
        let name = name.trim_matches(BLANKS);
        is_token(name).then(|| (name.to_ascii_lowercase(), value.to_ascii_lowercase()))
    }
}

const BLANKS: [char; 2] = [' ', '\t'];

/// What stands before the first separator outside of quotes, and what behind it.
fn cut(text: &str, separator: char) -> (&str, Option<&str>) {
    let (mut quoted, mut escaped) = (false, false);
    for (at, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            c if c == separator && !quoted => return (&text[..at], Some(&text[at + c.len_utf8()..])),
            _ => {}
        }
    }
    (text, None)
}

/// A value without its quotes; an empty one is the same as none.
fn unquoted(value: &str) -> Option<String> {
    let Some(inner) = value.strip_prefix('"') else {
        return (value.is_empty() || is_token(value)).then(|| value.to_owned());
    };
    let (mut text, mut chars) = (String::new(), inner.chars());
    loop {
        match chars.next()? {
            '"' => return chars.as_str().is_empty().then_some(text),
            '\\' => text.push(chars.next()?),
            c => text.push(c),
        }
    }
}

fn is_token(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b))
}
