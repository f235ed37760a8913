//! The list of `in.(…)`, read as PostgREST reads it.

/// The elements of `(a,"b,c",d"e)`; nothing where it is no list. `()` has none.
///
/// An element in quotes may hold anything, with a backslash before what is meant as it is. Quotes that do not enclose
/// the whole element are part of it. Blanks count, except around the parentheses.
pub(super) fn parse(text: &str) -> Option<Vec<String>> {
    let inner = text.trim_matches(BLANKS).strip_prefix('(')?.trim_start_matches(BLANKS);
    if inner == ")" {
        return Some(Vec::new());
    }
    let (mut rest, mut elements) = (inner, Vec::new());
    loop {
        let (element, behind) = quoted(rest).or_else(|| bare(rest))?;
        elements.push(element);
        match behind.strip_prefix(',') {
            Some(next) => rest = next,
            None => return (behind == ")").then_some(elements),
        }
    }
}

const BLANKS: [char; 2] = [' ', '\t'];

fn bare(text: &str) -> Option<(String, &str)> {
    let end = text.find([',', ')'])?;
    Some((text[..end].to_owned(), &text[end..]))
}

fn quoted(text: &str) -> Option<(String, &str)> {
    let mut chars = text.strip_prefix('"')?.chars();
    let mut element = String::new();
    loop {
        match chars.next()? {
            '"' => break,
            '\\' => element.push(chars.next()?),
            plain => element.push(plain),
        }
    }
    let behind = chars.as_str();
    behind.starts_with([',', ')']).then_some((element, behind))
}
