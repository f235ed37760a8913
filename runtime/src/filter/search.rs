//! What can be asked of the words of a text, and what a word is. Both databases are told, so that neither's own idea of
//! words has a part in an answer.

/// A question about the words of a text.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Search {
    /// These words, at least one, follow each other; where it is `open`, the last of them may go on.
    Words {
        words: Vec<String>,
        open: bool,
    },
    Not(Box<Self>),
    /// All of them, and there are some.
    And(Vec<Self>),
    /// Any of them, and there are some.
    Or(Vec<Self>),
}

/// The most characters of a word that is asked for. PostgreSQL's index has no more than one more of any word, so that it
/// cannot tell a longer one from another.
pub(crate) const LONGEST_WORD: usize = 254;

/// The words of a text, in order: runs of ASCII letters, folded, of digits, and of whatever is not ASCII. All other
/// ASCII lies between words.
pub(crate) fn words(text: &str) -> impl Iterator<Item = String> {
    text.split(|c: char| c.is_ascii() && !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_ascii_lowercase)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_letters_digits_and_all_that_is_not_ascii() {
        for (text, expected) in [
            ("", &[][..]),
            (" .,-_'\"\t\u{7f}", &[]),
            ("Don't e-mail ME_2!", &["don", "t", "e", "mail", "me", "2"]),
            ("Ärger über ÄÖ", &["Ärger", "über", "ÄÖ"]),
            ("東京 \u{1f600}go\u{a0}on", &["東京", "\u{1f600}go\u{a0}on"]),
        ] {
            assert_eq!(words(text).collect::<Vec<_>>(), expected, "{text:?}");
        }
    }
}
