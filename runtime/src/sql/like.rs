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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// `LIKE` by its definition.
    fn like(pattern: &[char], text: &[char]) -> bool {
        match (pattern, text) {
            ([], text) => text.is_empty(),
            (['%', rest @ ..], text) => (0..=text.len()).any(|skip| like(rest, &text[skip..])),
            (['_', rest @ ..], [_, text @ ..]) => like(rest, text),
            (['\\', taken, rest @ ..] | [taken, rest @ ..], [first, text @ ..]) => taken == first && like(rest, text),
            (_, []) => false,
        }
    }

    /// SQLite's `GLOB` by its definition, with sets of one character, which is all that is written here.
    #[expect(clippy::match_same_arms, reason = "an arm for each rule")]
    fn glob(pattern: &[char], text: &[char]) -> bool {
        match (pattern, text) {
            ([], text) => text.is_empty(),
            (['*', rest @ ..], text) => (0..=text.len()).any(|skip| glob(rest, &text[skip..])),
            (['?', rest @ ..], [_, text @ ..]) => glob(rest, text),
            (['[', taken, ']', rest @ ..], [first, text @ ..]) => taken == first && glob(rest, text),
            (['[', ..], _) => false,
            ([plain, rest @ ..], [first, text @ ..]) => plain == first && glob(rest, text),
            (_, []) => false,
        }
    }

    #[test]
    fn each_wild_character_has_its_counterpart() {
        for (pattern, expected) in
            [("a%b_c", "a*b?c"), ("*?[]^-", "[*][?][[]]^-"), ("\\%\\_\\\\\\*\\a", "%_\\[*]a"), ("a\\", "a\\"), ("", "")]
        {
            assert_eq!(like_to_glob(pattern), expected, "{pattern}");
        }
    }

    proptest! {
        #[test]
        fn the_glob_matches_what_the_pattern_does(
            pattern in "([aA%_*?\\[\\]^]|\\\\[aA%_*?\\[\\]\\\\]){0,6}",
            text in "[aA%_*?\\[\\]\\\\^]{0,6}",
        ) {
            let chars = |text: &str| text.chars().collect::<Vec<_>>();
            let (text, translated) = (chars(&text), chars(&like_to_glob(&pattern)));
            prop_assert_eq!(like(&chars(&pattern), &text), glob(&translated, &text));
        }

        #[test]
        fn a_text_matches_itself(text in "\\PC{0,12}") {
            let pattern: String = text.chars().flat_map(|c| ['\\', c]).collect();
            let chars: Vec<_> = text.chars().collect();
            prop_assert!(glob(&like_to_glob(&pattern).chars().collect::<Vec<_>>(), &chars));
        }
    }
}
