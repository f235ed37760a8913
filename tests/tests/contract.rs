//! Holds the table in `tests/README.md` to the tests: what it names is there and runs on both databases.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

/// Cases that go to both databases by themselves, and compare.
const COMPARE: [&str; 3] = [
    "agreement::random_queries_are_answered_alike",
    "agreement::patterns::random_patterns_match_alike",
    "parity::answers_are_the_same",
];

fn here() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn every_row_names_a_test() {
    let page = fs::read_to_string(here().join("README.md")).expect("the page");
    let rows =
        page.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| what |") && !line.contains("---"));
    let without: Vec<_> = rows.filter(|row| !row.contains("::")).collect();
    assert!(without.is_empty(), "{without:?}");
}

#[test]
fn every_named_test_runs_on_both_databases() {
    let page = fs::read_to_string(here().join("README.md")).expect("the page");
    let code = page.lines().flat_map(|line| line.split('`').skip(1).step_by(2));
    let named: BTreeSet<_> = code.filter(|code| code.contains("::") && !code.contains(' ')).collect();
    let there = cases();
    let missing: Vec<_> = named.iter().filter(|name| !there.contains(**name) && !COMPARE.contains(*name)).collect();
    assert!(missing.is_empty(), "not listed in `both!` or `both_databases!`: {missing:?}");
    assert!(named.len() > 50, "{named:?}");
}

/// `module::case` of everything that `both!` and `both_databases!` list.
fn cases() -> BTreeSet<String> {
    let mut cases = BTreeSet::new();
    for path in sources(&here().join("tests/api")) {
        let text = fs::read_to_string(&path).expect("a source");
        for list in lists(&text) {
            cases.extend(list.split(',').map(|case| format!("{}::{}", module(&path), case.trim())));
        }
    }
    cases
}

/// What stands between the brackets, without the app.
fn lists(text: &str) -> impl Iterator<Item = &str> {
    let one_app = text.split("\nboth!(").skip(1).filter_map(|rest| rest.split_once(')')?.0.split_once(';'));
    let own_apps = text.split("\nboth_databases!(").skip(1).filter_map(|rest| rest.split_once(')'));
    one_app.map(|(_, list)| list).chain(own_apps.map(|(list, _)| list))
}

/// `batches::inserts` of `…/api/batches/inserts.rs`.
fn module(path: &Path) -> String {
    let inside = path.strip_prefix(here().join("tests/api")).expect("a path below it").with_extension("");
    let names: Vec<_> = inside.iter().map(|name| name.to_str().expect("a name in UTF-8")).collect();
    names.join("::").trim_end_matches("::mod").to_owned()
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    entries
        .flat_map(|path| if path.is_dir() { sources(&path) } else { vec![path] })
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .collect()
}
