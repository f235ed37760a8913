//! The servers that are measured, and how they are built.

use std::{
    env,
    path::{Path, PathBuf},
    process::Command,
};

use crate::{Result, database::Kind};

/// A server to measure.
#[derive(Clone, Debug)]
pub(crate) struct Contender {
    pub(crate) name: String,
    pub(crate) binary: PathBuf,
    /// What stands before a value in a filter: `status=eq.Done` here, `status=Done` there.
    pub(crate) equals: &'static str,
    /// The list of cards with their users and last comments, up to the number of the first card.
    pub(crate) board: &'static str,
    /// Whether its table of users has the hidden column of token versions.
    pub(crate) token_version: bool,
    /// Variables that only this one is given.
    pub(crate) environment: Vec<(&'static str, &'static str)>,
}

/// Where the servers of a line-up stand in it.
pub(crate) const HAND: usize = 0;
/// The one to be cheaper. It always commits durably.
pub(crate) const GENERATED: usize = 1;
/// The hand-written one again, committing to SQLite without waiting for the disk. Not on PostgreSQL.
pub(crate) const HAND_NORMAL: usize = 2;

impl Contender {
    fn hand(binary: PathBuf) -> Self {
        Self {
            name: "hand".into(),
            binary,
            equals: "",
            board: "/board?from=",
            token_version: false,
            environment: vec![("SYNCHRONOUS", "FULL")],
        }
    }

    /// The generated server, or a variant of it.
    pub(crate) fn generated(name: &str, binary: PathBuf) -> Self {
        Self {
            name: name.into(),
            binary,
            equals: "eq.",
            board: "/cards?select=*,user(id,name),comments(id,message,user_id)&comments.order=id.desc&comments.limit=3&id=gte.",
            token_version: true,
            environment: Vec::new(),
        }
    }
}

/// Builds the servers that are measured against each other. With `self_check` the hand-written one is on both sides.
pub(crate) fn build(self_check: bool) -> Result<Vec<Contender>> {
    let own = Sources::own()?;
    let hand = Contender::hand(own.program("hand"));
    let other = if self_check {
        cargo_build(&own, &["hand"], &[])?;
        Contender { name: "hand again".into(), ..hand.clone() }
    } else {
        cargo_build(&own, &["hand", "generated"], &[])?;
        Contender::generated("generated", own.program("generated"))
    };
    let normal =
        Contender { name: "hand at NORMAL".into(), environment: vec![("SYNCHRONOUS", "NORMAL")], ..hand.clone() };
    Ok(vec![hand, other, normal])
}

/// Who takes part on a database.
pub(crate) fn line_up(contenders: &[Contender], kind: Kind) -> &[Contender] {
    match kind {
        Kind::Sqlite => contenders,
        Kind::Postgres => &contenders[..HAND_NORMAL],
    }
}

/// Where cargo puts release builds: beside this program.
fn folder() -> Result<PathBuf> {
    let own = env::current_exe()?;
    let folder = own.parent().filter(|f| f.ends_with("release"));
    Ok(folder.ok_or("run it optimised: cargo run --release -p restruct-bench")?.to_owned())
}

/// The workspace that servers are built from, and where cargo puts what it builds.
pub(crate) struct Sources {
    pub(crate) workspace: PathBuf,
    target: PathBuf,
}

impl Sources {
    /// Those of this program.
    pub(crate) fn own() -> Result<Self> {
        let target = folder()?.parent().ok_or("no folder above that of this program")?.to_owned();
        Ok(Self { workspace: workspace(), target })
    }

    /// Where a copy of them can be. What is built from it has a place of its own: cargo goes by names within a workspace
    /// and by times, and would take what it built from one for what it is to build from the other.
    pub(crate) fn copy() -> Result<Self> {
        let beside = folder()?.with_file_name("variant");
        Ok(Self { workspace: beside.join("sources"), target: beside.join("target") })
    }

    /// A program that was built from them.
    pub(crate) fn program(&self, name: &str) -> PathBuf {
        self.target.join("release").join(name)
    }
}

/// The workspace of this program.
pub(crate) fn workspace() -> PathBuf {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    package.parent().unwrap_or(package).to_owned()
}

/// Builds programs of this package, with cargo's `options` beside.
pub(crate) fn cargo_build(sources: &Sources, programs: &[&str], options: &[&str]) -> Result<()> {
    let manifest = sources.workspace.join("bench/Cargo.toml");
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.args(["build", "--quiet", "--release", "--manifest-path"]).arg(manifest);
    command.args(programs.iter().flat_map(|p| ["--bin", p])).args(options);
    // Build scripts watch what cargo says of the package it runs: left in, it would build them, and all above, again.
    for (name, _) in env::vars_os() {
        if name.to_str().is_some_and(|n| n.starts_with("CARGO_PKG_") || n.starts_with("CARGO_MANIFEST_")) {
            command.env_remove(name);
        }
    }
    command.arg("--target-dir").arg(&sources.target);
    if command.status()?.success() { Ok(()) } else { Err("the servers do not build".into()) }
}
