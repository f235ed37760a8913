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
    /// What it is told before what to do.
    pub(crate) arguments: Vec<&'static str>,
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
            arguments: Vec::new(),
            environment: vec![("SYNCHRONOUS", "FULL")],
        }
    }

    fn tuned(self) -> Self {
        Self { name: format!("tuned {}", self.name), arguments: vec!["--tuned"], ..self }
    }

    /// The generated server, or a variant of it.
    pub(crate) fn generated(name: &str, binary: PathBuf) -> Self {
        Self {
            name: name.into(),
            binary,
            equals: "eq.",
            board: "/cards?select=*,user(id,name),comments(id,message,user_id)&comments.order=id.desc&comments.limit=3&id=gte.",
            token_version: true,
            arguments: Vec::new(),
            environment: Vec::new(),
        }
    }
}

/// What stands on the two sides that are compared.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Sides {
    /// The hand-written server on both.
    pub(crate) self_check: bool,
    /// With what its pools have no need of taken out, and SQLite set up as for the generated one.
    pub(crate) tuned: bool,
}

/// Builds the servers that are measured against each other.
pub(crate) fn build(sides: Sides) -> Result<Vec<Contender>> {
    let own = Sources::own()?;
    let programs: &[&str] = if sides.self_check { &["hand"] } else { &["hand", "generated"] };
    cargo_build(&own, programs, &[])?;
    Ok(sides.line_up(|name| own.program(name)))
}

impl Sides {
    fn line_up(self, program: impl Fn(&str) -> PathBuf) -> Vec<Contender> {
        let hand = Contender::hand(program("hand"));
        let hand = if self.tuned { hand.tuned() } else { hand };
        if self.self_check {
            // What commits otherwise is no second one of the same.
            let again = Contender { name: format!("{} again", hand.name), ..hand.clone() };
            return vec![hand, again];
        }
        let normal = Contender {
            name: format!("{} at NORMAL", hand.name),
            environment: vec![("SYNCHRONOUS", "NORMAL")],
            ..hand.clone()
        };
        vec![hand, Contender::generated("generated", program("generated")), normal]
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    fn names(self_check: bool, tuned: bool) -> Vec<String> {
        let contenders = Sides { self_check, tuned }.line_up(|name| name.into());
        assert!(contenders.iter().all(|c| (c.name.contains("tuned")) == (c.arguments == ["--tuned"])));
        contenders.into_iter().map(|contender| contender.name).collect()
    }

    #[test]
    fn the_hand_written_server_is_tuned_on_demand_and_the_generated_one_is_as_it_is() {
        assert_eq!(names(false, false), ["hand", "generated", "hand at NORMAL"]);
        assert_eq!(names(false, true), ["tuned hand", "generated", "tuned hand at NORMAL"]);
    }

    #[test]
    fn a_self_check_has_the_same_on_both_sides_and_nothing_else() {
        assert_eq!(names(true, false), ["hand", "hand again"]);
        assert_eq!(names(true, true), ["tuned hand", "tuned hand again"]);
    }
}
