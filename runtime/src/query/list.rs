//! The lists of `in.(…)` and of `like(any).{…}`, read as PostgREST and PostgreSQL read them.

/// The elements of `(a,"b,c",d"e)` and what stands behind it; nothing where it is no list. `()` has none.
///
/// An element in quotes may hold anything, with a backslash before what is meant as it is. Quotes that do not enclose
/// the whole element are part of it. Blanks count, except around the parentheses.
pub(super) fn read(text: &str) -> Option<(Vec<String>, &str)> {
    let inner = blank(text).strip_prefix('(').map(blank)?;
    if let Some(behind) = inner.strip_prefix(')') {
        return Some((Vec::new(), blank(behind)));
    }
    let (mut rest, mut elements) = (inner, Vec::new());
    loop {
        let (element, behind) = quoted(rest).or_else(|| bare(rest))?;
        elements.push(element);
        match behind.strip_prefix(',') {
            Some(next) => rest = next,
            None => return Some((elements, blank(behind.strip_prefix(')')?))),
        }
    }
}

/// The elements of a list that nothing follows.
pub(super) fn parse(text: &str) -> Option<Vec<String>> {
    read(text).and_then(|(elements, behind)| behind.is_empty().then_some(elements))
}

/// The text behind blanks.
pub(super) fn blank(text: &str) -> &str {
    text.trim_start_matches([' ', '\t'])
}

fn bare(text: &str) -> Option<(String, &str)> {
    let end = text.find([',', ')'])?;
    Some((text[..end].to_owned(), &text[end..]))
}

/// What `"…"` at the start of a text encloses and what stands behind it, which must be the end of an element.
pub(super) fn quoted(text: &str) -> Option<(String, &str)> {
    let (element, behind) = enclosed(text)?;
    behind.starts_with([',', ')']).then_some((element, behind))
}

/// What `"…"` at the start of a text encloses, whatever stands behind it.
pub(super) fn enclosed(text: &str) -> Option<(String, &str)> {
    let mut chars = text.strip_prefix('"')?.chars();
    let mut element = String::new();
    loop {
        match chars.next()? {
            '"' => return Some((element, chars.as_str())),
            '\\' => element.push(chars.next()?),
            plain => element.push(plain),
        }
    }
}

/// The elements of `{a,"b,c"}`: PostgreSQL's text of an array of one dimension.
///
/// Blanks around an element do not count, a backslash takes the next character as it is, and quotes enclose a whole
/// element. An element that is empty or NULL is written in quotes: without them the one is an error and the other means
/// no value, with which nothing compares.
pub(super) fn array(text: &str) -> Option<Vec<String>> {
    let mut rest = text.strip_prefix('{')?.trim_start_matches(SPACES);
    if rest == "}" {
        return Some(Vec::new());
    }
    let mut elements = Vec::new();
    loop {
        let (element, behind) = match enclosed(rest) {
            Some((element, behind)) => (element, behind.trim_start_matches(SPACES)),
            None => unquoted(rest)?,
        };
        elements.push(element);
        match behind.strip_prefix(',') {
            Some(next) => rest = next.trim_start_matches(SPACES),
            None => return (behind == "}").then_some(elements),
        }
    }
}

/// What PostgreSQL passes over in the text of an array.
const SPACES: [char; 6] = [' ', '\t', '\n', '\r', '\u{b}', '\u{c}'];

fn unquoted(text: &str) -> Option<(String, &str)> {
    let mut chars = text.chars();
    // Blanks before the end of the element do not count, unless a backslash took them as they are.
    let (mut element, mut counts) = (String::new(), 0);
    let behind = loop {
        let here = chars.as_str();
        match chars.next()? {
            ',' | '}' => break here,
            '{' | '"' => return None,
            '\\' => {
                element.push(chars.next()?);
                counts = element.len();
            }
            plain => {
                element.push(plain);
                if !SPACES.contains(&plain) {
                    counts = element.len();
                }
            }
        }
    };
    let null = text[..text.len() - behind.len()].trim_end_matches(SPACES).eq_ignore_ascii_case("null");
    element.truncate(counts);
    (!element.is_empty() && !null).then_some((element, behind))
}
