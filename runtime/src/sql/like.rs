//! Patterns: the range of texts that one leaves, and `LIKE` for SQLite, whose own folds case: a GLOB does not.

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

/// Between which texts all lie that a pattern matches: from the first to before the second, by their bytes; without
/// regard to ASCII case where `folds`. Nothing where it begins with what is wild.
pub(super) fn prefix(pattern: &str, folds: bool) -> Option<[String; 2]> {
    let (mut from, mut chars) = (String::new(), pattern.chars());
    while let Some(c) = chars.next() {
        from.push(match c {
            '%' | '_' => break,
            '\\' => chars.next().unwrap_or('\\'),
            plain => plain,
        });
    }
    if folds {
        from.make_ascii_lowercase();
    }
    let mut to = from.clone();
    while let Some(last) = to.pop() {
        if let Some(next) = (last..=char::MAX).nth(1) {
            to.push(next);
            return Some([from, to]);
        }
    }
    None
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

    #[test]
    fn a_range_ends_behind_all_that_begin_alike() {
        let range = |from: &str, to: &str| Some([from.to_owned(), to.to_owned()]);
        for (pattern, folds, expected) in [
            ("ab%", false, range("ab", "ac")),
            ("aB_c", true, range("ab", "ac")),
            ("a\\%%", false, range("a%", "a&")),
            ("a\\", false, range("a\\", "a]")),
            ("\u{d7ff}", false, range("\u{d7ff}", "\u{e000}")),
            ("a\u{10ffff}%", false, range("a\u{10ffff}", "b")),
            ("\u{10ffff}", false, None),
            ("%a", false, None),
            ("", false, None),
        ] {
            assert_eq!(prefix(pattern, folds), expected, "{pattern}");
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
        fn what_a_pattern_matches_lies_in_its_range(
            pattern in "([aAzZ@%_\u{7f}\u{d7ff}\u{10ffff}]|\\\\[aA%_\\\\]){0,6}",
            text in "[aAzZ@\\[`{\u{7f}\u{d7ff}\u{10ffff}]{0,6}",
        ) {
            let chars = |text: &str| text.chars().collect::<Vec<_>>();
            let lower = |text: &str| text.to_ascii_lowercase();
            let within = |range: Option<[String; 2]>, text: &str| range.is_none_or(|[from, to]| *from <= *text && *text < *to);
            if like(&chars(&pattern), &chars(&text)) {
                prop_assert!(within(prefix(&pattern, false), &text));
            }
            if like(&chars(&lower(&pattern)), &chars(&lower(&text))) {
                let range = prefix(&pattern, true).map(|range| range.map(|end| lower(&end)));
                prop_assert!(within(range, &lower(&text)));
            }
        }

        #[test]
        fn a_text_matches_itself(text in "\\PC{0,12}") {
            let pattern: String = text.chars().flat_map(|c| ['\\', c]).collect();
            let chars: Vec<_> = text.chars().collect();
            prop_assert!(glob(&like_to_glob(&pattern).chars().collect::<Vec<_>>(), &chars));
        }
    }
}
