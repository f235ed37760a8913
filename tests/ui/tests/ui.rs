//! What compiles, what does not, and that one mistake is one error.

use std::{
    fs,
    path::{Path, PathBuf},
};

#[test]
fn ui() {
    let cases = trybuild::TestCases::new();
    cases.pass("pass/*.rs");
    cases.compile_fail("fail/*/*.rs");
}

/// The first line of a case says how many mistakes it makes; the compiler must say as many.
#[test]
fn every_mistake_is_one_error() {
    let cases = fail_cases();
    assert!(cases.len() >= 60, "only {} cases", cases.len());
    for case in cases {
        let name = case.display();
        let source = fs::read_to_string(&case).expect("a case can be read");
        let declared = source.lines().next().and_then(|line| line.strip_prefix("// errors: "));
        let declared: usize = declared.and_then(|n| n.parse().ok()).unwrap_or_else(|| panic!("{name}: `// errors: 1`"));
        let stderr = fs::read_to_string(case.with_extension("stderr")).unwrap_or_else(|e| panic!("{name}: {e}"));
        let errors = stderr.lines().filter(|line| line.starts_with("error")).count();
        assert_eq!(errors, declared, "{name}:\n{stderr}");
    }
}

fn fail_cases() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fail");
    let folders = fs::read_dir(root).expect("the cases").map(|entry| entry.expect("a folder").path());
    let files = folders.flat_map(|folder| fs::read_dir(folder).expect("a folder").map(|e| e.expect("a file").path()));
    files.filter(|path| path.extension().is_some_and(|ext| ext == "rs")).collect()
}
