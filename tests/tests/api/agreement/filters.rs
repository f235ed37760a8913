//! What is asked of rows: operators alone, and in trees.

use super::{
    questions::Pairs,
    random::Random,
    tables::{Field, Holds, Listed},
    written::{Term, element},
};

/// So many filters of the rows that a prefix names.
pub(super) fn filters(listed: &Listed, prefix: &str, some: usize, random: &mut Random) -> Pairs {
    let mut pairs = Vec::new();
    for _ in 0..some {
        if random.percent(30) {
            let name = random.pick(&["or", "and", "not.or", "not.and"]);
            // A relation's name stands in front of the whole: `comments.not.or`.
            pairs.push((format!("{prefix}{name}"), tree(listed, 1, random)));
            continue;
        }
        let field = random.pick(listed.fields);
        let text = random.pick(field.values);
        let bare = field.holds != Holds::Json && random.percent(10) && !text.contains(['.', '(']);
        let asked = if bare { text.to_owned() } else { term(&field, random).alone() };
        pairs.push((format!("{prefix}{}", field.name), asked));
    }
    pairs
}

fn tree(listed: &Listed, depth: usize, random: &mut Random) -> String {
    let mut elements = Vec::new();
    for _ in 0..=random.below(3) {
        if depth < 3 && random.percent(25) {
            let name = random.pick(&["or", "and", "not.or", "not.and"]);
            elements.push(format!("{name}{}", tree(listed, depth + 1, random)));
        } else {
            let field = random.pick(listed.fields);
            let name = if random.percent(10) { format!("\"{}\"", field.name) } else { field.name.to_owned() };
            elements.push(format!("{name}.{}", term(&field, random).in_tree(random)));
        }
    }
    format!("({})", elements.join(random.pick(&[",", ", "])))
}

/// What writes a value that fits a field.
type Writer = fn(&Field, &mut Random) -> String;

/// One operator and what it takes.
fn term(field: &Field, random: &mut Random) -> Term {
    let not = if random.percent(20) { "not." } else { "" };
    let closed = |operator: &str, text: String| Term { operator: format!("{not}{operator}"), text, closed: true };
    let texts = matches!(field.holds, Holds::Text | Holds::Words | Holds::Choice);
    match random.below(10) {
        0 => return closed("is", is(field, random)),
        _ if field.holds == Holds::Json => return closed("is", is(field, random)),
        1 => {
            let elements: Vec<_> = random.some(field.values, 4).into_iter().map(|text| element(text, random)).collect();
            let text = if random.percent(5) { "()".to_owned() } else { format!("({})", elements.join(",")) };
            return closed("in", text);
        }
        2 if field.holds == Holds::Words => {
            let text = random.pick(SEARCHES).to_owned();
            return Term { operator: format!("{not}fts"), text, closed: false };
        }
        _ => {}
    }
    let (operators, value): (&[&str], Writer) = match random.below(10) {
        0..3 if texts => (&["like", "ilike"], |_, random| pieces(LIKE_PIECES, random)),
        3..5 if texts => (&["match", "imatch"], |_, random| pieces(REGEX_PIECES, random)),
        _ => (&["eq", "gt", "gte", "lt", "lte"], |field, random| random.pick(field.values).to_owned()),
    };
    let operator = random.pick(operators);
    if random.percent(20) {
        let elements: Vec<_> = (0..random.below(4)).map(|_| element(&value(field, random), random)).collect();
        let quantity = random.pick(&["any", "all"]);
        let text = format!("{{{}}}", elements.join(","));
        return Term { operator: format!("{not}{operator}({quantity})"), text, closed: false };
    }
    let operator = if operator == "eq" && random.percent(40) { "neq" } else { operator };
    Term { operator: format!("{not}{operator}"), text: value(field, random), closed: false }
}

fn is(field: &Field, random: &mut Random) -> String {
    let all = ["null", "not_null", "NULL", "true", "false", "unknown"];
    let known = if field.holds == Holds::Bool { all.len() } else { 3 };
    random.pick(&all[..known]).to_owned()
}

const LIKE_PIECES: &[&str] = &[
    "*", "*", "%", "_", "a", "A", "b", "ä", "Ä", "alpha", " ", "\\*", "\\_", "\\\\", "\\a", "🦀", "\n", "\"", ",", "(",
    ".",
];

/// Each is a pattern, so that all of them behind each other are one.
const REGEX_PIECES: &[&str] = &[
    ".",
    ".*",
    "a",
    "A+",
    "b?",
    "[a-z]",
    "[^a]",
    "[[:alpha:]]",
    "\\d*",
    "\\s",
    "\\w+",
    "(a|b)",
    "(al|be){1,2}",
    "^",
    "$",
    "\\.",
    "ä",
    "[Äż]",
    "ó?",
    "🦀",
    "x{0,3}",
    "\\W",
    "\"",
    ",",
    "]",
];

const SEARCHES: &[&str] = &[
    "alpha",
    "ALPHA",
    "al:*",
    "!alpha",
    "alpha beta",
    "alpha & beta",
    "alpha|gamma",
    "'beta alpha'",
    "(alpha|beta) !gamma",
    "!(alpha | x)",
    "żółć",
    "ŻÓŁĆ",
    "délta",
    "1",
    "beta-alpha",
    "!'alpha beta':*",
];

/// Some in a row.
fn pieces(all: &[&str], random: &mut Random) -> String {
    (0..random.below(5)).map(|_| random.pick(all)).collect()
}
