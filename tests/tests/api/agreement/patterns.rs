//! Random regular expressions over odd texts, and the same rows from both databases.

use std::fmt::Write as _;

use restruct_tests::{
    backend,
    client::encode,
    resources::{Reading, User},
};
use serde_json::{Value, json};

use super::{random::Random, setting, tables::TEXTS};

/// Patterns of one run, unless `AGREEMENT_PATTERNS` says otherwise.
const PATTERNS: usize = 150;

/// Beside the texts that all questions are asked of.
const MORE: &[&str] = &[
    "aaaa",
    "abab",
    "abcabc",
    "AbC",
    "\n",
    "\n\n",
    "a\n",
    "\na",
    "\r",
    "\u{b}\u{c}",
    "-",
    "]",
    "[",
    "^",
    "$",
    "^a$",
    ".",
    "a-z",
    "\u{85}",
    "\u{a0}",
    "\u{200d}",
    "é",
    "e\u{301}",
    "ſ",
    "K",
    "İ",
    "ß",
    "ﬀ",
    "000",
    "a1_",
    "{1}",
    "a{2}",
    "(a)",
    "|",
    "a|b",
    "??",
];

#[test]
fn random_patterns_match_alike() {
    let (patterns, seed) = (setting("AGREEMENT_PATTERNS", PATTERNS), setting("AGREEMENT_SEED", 1_u64));
    let app = || restruct::App::new("patterns").resource::<User>().resource::<Reading>();
    backend::serve_all(app, async |servers| {
        let mut random = Random(seed);
        let long = ["a".repeat(2000), "ab".repeat(700) + "é", "\n".repeat(900), "x\\".repeat(300)];
        let texts = TEXTS.iter().chain(MORE).copied().chain(long.iter().map(String::as_str));
        let rows: Vec<_> = texts.map(|text| json!({"label": text})).collect();
        for server in &servers {
            server.post("/readings").json(&Value::Array(rows.clone())).send().await.assert_status(201);
        }
        let (mut taken, mut found) = (0, 0);
        for _ in 0..patterns {
            let pattern = pattern(&mut random);
            let operator = random.pick(&["match", "imatch", "not.match"]);
            let path = format!("/readings?select=id&limit=500&label={operator}.{}", encode(&pattern));
            let mut answers = Vec::new();
            for server in &servers {
                let answer = server.get(&path).send().await;
                let said = if answer.status == 200 { String::new() } else { answer.json()["message"].to_string() };
                answers.push((answer.status, said, if answer.status == 200 { answer.each("id") } else { Vec::new() }));
            }
            assert!(
                answers.iter().all(|answer| *answer == answers[0]),
                "seed {seed}: {operator} {pattern:?}: {answers:?}"
            );
            assert!(matches!(answers[0].0, 200 | 400), "{pattern:?}: {answers:?}");
            taken += usize::from(answers[0].0 == 200);
            found += usize::from((1..rows.len()).contains(&answers[0].2.len()));
        }
        assert!(
            taken * 2 > patterns && found * 5 > patterns,
            "{taken} of {patterns} are taken, {found} tell rows apart"
        );
    });
}

/// A pattern of 256 characters at most, which is nearly always one.
fn pattern(random: &mut Random) -> String {
    let mut pattern = String::new();
    if random.percent(20) {
        pattern.push('^');
    }
    alternatives(2, random, &mut pattern);
    if random.percent(20) {
        pattern.push('$');
    }
    if random.percent(5) {
        let odd = random.pick(&["(", ")", "[", "*", "\\", "{", "(?i)", "\\b", "\\1", "+?", "[[.a.]]", "\u{0}"]);
        pattern.push_str(odd);
    }
    pattern.chars().take(256).collect()
}

fn alternatives(depth: usize, random: &mut Random, pattern: &mut String) {
    for n in 0..=random.pick(&[0, 0, 0, 1, 2]) {
        if n > 0 {
            pattern.push('|');
        }
        for _ in 0..random.below(4) {
            atom(depth, random, pattern);
        }
    }
}

fn atom(depth: usize, random: &mut Random, pattern: &mut String) {
    match random.below(10) {
        0 | 1 if depth > 0 => {
            pattern.push_str(random.pick(&["(", "(?:"]));
            alternatives(depth - 1, random, pattern);
            pattern.push(')');
        }
        0..=2 => set(random, pattern),
        3 => pattern.push_str(random.pick(&["\\d", "\\D", "\\s", "\\S", "\\w", "\\W", "\\n", "\\r", "\\t"])),
        4 => pattern.push('.'),
        5 => pattern
            .push_str(random.pick(&["\\.", "\\*", "\\\\", "\\[", "\\]", "\\-", "\\^", "\\$", "\\{", "\\|", "\\ "])),
        6 => {
            pattern.push(random.pick(&['é', 'ä', 'Ä', 'ß', 'ſ', 'K', 'İ', '🦀', '\u{ffff}', '\u{301}', '\u{a0}', 'ó']));
        }
        7 => pattern.push(random.pick(&['%', '_', '"', ',', '\'', '&', '=', '-', ':', '#', ' ', '\n', '}', ']', '~'])),
        _ => pattern.push(random.pick(&['a', 'b', 'A', 'B', 'c', 'x', 'k', 's', 'i', '1', '0'])),
    }
    if random.percent(35) {
        match random.below(5) {
            0 => pattern.push('*'),
            1 => pattern.push('+'),
            2 => pattern.push('?'),
            3 => {
                let _ = write!(pattern, "{{{}}}", random.below(4));
            }
            _ => {
                let (least, more) = (random.below(3), random.below(4));
                let _ = write!(
                    pattern,
                    "{{{least},{}}}",
                    if more == 3 { String::new() } else { (least + more).to_string() }
                );
            }
        }
    }
}

fn set(random: &mut Random, pattern: &mut String) {
    pattern.push('[');
    if random.percent(40) {
        pattern.push('^');
    }
    if random.percent(10) {
        pattern.push(']');
    }
    for _ in 0..=random.below(3) {
        pattern.push_str(random.pick(&[
            "a-c",
            "A-Z",
            "0-9",
            "a",
            "B",
            "é",
            "à-ü",
            "\\d",
            "\\s",
            "\\w",
            "[:alpha:]",
            "[:punct:]",
            "[:space:]",
            "[:upper:]",
            "[:xdigit:]",
            "_",
            "%",
            "\\]",
            "\\-",
            "\\\\",
            "\\n",
            "\n",
            ".",
            "*",
            "$",
            "K",
            "[",
            "&&",
            "~~",
            "--",
            "ſ",
            "Z-a",
            "+--",
        ]));
    }
    if random.percent(10) {
        pattern.push('-');
    }
    pattern.push(']');
}
