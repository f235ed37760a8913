//! Holds what ARCHITECTURE.md says of the files: their order, and who may name which library.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// The files and folders of `src`, lowest first. Those of one line may use each other; otherwise each uses only what
/// stands above it.
const RANKS: &[&[&str]] = &[
    &["value"],
    &["error"],
    &["column", "table", "relation", "resource", "row"],
    &["filter", "order", "names", "text"],
    &["policy", "query", "input", "output"],
    &["schema", "sql"],
    &["db"],
    &["auth/password"],
    &["store", "embed"],
    &["typed"],
    &["context", "auth", "routes"],
    &["seed", "config"],
    &["server"],
    &["openapi"],
    &["app", "cli"],
];

/// Uses against the order, each with its reason.
const EXCEPTIONS: &[(&str, &str, &str)] =
    &[("table", "seed", "a table names the type of its seed hook, which takes a Seeder")];

/// Libraries and the files that alone may name them.
const FENCES: &[(&str, &[&str])] = &[
    ("sqlx::", &["db"]),
    ("rusqlite::", &["db/direct/connection"]),
    ("bcrypt::", &["auth/password"]),
    ("jsonwebtoken::", &["auth/token"]),
    ("toml::", &["config/file"]),
    ("flate2::", &["server/compress", "openapi/docs/files"]),
    ("brotli::", &["server/compress"]),
    ("prometheus::", &["server/metrics"]),
    ("utoipa", &["openapi/docs/files"]),
];

#[test]
fn a_file_uses_only_what_stands_above_it() {
    let mut wrong = Vec::new();
    for (name, text) in sources() {
        let Some(rank) = rank_of(&name) else { continue };
        for used in uses(&text) {
            let excused = EXCEPTIONS.iter().any(|(from, to, _)| belongs(&name, from) && *to == used);
            if rank_of(&used).is_some_and(|other| other > rank) && !excused {
                wrong.push(format!("{name} uses {used}"));
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn every_file_has_a_rank() {
    let free = ["lib", "private", "prelude", "fixture", "bench"];
    let without: Vec<_> = sources()
        .into_iter()
        .map(|(name, _)| name)
        .filter(|name| rank_of(name).is_none() && !free.iter().any(|root| belongs(name, root)))
        .collect();
    assert_eq!(without, Vec::<String>::new());
}

#[test]
fn libraries_stay_behind_their_fences() {
    let mut wrong = Vec::new();
    // Tests are no exception.
    for (name, text) in files() {
        for (library, allowed) in FENCES {
            if code(&text).contains(library) && !allowed.iter().any(|root| belongs(&name, root)) {
                wrong.push(format!("{name} names {library}"));
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn text_becomes_sql_in_one_file() {
    let files: Vec<_> =
        sources().into_iter().filter(|(_, text)| code(text).contains("AssertSqlSafe(")).map(|(name, _)| name).collect();
    assert_eq!(files, ["db/held"]);
}

/// Every source file but the tests, by its path without `.rs`.
fn sources() -> Vec<(String, String)> {
    files().into_iter().filter(|(name, _)| !name.split('/').any(|part| part == "tests")).collect()
}

/// Every source file.
fn files() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    walk(&root, &mut files);
    let mut sources: Vec<_> = files
        .into_iter()
        .map(|path| {
            let name = path.strip_prefix(&root).expect("it lies in src").with_extension("");
            let name = name.to_str().expect("names are ASCII").replace('\\', "/");
            let name = name.strip_suffix("/mod").unwrap_or(&name).to_owned();
            (name, fs::read_to_string(&path).expect("a source file is text"))
        })
        .collect();
    sources.sort();
    sources
}

fn walk(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("the folder is there") {
        let path = entry.expect("the folder can be read").path();
        if path.is_dir() {
            walk(&path, files);
        } else if path.extension().is_some_and(|end| end == "rs") {
            files.push(path);
        }
    }
}

/// The rank of a file: that of the longest entry that it belongs to.
fn rank_of(name: &str) -> Option<usize> {
    let entries = RANKS.iter().enumerate().flat_map(|(rank, entries)| entries.iter().map(move |entry| (rank, *entry)));
    entries.filter(|(_, entry)| belongs(name, entry)).max_by_key(|(_, entry)| entry.len()).map(|(rank, _)| rank)
}

fn belongs(name: &str, root: &str) -> bool {
    name == root || name.strip_prefix(root).is_some_and(|rest| rest.starts_with('/'))
}

/// What a file names of this crate: the `a` of `crate::a` and of `crate::{a, b::c}`, `auth/password` in full.
fn uses(text: &str) -> Vec<String> {
    let code = code(text);
    let mut used = Vec::new();
    for part in code.split("crate::").skip(1) {
        if let Some(list) = part.strip_prefix('{') {
            let (mut depth, mut item) = (1, String::new());
            for c in list.chars() {
                match c {
                    '{' => depth += 1,
                    '}' => depth -= 1,
                    _ => {}
                }
                if depth == 0 || (depth == 1 && c == ',') {
                    used.push(module(item.trim()));
                    item.clear();
                } else {
                    item.push(c);
                }
                if depth == 0 {
                    break;
                }
            }
        } else {
            used.push(module(part));
        }
    }
    used.retain(|name| !name.is_empty());
    used
}

fn module(path: &str) -> String {
    let word = |text: &str| text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
    let first = word(path);
    match path.strip_prefix("auth::") {
        Some(rest) if word(rest) == "password" => "auth/password".to_owned(),
        _ => first,
    }
}

/// The text without comments and without its `#[cfg(test)]` end.
fn code(text: &str) -> String {
    let text = text.split("#[cfg(test)]").next().unwrap_or_default();
    text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}
