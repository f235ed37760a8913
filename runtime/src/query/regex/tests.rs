use proptest::prelude::*;

use super::*;

fn plain(pattern: &str) -> String {
    translate(pattern, false).unwrap_or_else(|reason| panic!("{pattern}: {reason:?}"))
}

#[test]
fn each_form_has_one_spelling() {
    for (pattern, spelled) in [
        ("", ""),
        ("^a.b$", "^a.b$"),
        ("a|b|", "a|b|"),
        ("(a|b)c", "(?:a|b)c"),
        ("(?:ab)+(c)?", "(?:ab)+c?"),
        ("((a*)*)*", "(?:(?:a*)*)*"),
        ("a{2}b{2,}c{2,3}d{0}e{1,}f{0,1}", "a{2}b{2,}c{2,3}d{0}e+f?"),
        (r"\.\*\\\-\/", r"\.\*\\-/"),
        ("}]", r"\}\]"),
        (r"\d\W", "[0-9][^0-9A-Z_a-z]"),
        ("[[:alpha:]_]", "[A-Za-z_]"),
        ("[]a]", r"[\]a]"),
        ("[^]a-]", r"[^\]a\-]"),
        ("[-a]", r"[\-a]"),
        (r"[a\]\d^[&]", r"[a\]0-9\^\[\&]"),
        ("[+--]", r"[+-\-]"),
        ("żółć.[ä-ü]", "żółć.[ä-ü]"),
        ("()", ""),
        ("(()a)*()", "a*"),
        ("()*", "(?:)*"),
    ] {
        assert_eq!(plain(pattern), spelled, "{pattern}");
    }
}

#[test]
fn case_is_folded_in_ascii() {
    for (pattern, spelled) in
        [("a1Ä", "[aA]1Ä"), ("[^c-e_]", "[^c-eC-E_]"), ("[X-c]", "[X-cA-Cx-z]"), (r"\d", "[0-9]"), ("a*", "[aA]*")]
    {
        assert_eq!(translate(pattern, true), Ok(spelled.to_owned()), "{pattern}");
    }
}

#[test]
fn what_the_engines_do_not_share_is_not_supported() {
    for pattern in [
        "(?i)a",
        "(?=a)",
        "(?P<n>a)",
        "a*?",
        "a**",
        "a{2}{3}",
        "^*",
        "$+",
        "(a|^)*",
        "((b$)){2}",
        r"\1",
        r"\b",
        r"\y",
        r"\x41",
        r"\pL",
        r"\ä",
        "[[.a.]]",
        "[[=a=]]",
        "[[:<:]]",
        "[[:word]",
        r"[\D]",
        "[[:ascii:]]",
    ] {
        assert!(matches!(translate(pattern, false), Err(Refusal::Unsupported(_))), "{pattern}");
    }
}

#[test]
fn what_is_no_pattern_is_refused() {
    for pattern in [
        "(",
        ")",
        "a)",
        "(a",
        "[",
        "[]",
        "[^",
        "[a",
        "[a-",
        "[z-a]",
        "[a-c-e]",
        "[a-[:digit:]]",
        "a\\",
        "*a",
        "+",
        "?",
        "{1}",
        "a{",
        "a{,2}",
        "a{2,1}",
        "a{256}",
        "a{1",
        "a{1,x}",
        "a|*",
        "(*a)",
        "[\\",
        "***=a",
    ] {
        assert!(matches!(translate(pattern, false), Err(Refusal::Malformed(_))), "{pattern}");
    }
}

#[test]
fn a_pattern_has_an_end() {
    assert!(translate("(a{30}){30}", false).is_ok());
    for large in ["(a{100}){100}", "((((a{255}){255}){255}){255}){255}", "(a{255}b){4}", &"(a|b)".repeat(400)] {
        assert!(matches!(translate(large, false), Err(Refusal::Malformed(_))), "{large}");
    }
    for fits in ["(a?){200}", "(a*b*){100}", "(|a){200}", "a{0,255}b{0,255}", "(a{0,5}b){50}", "((ab?)*){200}"] {
        assert!(translate(fits, false).is_ok(), "{fits}");
    }
    for slow in ["(a?){201}", "(a*b*){101}", "(|a){201}", "((a?){20}){20}", "(a|b?){255}", &"(a*){100}".repeat(3)] {
        assert!(matches!(translate(slow, false), Err(Refusal::Malformed(_))), "{slow}");
    }
    let nested = |n: usize| format!("{}a{}", "(".repeat(n), ")".repeat(n));
    assert!(translate(&nested(20), false).is_ok());
    assert!(translate(&nested(21), false).is_err());
    assert!(translate(&nested(100_000), false).is_err());
}

proptest! {
    #[test]
    fn what_is_written_reads_the_same(pattern in r"([abzAZ019 ._\-&~<>ä]|\\[.*+?()|\[\]{}^$\\dDwWsSnrt]|\(|\)|\(\?:|[|*+?^$]|\{[0-3](,[0-5]?)?\}|\[\^?[a-c]-?[d-f\]]|\]|\[\[:alpha:\]\]){0,12}", fold: bool) {
        if let Ok(spelled) = translate(&pattern, fold) {
            prop_assert_eq!(translate(&spelled, false), Ok(spelled.clone()));
            prop_assert!(::regex::Regex::new(&spelled).is_ok(), "{}", spelled);
        }
    }

    #[test]
    fn no_text_makes_it_panic(pattern in "\\PC{0,40}", fold: bool) {
        if let Ok(spelled) = translate(&pattern, fold) {
            prop_assert!(::regex::Regex::new(&spelled).is_ok(), "{}", spelled);
        }
    }
}
