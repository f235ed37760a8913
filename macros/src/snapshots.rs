//! What the derives write, feature by feature: `tests/snapshots/expand/<feature>.rs` becomes `<feature>.expanded.rs`.
//!
//! `UPDATE_SNAPSHOTS=1 cargo test -p restruct-macros` writes them anew; the diff is for the reviewer.

use std::{
    env, fs,
    io::Write as _,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use proc_macro2::TokenStream;
use syn::DeriveInput;

#[test]
fn expansions_are_as_committed() {
    let inputs = inputs();
    assert!(inputs.len() >= 8, "only {} features", inputs.len());
    for input in inputs {
        let source = fs::read_to_string(&input).expect("an input can be read");
        let Some(expanded) = formatted(&expansion(&source)) else { return };
        let path = input.with_extension("expanded.rs");
        if env::var_os("UPDATE_SNAPSHOTS").is_some() {
            fs::write(&path, &expanded).expect("a snapshot can be written");
        }
        let committed = fs::read_to_string(&path).unwrap_or_default();
        let name = path.display();
        assert!(committed == expanded, "{name} is old: run this test with UPDATE_SNAPSHOTS=1. It is now\n{expanded}");
    }
}

fn inputs() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/snapshots/expand");
    let files = fs::read_dir(root).expect("the snapshots").map(|entry| entry.expect("a file").path());
    let mut inputs: Vec<_> = files.filter(|path| !path.to_string_lossy().ends_with(".expanded.rs")).collect();
    inputs.sort();
    inputs
}

/// The expansion of every derive in a file.
fn expansion(source: &str) -> TokenStream {
    let file = syn::parse_file(source).expect("an input is Rust");
    let items = file.items.into_iter().map(|item| {
        let tokens = quote::ToTokens::into_token_stream(item);
        let derive: DeriveInput = syn::parse2(tokens.clone()).expect("an input holds structs and enums only");
        // The compiler would leave `#[derive(..)]` out of what a derive gets; none of ours looks at it.
        if let syn::Data::Enum(_) = derive.data { crate::choice(tokens) } else { crate::resource(tokens) }
    });
    items.collect()
}

/// The tokens as rustfmt writes them; `None` on a machine without it.
fn formatted(tokens: &TokenStream) -> Option<String> {
    let mut command = Command::new("rustfmt");
    command.args(["--edition", "2024", "--config", "max_width=120,use_small_heuristics=Max"]);
    let child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
    let mut child = match child {
        Ok(child) => child,
        Err(error) => {
            assert!(env::var_os("CI").is_none(), "no rustfmt: {error}");
            eprintln!("NOT TESTED, the expansions: there is no rustfmt ({error})");
            return None;
        }
    };
    let mut stdin = child.stdin.take().expect("a pipe");
    stdin.write_all(tokens.to_string().as_bytes()).expect("rustfmt reads");
    drop(stdin);
    let output = child.wait_with_output().expect("rustfmt ends");
    assert!(output.status.success(), "rustfmt does not take\n{tokens}");
    Some(String::from_utf8(output.stdout).expect("rustfmt writes UTF-8"))
}
