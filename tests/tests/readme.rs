//! Holds the README to the code: what it quotes, what it lists, where it points.
//!
//! Its key table is held by `restruct-macros`, its other Rust by the doctests of `restruct`, its shell by `.ci/run`.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::Value;

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("tests/ lies in the repository").to_owned()
}

fn read(path: &str) -> String {
    fs::read_to_string(repository().join(path)).unwrap_or_else(|e| panic!("{path}: {e}"))
}

/// A block of Rust: the file that it says to be from, what follows its fence, and its text.
struct Block {
    source: Option<String>,
    fence: String,
    text: String,
}

fn rust_blocks(markdown: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut lines = markdown.lines();
    let mut above = "";
    while let Some(line) = lines.next() {
        if let Some(language) = line.strip_prefix("```") {
            let mut text = lines.by_ref().take_while(|l| *l != "```").collect::<Vec<_>>().join("\n");
            text.push('\n');
            let source = above.strip_prefix("<!-- from ").and_then(|rest| rest.strip_suffix(" -->"));
            if language.starts_with("rust") || source.is_some() {
                blocks.push(Block { source: source.map(str::to_owned), fence: language.to_owned(), text });
            }
        }
        above = line;
    }
    blocks
}

#[test]
fn quoted_code_is_the_code_quoted() {
    let blocks = rust_blocks(&read("README.md"));
    let quoted: Vec<_> = blocks.iter().filter_map(|block| Some((block.source.as_deref()?, block))).collect();
    assert_eq!(quoted.len(), 6);
    for (source, block) in &quoted {
        assert!(read(source).contains(&block.text), "{source} does not hold\n{}", block.text);
    }
    let whole =
        |name: &str| quoted.iter().filter(|(source, block)| *source == name && read(name) == block.text).count();
    for name in ["examples/quickstart/src/main.rs", "tests/snapshots/expand/minimal.expanded.rs"] {
        assert_eq!(whole(name), 1, "{name} is quoted in part");
    }
    assert!(read("examples/quickstart/src/main.rs").lines().count() < 40);
}

/// What is not compiled where it is quoted from is compiled by the doctests, which leave out `ignore`.
#[test]
fn no_code_escapes_the_compiler() {
    for Block { source, fence, text } in rust_blocks(&read("README.md")) {
        let quoted = source.is_some_and(|path| {
            let javascript = Path::new(&path).extension().is_some_and(|end| end == "js");
            fence == if javascript { "js" } else { "rust,ignore" }
        });
        assert!(fence == "rust,no_run" || quoted, "```{fence}\n{text}");
    }
    assert!(read("runtime/src/lib.rs").contains("#[cfg(doctest)]\n#[doc = include_str!(\"../../README.md\")]"));
}

/// The first cells of the table between `<!-- name -->` and `<!-- /name -->`, without its head.
fn table(name: &str) -> Vec<Vec<String>> {
    let readme = read("README.md");
    let (start, end) = (format!("<!-- {name} -->\n"), format!("<!-- /{name} -->"));
    let rest = readme.split_once(&start).unwrap_or_else(|| panic!("no {start}")).1;
    let rows = rest.split_once(&end).unwrap_or_else(|| panic!("no {end}")).0;
    let cells = |row: &str| row.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect();
    rows.lines().skip(2).map(cells).collect()
}

#[test]
fn the_routes_are_those_of_the_example() {
    let output = Command::new(env!("CARGO_BIN_EXE_kanban-under-test")).args(["routes", "--json"]).output();
    let output = output.expect("the example runs");
    let routes: Vec<Value> = serde_json::from_slice(&output.stdout).expect("routes --json prints JSON");
    let routes = routes.iter().filter_map(|route| Some((route["method"].as_str()?, route["path"].as_str()?)));
    let there: BTreeSet<_> = routes
        .filter(|(_, path)| ["/cards", "/auth"].iter().any(|root| path.starts_with(root)))
        .map(|(method, path)| format!("`{method} {path}`"))
        .collect();
    let shown: BTreeSet<_> = table("routes").into_iter().map(|cells| cells[0].clone()).collect();
    assert_eq!(shown, there);
    assert!(there.len() >= 10, "{there:?}");
}

#[test]
fn the_codes_are_those_of_the_errors() {
    let source = read("runtime/src/error/code.rs");
    let rows = source.lines().filter_map(|line| line.trim().strip_prefix("Self::")?.split_once(" => ("));
    let there: BTreeSet<_> = rows
        .filter_map(|(_, row)| row.strip_suffix("),")?.split_once(", "))
        .map(|(status, code)| (status.to_owned(), code.replace('"', "`")))
        .collect();
    let shown: BTreeSet<_> = table("codes").into_iter().map(|cells| (cells[0].clone(), cells[1].clone())).collect();
    assert_eq!(shown, there);
    assert!(there.len() >= 20, "{there:?}");
}

#[test]
fn the_settings_are_those_of_the_program() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut program = Command::new(env!("CARGO_BIN_EXE_kanban-under-test"));
    let output = program.args(["config", "show", "--json"]).env_clear().current_dir(folder.path()).output();
    let rows: Vec<Value> = serde_json::from_slice(&output.expect("the example runs").stdout).expect("JSON");
    let cell = |value: &Value| value.as_str().filter(|text| !text.is_empty()).map(|text| format!("`{text}`"));
    let there: Vec<Vec<_>> = rows
        .iter()
        .map(|row| {
            let names = ["key", "variable", "flag", "default"].map(|name| cell(&row[name]).unwrap_or_default());
            names.into_iter().chain([row["about"].as_str().expect("a text").to_owned()]).collect()
        })
        .collect();
    assert_eq!(table("settings"), there);
}

#[test]
fn no_link_points_to_nothing() {
    for page in ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md"] {
        let text = read(page);
        let headings: Vec<_> = text.lines().filter(|line| line.starts_with('#')).map(anchor).collect();
        for link in text.split("](").skip(1).filter_map(|rest| Some(rest.split_once(')')?.0)) {
            let found = match link.strip_prefix('#') {
                Some(anchor) => headings.iter().any(|heading| heading == anchor),
                None => link.starts_with("https://") || repository().join(link).exists(),
            };
            assert!(found, "{page} points to {link}");
        }
    }
}

fn anchor(heading: &str) -> String {
    let text = heading.trim_start_matches('#').trim().to_lowercase();
    text.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-')).collect::<String>().replace(' ', "-")
}
