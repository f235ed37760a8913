//! The two servers.

use std::{
    env,
    path::{Path, PathBuf},
    process::Command,
};

use crate::Result;

/// A server to measure.
#[derive(Clone, Debug)]
pub(crate) struct Contender {
    pub(crate) name: &'static str,
    pub(crate) binary: PathBuf,
    /// What stands before a value in a filter: `status=eq.Done` here, `status=Done` there.
    pub(crate) equals: &'static str,
    /// Whether its table of users has the hidden column of token versions.
    pub(crate) token_version: bool,
}

/// Builds both, the hand-written one first. With `self_check` it stands on both sides.
pub(crate) fn build(self_check: bool) -> Result<[Contender; 2]> {
    let own = env::current_exe()?;
    let folder = own.parent().filter(|f| f.ends_with("release"));
    let folder = folder.ok_or("run it optimised: cargo run --release -p restruct-bench")?;

    let mut bins = vec!["--bin", "hand"];
    if !self_check {
        bins.extend(["--bin", "generated"]);
    }
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml");
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.args(["build", "--quiet", "--release", "--manifest-path"]).arg(manifest).args(bins);
    // Build scripts watch what cargo says of the package it runs: left in, it would build them, and all above, again.
    for (name, _) in env::vars_os() {
        if name.to_str().is_some_and(|n| n.starts_with("CARGO_PKG_") || n.starts_with("CARGO_MANIFEST_")) {
            command.env_remove(name);
        }
    }
    if let Some(target) = folder.parent() {
        command.arg("--target-dir").arg(target);
    }
    if !command.status()?.success() {
        return Err("the servers do not build".into());
    }

    let hand = Contender { name: "hand", binary: folder.join("hand"), equals: "", token_version: false };
    let other = if self_check {
        Contender { name: "hand again", ..hand.clone() }
    } else {
        Contender { name: "generated", binary: folder.join("generated"), equals: "eq.", token_version: true }
    };
    Ok([hand, other])
}
